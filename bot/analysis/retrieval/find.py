"""The second stage: candidates weighed by how alike they are, and the chance that the best one fits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.analysis.retrieval.index import CharacterIndex
from bot.analysis.retrieval.likeness import LIKENESS, likeness, side
from bot.analysis.retrieval.weights import MODEL_VERSION, STORED, linear, probability

CANDIDATES = 30
SAY: float = STORED["say"]
"""From this chance on, a kept answer is said as the answer."""
MAYBE: float = STORED["maybe"]
"""From this chance on, it is shown as possibly related."""

PLACE = ("score_of_possible", "score_a_unit", "score_to_best", "lead_over_next", "first")
FEATURES = (*LIKENESS, *PLACE)
"""What the ranker weighs: `LIKENESS`, and where the candidate stands among the others."""

CERTAINTY = (*FEATURES, "rank_score", "rank_lead", "rank_crowd", "rank_share", "query_length")
"""What the chance of the best candidate is made of."""

__all__ = ["CERTAINTY", "FEATURES", "MAYBE", "MODEL_VERSION", "SAY", "Candidate", "Found", "Retrieval"]


@dataclass(frozen=True, slots=True)
class Found:
    """A kept question: the ranker's score (comparable within one query), the chance that it asks the same."""

    key: int
    score: float
    chance: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kept question and its features (`FEATURES`)."""

    key: int
    features: list[float]


class Retrieval:
    """Kept questions in memory, to be asked by other words. Not thread-safe while it changes."""

    def __init__(self, texts: Mapping[int, str], weights: Mapping[str, Any] = STORED) -> None:
        self._weights = weights
        self._texts: dict[int, str] = {}
        self._index = CharacterIndex()
        for key, text in texts.items():
            self.add(key, text)

    @property
    def say(self) -> float:
        """From this chance on, what is found is said as the answer."""
        return float(self._weights["say"])

    def add(self, key: int, text: str) -> None:
        """Keep a question under a key, in place of what stood there."""
        self.remove(key)
        self._texts[key] = text
        self._index.add(key, text)

    def remove(self, key: int) -> None:
        """Keep a question no more; an unknown key changes nothing."""
        text = self._texts.pop(key, None)
        if text is not None:
            self._index.remove(key, text)

    def find(self, query: str, limit: int = 5) -> list[Found]:
        """The kept questions that most likely ask the same, best first."""
        return self.judged(query, self.candidates(query))[:limit]

    def judged(self, query: str, candidates: Sequence[Candidate]) -> list[Found]:
        """Candidates in the ranker's order, each with its chance."""
        weights = self._weights["rank"]
        scored = sorted(
            ((linear(weights, one.features), one) for one in candidates),
            key=lambda pair: (-pair[0], pair[1].key),
        )
        scores = [score for score, _ in scored]
        return [
            Found(one.key, score, self._chance(certainty(query, one, place, scores)))
            for place, (score, one) in enumerate(scored)
        ]

    def candidates(self, query: str, count: int = CANDIDATES) -> list[Candidate]:
        """The first stage's best texts with their features, best by BM25 first."""
        best = self._index.best(query, count)
        asked = side(query)
        possible = sum(map(self._index.rarity, asked.units)) + 1
        found = []
        for at, (key, score) in enumerate(best):
            alike = likeness(asked, side(self._texts[key]), self._index.rarity)
            lead = score - best[at + 1][1] if at + 1 < len(best) else score
            place = score / possible, score / 10 / len(asked.units), score / best[0][1], lead / 10, at == 0
            found.append(Candidate(key, [*alike, *map(float, place)]))
        return found

    def compared(self, query: str, key: int) -> Candidate:
        """A kept question that the first stage did not bring, with what can be said of it all the same."""
        alike = likeness(side(query), side(self._texts[key]), self._index.rarity)
        return Candidate(key, [*alike, *[0.0] * len(PLACE)])

    def _chance(self, features: Sequence[float]) -> float:
        return probability(linear(self._weights["chance"], features) + self._weights["chance_bias"])


def certainty(query: str, one: Candidate, place: int, scores: Sequence[float]) -> list[float]:
    """What is known about how well a candidate in this place fits (`CERTAINTY`)."""
    score = scores[place]
    others = [other for at, other in enumerate(scores) if at != place]
    lead = score - max(others, default=score - 5)
    crowd = sum(others[:5]) / len(others[:5]) if others else 0.0
    share = 1 / (1 + sum(math.exp(min(other - score, 30)) for other in others))
    return [*one.features, score, min(lead, 5), crowd, share, len(query) / 10]
