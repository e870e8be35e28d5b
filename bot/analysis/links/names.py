"""Whom a text names: names and aliases found in it, with @ or without. The cost grows with the text alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.analysis.text import is_han, name_pieces, normalised

SHORTEST_WORD = 3
SHORTEST_HAN = 2


class Names:
    """The names of a room's members, found in a text by their first word."""

    def __init__(self, names: Mapping[int, Iterable[str]]) -> None:
        self._known: dict[int, tuple[str, ...]] = {}
        self._by_word: dict[str, list[tuple[str, int]]] = {}
        for member, theirs in names.items():
            self.know(member, theirs)

    def know(self, member: int, names: Iterable[str]) -> None:
        """Learn or change what a member is called."""
        wanted = tuple(dict.fromkeys(plain for name in names if (plain := normalised(name).strip())))
        if self._known.get(member) == wanted:
            return
        self.forget(member)
        self._known[member] = wanted
        for name in wanted:
            if pieces := name_pieces(name):
                self._by_word.setdefault(pieces[0], []).append((name, member))

    def forget(self, member: int) -> None:
        """Take a member's names out."""
        for name in self._known.pop(member, ()):
            if pieces := name_pieces(name):
                rest = [one for one in self._by_word[pieces[0]] if one != (name, member)]
                self._by_word[pieces[0]] = rest
                if not rest:
                    del self._by_word[pieces[0]]

    def of(self, member: int) -> tuple[str, ...]:
        """What a member is called, normalised."""
        return self._known.get(member, ())

    def named_in(self, plain: str, words: Sequence[str]) -> list[tuple[int, str]]:
        """Who is named in a normalised text, with the name that was found, in order of appearance."""
        found: list[tuple[int, str]] = []
        for word in words:
            for name, member in self._by_word.get(word, ()):
                if stands_in(plain, name) and (member, name) not in found:
                    found.append((member, name))
        return found


def stands_in(plain: str, name: str) -> bool:
    """Whether a name stands in a text as a name and not as a part of a longer word."""
    at = plain.find(name)
    if at < 0:
        return False
    end = at + len(name)
    if at and plain[at - 1] == "@":
        return True
    if is_han(name):
        return len(name) >= SHORTEST_HAN
    if _joined(plain, at - 1, name[0]) or _joined(plain, end, name[-1]):
        return False
    return len(name) >= SHORTEST_WORD or (at == 0 and plain[end : end + 1] in (":", ","))


def _joined(plain: str, at: int, edge: str) -> bool:
    beside = plain[at] if 0 <= at < len(plain) else " "
    return edge.isalnum() and beside.isalnum() and beside < "\u2e80"
