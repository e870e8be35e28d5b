"""One night: standings and nominees from a room's talk. Pure; the nightly job and its evaluation share it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from bot.analysis.credence import days_of, ties
from bot.analysis.exchanges import Exchange
from bot.analysis.helped import empty, helped_in, machines, sellers
from bot.analysis.lines import Line, Link
from bot.analysis.originality import copied, echoers, parrots, refuted, unreliable
from bot.analysis.problems import with_problems
from bot.analysis.standing import RECENT, Group, Helped, Standing, nominees, standings

SURE_ENOUGH = 0.35
"""An answer that is less sure than this, and was not thanked for, is no help."""

TOLD = 0.8
"""How sure an answer is when nothing was asked but a problem told."""

CANDIDATES = 2
"""Whoever helped fewer people than this cannot come into question: no need to look closer."""


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


def reckoned(
    lines: Sequence[Line], links: Iterable[Link], found: Iterable[Exchange], known: Known, now: datetime,
    zone: tzinfo,
) -> Night:  # fmt: skip
    """The standings in a group, given what was said there within `standing.WINDOW`."""
    ours = list(links)
    asked, told = with_problems(found, lines, ours)
    helped = [*(_as_told(one, told) for one in helped_in(asked)), *known.thanks]
    sure = [one for one in helped if one.confidence >= SURE_ENOUGH or one.thanked]
    wrong, copies = refuted(sure, lines, ours), copied(sure, lines, ours)
    nothing = wrong.keys() | copies | empty(sure, lines)
    held = [one for one in sure if one.answer not in nothing]
    never = {*known.never, *machines(sure), *sellers(lines), *unreliable(sure, wrong)}
    never |= echoers(sure, copies)
    askers = {(one.helper, one.asker) for one in held}
    often = {who for who, count in Counter(helper for helper, _ in askers).items() if count >= CANDIDATES}
    never |= parrots(lines, often - never)
    lately = now - RECENT
    group = Group(
        people=len({line.member for line in lines}),
        messages=Counter(line.member for line in lines if line.at >= lately),
        ties=ties(lines, ours), days=days_of(lines, ours, zone), owners=known.owners,
        credited=known.credited, levels=known.levels, never=never,
    )  # fmt: skip
    all_of = standings(held, group, now, zone)
    best = tuple(one for one in nominees(all_of, now) if one.member not in known.owners)
    return Night(all_of, best)


def _as_told(one: Helped, told: Collection[int]) -> Helped:
    """Help that nobody asked for in so many words is less sure, unless the other thanked for it."""
    if one.question not in told or one.thanked:
        return one
    return replace(one, confidence=TOLD * one.confidence)
