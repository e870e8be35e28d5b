"""What the search index holds for a text: a token for each letter, digit or symbol, none for punctuation.

Characters are written as their hexadecimal code points, with `WORD_START` where a run of Latin letters or
digits begins. Every message that is stored or imported passes here, so nothing goes character by character:
ASCII is turned into code points by one call, everything else by a table that holds each character's part.
"""

from __future__ import annotations

import unicodedata

WORD_START = "w"  # cannot be a code point in hexadecimal
INDEXED_CHARACTERS = 5_000
"""A longer message is found by its beginning only."""


def normalised(text: str) -> str:
    """Full-width, upper-case and compatibility forms made alike, as the index sees them."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def tokens(text: str) -> list[str]:
    """The tokens of a text."""
    return spaced_tokens(text).split()


def spaced_tokens(text: str) -> str:
    """The tokens of a text with a space between, as the index takes them."""
    return _of_ascii(text) if text.isascii() else _of_any(text)


def _part(character: str) -> str:
    """`run`: of a word; `alone`: found by itself, as Chinese is; `mark`: passed over; `gap`: ends a word."""
    category = unicodedata.category(character)
    if category in ("Ll", "Lu", "Lt", "Nd"):
        return "run"
    if category[0] in "LNS" or category in ("Cn", "Co"):  # Cn: newer than this Python's Unicode
        return "alone"
    return "mark" if category[0] == "M" else "gap"


_ASCII = [_part(chr(code)) for code in range(128)]
_SYMBOLS = [bytes([code]) for code in range(128) if _ASCII[code] == "alone"]
_GAPS_TO_BLANKS = bytes(32 if _ASCII[code] == "gap" else code for code in range(128)) + bytes(128)
_ALONE = b"\x1f"  # a gap in every text, so that it can stand for something else once gaps are blanks


def _of_ascii(text: str) -> str:
    code = text[:INDEXED_CHARACTERS].lower().encode("ascii").translate(_GAPS_TO_BLANKS)
    for symbol in _SYMBOLS:
        if symbol in code:
            code = code.replace(symbol, b" " + _ALONE + symbol + b" ")
    words = code.split()
    if not words:
        return ""
    spaced = b" " + b" ".join(words)
    found = spaced.replace(b" " + _ALONE, _ALONE).hex(" ")
    return found.replace("1f ", "").replace("20", WORD_START)


class _Characters(dict[int, str]):
    """What stands for a character: `<code >` for a part of a word, `code ` for one alone, `|` for a gap."""

    _FORMS = {"run": "<{:x} >", "alone": "{:x} ", "mark": "", "gap": "|"}

    def __missing__(self, code: int) -> str:
        self[code] = made = self._FORMS[_part(chr(code))].format(code)
        return made


_CHARACTERS = _Characters()


def _of_any(text: str) -> str:
    parts = normalised(text)[:INDEXED_CHARACTERS].translate(_CHARACTERS)
    words = parts.replace("><", "").replace("<", f"{WORD_START} ").replace(">", "")
    return words.replace("|", "").rstrip()
