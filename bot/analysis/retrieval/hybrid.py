"""Retrieval that also knows what sentences mean: with the extra `semantic` (multilingual-e5-small, offline).

Vectors find what shares no character with the query, characters find what shares the rare ones; the ranker
weighs both, with weights of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.analysis.retrieval.find import CANDIDATES, FEATURES, Candidate, Retrieval
from bot.analysis.retrieval.vectors import Encode, Vectors
from bot.analysis.retrieval.weights import STORED

MEANING = ("cosine", "cosine_to_best")
HYBRID_FEATURES = (*FEATURES, *MEANING)
SPREAD = 10
"""Cosines of this encoder lie close together: their differences are made as large as the other features'."""


class HybridRetrieval(Retrieval):
    """As `Retrieval`, with vectors beside the characters.

    `known` are vectors that were made before; a sentence without one is encoded when it is added (30 ms).
    """

    def __init__(
        self, texts: Mapping[int, str], encode: Encode, known: Mapping[int, Any] | None = None,
        weights: Mapping[str, Any] = STORED["semantic"],
    ) -> None:  # fmt: skip
        self._encode, self._vectors = encode, Vectors()
        known = known or {}
        lacking = [key for key in texts if key not in known]
        fresh = dict(zip(lacking, encode([texts[key] for key in lacking]), strict=True)) if lacking else {}
        self._known: dict[int, Any] = {key: known[key] if key in known else fresh[key] for key in texts}
        super().__init__(texts, weights)
        self._known = {}

    def add(self, key: int, text: str, vector: Any = None) -> None:
        """Keep a question under a key, in place of what stood there."""
        super().add(key, text)
        if vector is None:
            vector = self._known.get(key)
        self._vectors.add(key, self._encode([text])[0] if vector is None else vector)

    def remove(self, key: int) -> None:
        """Keep a question no more."""
        super().remove(key)
        self._vectors.remove(key)

    def candidates(self, query: str, count: int = CANDIDATES) -> list[Candidate]:
        """The best by characters and the best by meaning, together, each with the features of both."""
        if not self._texts:
            return []
        cosines = self._vectors.cosines(self._encode([query])[0])
        nearest = self._vectors.nearest(cosines, count)
        by_characters = super().candidates(query, count)
        wanted = {one.key for one in by_characters}
        others = [self.compared(query, key) for key in nearest if key not in wanted]
        best = self._vectors.nearness(cosines, nearest[0])
        found = []
        for one in [*by_characters, *others]:
            near = self._vectors.nearness(cosines, one.key)
            found.append(Candidate(one.key, [*one.features, SPREAD * near, SPREAD * (near - best)]))
        return found
