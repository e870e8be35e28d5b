"""How alike two questions are, as a row of plain numbers; nothing in it is bound to a topic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from bot.analysis.retrieval.index import units_of
from bot.analysis.retrieval.weights import ASKING, DENYING

Rarity = Callable[[str], float]

LIKENESS = (
    "covers_query", "covers_kept", "pairs_of_query", "pairs_of_kept", "same_order", "same_units", "edits",
    "length_differs", "rarest_missing", "rarest_added", "asks_otherwise", "denies_otherwise", "latin_differs",
    "same_end",
)  # fmt: skip
"""The names of what `likeness` returns, in its order."""


@dataclass(frozen=True, slots=True)
class Side:
    """A question taken apart once."""

    units: tuple[str, ...]
    distinct: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    ordered: str
    asking: frozenset[str]
    denials: int
    latin: frozenset[str]


@lru_cache(maxsize=20_000)
def side(text: str) -> Side:
    """Take a question apart."""
    units = units_of(text)
    plain = "".join(units)
    return Side(
        units,
        frozenset(units),
        frozenset(pairwise(units)),
        "".join(sorted(plain)),
        frozenset(word for word in ASKING if word in plain),
        sum(plain.count(word) for word in DENYING),
        frozenset(unit for unit in units if unit.isascii()),
    )


def likeness(query: Side, kept: Side, rarity: Rarity) -> list[float]:
    """The features of `LIKENESS`, each roughly between 0 and a few."""
    asked, told = "".join(query.units), "".join(kept.units)
    both = _weight(query.distinct & kept.distinct, rarity)
    pairs = query.pairs & kept.pairs
    return [
        both / (_weight(query.distinct, rarity) or 1),
        both / (_weight(kept.distinct, rarity) or 1),
        len(pairs) / (len(query.pairs) or 1),
        len(pairs) / (len(kept.pairs) or 1),
        fuzz.ratio(asked, told) / 100,
        fuzz.ratio(query.ordered, kept.ordered) / 100,
        Levenshtein.distance(asked, told) / 10,
        abs(len(query.units) - len(kept.units)) / 10,
        max(map(rarity, query.distinct - kept.distinct), default=0) / 10,
        max(map(rarity, kept.distinct - query.distinct), default=0) / 10,
        len(query.asking ^ kept.asking) / 4,
        abs(query.denials - kept.denials),
        len(query.latin ^ kept.latin) / 2,
        _same_end(asked, told),
    ]


def _weight(units: frozenset[str], rarity: Rarity) -> float:
    return sum(map(rarity, units))


def _same_end(asked: str, told: str) -> float:
    same = 0
    for one, other in zip(reversed(asked), reversed(told), strict=False):
        if one != other:
            break
        same += 1
    return same / (len(asked) or 1)
