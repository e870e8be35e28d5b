"""Lines of Chinese cut to a width in terminal cells. Pure.

Rich breaks at spaces only; here every ideograph may end a line, words and numbers stay whole, no line
begins with a closing mark and none ends with an opening one.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

_PIECE = re.compile("\n|@[^\\s\u2005]{1,20}\u2005|[A-Za-z0-9_./:%+\\-]+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。！？、：；…」』）》】〉”’%,.!?:;)]}~～ \u2005")
_NEVER_LAST = frozenset("「『（《【〈“‘([{")


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; each line of the text begins a new one."""
    lines, current = [], ""
    for piece in _PIECE.findall(text):
        if piece == "\n":
            lines.append(current)
            current = ""
        elif cell_len(current + piece) <= width:
            current += piece
        elif piece in _NEVER_FIRST and len(current) > 1:
            lines.append(current[:-1])
            current = current[-1] + piece
        else:
            head, current = _cut(current, piece, width)
            lines += head
    return [*lines, current]


def _cut(current: str, piece: str, width: int) -> tuple[list[str], str]:
    """Lines that are full, and the one that goes on; a piece wider than a whole line is cut inside."""
    if len(current) > 1 and current[-1] in _NEVER_LAST:
        current, piece = current[:-1], current[-1] + piece
    full = [current.rstrip(" \u2005")] if current else []
    while cell_len(piece) > max(width, 2):
        head = set_cell_size(piece, max(width, 2)).rstrip(" ")
        full.append(head)
        piece = piece[len(head) :]
    return full, piece.lstrip(" ")


def fitted(text: str, width: int) -> str:
    """The text on exactly `width` cells: padded, or cut with …"""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)
