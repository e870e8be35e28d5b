"""One night: standings and nominees from a room's days. Pure; the nightly job and its evaluation share it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from bot.analysis.daybook import Day, Pair
from bot.analysis.habits import asked_back, beggars, followers
from bot.analysis.helped import HelpFact, echoers, machines, sellers, unreliable
from bot.analysis.lines import Line
from bot.analysis.originality import bare_text, parrots
from bot.analysis.standing import RECENT, Group, Standing, nominees, standings
from bot.analysis.usefulness import Helped

CANDIDATES = 2
"""Whoever helped fewer people than this cannot come into question: no need to look closer."""

TextsOf = Callable[[Collection[int]], Mapping[int, Sequence[str]]]
"""The longer texts of some people (`originality.bare_text`), in order."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known apart from the talk: thanks given through the bot, and about people."""

    thanks: Sequence[Helped] = ()
    owners: Collection[int] = ()
    never: Collection[int] = ()
    credited: Mapping[int, int] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Night:
    """What a night's reckoning found; the nominees are best first, the owners not among them."""

    standings: Mapping[int, Standing]
    nominees: tuple[Standing, ...]


def reckoned(days: Mapping[date, Day], texts_of: TextsOf, known: Known, now: datetime, zone: tzinfo) -> Night:
    """The standings in a group, given its days within `standing.WINDOW`."""
    found = [HelpFact(one) for one in known.thanks]
    found += [one for day in days.values() for one in day.helped]
    found.sort(key=_moment)
    held = _held(found)
    said = _summed(days.values())
    never = {*known.never, *machines(one.helped for one in found), *unreliable(found), *echoers(found)}
    never |= beggars(found)
    never |= sellers(said, _sold(days.values()))
    never |= parrots(texts_of(_candidates(held) - never))
    lately = (now - RECENT).astimezone(zone).date()
    group = Group(
        people=len(said), messages=_summed(one for day, one in days.items() if day >= lately),
        ties=_ties(days.values()), days=_met(days), owners=known.owners,
        credited=known.credited, levels=known.levels, never=never,
        followers=followers(one.helped for one in found),
    )  # fmt: skip
    all_of = standings(held, group, now, zone)
    best = tuple(one for one in nominees(all_of, now) if one.member not in known.owners)
    return Night(all_of, best)


def _held(found: Sequence[HelpFact]) -> list[Helped]:
    """What stands of it: nothing copied, refuted, empty or begged for, nor what was only asked back."""
    held = [
        one.helped for one in found if not (one.is_copy or one.is_refuted or one.is_empty or one.is_begged)
    ]
    back = asked_back(held)
    return [one for one in held if (one.helper, one.asker, one.question) not in back]


def texts_in(lines: Iterable[Line]) -> TextsOf:
    """The longer texts of people, out of what was said."""

    def texts_of(members: Collection[int]) -> Mapping[int, Sequence[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for line in lines:
            if line.member in members and line.kind == "text" and (text := bare_text(line.text)):
                found[line.member].append(text)
        return found

    return texts_of


def _moment(one: HelpFact) -> tuple[datetime, int]:
    return one.helped.at, one.helped.answer or 0


def _candidates(held: Sequence[Helped]) -> set[int]:
    """Who helped enough people to be looked at more closely."""
    helped = Counter(helper for helper, _ in {(one.helper, one.asker) for one in held})
    return {helper for helper, people in helped.items() if people >= CANDIDATES}


def _summed(days: Iterable[Day]) -> Counter[int]:
    """How often each person spoke."""
    said: Counter[int] = Counter()
    for day in days:
        said.update(day.said)
    return said


def _sold(days: Collection[Day]) -> Mapping[int, Sequence[int]]:
    sold: dict[int, list[int]] = defaultdict(list)
    for day in days:
        for member, texts in day.sold.items():
            sold[member] += texts
    return sold


def _ties(days: Collection[Day]) -> dict[int, dict[int, float]]:
    """For each pair of people how sure it is that they have talked with one another, between 0 and 1."""
    doubts: dict[Pair, float] = {}
    for day in days:
        for pair, doubt in day.doubts.items():
            doubts[pair] = doubts.get(pair, 1.0) * doubt
    ties: dict[int, dict[int, float]] = defaultdict(dict)
    for (one, other), doubt in doubts.items():
        ties[one][other] = ties[other][one] = 1.0 - doubt
    return dict(ties)


def _met(days: Mapping[date, Day]) -> dict[int, dict[date, set[int]]]:
    """On which days each person spoke, and with whom they had to do."""
    met: dict[int, dict[date, set[int]]] = defaultdict(dict)
    for day, one in days.items():
        for member, partners in one.met.items():
            met[member][day] = partners
    return met
