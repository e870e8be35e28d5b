"""Plain advice from the record: whom to leave room, whom to ask, whom to introduce. Facts, no words.

Each piece names people and what they did, so that an owner can do something with it today.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.analysis.decentralisation import Figures, Talk, message_counts
from bot.analysis.exchanges import Exchange
from bot.analysis.graph import reply_graph
from bot.analysis.open_questions import is_earnest

MOST = 3
QUESTIONS = 3
PEOPLE = 3
LATELY = timedelta(days=7)
STILL_OPEN = timedelta(hours=12)
"""A question may wait so long for its first answer before anybody calls it unanswered."""

_WORDS = re.compile(r"[a-z][a-z0-9.+#-]{2,}|[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and who else knew or would know: those answered it too, or one much like it before."""

    message: int
    asker: int
    text: str
    able: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    """`member`, who is at the centre, answered these first within `days` days; others could have."""

    member: int
    is_owner: bool
    days: int
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class PassOn:
    """Nobody has answered these in the last `days` days; who is `able` has answered something like them."""

    days: int
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Introduce:
    """`count` people talk with nobody but the busiest, `members` first of all; `guide` knows many others."""

    members: tuple[int, ...]
    count: int
    guide: int


@dataclass(frozen=True, slots=True)
class Invite:
    """`member` has helped so many people with few words, and has been silent for so many days."""

    member: int
    helped: int
    silent_days: int


@dataclass(frozen=True, slots=True)
class HandOn:
    """Nothing in particular, but little would be left: these talk most after the busiest, if anybody does."""

    members: tuple[int, ...]


Advice: TypeAlias = LeaveRoom | PassOn | Introduce | Invite | HandOn


def advice(talk: Talk, found: Figures, owners: Collection[int], present: Collection[int]) -> list[Advice]:
    """At most three pieces, the most useful first. `present`: who can be asked to do something."""
    part = talk.part(found.since, found.until)
    busiest = found.without_top.silent
    centre = dict.fromkeys([*sorted(owners), *busiest])
    able = _Able(talk.exchanges, set(present) - set(owners), frozenset(busiest))
    others = able.people - set(busiest)
    pieces = (
        _leave_room(part.exchanges, found, tuple(centre), owners, able),
        _pass_on(part.exchanges, found, able),
        _introduce(part, busiest, others),
        _invite(part, found, others),
    )
    useful: list[Advice] = [piece for piece in pieces if piece is not None]
    if not useful and 2 * found.without_top.days.part <= found.without_top.days.whole:
        useful.append(HandOn(tuple(who for who in message_counts(part.lines) if who in others)[:2]))
    return useful[:MOST]


class _Able:
    """Who could answer a question: who has answered it, or one with two rare words in common.

    Owners never; the busiest only after everybody else.
    """

    def __init__(self, exchanges: Sequence[Exchange], people: set[int], busiest: Collection[int]) -> None:
        self.people, self._busiest = people, busiest
        self._terms = {one.question: terms(one.text) for one in exchanges}
        often = Counter(term for words in self._terms.values() for term in words)
        self._rare = {term for term, count in often.items() if count <= max(2, len(exchanges) // 20)}
        self._by_term: dict[str, list[Exchange]] = {}
        for one in exchanges:
            for term in self._terms[one.question] & self._rare if one.answers else ():
                self._by_term.setdefault(term, []).append(one)

    def asked(self, one: Exchange, besides: int | None = None) -> Asked:
        """The question with those who, besides somebody, could have answered it; who did answer first."""
        did = [answer.member for answer in one.answers]
        shared: Counter[int] = Counter()
        earlier: dict[int, Exchange] = {}
        for term in sorted(self._terms[one.question] & self._rare):
            for other in self._by_term.get(term, ()):
                if other.asked_at < one.asked_at:
                    shared[other.question] += 1
                    earlier[other.question] = other
        alike = sorted((key for key, count in shared.items() if count > 1), key=lambda key: -shared[key])
        would = [answer.member for key in alike for answer in earlier[key].answers]
        able = [who for who in dict.fromkeys(did + would) if who in self.people - {one.asker, besides}]
        able.sort(key=lambda who: who in self._busiest)
        return Asked(one.question, one.asker, one.text, tuple(able[:PEOPLE]))


def terms(text: str) -> frozenset[str]:
    """What a text is about: its Latin words, and its Chinese characters two by two."""
    found = set()
    for word in _WORDS.findall(text.casefold()):
        found |= {word} if word[0].isascii() else {word[i : i + 2] for i in range(len(word) - 1)}
    return frozenset(found)


def _lately(exchanges: Iterable[Exchange], found: Figures) -> tuple[list[Exchange], int]:
    """Those of the last week; if there are none, those of the whole window."""
    known = list(exchanges)
    fresh = [one for one in known if one.asked_at >= found.until - LATELY]
    return (fresh, LATELY.days) if fresh else (known, -((found.since - found.until) // timedelta(days=1)))


def _different(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """The first few asked in earnest, none in the same words as another."""
    found: dict[str, Asked] = {}
    for one in asked:
        if len(found) < QUESTIONS and is_earnest(one.text):
            found.setdefault(one.text.strip(), one)
    return tuple(found.values())


def _leave_room(
    exchanges: Sequence[Exchange], found: Figures, centre: Sequence[int], owners: Collection[int], able: _Able
) -> LeaveRoom | None:
    best: LeaveRoom | None = None
    for member in centre:
        first = [one for one in exchanges if one.answers and one.answers[0].member == member]
        asked = {one.question: able.asked(one, besides=member) for one in first}
        recent, days = _lately((one for one in first if asked[one.question].able), found)
        questions = _different(asked[one.question] for one in recent[::-1])
        if questions and (best is None or len(questions) > len(best.questions)):
            best = LeaveRoom(member, member in owners, days, questions)
    return best


def _pass_on(exchanges: Sequence[Exchange], found: Figures, able: _Able) -> PassOn | None:
    open_ones = [one for one in exchanges if not one.answers and one.asked_at < found.until - STILL_OPEN]
    recent, days = _lately(open_ones, found)
    asked = sorted((able.asked(one) for one in recent[::-1]), key=lambda one: not one.able)
    questions = _different(asked)
    return PassOn(days, questions) if questions else None


def _introduce(part: Talk, busiest: Collection[int], people: set[int]) -> Introduce | None:
    counts = message_counts(part.lines)
    partners = reply_graph(counts, part.replies).partners()
    hanging = [who for who in counts if who in people and partners[who] and partners[who] <= set(busiest)]
    met = {who: len(partners.get(who, set()) - set(busiest)) for who in people}
    guide = max(people, key=lambda who: (met[who], -who), default=None)
    if guide is None or not met[guide] or len(hanging) < 2:
        return None
    return Introduce(tuple(hanging[:PEOPLE]), len(hanging), guide)


def _invite(part: Talk, found: Figures, people: set[int]) -> Invite | None:
    helped = helped_people(part.exchanges)
    last: Mapping[int, datetime] = {line.member: line.at for line in part.lines}
    helpers = [who for who in people if who in last and len(helped.get(who, ())) > 1]
    silent = {who: (found.until - last[who]).days for who in helpers}
    away = {who: days for who, days in silent.items() if days >= LATELY.days}
    if not away:
        return None
    who = max(away, key=lambda who: (len(helped[who]), -who))
    return Invite(who, len(helped[who]), away[who])


def helped_people(exchanges: Iterable[Exchange]) -> Mapping[int, set[int]]:
    """Whose questions each person has answered."""
    helped: dict[int, set[int]] = {}
    for one in exchanges:
        for answer in one.answers:
            helped.setdefault(answer.member, set()).add(one.asker)
    return helped
