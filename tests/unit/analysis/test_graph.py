"""The reply graph against shapes whose answers are known, and against networkx."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.graph import Graph, Reply, centralisation, circles, hubs, reply_graph
from bot.analysis.lines import Line, Link
from tests.unit.analysis.talk import replies

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def graph(*pairs: tuple[int, int], people: tuple[int, ...] = ()) -> Graph:
    return reply_graph(people, [Reply(NOON, one, other) for one, other in pairs])


def star(size: int) -> Graph:
    return graph(*((1, leaf) for leaf in range(2, size + 1)))


def ring(size: int) -> Graph:
    return graph(*((one, one % size + 1) for one in range(1, size + 1)))


def clique(size: int) -> Graph:
    return graph(*permutations(range(1, size + 1), 2))


def two_hubs(leaves: int) -> Graph:
    ends = [(hub, hub * 100 + leaf) for hub in (1, 2) for leaf in range(leaves)]
    return graph((1, 2), *ends)


@pytest.mark.parametrize("size", [3, 5, 60, 500])
def test_a_star_is_all_centre(size: int) -> None:
    assert centralisation(star(size)) == 1
    assert hubs(star(size)) == (1,)
    assert [len(circle) for circle in circles(star(size).without([1]))] == [1] * (size - 1)


@pytest.mark.parametrize("size", [4, 5, 60])
def test_ring_and_clique_have_no_centre(size: int) -> None:
    for shape in (ring(size), clique(size)):
        assert centralisation(shape) == 0
        assert len(hubs(shape)) == size
        assert circles(shape.without([1])) == [frozenset(range(2, size + 1))]


def test_two_hubs_lie_between() -> None:
    shape = two_hubs(10)
    assert hubs(shape) == (1, 2)
    assert 0.4 < centralisation(shape) < 0.6
    assert len(circles(shape.without([1]))[0]) == 11
    assert all(len(circle) == 1 for circle in circles(shape.without([1, 2])))


def test_nobody_and_nothing() -> None:
    assert centralisation(graph()) == 0 and hubs(graph()) == () and circles(graph()) == []
    lonely = graph(people=(1, 2, 3))
    assert centralisation(lonely) == 0 and hubs(lonely) == ()
    assert circles(lonely) == [frozenset({1}), frozenset({2}), frozenset({3})]


def test_both_directions_count_and_answering_oneself_does_not() -> None:
    lines = [
        Line(key, member, NOON + timedelta(minutes=key)) for key, member in enumerate([7, 8, 7, 7, 9], 1)
    ]
    links = [
        Link(1, None, 1),
        Link(2, 1, 0.9),
        Link(3, 2, 0.9),
        Link(4, 3, 0.9),
        Link(9, 1, 1),
        Link(5, 99, 1),
    ]
    found = replies(lines, links)
    assert [(one.member, one.to) for one in found] == [(8, 7), (7, 8)]
    shape = reply_graph([7, 8, 9], found)
    assert shape.answered == {(8, 7): 1, (7, 8): 1} and shape.ties() == {(7, 8): 2}
    assert shape.people == {7, 8, 9}


PAIRS = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda pair: pair[0] != pair[1]), max_size=60
)


@given(PAIRS, st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12), max_size=3))
def test_it_agrees_with_networkx(pairs: list[tuple[int, int]], people: set[int], silent: set[int]) -> None:
    mine = graph(*pairs, people=tuple(people)).without(silent)
    oracle = nx.Graph()
    oracle.add_nodes_from(people)
    oracle.add_edges_from(pairs)
    oracle.remove_nodes_from(silent)
    assert {person: len(met) for person, met in mine.partners().items()} == dict(oracle.degree())
    assert {frozenset(part) for part in nx.connected_components(oracle)} == set(circles(mine))
    degrees = [degree for _, degree in oracle.degree()]
    if len(degrees) > 2:
        star_of_that_size = nx.star_graph(len(degrees) - 1)
        most = sum(len(degrees) - 1 - degree for _, degree in star_of_that_size.degree())
        expected = sum(max(degrees) - degree for degree in degrees) / most
        assert centralisation(mine) == pytest.approx(expected)


@given(PAIRS)
def test_names_do_not_matter(pairs: list[tuple[int, int]]) -> None:
    renamed = [(one + 100, other + 100) for one, other in pairs]
    assert centralisation(graph(*pairs)) == centralisation(graph(*renamed))
    assert [person + 100 for person in hubs(graph(*pairs))] == list(hubs(graph(*renamed)))
    assert 0 <= centralisation(graph(*pairs)) <= 1
