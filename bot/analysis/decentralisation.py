"""How much a group hangs on few people: what would be left if they fell silent. Pure functions.

Every figure is a count, or one count in another (`Share`), over a window of time, so that anybody can count
again. Nothing is measured against a number of messages: what a conversation is depends on the group's size.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import isqrt
from typing import Literal, TypeVar

from bot.analysis.days import LocalDays
from bot.analysis.exchanges import Exchange
from bot.analysis.graph import Graph, Reply, centralisation, circles, hubs, reply_graph
from bot.analysis.lines import Line

Good = Literal["more", "less"]
Trend = Literal["better", "worse", "same"]
Item = TypeVar("Item")

SCALE = (1, 2, 4, 6, 9)
"""The absence factor is read on a scale of 1, 2, 3 to 4, 5 to 6, 7 to 9, and more than 9."""
LATELY = timedelta(days=28)
"""The size of a group is how many talk in so long a time, however long the window."""
SLIGHT = 0.05
"""Shares that differ by less than this are said to be as before."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Left:
    """What would be left if `silent` said nothing, each out of what there is now.

    `days`: those with a real conversation. `questions`: other people's answered ones that somebody else
    answered too. `people`: the others who talk with anybody now and would still be in the largest circle.
    """

    silent: tuple[int, ...]
    days: Share
    questions: Share
    people: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """One window in numbers. See DESIGN.md, 4; what is None cannot be said."""

    since: datetime
    until: datetime
    people: int
    messages: int
    replies: int
    talk_days: int
    conversation_size: int
    questions: Share
    without_top: Left
    without_owner: Left | None
    absence_factor: int
    top_tenth: Share
    owner_share: Share | None
    centralisation: float
    hubs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A stretch of a room's talk, its replies, and its questions, each in the order of time."""

    lines: Sequence[Line]
    replies: Sequence[Reply]
    exchanges: Sequence[Exchange]

    def part(self, since: datetime, until: datetime) -> Talk:
        """What was said in a window: replies and questions belong where they were written."""
        return Talk(
            _between(self.lines, since, until, lambda line: line.at),
            _between(self.replies, since, until, lambda reply: reply.at),
            _between(self.exchanges, since, until, lambda one: one.asked_at),
        )


def _between(
    ordered: Sequence[Item], since: datetime, until: datetime, at: Callable[[Item], datetime]
) -> Sequence[Item]:
    return ordered[bisect_left(ordered, since, key=at) : bisect_left(ordered, until, key=at)]


def conversation_size(people: int) -> int:
    """How many people, and how many replies, make a real conversation in a group of that many talkers.

    Half the square root: 2 of 5, 3 of 30, 4 of 60, 12 of 500; fewer than two never are one.
    """
    root = isqrt(max(people, 1) - 1) + 1
    return max(2, (root + 1) // 2)


def message_counts(lines: Iterable[Line]) -> dict[int, int]:
    """How often each person spoke, in whatever kind of message, the busiest first."""
    counts = Counter(line.member for line in lines)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def absence_factor(counts: Collection[int]) -> int:
    """The fewest people who make at least half of the talk; 0 where nobody talks."""
    total, done = sum(counts), 0
    for place, count in enumerate(sorted(counts, reverse=True), 1):
        done += count
        if 2 * done >= total:
            return place
    return 0


def absence_grade(factor: int) -> int:
    """The place on SCALE, from 0 (one person makes half of the talk) to 5 (more than nine)."""
    return sum(factor > bound for bound in SCALE)


def figures(
    talk: Talk, since: datetime, until: datetime, zone: tzinfo, owners: Collection[int] = ()
) -> Figures:
    """Everything about one window. Of `owners` only those who may be counted are to be given."""
    part = talk.part(since, until)
    counts = message_counts(part.lines)
    graph, days = reply_graph(counts, part.replies), _by_day(part.replies, zone)
    size, total = conversation_size(len(_lately(part.lines, until))), len(part.lines)
    top, tenth = tuple(counts)[:2], -(-len(counts) // 10)
    share = sum(counts.get(owner, 0) for owner in owners)

    def left(silent: Collection[int]) -> Left:
        return _left(frozenset(silent), tuple(silent), graph, days, part.exchanges, size)

    return Figures(
        since=since, until=until, people=len(counts), messages=total, replies=len(part.replies),
        talk_days=len(set(_days(part.lines, zone))), conversation_size=size,
        questions=Share(sum(bool(one.answers) for one in part.exchanges), len(part.exchanges)),
        without_top=left(top), without_owner=left(tuple(owners)) if owners else None,
        absence_factor=absence_factor(counts.values()),
        top_tenth=Share(sum(list(counts.values())[:tenth]), total),
        owner_share=Share(share, total) if owners else None,
        centralisation=centralisation(graph), hubs=hubs(graph),
    )  # fmt: skip


def _left(
    gone: frozenset[int], silent: tuple[int, ...], graph: Graph, days: Mapping[date, Sequence[Reply]],
    exchanges: Sequence[Exchange], size: int,
) -> Left:  # fmt: skip
    real = [found for found in days.values() if is_conversation(found, size)]
    kept = [[one for one in found if one.member not in gone and one.to not in gone] for found in real]
    asked = [one for one in exchanges if one.asker not in gone and one.answers]
    answered = [one for one in asked if any(answer.member not in gone for answer in one.answers)]
    met = {person for person, partners in graph.partners().items() if partners} - gone
    largest = next(iter(circles(graph.without(gone))), frozenset[int]())
    still = largest & met if len(largest) > 1 else ()
    return Left(
        silent,
        days=Share(sum(is_conversation(found, size) for found in kept), len(real)),
        questions=Share(len(answered), len(asked)),
        people=Share(len(still), len(met)),
    )


def is_conversation(found: Sequence[Reply], size: int) -> bool:
    """Whether these replies of one day are a real conversation: enough of them, among enough people."""
    if len(found) < size:
        return False
    return len({reply.member for reply in found} | {reply.to for reply in found}) >= size


def _lately(lines: Iterable[Line], until: datetime) -> set[int]:
    """Who talked in the last four weeks: in a year so many more do that no day would be like them."""
    return {line.member for line in lines if line.at >= until - LATELY}


def _by_day(found: Iterable[Reply], zone: tzinfo) -> dict[date, list[Reply]]:
    days, by_day = LocalDays(zone), dict[date, list[Reply]]()
    for reply in found:
        by_day.setdefault(days.of(reply.at), []).append(reply)
    return by_day


def _days(lines: Iterable[Line], zone: tzinfo) -> Iterable[date]:
    days = LocalDays(zone)
    return (days.of(line.at) for line in lines)


def share_trend(now: Share | None, before: Share | None, good: Good) -> Trend | None:
    """How a share has moved; None if either cannot be said."""
    if now is None or before is None or now.value is None or before.value is None:
        return None
    return trend(now.value, before.value, good, SLIGHT)


def trend(now: float, before: float, good: Good, slight: float = 0) -> Trend:
    """Whether a number has moved into the direction that is good for the group."""
    moved = now - before
    if abs(moved) < slight or not moved:
        return "same"
    return "better" if (moved > 0) == (good == "more") else "worse"
