"""Where each person stands in the picture of the network: the same every time, for 5 people and for 500.

The two busiest stand in the middle, the others on rings around them, the best connected inside. On its ring
everybody turns towards those whom they talk with. Nobody overlaps anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin, sqrt, tau

from bot.analysis.graph import Graph

GOLDEN = pi * (3 - sqrt(5))
ROOM = 0.4
"""How much of the way to the next place a person's dot may take."""
LARGEST, SMALLEST = 20.0, 2.2
STAR = 26.0
"""The radius of the busiest person's dot."""
BEND = 0.75
"""Below 1, the inner rings are wider apart: those who stand there have the larger dots."""
DENSITY = 6.0
"""How many people more each ring holds than the one inside it."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A person's place, measured from the middle, and the size of their dot."""

    x: float
    y: float
    radius: float


def places(graph: Graph, counts: Mapping[int, int], stars: Sequence[int], radius: float) -> dict[int, Dot]:
    """A place within `radius` of the middle for everybody in the graph."""
    partners, ties = graph.partners(), graph.ties()
    others = sorted(
        graph.people - set(stars), key=lambda who: (-len(partners[who]), -counts.get(who, 0), who)
    )
    rings = _rings(len(others))
    away = [radius * ((place + 0.45) / (len(rings) + 0.9)) ** BEND for place in range(1, len(rings) + 2)]
    most = max((counts.get(who, 0) for who in others), default=1) or 1
    dots = _stars(stars, counts, min(STAR, 0.36 * away[0]))
    start = 0
    for place, capacity in enumerate(rings):
        ring = others[start : start + capacity]
        start += capacity
        size = min(LARGEST, ROOM * min(away[place + 1] - away[place], tau * away[place] / max(capacity, 2)))
        for who, angle in _around(ring, dots, partners, ties, place):
            own = max(min(SMALLEST, size), size * sqrt(counts.get(who, 0) / most))
            dots[who] = Dot(away[place] * cos(angle), away[place] * sin(angle), own)
    return dots


def _stars(stars: Sequence[int], counts: Mapping[int, int], size: float) -> dict[int, Dot]:
    """The one or two in the middle, side by side."""
    most = max((counts.get(who, 0) for who in stars), default=1) or 1
    shift = size * 1.15 if len(stars) > 1 else 0
    return {
        who: Dot(shift * (2 * place - 1), 0, size * max(0.6, sqrt(counts.get(who, 0) / most)))
        for place, who in enumerate(stars)
    }


def _rings(count: int) -> list[int]:
    """How many people stand on each ring, from inside; no more rings than are needed."""
    if not count:
        return []
    wanted = 1
    while sum(_capacity(place) for place in range(1, wanted + 1)) < count:
        wanted += 1
    full = [_capacity(place) for place in range(1, wanted + 1)]
    whole = sum(full)
    rings = [max(1, capacity * count // whole) for capacity in full]
    rings[-1] += count - sum(rings)
    return rings


def _capacity(place: int) -> int:
    return int(DENSITY * (place + 0.45))


def _around(
    ring: Sequence[int], dots: Mapping[int, Dot], partners: Mapping[int, set[int]],
    ties: Mapping[tuple[int, int], int], place: int,
) -> list[tuple[int, float]]:  # fmt: skip
    """The people of one ring with their angles: evenly spread, in the order of where they are drawn to."""
    drawn = {}
    for number, who in enumerate(ring):
        placed = [one for one in sorted(partners[who]) if one in dots]
        near = [(dots[one], ties[min(who, one), max(who, one)]) for one in placed]
        x, y = (sum(getattr(dot, axis) * weight for dot, weight in near) for axis in ("x", "y"))
        drawn[who] = atan2(y, x) % tau if hypot(x, y) > 1e-6 else (place + number * GOLDEN) % tau
    ordered = sorted(ring, key=lambda who: (drawn[who], who))
    step = tau / len(ring)
    turns = [drawn[who] - step * number for number, who in enumerate(ordered)]
    turn = atan2(sum(map(sin, turns)), sum(map(cos, turns)))
    return [(who, turn + step * number) for number, who in enumerate(ordered)]
