"""Who is paired with whom: groups of two, one of three when the number is odd, and nobody again with somebody
they had lately. Pure.

Best is, in this order: as few people without a partner as can be, as few groups of three, and the largest
sum of weights, that of a group of three being the mean of its pairs. Up to `EXACTLY` people that is found
exactly; beyond, the pairs are a maximum weight matching and whoever is left joins the pair that suits best.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from math import log2

Pair = frozenset[int]
Group = tuple[int, ...]
Worth = tuple[int, int, float]
"""How many people have a partner, minus the number of groups of three, and the sum of weights."""

EXACTLY = 12
GRAIN = 10_000
"""Weights are compared in whole numbers of this part: the matching is exact on those."""

BASE, SHARED, MOST_SHARED, NEVER_TALKED, HUB_AND_NEWCOMER = 1.0, 1.0, 3.0, 2.5, 2.0
TALKED = 0.5


def suits(shared: int, talked: int, *, hub_and_newcomer: bool) -> float:
    """How well two people suit each other: topics that both have, and how often they have talked."""
    common = min(SHARED * shared, MOST_SHARED)
    stranger = NEVER_TALKED if talked == 0 else -TALKED * log2(1 + talked)
    return max(BASE + common + stranger + HUB_AND_NEWCOMER * hub_and_newcomer, 0.1)


def matched(
    people: Collection[int], weights: Mapping[Pair, float], never: Collection[Pair] = ()
) -> list[Group]:
    """The groups, by their first member; who cannot be matched stands in none.

    `weights` are for pairs (a pair that is missing has none); pairs in `never` are in no group together.
    """
    members = sorted(set(people))
    forbidden = frozenset(never)
    found = (_exact if len(members) <= EXACTLY else _large)(members, weights, forbidden)
    return sorted(tuple(sorted(group)) for group in found)


def worth(groups: Collection[Group], weights: Mapping[Pair, float]) -> Worth:
    """How good a division into groups is; larger is better."""
    people, trios = sum(map(len, groups)), sum(len(group) == 3 for group in groups)
    return people, -trios, sum(_weight(group, weights) for group in groups)


def _weight(group: Group, weights: Mapping[Pair, float]) -> float:
    pairs = list(combinations(group, 2))
    return sum(weights.get(frozenset(pair), 0.0) for pair in pairs) / len(pairs)


def _may(group: Group, never: frozenset[Pair]) -> bool:
    return all(frozenset(pair) not in never for pair in combinations(group, 2))


def _exact(members: Sequence[int], weights: Mapping[Pair, float], never: frozenset[Pair]) -> list[Group]:
    """The best division, by trying for the first who is left every company, each set of others once."""

    @cache
    def best(left: Group) -> tuple[Worth, tuple[Group, ...]]:
        if not left:
            return (0, 0, 0.0), ()
        first, rest = left[0], left[1:]
        found = best(rest)  # without a partner
        for company in _companies(rest):
            group = (first, *company)
            if _may(group, never):
                worth_of_rest, groups = best(tuple(one for one in rest if one not in company))
                people, trios, weight = worth_of_rest
                value = people + len(group), trios - (len(group) == 3), weight + _weight(group, weights)
                found = max(found, (value, (group, *groups)), key=lambda one: one[0])
        return found

    return list(best(tuple(members))[1])


def _companies(others: Group) -> Iterator[Group]:
    yield from ((one,) for one in others)
    yield from combinations(others, 2)


def _large(members: Sequence[int], weights: Mapping[Pair, float], never: frozenset[Pair]) -> list[Group]:
    """A maximum weight matching of as many as can be; the rest join pairs."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(members)
    for one, other in combinations(members, 2):
        pair = frozenset((one, other))
        if pair not in never:
            graph.add_edge(one, other, weight=round(GRAIN * weights.get(pair, 0.0)))
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
    groups: list[Group] = sorted(tuple(sorted(pair)) for pair in pairs)
    taken = {one for group in groups for one in group}
    for single in members:
        if single not in taken:
            groups = _joined(groups, single, weights, never)
    return groups


def _joined(
    groups: list[Group], single: int, weights: Mapping[Pair, float], never: frozenset[Pair]
) -> list[Group]:
    """The groups with one more person in a pair; if none fits, after one pair has been divided anew."""
    direct = list(_with_third(groups, single, never))
    changed = direct or [
        then
        for pair in groups
        if len(pair) == 2
        for stays, goes in (pair, pair[::-1])
        if _may((single, stays), never)
        for then in _with_third([*(one for one in groups if one != pair), (single, stays)], goes, never)
    ]
    return max(changed, key=lambda one: worth(one, weights), default=groups)


def _with_third(groups: list[Group], single: int, never: frozenset[Pair]) -> Iterator[list[Group]]:
    for group in groups:
        if len(group) == 2 and _may((*group, single), never):
            yield [*(one for one in groups if one != group), (*group, single)]
