"""Texts told to be alike without keeping them: a dozen small numbers in which near-duplicates agree. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from bot.analysis.contacts import ordinary

SIZE = 12
ALIKE = 8
"""So many of the numbers are the same in texts that share about two thirds of their runs."""

SHORTEST = 6
"""Letters of a text from which on it can be compared at all."""

_NUMBERS = re.compile(r"\d[\d .\-]*")
_SIGNS = re.compile(r"[\W_]+")


def sketch(text: str) -> tuple[int, ...]:
    """The numbers of a text, every number in it the same; () if it is too short to be told from others."""
    plain = _SIGNS.sub("", _NUMBERS.sub("0", ordinary(text)))[:400]
    if len(plain) < SHORTEST:
        return ()
    runs = {plain[at : at + 3].encode("utf-8", "surrogatepass") for at in range(len(plain) - 2)}
    return tuple(min(crc32(run, seed * 2654435761 % 2**32) for run in runs) for seed in range(1, SIZE + 1))


def are_alike(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two sketches are of near-duplicates."""
    if not one or len(one) != len(other):
        return False
    return sum(a == b for a, b in zip(one, other, strict=True)) >= ALIKE


def key_of(drawn: Sequence[int]) -> int:
    """One number by which near-duplicates are mostly found again in a table."""
    return crc32(",".join(map(str, drawn[:2])).encode())
