"""Reads a quoted reply out of a message's text, the only form in which puppets hand quotes on.

    「名字：原文」
    - - - - - - - - - - - - - - -
    回复

The colon is full- or half-width, the separator a line of dashes of any kind, with spaces or without. The
original can have many lines and quote something itself. A text that merely has 「」 in it is no quote.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.gateway.base import QuotedText

OPENING, CLOSING = "「", "」"
COLONS = "：:"
LONGEST_NAME = 64
# Every step of the repetition consumes a dash, so hostile rows of dashes cost linear time.
_END = re.compile(r"」[ \t]*\n[ \t]*(?:[-‐‑–—―─－][ \t]*){5,}(?:\n|\Z)")


def split_quote(text: str, names: Collection[str] = ()) -> tuple[QuotedText | None, str]:
    """The quote in front of `text`, if there is one, and the words after it.

    `names` are display names of people who may be quoted; they settle where a name that has a colon in
    it ends. The quoted text is what that person said, without what they in turn had quoted.
    """
    if not text.lstrip().startswith(OPENING):
        return None, text
    halves = _halves(text)
    if halves is None:
        return None, text
    body, reply = halves
    end = _end_of_name(body, names)
    if end is None:
        return None, text
    original = body[end + 1 :].strip()
    inner = _halves(original) if original.startswith(OPENING) else None
    if inner is not None and _end_of_name(inner[0], names) is not None:
        original = inner[1]
    return QuotedText(name=body[:end].strip(), text=original), reply


def _halves(text: str) -> tuple[str, str] | None:
    """What stands between the brackets, and what comes after the separator."""
    text = text.replace("\r\n", "\n").lstrip()
    ends = list(_END.finditer(text))
    if not ends:
        return None
    end = _balanced(text, ends) or ends[-1]
    return text[1 : end.start()], text[end.end() :].strip()


def _balanced(text: str, ends: list[re.Match[str]]) -> re.Match[str] | None:
    """The end at which every bracket is closed: the quote's own one, also if quotes are nested."""
    depth = position = 0
    for end in ends:
        piece = text[position : end.start() + 1]
        depth += piece.count(OPENING) - piece.count(CLOSING)
        position = end.start() + 1
        if depth == 0:
            return end
    return None


def _end_of_name(body: str, names: Collection[str]) -> int | None:
    """Where the colon after the name stands: after a known name, else the first one on the first line."""
    first_line = body.partition("\n")[0]
    for name in sorted(names, key=len, reverse=True):
        if name and first_line.startswith(name) and first_line[len(name) : len(name) + 1] in set(COLONS):
            return len(name)
    found = [place for place in map(first_line.find, COLONS) if place >= 0]
    end = min(found, default=-1)
    return end if 0 < end <= LONGEST_NAME and first_line[:end].strip() else None
