"""Numbered lists on slides: the agenda, the open questions. Few are large, many in two columns. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plugins.meetups.paper.measuring import Fitted, fit, lines_of, simple
from plugins.meetups.paper.slides import INK, LEAF, QUIET, Box, Page

TOP, HEIGHT = 132.0, 362.0
_WAYS = ((1, 26, 3, 24.0), (1, 22, 3, 18.0), (1, 19, 2, 13.0), (2, 18, 4, 14.0), (2, 15, 4, 11.0))
"""Columns, size, most lines of one item, gap: the first that holds all; the last goes on with pages."""
ASIDE = 0.62
"""How much smaller a name stands under a line."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line, with who said it."""

    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    words: Fitted
    aside: Fitted | None

    @property
    def height(self) -> float:
        return self.words.height + (self.aside.height + 2 if self.aside else 0)


def list_pages(file: Any, footer: str, heading: str, items: Sequence[Item], more: str) -> None:
    """The list under its heading, on as many pages as it takes."""
    for columns, size, most, gap in _WAYS:
        width = (832 - 40 * (columns - 1)) / columns
        rows = [_row(number, one, width, size, most) for number, one in enumerate(items, 1)]
        pages = _columns(rows, columns, gap)
        if len(pages) == 1:
            break
    for number, page_columns in enumerate(pages):
        page = Page(file, footer)
        title = fit(heading + (more if number else ""), 832, 50, (34, 28), 60)
        page.block(Box(40, 50, 6, max(title.height - 12, 20)), LEAF)
        page.title(Box(64, 44, 832, title.height + 2), title)
        for place, column in enumerate(page_columns):
            _draw(page, column, 64 + place * (width + 40), width, gap)


def _row(number: int, item: Item, width: float, size: float, most: int) -> _Row:
    room = width - size * 2
    words = Fitted(lines_of(simple(item.text, 200), room, size, most), size)
    aside, small = simple(item.aside, 60), max(size * ASIDE, 11)
    return _Row(number, words, Fitted(lines_of(aside, room, small, 1), small) if aside else None)


def _columns(rows: Sequence[_Row], columns: int, gap: float) -> list[list[list[_Row]]]:
    """The rows in columns, the columns on pages."""
    found: list[list[_Row]] = [[]]
    for row in rows:
        taken = sum(one.height + gap for one in found[-1])
        if found[-1] and taken + row.height > HEIGHT:
            found.append([])
        found[-1].append(row)
    return [found[start : start + columns] for start in range(0, len(found), columns)]


def _draw(page: Page, column: Sequence[_Row], x: float, width: float, gap: float) -> None:
    y = TOP
    for row in column:
        size = row.words.size
        page.text(
            Box(x, y, size * 2, size * 1.35), [Fitted((str(row.number),), size)], colour=LEAF, bold=True
        )
        page.text(Box(x + size * 2, y, width - size * 2, row.words.height), [row.words], colour=INK)
        if row.aside is not None:
            below = y + row.words.height + 2
            page.text(Box(x + size * 2, below, width - size * 2, row.aside.height), [row.aside], colour=QUIET)
        y += row.height + gap
