"""jieba with its dictionary and its table of how rare words are, kept small; loaded when first asked.

As Python's dictionaries the two take 100 MB, and jieba's table of the beginnings of words as much again; in a
trie all of it takes a tenth. jieba's cache in the common temp folder, where anybody could have put it, is not
read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import median

import marisa_trie

BLOCK = 1 << 18


class Dictionary:
    """The words, how often each is used, and how rare it is (inverse document frequency)."""

    def __init__(self, folder: Path) -> None:
        words = folder / "dict.txt"
        self._words = marisa_trie.Trie(chain.from_iterable(found for found, _ in _columns(words, 3)))
        self._counts = array("I", bytes(4 * len(self._words)))
        self._rarities = array("f", bytes(4 * len(self._words)))
        self._longest = max(map(len, self._words))
        for found, counts in _columns(words, 3):
            for at, count in zip(map(self._words.__getitem__, found), map(int, counts), strict=True):
                self._counts[at] = count
        rarities = array("f")
        for found, numbers in _columns(folder / "analyse" / "idf.txt", 2):
            rarities.extend(map(float, numbers))
            for at, rarity in zip(map(self._words.get, found), map(float, numbers), strict=True):
                if at is not None:
                    self._rarities[at] = rarity
        self._middle = median(rarities)
        self._take_over()

    def get(self, word: str, default: int | None = None) -> int | None:
        """How often a word is used; the `default` if it is not known. jieba asks this."""
        at = self._words.get(word)
        return default if at is None else self._counts[at]

    def words_at(self, text: str) -> dict[int, list[int]]:
        """For each place of a text where the words end that begin there; at least that character itself."""
        prefixes, longest = self._words.prefixes, self._longest
        return {
            at: [at + len(word) - 1 for word in prefixes(text[at : at + longest])] or [at]
            for at in range(len(text))
        }

    def cut(self, text: str) -> Iterable[str]:
        """The words of a text."""
        import jieba

        words: Iterable[str] = jieba.cut(_encodable(text), HMM=False)
        return words

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words with their classes; what the dictionary does not know is guessed."""
        import jieba.posseg

        return [(pair.word, pair.flag) for pair in jieba.posseg.cut(_encodable(text))]

    def rarity(self, word: str) -> float:
        """How rare a word is; what the table does not know counts as its middle."""
        at = self._words.get(word)
        return (0.0 if at is None else self._rarities[at]) or self._middle

    def _take_over(self) -> None:
        import jieba

        jieba.dt.FREQ = self
        jieba.dt.total = sum(self._counts)
        jieba.dt.get_DAG = self.words_at
        jieba.dt.initialized = True


@cache
def dictionary() -> Dictionary:
    """The one there is."""
    import jieba

    return Dictionary(Path(jieba.__file__).parent)


def _columns(table: Path, count: int) -> Iterator[tuple[list[str], list[str]]]:
    """The first two of so many columns, a block of lines at a time: all at once they would take 70 MB."""
    with table.open(encoding="utf-8") as lines:
        while block := lines.readlines(BLOCK):
            cells = "".join(block).split()
            yield cells[::count], cells[1::count]


def _encodable(text: str) -> str:
    """Halves of a character stand in no dictionary, and a trie cannot look for them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
