"""Who is paired with whom: what always holds, and that it is the best there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.ties.matching import EXACTLY, Group, Pair, _large, matched, suits, worth

Case = tuple[list[int], dict[Pair, float], set[Pair]]


@st.composite
def cases(draw: st.DrawFn, most: int = 20) -> Case:
    people = draw(st.lists(st.integers(1, 99), unique=True, max_size=most))
    pairs = [frozenset(pair) for pair in combinations(people, 2)]
    weights = {pair: draw(st.integers(0, 40)) / 8 for pair in pairs}
    never = set(draw(st.lists(st.sampled_from(pairs), max_size=len(pairs)))) if pairs else set()
    return people, weights, never


def divisions(people: tuple[int, ...], never: set[Pair]) -> Iterator[list[Group]]:
    """Every way of dividing people into twos, threes and people alone."""
    if not people:
        yield []
        return
    first, rest = people[0], people[1:]
    yield from divisions(rest, never)
    for size in (1, 2):
        for company in combinations(rest, size):
            group = (first, *company)
            if all(frozenset(pair) not in never for pair in combinations(group, 2)):
                left = tuple(one for one in rest if one not in company)
                yield from ([group, *others] for others in divisions(left, never))


@given(cases())
@settings(max_examples=120, deadline=None)
def test_nobody_is_in_two_groups_and_nobody_meets_whom_they_had(case: Case) -> None:
    people, weights, never = case
    groups = matched(people, weights, never)
    placed = [one for group in groups for one in group]
    assert len(placed) == len(set(placed)) and set(placed) <= set(people)
    assert all(len(group) in (2, 3) for group in groups)
    assert all(frozenset(pair) not in never for group in groups for pair in combinations(group, 2))


@given(cases(most=26))
@settings(max_examples=60, deadline=None)
def test_without_a_past_everybody_has_a_partner_and_an_odd_one_makes_a_trio(case: Case) -> None:
    people, weights, _ = case
    groups = matched(people, weights)
    assert sum(map(len, groups)) == (len(people) if len(people) > 1 else 0)
    assert sum(len(group) == 3 for group in groups) == (len(people) % 2 if len(people) > 1 else 0)


@given(cases(most=7))
@settings(max_examples=80, deadline=None)
def test_in_a_small_group_no_division_is_better(case: Case) -> None:
    people, weights, never = case
    best = max(worth(one, weights) for one in divisions(tuple(people), never))
    assert worth(matched(people, weights, never), weights) == pytest.approx(best)


@given(cases(most=8))
@settings(max_examples=60, deadline=None)
def test_the_way_for_large_groups_is_as_good_where_all_have_a_partner(case: Case) -> None:
    people, weights, _ = case
    if len(people) % 2 == 0:
        found = _large(sorted(people), weights, frozenset())
        assert worth(found, weights) == pytest.approx(worth(matched(people, weights), weights))


@given(cases(most=EXACTLY), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_people_come_is_all_the_same(case: Case, dice: object) -> None:
    people, weights, never = case
    assert matched(people[::-1], weights, never) == matched(people, weights, never)


def test_who_shares_topics_and_never_talked_comes_first() -> None:
    assert suits(2, 0, hub_and_newcomer=False) > suits(2, 5, hub_and_newcomer=False)
    assert suits(2, 0, hub_and_newcomer=False) > suits(0, 0, hub_and_newcomer=False)
    assert suits(0, 0, hub_and_newcomer=True) > suits(0, 0, hub_and_newcomer=False)
    assert suits(0, 10**6, hub_and_newcomer=False) > 0


def test_half_a_year_of_rounds_repeats_no_pair() -> None:
    people = list(range(1, 15))
    weights = {frozenset(pair): float(sum(pair) % 7) for pair in combinations(people, 2)}
    had: set[Pair] = set()
    for _ in range(6):
        groups = matched(people, weights, had)
        assert sum(map(len, groups)) == len(people)
        fresh = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
        assert not fresh & had
        had |= fresh
