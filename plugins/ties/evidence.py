"""Who has to do with a topic: found by search and links, off the writer, at a bounded cost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.analysis.topics import Said, keywords, topics
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.search import search
from bot.storage.tables.base import milliseconds, moment_of
from plugins.ties.company import nameable, resting
from plugins.ties.logic import Shown, best_shown, own_topics, without_names
from plugins.ties.tables import Introduction, Regular

TOPICS = 5
HELPED_IN_ENGLISH = 2
COMMON_HITS, COMMON, COMMON_SHARE = 120, 8, 0.25
"""A word that stands in so many messages, or of which more people than this speak, ties nobody: it is what
the group is about."""

LOOKED_BACK = timedelta(days=400)
LED_WITHIN = timedelta(days=180)
BUSY_WITHIN = timedelta(days=30)
BUSIEST = 2
SURE, ASKS = 0.5, 0.5

ASKED_BACK_MS = 2 * 60 * 60 * 1000
_BACK = f"""
SELECT 1 FROM message AS above WHERE above.id = asking.answers_id AND above.member_id = answer.member_id
UNION ALL
SELECT 1 FROM message AS own CROSS JOIN reply_link AS wanted ON wanted.message_id = own.id
WHERE own.member_id = answer.member_id AND own.room_id = asked.room_id
  AND own.at < asked.at AND own.at >= asked.at - {ASKED_BACK_MS} AND wanted.question >= {ASKS}
"""
"""What was asked back about somebody's own words, or while they wanted to know something themselves: who
answers that helps nobody."""

_ANSWERS = """
SELECT answer.id, answer.member_id, asked.id, asked.member_id, answer.at
FROM json_each(?) AS found
CROSS JOIN reply_link AS link ON link.answers_id = found.value
CROSS JOIN message AS answer ON answer.id = link.message_id
CROSS JOIN message AS asked ON asked.id = link.answers_id
CROSS JOIN reply_link AS asking ON asking.message_id = asked.id
WHERE link.confidence >= ? AND asking.question >= ? AND link.question < 0.5
  AND NOT EXISTS ({back})
  AND answer.member_id != asked.member_id
  AND answer.origin != 'self' AND asked.origin != 'self' AND NOT answer.recalled AND NOT asked.recalled
ORDER BY answer.at
"""
_ANSWERS_OF = """
SELECT answer.id, answer.member_id, asked.id, asked.member_id, answer.at
FROM message AS answer
CROSS JOIN reply_link AS link ON link.message_id = answer.id
CROSS JOIN message AS asked ON asked.id = link.answers_id
CROSS JOIN reply_link AS asking ON asking.message_id = asked.id
CROSS JOIN member AS asker ON asker.id = asked.member_id
WHERE answer.member_id = ? AND answer.room_id = ? AND answer.at >= ? AND link.confidence >= ?
  AND asking.question >= ? AND link.question < 0.5 AND asked.member_id != answer.member_id
  AND asked.origin != 'self'
  AND NOT EXISTS ({back})
  AND NOT answer.recalled AND NOT asked.recalled AND NOT asker.uncounted
ORDER BY answer.at DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """One message that answers somebody's question."""

    answer: int
    helper: int
    question: int
    asker: int
    at: datetime


def answers_of(session: Session, room: int, member: int, since: datetime, most: int = 500) -> list[Answered]:
    """The questions of others that somebody answered, the latest first."""
    asked = (member, room, milliseconds(since), SURE, ASKS, most)
    return [
        _answered(row) for row in plain_connection(session).execute(_ANSWERS_OF.format(back=_BACK), asked)
    ]


def find_partner(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Whom a newcomer's introduction fits, with the topic and the messages that show it; {} for nobody."""
    said = history.message(payload["message"])
    if said is None or said.recalled or not said.text:
        return {}
    about = without_names(said.text)
    words = [one.word for one in topics([Said(said.member, said.id, about)], 2 * TOPICS)]
    names = [*payload["known"], history.name_of(said.member, payload["room"])]
    shown, speakers = _shown(history, payload, said.member, own_topics(words, names)[:TOPICS])
    if about.isascii():  # in English talk most words that many say are verbs: only help shows what they mean
        shown = [one for one in shown if len(one.helped) >= HELPED_IN_ENGLISH]
    best = best_shown(
        shown, owners=payload["owners"], busy=_busiest(history, payload["room"]),
        led=_led(history, payload["room"]), speakers=speakers,
    )  # fmt: skip
    if best is None:
        return {}
    return {
        "partner": best.member, "topic": best.topic, "days": len(best.said),
        "helped": [[asker, *messages] for asker, messages in reversed(list(best.helped.items()))],
        "said": [message for _, message in sorted(best.said.items(), reverse=True)],
    }  # fmt: skip


def _shown(
    history: History, payload: dict[str, Any], newcomer: int, words: Iterable[str]
) -> tuple[list[Shown], dict[str, int]]:
    """What everybody who may be named has to do with each of the words, and how many speak of each."""
    found: list[Shown] = []
    speakers: dict[str, int] = {}
    most = max(COMMON, COMMON_SHARE * _active(history, payload["room"]))
    for word in words:
        each = _about(history, payload["room"], word)
        if len(each) > most or not each:
            continue
        speakers[word] = len(each)
        found += [one for member, one in each.items() if member != newcomer]
    members = {one.member for one in found}
    fine = nameable(history.session, payload["room"], members)
    since = history.now - timedelta(days=payload["rest_days"])
    fine -= resting(history.session, payload["room"], members, since)
    return [one for one in found if one.member in fine], speakers


def _about(history: History, room: int, word: str) -> dict[int, Shown]:
    """Who spoke of a word, and who answered whose question in which it stands.

    A word that stands in the answer only may be how it was put, not what it was about.
    """
    since = history.now - LOOKED_BACK
    found = search(history.session, word, room, limit=COMMON_HITS, since=since)
    if len(found) >= COMMON_HITS:
        return {}
    hits = [one for one in found if _says(one.text, word)]
    keys = json.dumps([one.message for one in hits])
    said: dict[int, dict[int, int]] = {}
    for hit in sorted(hits, key=lambda one: one.at):
        said.setdefault(hit.member, {})[hit.at.toordinal()] = hit.message
    raw = plain_connection(history.session)
    helped: dict[int, dict[int, tuple[int, int]]] = {}
    for row in raw.execute(_ANSWERS.format(back=_BACK), (keys, SURE, ASKS)):
        one = _answered(row)
        helped.setdefault(one.helper, {})[one.asker] = one.question, one.answer
    return {
        member: Shown(member, word, helped.get(member, {}), said.get(member, {}))
        for member in {*said, *helped}
    }


def _active(history: History, room: int) -> int:
    """How many people have spoken in the time that is looked at."""
    query = select(func.count()).where(Regular.room_id == room, Regular.last_at > history.now - LOOKED_BACK)
    return history.session.scalar(query) or 0


def _says(text: str, word: str) -> bool:
    """Whether the word stands there as a word: 水仙 is not in 下水仙人掌."""
    return word in keywords(text)


def _busiest(history: History, room: int) -> list[int]:
    counts = history.counts_by_member(room, since=history.now - BUSY_WITHIN)
    return list(counts)[:BUSIEST]


def _led(history: History, room: int) -> dict[int, int]:
    """To whom newcomers were led lately, and how often."""
    query = (
        select(Introduction.partner_id, func.count())
        .where(
            Introduction.room_id == room, Introduction.partner_id.is_not(None),
            Introduction.said_at > history.now - LED_WITHIN,
        )
        .group_by(Introduction.partner_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in history.session.execute(query) if row[0] is not None}


def _answered(row: tuple[Any, ...]) -> Answered:
    answer, helper, question, asker, at = row
    moment = moment_of(at)
    assert moment is not None
    return Answered(answer, helper, question, asker, moment)
