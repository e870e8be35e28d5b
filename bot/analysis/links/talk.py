"""The recent talk of one room as the linker sees it.

All of it hangs on the last `WINDOW` lines and their links alone, so that a linker that was given those
again goes on as one that never stopped.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from bot.analysis.lines import Line
from bot.analysis.links.marks import Marks, marks_of
from bot.analysis.links.names import Names
from bot.analysis.text import normalised, runs, split_runs

WINDOW = 200
"""Lines that are remembered."""

RECENT = 20
"""Lines whose speakers are the voices of the moment."""

WORDS = 60
"""Words of a text that are compared."""


@dataclass(slots=True, eq=False)
class Said:
    """A line and what became of it."""

    number: int
    id: int
    member: int
    at: float
    words: frozenset[str]
    marks: Marks
    length: int
    plain_text: bool
    named: frozenset[int]
    first_named: int | None
    answers: Said | None = None
    root: int = 0
    replied_by: list[int] = field(default_factory=list)
    kind: int = 0
    """Its marks and length as one number: the remark's kind for the table of `features.words`."""

    nth: int = 0
    """How many lines the member had said before it."""


@dataclass(slots=True)
class Pair:
    """How one member has dealt with another: `count` answers inside the window, the last at line `last`."""

    count: int = 0
    last: int = -10_000


@dataclass(slots=True)
class Thread:
    """The lines of a thread that are still in the window: how many, by whom, and the last."""

    last: Said
    by: Counter[int] = field(default_factory=Counter)
    count: int = 0


class Talk:
    """What is remembered of a room.

    Who holds a word are few, and there are thousands of words: an empty deque is six times an empty list.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.lines: deque[Said] = deque()
        self.by_id: dict[int, Said] = {}
        self.of: dict[int, list[Said]] = {}
        self.answered: dict[tuple[int, int], Pair] = {}
        self.named: dict[tuple[int, int], int] = {}
        self.naming: dict[int, list[Said]] = {}
        self.threads: dict[int, Thread] = {}
        self.holding: dict[str, list[Said]] = {}
        self.voices: Counter[int] = Counter()
        self.count = 0

    def read(self, line: Line) -> Said:
        """A line as it will be remembered; nothing is remembered yet."""
        plain = normalised(line.text)
        words = split_runs(runs(plain))
        found = [one for one in self.names.named_in(plain, words) if one[0] != line.member]
        first = None
        bare = plain
        for member, name in found:
            if first is None and plain.find(name) <= 2:
                first = member
            bare = bare.replace(name, " ")
        if found:
            words = split_runs(runs(bare))
        if first is None and line.mentions and plain.startswith("@"):
            first = line.mentions[0]
        named = {member for member, _ in found}.union(line.mentions)
        named.discard(line.member)
        theirs = self.of.get(line.member)
        marks = marks_of(bare, words)
        return Said(
            self.count, line.id, line.member, line.at.timestamp(), frozenset(words[:WORDS]),
            marks, len(bare), line.kind == "text", frozenset(named), first,
            kind=_kind(marks, len(bare)), nth=theirs[-1].nth + 1 if theirs else 0,
        )  # fmt: skip

    def remember(self, said: Said, answers: Said | None) -> None:
        """Add a line with its link, and let go of the oldest."""
        said.answers, said.root = answers, said.number
        if answers is not None:
            said.root = answers.root
            answers.replied_by.append(said.member)
            pair = self.answered.setdefault((said.member, answers.member), Pair())
            pair.count, pair.last = pair.count + 1, said.number
        for member in said.named:
            self.named[said.member, member] = said.number
            self.naming.setdefault(member, []).append(said)
        self.lines.append(said)
        self.by_id[said.id] = said
        self.of.setdefault(said.member, []).append(said)
        thread = self.threads.setdefault(said.root, Thread(said))
        thread.last, thread.count = said, thread.count + 1
        thread.by[said.member] += 1
        for word in said.words:
            self.holding.setdefault(word, []).append(said)
        self.voices[said.member] += 1
        if len(self.lines) > RECENT:
            quiet = self.lines[-RECENT - 1].member
            self.voices[quiet] -= 1
            if not self.voices[quiet]:
                del self.voices[quiet]
        self.count += 1
        if len(self.lines) > WINDOW:
            self._let_go()

    def _let_go(self) -> None:
        gone = self.lines.popleft()
        del self.by_id[gone.id]
        _shorten(self.of, gone.member)
        for word in gone.words:
            _shorten(self.holding, word)
        for member in gone.named:
            _shorten(self.naming, member)
            if self.named.get((gone.member, member)) == gone.number:
                del self.named[gone.member, member]
        thread = self.threads[gone.root]
        thread.count -= 1
        thread.by[gone.member] -= 1
        if not thread.by[gone.member]:
            del thread.by[gone.member]
        if not thread.count:
            del self.threads[gone.root]
        if gone.answers is not None:
            key = (gone.member, gone.answers.member)
            self.answered[key].count -= 1
            if not self.answered[key].count:
                del self.answered[key]
            gone.answers = None


def _kind(marks: Marks, length: int) -> int:
    flags = round(3 * marks.asks) | int(marks.thanks) << 2 | int(marks.nods) << 3
    return flags | int(marks.greets) << 4 | int(marks.you) << 5 | length.bit_length() << 6


def _shorten(kept: dict[Any, list[Said]], key: Any) -> None:
    held = kept[key]
    del held[0]
    if not held:
        del kept[key]
