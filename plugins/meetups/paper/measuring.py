"""How large a text may be so that it fits its box, and where its lines break. In points. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.report.lettering import drawable, width

LEADING = 1.35
"""From one line to the next, in letter heights; set exactly, because every font has its own idea of it."""
SAFE, SAFE_LATIN = 0.92, 0.8
"""Other machines have other fonts: only so much of a line is filled, less where its words are Latin."""
SPACED = 0.25
ENDLESS = 10_000
_LATIN = re.compile(r"[\x21-\x7e]")
_WORDS = re.compile(r"[A-Za-z0-9@#%&+./:'’_-]+ ?|.", re.DOTALL)
_NO_BREAK_BEFORE = frozenset("，。！？：；、）」』》”…,.!?:;)%")
_COMPOSED = re.compile("\u200d.|[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]")


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
        """The words without breaks: the program that shows them breaks them there or later."""
        return joined_lines(self.lines)


def simple(text: str, limit: int = 600) -> str:
    """A text fit to be shown by any office program: emoji that consist of several are their first one."""
    return _COMPOSED.sub("", drawable(text, limit))


def lines_of(text: str, room: float, size: float, most: int = ENDLESS) -> tuple[str, ...]:
    """A cleaned text in lines that are safely narrower than `room`; what is too much is cut with a …"""
    share = len(_LATIN.findall(text)) / max(len(text), 1)
    return broken(text, room * (SAFE + (SAFE_LATIN - SAFE) * share), size, most)


def broken(text: str, room: float, size: float, most: int = ENDLESS) -> tuple[str, ...]:
    """A cleaned text in lines of at most this width, Latin words whole."""
    lines, taken = [""], 0.0
    for word in _WORDS.findall(text):
        pieces = [word] if _wide(word.rstrip()) * size <= room else list(word)
        for piece in pieces:
            if lines[-1] and taken + _wide(piece.rstrip()) * size > room and piece not in _NO_BREAK_BEFORE:
                lines.append("")
                taken = 0.0
            piece = piece if lines[-1] else piece.lstrip()
            taken += (_wide(piece) + (SPACED if _changes_script(lines[-1], piece) else 0)) * size
            lines[-1] += piece
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], room, size)]
    return tuple(one.rstrip() for one in lines if one)


def _cut(line: str, room: float, size: float) -> str:
    """A line that does not end, with a … that still stands on it."""
    kept = line.rstrip()
    while kept and len(broken(f"{kept}…", room - size / 2, size)) > 1:
        kept = kept[:-1].rstrip()
    return f"{kept}…"


def _changes_script(before: str, piece: str) -> bool:
    """Between Chinese and Latin letters some programs put a little space of their own."""
    return bool(before and piece) and bool(_LATIN.match(before[-1])) != bool(_LATIN.match(piece[0]))


@lru_cache(maxsize=4096)
def _wide(piece: str) -> float:
    return width(piece, 1.0)


def fit(text: str, room: float, height: float, sizes: Sequence[float], limit: int = 600) -> Fitted:
    """The text at the largest of the sizes at which it fits; at the smallest it is cut with a …"""
    cleaned = simple(text, limit)
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
