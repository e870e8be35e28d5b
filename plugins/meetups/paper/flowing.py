"""Paragraphs and quotes set under a heading: smaller, if they are many, then on further pages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.meetups.paper.measuring import LEADING, Fitted, lines_of, simple
from plugins.meetups.paper.slides import INK, LEAF, PALE, STAR, Box, Page

SIZES = (30, 28, 26, 24, 22, 20, 18)
HEIGHT = 340.0
MOST_PAGES = 4
LONGEST = 1200
_GAP, _INSET, _EDGE = 18.0, 18.0, 12.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Saying:
    """Words of somebody."""

    text: str
    name: str


Block = Paragraph | Saying


@dataclass(frozen=True, slots=True)
class Set:
    """A block with its lines, or a part of one that goes on."""

    words: Fitted
    name: Fitted | None = None

    @property
    def height(self) -> float:
        """Without the gap to the next one."""
        return self.words.height + (self.name.height + 6 + 2 * _EDGE if self.name else 0)


def flowed(blocks: Sequence[Block], width: float) -> list[list[Set]]:
    """The blocks on pages: on one, if any size lets them, else small on as many as needed, at most four."""
    for size in SIZES:
        page = [_set(block, width, size) for block in blocks]
        if _height(page) <= HEIGHT:
            return [page]
    return list(_pages([_set(block, width, SIZES[-1]) for block in blocks]))[:MOST_PAGES]


def placed(page: Page, part: Sequence[Set], box: Box) -> None:
    """One page's blocks, one below the other."""
    y = box.y
    for one in part:
        if one.name is None:
            page.text(Box(box.x, y, box.width, one.words.height), [one.words], colour=INK)
        else:
            page.block(Box(box.x, y, box.width, one.height), PALE)
            page.block(Box(box.x, y, 4, one.height), STAR)
            inner = box.width - 2 * _INSET
            page.text(Box(box.x + _INSET, y + _EDGE, inner, one.words.height), [one.words], colour=INK)
            below = y + _EDGE + one.words.height + 6
            page.text(
                Box(box.x + _INSET, below, inner, one.name.height),
                [one.name],
                colour=LEAF,
                bold=True,
                right=True,
            )
        y += one.height + _GAP


def _set(block: Block, width: float, size: float) -> Set:
    text = simple(block.text, LONGEST)
    if isinstance(block, Paragraph):
        return Set(Fitted(lines_of(text, width, size), size))
    inner = width - 2 * _INSET
    name = Fitted(lines_of(f"—— {simple(block.name, 40)}", inner, 15, 1), 15)
    return Set(Fitted(lines_of(f"“{text}”", inner, size - 2), size - 2), name)


def _height(page: Sequence[Set]) -> float:
    return sum(one.height for one in page) + _GAP * (len(page) - 1)


def _pages(sets: Sequence[Set]) -> Iterator[list[Set]]:
    page: list[Set] = []
    for one in sets:
        for part in _parts(one):
            if page and _height([*page, part]) > HEIGHT:
                yield page
                page = []
            page.append(part)
    if page:
        yield page


def _parts(one: Set) -> Iterator[Set]:
    """A block that is taller than a page, cut into pages."""
    around = one.height - one.words.height
    most = max(int((HEIGHT - around) / (one.words.size * LEADING)), 1)
    for start in range(0, len(one.words.lines), most):
        yield Set(Fitted(one.words.lines[start : start + most], one.words.size), one.name)
