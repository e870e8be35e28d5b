"""Whether a text is an ad as they are thrown into Chinese groups, also when it hides its words.

A linear model over short runs of characters in three views of a text: as it is written, as it reads (width,
fancy letters, spaces and invisible characters taken away), and by the shape of its characters alone (a rare
character, a digit, an emoji, …). Runs are hashed into a table of small weights, `ads.json`, which
`tests/eval/train_ads.py` makes; no text can be read out of it.
"""

from __future__ import annotations

import json
import unicodedata
from base64 import b64decode
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby
from math import exp, sqrt
from operator import add
from pathlib import Path
from zlib import crc32, decompress

LONGEST = 240
"""Characters of a text that are looked at; of a longer one its beginning and its end."""

KEPT = 1 << 14
"""Runs of one view whose place is kept: those that texts are mostly made of."""

_HIDDEN = frozenset("\u00ad\u200b\u200c\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff") | {
    chr(code) for code in range(0x202A, 0x202F)
}
_KEPT_SIGNS = frozenset("+@:/.")
_FIRST_RARE = 0xD8
"""GB2312 puts its 3,755 common characters first, the rare ones from this row on."""

_MODEL = json.loads(Path(__file__).with_name("ads.json").read_text(encoding="utf-8"))
MODEL_VERSION: int = _MODEL["version"]
SIZE: int = _MODEL["size"]
_WEIGHTS = memoryview(decompress(b64decode(_MODEL["weights"]))).cast("b")
_SCALE: float = _MODEL["scale"]
_INTERCEPT: float = _MODEL["intercept"]

LIKELY: float = _MODEL["likely"]
"""From this chance on a text is rather an ad than not."""

SURE: float = _MODEL["sure"]
"""From this chance on it hardly ever is anything else."""


def ad_chance(text: str) -> float:
    """The probability that a text is an ad, from its words alone."""
    found = buckets_of(text, SIZE)
    if not found:
        return 0.0
    score = sum(map(_WEIGHTS.__getitem__, found)) * _SCALE / sqrt(len(found)) + _INTERCEPT
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


def buckets_of(text: str, size: int) -> set[int]:
    """The places in a table of this size that a text's runs fall into."""
    plain = text if len(text) <= LONGEST else text[: LONGEST * 2 // 3] + text[-(LONGEST // 3) :]
    if not plain.strip():
        return set()
    views = ((("r", 1, 2), list(plain)), (("f", 2, 3), read_as(plain)), (("k", 1, 3), shapes(plain)))
    found: set[int] = set()
    for (view, shortest, longest), units in views:
        places = _places(view, size)
        found.update(map(places.__getitem__, _runs(units, shortest, longest)))
    return found


class _Places(dict[str, int]):
    """Where the runs of one view fall; those that were met are kept, for a language has not many."""

    def __init__(self, view: str, size: int) -> None:
        super().__init__()
        self._view, self._size = view, size

    def __missing__(self, run: str) -> int:
        if len(self) >= KEPT:
            self.clear()
        place = self[run] = crc32((self._view + run).encode("utf-8", "surrogatepass")) % self._size
        return place


@cache
def _places(view: str, size: int) -> _Places:
    return _Places(view, size)


def read_as(text: str) -> Sequence[str]:
    """The characters that a reader sees: letters, digits (all alike) and a few signs, in ordinary form."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [
        "0" if one.isdecimal() else one
        for one in folded
        if (one.isalnum() or one in _KEPT_SIGNS) and one not in _HIDDEN
    ]


def shapes(text: str) -> Sequence[str]:
    """The kinds of a text's characters; how many of a kind follow one another only roughly."""
    return [kind + _length(len(list(same))) for kind, same in groupby(map(_kind, text))]


def hides(text: str) -> bool:
    """Whether a text holds characters that cannot be seen and that nobody types."""
    return any(one in _HIDDEN for one in text)


def _runs(units: Sequence[str], shortest: int, longest: int) -> set[str]:
    """What stands side by side in a text, its beginning and end among it."""
    marked = ["^", *units, "$"]
    found: set[str] = set()
    runs = marked
    for length in range(1, longest + 1):
        if length > 1:
            runs = list(map(add, runs, marked[length - 1 :]))
        if length >= shortest:
            found.update(runs)
    return found


def _length(count: int) -> str:
    return "1" if count == 1 else "2" if count <= 3 else "4" if count <= 6 else "7" if count <= 10 else "9"


@lru_cache(maxsize=8192)
def _kind(character: str) -> str:
    """The kind of a character, as one sign; plain signs of ASCII are their own kind."""
    if character in _HIDDEN:
        return "h"
    if character.isascii():
        return _ascii_kind(character)
    code = ord(character)
    if 0x4E00 <= code <= 0x9FFF:
        return _han_kind(character)
    if 0x3400 <= code < 0x4E00 or 0x20000 <= code <= 0x3FFFF:
        return "R"
    ordinary = unicodedata.normalize("NFKC", character)
    if ordinary != character:
        is_fancy = ordinary.isalnum() and not 0xFF00 <= code <= 0xFFEF
        return "M" if is_fancy else "F" if ordinary.isalnum() else _kind(ordinary[0])
    category = unicodedata.category(character)[0]
    return {"S": "e", "M": "m", "P": "p"}.get(category, category)


def _ascii_kind(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isalpha():
        return "a" if character.islower() else "A"
    return "_" if character.isspace() else character


def _han_kind(character: str) -> str:
    """c for a common character, r for a rare one, T for one that simplified writing does not have."""
    try:
        return "c" if character.encode("gb2312")[0] < _FIRST_RARE else "r"
    except UnicodeEncodeError:
        return "T"
