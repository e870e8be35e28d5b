"""The search index's tokens: what `bot.storage.search.tokens` gives, several times as fast.

A log's first import indexes more than years of live talk. ASCII is turned into code points by one call for
the whole text, everything else by a table that holds each character's tokens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.storage.search import INDEXED_CHARACTERS, WORD_START, normalised, tokens

_INSERT = "INSERT INTO message_search(rowid, text) VALUES (?, ?)"

_ASCII = [tokens(chr(code)) for code in range(128)]
_SYMBOLS = [bytes([code]) for code in range(128) if len(_ASCII[code]) == 1]
_GAPS = bytes(range(128)).translate(bytes(code if _ASCII[code] else 32 for code in range(128)) + bytes(128))
_TO_GAPS = _GAPS + bytes(128)
_MARK = b"\x1f"  # a gap in every text, so that it can stand for something else once gaps are blanks


class _Characters(dict[int, str]):
    """A character's tokens: `<code >` for a part of a word, `code ` if it stands alone, `|` for a gap."""

    def __missing__(self, code: int) -> str:
        found = tokens(f"a{chr(code)}a")  # "w 61 w 61" with a gap between, "w 61 61" with nothing
        inner = found[2:-1]
        if not inner:
            made = ""
        elif inner == [WORD_START]:
            made = "|"
        elif inner[-1] == WORD_START:
            made = f"{inner[0]} "
        else:
            made = f"<{inner[0]} >"
        self[code] = made
        return made


_CHARACTERS = _Characters()


def index_rows(raw: sqlite3.Connection, messages: Iterable[tuple[int, str]]) -> None:
    """Make new messages findable: (id, text) of each."""
    raw.executemany(_INSERT, [(key, found) for key, text in messages if (found := spaced_tokens(text))])


def spaced_tokens(text: str) -> str:
    """`" ".join(tokens(text))`."""
    return _of_ascii(text) if text.isascii() else _of_any(text)


def _of_ascii(text: str) -> str:
    code = text[:INDEXED_CHARACTERS].lower().encode("ascii").translate(_TO_GAPS)
    for symbol in _SYMBOLS:
        if symbol in code:
            code = code.replace(symbol, b" " + _MARK + symbol + b" ")
    words = code.split()
    if not words:
        return ""
    spaced = b" " + b" ".join(words)
    found = spaced.replace(b" " + _MARK, _MARK).hex(" ")
    return found.replace("1f ", "").replace("20", WORD_START)


def _of_any(text: str) -> str:
    parts = normalised(text)[:INDEXED_CHARACTERS].translate(_CHARACTERS)
    words = parts.replace("><", "").replace("<", f"{WORD_START} ").replace(">", "")
    return words.replace("|", "").rstrip()
