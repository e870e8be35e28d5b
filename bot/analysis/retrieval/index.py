"""Texts by the single characters and Latin words in them, ranked by BM25; the first, wide stage.

Single characters beat words of a dictionary on Chinese questions (see the data folder's README), and need
no segmentation. Only the rarest units of a query are followed through all texts that hold them; the common
ones only tell the texts apart that were found so.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from functools import lru_cache

from bot.analysis.retrieval.weights import COMMON
from bot.analysis.text import is_han, normalised, runs

K1, B = 1.2, 0.75
"""The usual constants of BM25 (Robertson and Zaragoza, 2009)."""

ASSUMED = 2_000
SELDOM = 0.0005
"""The share of questions that hold a unit which is not among the common ones."""

FOLLOWED = 60_000
"""A query stops following its next rarest unit after so many texts: the rest cannot change much."""

EXACT = 150
"""So many of the texts that share the rarest units get their exact score."""


@lru_cache(maxsize=20_000)
def units_of(text: str) -> tuple[str, ...]:
    """The units of a text in order: each Chinese character, each word of letters or digits."""
    units: list[str] = []
    for run in runs(normalised(text)):
        if is_han(run):
            units.extend(run)
        else:
            units.append(run)
    return tuple(units)


class CharacterIndex:
    """An inverted index that grows and shrinks. Keys are the caller's.

    What questions in general hold counts as `assumed` texts more, so that twenty kept questions already know
    that 的 says little and 焙 says much.
    """

    def __init__(self, assumed: int = ASSUMED) -> None:
        self._assumed = assumed
        self._holding: dict[str, dict[int, int]] = {}
        self._lengths: dict[int, int] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, key: int, text: str) -> None:
        """Make a text findable."""
        units = units_of(text)
        for unit, count in Counter(units).items():
            self._holding.setdefault(unit, {})[key] = count
        self._lengths[key] = len(units)
        self._total += len(units)

    def remove(self, key: int, text: str) -> None:
        """Take out a text that was added under this key."""
        for unit in set(units_of(text)):
            holding = self._holding[unit]
            del holding[key]
            if not holding:
                del self._holding[unit]
        self._total -= self._lengths.pop(key)

    def rarity(self, unit: str) -> float:
        """The weight of a unit: the logarithm of how few texts hold it (BM25's, never negative)."""
        holding = len(self._holding.get(unit, ())) + self._assumed * COMMON.get(unit, SELDOM)
        size = len(self._lengths) + self._assumed
        return math.log(1 + (size - holding + 0.5) / (holding + 0.5))

    def best(self, text: str, limit: int) -> list[tuple[int, float]]:
        """The texts with the highest scores, best first, as (key, BM25)."""
        asked = Counter(unit for unit in units_of(text) if unit in self._holding)
        weights = {unit: count * self.rarity(unit) for unit, count in asked.items()}
        shared = self._share_rare_units(weights)
        wide = heapq.nlargest(EXACT, shared, key=lambda key: (shared[key], -self._lengths[key], -key))
        scored = [(key, self._score(key, weights)) for key in wide]
        scored.sort(key=lambda one: (-one[1], one[0]))
        return scored[:limit]

    def _share_rare_units(self, weights: dict[str, float]) -> dict[int, float]:
        shared: dict[int, float] = {}
        followed = 0
        for unit in sorted(weights, key=lambda unit: (len(self._holding[unit]), unit)):
            holding = self._holding[unit]
            if followed and followed + len(holding) > FOLLOWED:
                break
            followed += len(holding)
            weight = weights[unit]
            for key in holding:
                shared[key] = shared.get(key, 0.0) + weight
        return shared

    def _score(self, key: int, weights: dict[str, float]) -> float:
        long = K1 * (1 - B + B * self._lengths[key] * len(self._lengths) / self._total)
        score = 0.0
        for unit, weight in weights.items():
            count = self._holding[unit].get(key)
            if count:
                score += weight * count * (K1 + 1) / (count + long)
        return score
