"""Where people stand: nobody on anybody, the same every time, for every size of group."""

from __future__ import annotations

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.graph import Graph
from bot.report.layout import places
from tests.unit.report.studies import study_of


@pytest.mark.parametrize("people", [1, 2, 3, 5, 12, 60, 200, 500])
def test_nobody_overlaps_and_nobody_is_outside(people: int) -> None:
    study = study_of([str(place) for place in range(people)], people * 30)
    dots = places(study.graph, study.counts, tuple(study.counts)[:2], 218)
    assert dots.keys() == study.graph.people
    for one in dots.values():
        assert hypot(one.x, one.y) + one.radius <= 230 and one.radius > 0.8
    for one, other in combinations(dots.values(), 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - 0.01
    assert dots == places(study.graph, dict(sorted(study.counts.items())), tuple(study.counts)[:2], 218)


PAIRS = st.tuples(st.integers(1, 40), st.integers(1, 40)).filter(lambda pair: pair[0] != pair[1])


@given(st.dictionaries(PAIRS, st.integers(1, 9), max_size=60), st.sets(st.integers(1, 40)))
@settings(max_examples=60)
def test_any_graph_has_its_places(answered: dict[tuple[int, int], int], people: set[int]) -> None:
    graph = Graph(frozenset(people).union(*answered), answered)
    counts = {who: who for who in graph.people}
    dots = places(graph, counts, tuple(sorted(graph.people))[:2], 218)
    assert dots.keys() == graph.people
    for one, other in combinations(dots.values(), 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - 0.01
