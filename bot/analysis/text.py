"""Words of a text, fast, for Chinese and for languages with spaces. Pure, without a dictionary.

Chinese is cut into overlapping pairs of characters: that needs no dictionary, costs a tenth of a
segmentation, and for comparing two texts it is as good.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

LONGEST = 600
"""Characters of a text that are looked at: what follows in a longer one is pasted, not said."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(f"[{_HAN}]+|[^\\W{_HAN}]+(?:['’][^\\W{_HAN}]+)?")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FIRST_HAN = "\u2e80"


def normalised(text: str) -> str:
    """Small letters, full-width letters and digits as ordinary ones, cut at a length that texts have."""
    text = text[:LONGEST]
    return text.lower() if text.isascii() else text.translate(_WIDE).casefold()[:LONGEST]


def runs(plain: str) -> list[str]:
    """A normalised text's pieces: words of letters and digits, and whole stretches of Chinese."""
    return _RUN.findall(plain)


def is_han(run: str) -> bool:
    """Whether a piece of a text is a stretch of Chinese (or kana)."""
    return run[0] >= _FIRST_HAN and _RUN.match(run) is not None and not run[0].isdigit()


def words_of(text: str) -> list[str]:
    """The words of any text in order: words as written, Chinese as overlapping pairs of characters."""
    return split_runs(runs(normalised(text)))


def split_runs(pieces: list[str]) -> list[str]:
    """The words of a text's pieces (`runs`)."""
    words: list[str] = []
    for piece in pieces:
        if piece[0] < _FIRST_HAN or len(piece) == 1:
            words.append(piece)
        else:
            words += _pairs(piece)
    return words


def _pairs(piece: str) -> list[str]:
    return [a + b for a, b in pairwise(piece)]


@lru_cache(maxsize=4096)
def name_pieces(name: str) -> tuple[str, ...]:
    """The words of a name, kept: the same names are asked for again and again."""
    return tuple(words_of(name))
