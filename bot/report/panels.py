"""The network as it is, beside the network without the two busiest; everybody keeps their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.analysis.graph import Graph, circles
from bot.report.canvas import FADED, INK, LEAF, PAPER, STAR, Canvas
from bot.report.layout import Dot, places
from bot.report.lettering import drawable, fitted, width

TIES_SHOWN = 900
LABELS = 9
LABEL_SIZE = 18
LABEL_ROOM = 150
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Network:
    """What both panels show. `labelled` are in the order in which they may be named."""

    graph: Graph
    counts: Mapping[int, int]
    stars: Sequence[int]
    labelled: Sequence[int]
    names: Mapping[int, str]


def draw_panels(canvas: Canvas, network: Network, left: float, right: float, y: float, size: float) -> None:
    """Both panels, each a square of this size with its upper edge at y."""
    dots = places(network.graph, network.counts, network.stars, size / 2 - 8)
    _draw(canvas, network, dots, (left + size / 2, y + size / 2), size, ())
    _draw(canvas, network, dots, (right + size / 2, y + size / 2), size, network.stars)


def alone(graph: Graph, silent: Sequence[int]) -> int:
    """How many people have partners now, and would have none left."""
    before, after = graph.partners(), graph.without(silent).partners()
    return sum(bool(before[who]) and not met for who, met in after.items())


def _draw(
    canvas: Canvas, network: Network, dots: Mapping[int, Dot], middle: tuple[float, float], size: float,
    silent: Sequence[int],
) -> None:  # fmt: skip
    graph = network.graph.without(silent)
    largest = next(iter(circles(graph)), frozenset[int]())
    held = largest if len(largest) > 1 else frozenset[int]()
    canvas.add(f'<g transform="translate({middle[0]:.1f} {middle[1]:.1f})">')
    canvas.add(f'<circle r="{size / 2:.1f}" fill="#ffffff" fill-opacity="0.65"/>')
    _draw_ties(canvas, graph, dots, network.stars)
    for who in sorted(dots, key=lambda who: (-dots[who].radius, who)):
        _draw_dot(canvas, dots[who], _colour(who, network, silent, held), is_gone=who in silent)
    _draw_labels(canvas, network, dots, silent, size)
    canvas.add("</g>")


def _colour(who: int, network: Network, silent: Sequence[int], held: frozenset[int]) -> str:
    if who in silent:
        return PAPER
    if who in network.stars:
        return STAR
    return LEAF if who in held else FADED


def _draw_ties(canvas: Canvas, graph: Graph, dots: Mapping[int, Dot], stars: Sequence[int]) -> None:
    """The strongest ties; those of the two busiest in their colour."""
    ties = sorted(graph.ties().items(), key=lambda item: (-item[1], item[0]))[:TIES_SHOWN]
    most = ties[0][1] if ties else 1
    faint = 0.5 if len(ties) < 60 else 0.3 if len(ties) < 300 else 0.17
    for (one, other), times in reversed(ties):
        a, b = dots[one], dots[other]
        colour = STAR if one in stars or other in stars else LEAF
        canvas.add(
            f'<line x1="{a.x:.1f}" y1="{a.y:.1f}" x2="{b.x:.1f}" y2="{b.y:.1f}" stroke="{colour}"'
            f' stroke-width="{0.8 + 3.2 * times / most:.2f}" stroke-opacity="{faint:g}"/>'
        )


def _draw_dot(canvas: Canvas, dot: Dot, colour: str, *, is_gone: bool) -> None:
    edge = (
        f'stroke="{STAR}" stroke-width="2" stroke-dasharray="4 4"'
        if is_gone
        else f'stroke="{PAPER}" stroke-width="1.2"'
    )
    canvas.add(f'<circle cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="{dot.radius:.1f}" fill="{colour}" {edge}/>')


def _draw_labels(
    canvas: Canvas, network: Network, dots: Mapping[int, Dot], silent: Sequence[int], size: float
) -> None:
    """The names of the best known, where they cover neither one another nor a large dot nor the edge."""
    taken: list[Box] = [_box_of(dots[who]) for who in network.labelled if who in dots]
    written = 0
    for who in network.labelled:
        name = drawable(network.names.get(who, ""), 60)
        if who not in dots or who in silent or not name or written >= LABELS:
            continue
        name = fitted(name, LABEL_ROOM, LABEL_SIZE, bold=True)
        place = _free_place(dots[who], width(name, LABEL_SIZE, bold=True), taken, size)
        if place is None:
            continue
        taken.append(place)
        written += 1
        colour = STAR if who in network.stars else INK
        canvas.text(
            (place[0] + place[2]) / 2,
            place[3] - 5,
            name,
            LABEL_SIZE,
            colour,
            bold=True,
            anchor="middle",
            halo=True,
        )


def _box_of(dot: Dot) -> Box:
    return dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius


def _free_place(dot: Dot, wide: float, taken: Sequence[Box], size: float) -> Box | None:
    high = LABEL_SIZE + 6
    for x, y in (
        (dot.x - wide / 2, dot.y - dot.radius - high), (dot.x - wide / 2, dot.y + dot.radius),
        (dot.x + dot.radius + 3, dot.y - high / 2), (dot.x - dot.radius - wide - 3, dot.y - high / 2),
    ):  # fmt: skip
        box = (x, y, x + wide, y + high)
        if max(map(abs, box)) < size / 2 + 6 and not any(_overlap(box, one) for one in taken):
            return box
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
