"""The recent talk of one room as the linker sees it. All of it is a function of the last `WINDOW` lines and
their links, so that a linker that was given those again goes on exactly as one that never stopped."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from bot.analysis.lines import Line
from bot.analysis.links.marks import Marks, marks_of
from bot.analysis.links.names import Names
from bot.analysis.text import normalised, runs, split_runs

WINDOW = 400
"""Lines that are remembered."""

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
    nth: int = 0
    """How many lines the member had said before it."""


@dataclass(slots=True)
class Pair:
    """How one member has dealt with another: `count` answers inside the window, the last at line `last`."""

    count: int = 0
    last: int = -10_000


class Talk:
    """What is remembered of a room."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.lines: deque[Said] = deque()
        self.by_id: dict[int, Said] = {}
        self.of: dict[int, deque[Said]] = {}
        self.answered: dict[tuple[int, int], Pair] = {}
        self.named: dict[tuple[int, int], int] = {}
        self.rooted: dict[int, Said] = {}
        self.seen: Counter[str] = Counter()
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
        return Said(
            self.count, line.id, line.member, line.at.timestamp(), frozenset(words[:WORDS]),
            marks_of(bare, words), len(bare), line.kind == "text", frozenset(named), first,
            nth=theirs[-1].nth + 1 if theirs else 0,
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
        self.lines.append(said)
        self.by_id[said.id] = said
        self.of.setdefault(said.member, deque()).append(said)
        self.rooted[said.root] = said
        self.seen.update(said.words)
        self.count += 1
        if len(self.lines) > WINDOW:
            self._let_go()

    def _let_go(self) -> None:
        gone = self.lines.popleft()
        del self.by_id[gone.id]
        theirs = self.of[gone.member]
        theirs.popleft()
        if not theirs:
            del self.of[gone.member]
        if self.rooted.get(gone.root) is gone:
            del self.rooted[gone.root]
        for member in gone.named:
            if self.named.get((gone.member, member)) == gone.number:
                del self.named[gone.member, member]
        if gone.answers is not None:
            key = (gone.member, gone.answers.member)
            self.answered[key].count -= 1
            if not self.answered[key].count:
                del self.answered[key]
            gone.answers = None
        for word in gone.words:
            self.seen[word] -= 1
            if not self.seen[word]:
                del self.seen[word]
