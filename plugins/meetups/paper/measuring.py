"""How large a text may be so that it fits its box, and where its lines break. In points. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.report.lettering import drawable, wrapped

LEADING = 1.35
"""From one line to the next, in letter heights; set exactly, because every font has its own idea of it."""
SAFE = 0.93
"""Other machines have other fonts: only so much of a line is filled."""
ENDLESS = 10_000
_LATIN = re.compile(r"[\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text at the size at which it fits."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """How much room it takes from top to bottom."""
        return len(self.lines) * self.size * LEADING

    @property
    def text(self) -> str:
        """The words without breaks: the program that shows them breaks them in the same places or later."""
        return joined_lines(self.lines)


def lines_of(text: str, room: float, size: float, most: int = ENDLESS) -> tuple[str, ...]:
    """A cleaned text in lines that are safely narrower than `room`."""
    return tuple(wrapped(text, room * SAFE, size, most)) if text else ()


def fit(text: str, room: float, height: float, sizes: Sequence[float], limit: int = 600) -> Fitted:
    """The text at the largest of the sizes at which it fits; at the smallest it is cut with a …"""
    cleaned = drawable(text, limit)
    for size in sizes:
        found = Fitted(lines_of(cleaned, room, size), size)
        if found.height <= height:
            return found
    size = sizes[-1]
    return Fitted(lines_of(cleaned, room, size, max(int(height / (size * LEADING)), 1)), size)


def joined_lines(lines: Sequence[str]) -> str:
    """Broken lines put together again: a space between words of letters, none between Chinese ones."""
    text = ""
    for line in lines:
        needs_space = bool(text) and bool(_LATIN.match(text[-1])) and bool(_LATIN.match(line[:1]))
        text += f" {line}" if needs_space else line
    return text
