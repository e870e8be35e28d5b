"""The reading behind 结对, off the writer: what each speaks of, who has talked with whom, who had whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import select

from bot.analysis.topics import keywords
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.tables import Membership
from bot.storage.tables.base import milliseconds
from plugins.ties.company import nameable
from plugins.ties.logic import own_topics
from plugins.ties.matching import Pair, matched, suits
from plugins.ties.tables import Partner, Round, Seeker

LOOKED_BACK = timedelta(days=180)
APART = timedelta(days=190)
"""Nobody has the same company within this: half a year, and the days by which months differ."""

LINES = 400
"""So many of a person's last messages tell what they speak of."""

TOPICS = 12
SPOKEN_OFTEN = 2
NEWCOMER = timedelta(days=60)
HUB_TIES = 5

_WORDS_OF = """
SELECT text FROM message
WHERE member_id = ? AND room_id = ? AND at >= ? AND kind = 'text' AND NOT recalled AND origin != 'self'
ORDER BY at DESC LIMIT ?
"""
_TIES_OF = """
SELECT answered.member_id, count(*)
FROM message AS said
CROSS JOIN reply_link AS link ON link.message_id = said.id
CROSS JOIN message AS answered ON answered.id = link.answers_id
WHERE said.member_id = ? AND said.room_id = ? AND said.at >= ? AND link.confidence >= 0.5
  AND answered.member_id != said.member_id AND answered.origin != 'self'
GROUP BY answered.member_id
"""


@dataclass(frozen=True, slots=True)
class Known:
    """One person who wants a partner: their topics, and how often they answered whom."""

    member: int
    topics: frozenset[str]
    answered: Mapping[int, int]
    is_new: bool


def make_groups(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The groups of this month with a common topic each ("" for none)."""
    room = payload["room"]
    seekers = list(history.session.scalars(select(Seeker.member_id).where(Seeker.room_id == room)))
    here = sorted(nameable(history.session, room, seekers))
    rarely = _spoken_by_few(known := [_known(history, room, member) for member in here])
    people = {one.member: one for one in known}
    weights = {
        frozenset(pair): _weight(people[pair[0]], people[pair[1]], rarely) for pair in combinations(here, 2)
    }
    groups = matched(here, weights, had(history, room))
    return {
        "round": payload["round"],
        "groups": [
            {
                "members": list(group),
                "topic": _common([people[one] for one in group], rarely),
                "is_new": _is_fitting(people, group),
                "talked": any(_talked(people[one], people[other]) for one, other in combinations(group, 2)),
            }
            for group in groups
        ],
    }


def had(history: History, room: int) -> set[Pair]:
    """Who was in company with whom within half a year."""
    query = (
        select(Partner.round_id, Partner.company, Partner.member_id)
        .join(Round, Round.id == Partner.round_id)
        .where(Round.room_id == room, Round.status != "lost", Round.made_at > history.now - APART)
    )
    groups: dict[tuple[int, int], list[int]] = {}
    for made, company, member in history.session.execute(query):
        groups.setdefault((made, company), []).append(member)
    return {frozenset(pair) for group in groups.values() for pair in combinations(group, 2)}


def _known(history: History, room: int, member: int) -> Known:
    raw, since = plain_connection(history.session), milliseconds(history.now - LOOKED_BACK)
    counts: Counter[str] = Counter()
    for (text,) in raw.execute(_WORDS_OF, (member, room, since, LINES)):
        counts.update(set(keywords(text)))
    often = [word for word, count in counts.most_common() if count >= SPOKEN_OFTEN]
    place = history.session.get(Membership, (room, member))
    joined = place.first_joined_at if place is not None and place.join_known else None
    return Known(
        member,
        frozenset(own_topics(often, [])[:TOPICS]),
        dict(raw.execute(_TIES_OF, (member, room, since)).fetchall()),
        is_new=joined is not None and history.now - joined <= NEWCOMER,
    )


def _spoken_by_few(known: Sequence[Known]) -> frozenset[str]:
    """Topics of at most half of them: what everybody speaks of is no reason for two."""
    counts = Counter(word for one in known for word in one.topics)
    most = max(2, len(known) // 2)
    return frozenset(word for word, count in counts.items() if count <= most)


def _weight(one: Known, other: Known, rarely: Collection[str]) -> float:
    shared = len([word for word in one.topics & other.topics if word in rarely])
    is_fitting = (one.is_new and _is_hub(other)) or (other.is_new and _is_hub(one))
    return suits(shared, _talked(one, other), hub_and_newcomer=is_fitting)


def _talked(one: Known, other: Known) -> int:
    return one.answered.get(other.member, 0) + other.answered.get(one.member, 0)


def _is_fitting(people: Mapping[int, Known], group: Sequence[int]) -> bool:
    """Whether somebody new is with somebody who knows the place."""
    known = [people[one] for one in group]
    return any(one.is_new for one in known) and any(_is_hub(one) for one in known)


def _is_hub(one: Known) -> bool:
    return not one.is_new and len(one.answered) >= HUB_TIES


def _common(group: Sequence[Known], rarely: Collection[str]) -> str:
    """A topic that all of them have, the longest word first: it says most."""
    shared = frozenset.intersection(*(one.topics for one in group)) & frozenset(rarely)
    return min(shared, key=lambda word: (-len(word), word), default="")
