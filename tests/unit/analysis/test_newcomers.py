"""Who was here before a helper came: real askers are found among them, spare accounts never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.analysis.newcomers import as_usual, elders, usual_elders
from bot.analysis.standing import STAR, Group, Standing, nominees, standings
from bot.analysis.usefulness import Helped

NOW = datetime(2026, 3, 30, 20, 0, tzinfo=UTC)
HELPER, REGULAR = 1, 2
VISITORS = range(100, 140)
"""They come, ask once, are answered by whoever is there, and go: this group knows many such."""

GUESTS = range(200, 206)
"""They come after the helper and talk with nobody else."""


def day(days_ago: int) -> date:
    return (NOW - timedelta(days=days_ago)).date()


def helped(asker: int, days_ago: int, sure: float = 0.9, *, thanked: bool = True) -> Helped:
    return Helped(HELPER, asker, None, None, NOW - timedelta(days=days_ago), sure, thanked=thanked)


def scene(told: list[Helped]) -> Group:
    """Visitors have been here for a day each, long ago or lately; the helper came twenty days ago."""
    days = {one: {day(60 - (one - 100)): {REGULAR}} for one in VISITORS}
    days[REGULAR] = {day(ago): set() for ago in range(60)}
    days[HELPER] = {day(20): {REGULAR}}
    for one in told:
        when = one.at.date()
        days.setdefault(one.asker, {}).setdefault(when, set()).add(HELPER)
        days[HELPER].setdefault(when, set()).add(one.asker)
    ties: dict[int, dict[int, float]] = {}
    for who, own in days.items():
        for met in own.values():
            for other in met:
                ties.setdefault(who, {})[other] = ties.setdefault(other, {})[who] = 0.9
    return Group(len(days), {}, ties, days=days)


def reckon(told: list[Helped]) -> dict[int, Standing]:
    return standings(told, scene(told), NOW, UTC)


def test_who_helps_those_that_come_once_is_found_where_such_are_usual() -> None:
    told = [helped(VISITORS[at], ago) for at, ago in ((0, 16), (9, 11), (17, 6), (22, 1))]
    found = reckon(told)
    assert found[HELPER].level == STAR
    assert [one.member for one in nominees(found, NOW)] == [HELPER]


def test_what_is_unsure_of_each_adds_up() -> None:
    told = [helped(VISITORS[3 * at], 16 - 3 * at, 0.5, thanked=False) for at in range(3)]
    assert reckon(told)[HELPER].level < STAR
    assert reckon([replace(one, thanked=True, confidence=0.9) for one in told])[HELPER].level == STAR


@pytest.mark.parametrize("count", [3, 4, 6])
def test_accounts_that_came_after_the_helper_and_talk_with_nobody_else_make_nobody(count: int) -> None:
    told = [helped(one, 16 - 3 * at) for at, one in enumerate(GUESTS[:count])]
    assert nominees(reckon(told), NOW) == []


def test_a_guest_counts_beside_those_who_were_here_before() -> None:
    old = [helped(VISITORS[at], ago) for at, ago in ((0, 16), (9, 11))]
    more = reckon([*old, helped(VISITORS[38], 1)])[HELPER]
    assert more.people > reckon(old)[HELPER].people


def test_who_was_here_long_before_has_a_life_of_their_own() -> None:
    days = {
        HELPER: {day(10): {3}}, 3: {day(30): set(), day(10): {HELPER}}, 4: {day(18): {9}, day(9): {HELPER}},
        5: {day(18): set(), day(9): {HELPER}}, 6: {day(18): {4}, day(9): {HELPER}}, 7: {day(12): {9}},
    }  # fmt: skip
    assert elders([3, 4, 5, 6, 7], {HELPER}, {HELPER}, days) == {3, 4}


def test_the_usual_share_is_that_of_those_who_have_spoken_since() -> None:
    first = {HELPER: day(20), 3: day(60), 4: day(40), 5: day(19), 6: day(50), 7: day(22)}
    last = {HELPER: day(1), 3: day(2), 4: day(5), 5: day(5), 6: day(30), 7: day(1)}
    assert usual_elders({HELPER}, first, last) == pytest.approx(2 / 4)
    assert usual_elders({HELPER}, {}, {}) is None


def test_newcomers_alone_count_nothing_where_others_were_here_before() -> None:
    weights, told = {3: 1.0, 4: 1.0}, {3: 1.0, 4: 1.0}
    assert as_usual(weights, told, set(), 0.5) == {3: 0.0, 4: 0.0}
    assert as_usual(weights, told, {3}, 0.5)[3] == 1.0 and 0 < as_usual(weights, told, {3}, 0.5)[4] < 1
    assert as_usual(weights, told, set(), None) == weights
    young = as_usual(weights, told, set(), 0.0)  # all came with the helper, as when a group is new
    assert 0 < young[3] == young[4] < 1
