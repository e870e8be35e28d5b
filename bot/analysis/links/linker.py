"""Which earlier message each message of a room answers, told the moment it is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp

from bot.analysis.lines import Line, Link
from bot.analysis.links.context import Context
from bot.analysis.links.model import MODEL, Model
from bot.analysis.links.names import Names
from bot.analysis.links.talk import WINDOW, Said, Talk

RESTORED_FROM = 2 * WINDOW
"""Lines, with their links, that a linker has to be given to go on as if it had never stopped."""


class Linker:
    """The incremental state of one room. A line costs the same whatever came before."""

    def __init__(self, names: Mapping[int, Iterable[str]] | None = None, model: Model = MODEL) -> None:
        self.talk = Talk(Names(names or {}))
        self._model = model

    def know(self, member: int, names: Iterable[str]) -> None:
        """Learn what a member is called now."""
        self.talk.names.know(member, names)

    def forget(self, member: int) -> None:
        """A member's names are no names any more."""
        self.talk.names.forget(member)

    def take(self, line: Line, link: Link) -> None:
        """Remember a line whose link is known already, as when the state is restored at start."""
        said = self.talk.read(line)
        self.talk.remember(said, self.talk.by_id.get(link.answers) if link.answers is not None else None)

    def add(self, line: Line) -> Link:
        """Link the room's next line. A quote is certain."""
        said = self.talk.read(line)
        if line.quotes is not None and line.quotes != line.id:
            self.talk.remember(said, self.talk.by_id.get(line.quotes))
            return Link(line.id, line.quotes, 1.0)
        answers, confidence = self._likeliest(said, line.quoted_member)
        self.talk.remember(said, answers)
        return Link(line.id, answers.id if answers else None, round(confidence, 4))

    def _likeliest(self, said: Said, quoted: int | None) -> tuple[Said | None, float]:
        """The best candidate and its probability; who is quoted is answered, if they are in sight."""
        it = Context(said, self.talk)
        candidates = self._model.likely(it, it.candidates())
        theirs = list(self.talk.of.get(quoted, ()))[-5:] if quoted is not None else []
        scores, opening = self._model.scores(it, theirs or candidates)
        best, score = None, opening
        for one, its in zip(theirs or candidates, scores, strict=True):
            if its > score or (theirs and best is None):
                best, score = one, its
        others = sum([exp(min(its - score, 50.0)) for its in scores])
        return best, 1.0 / (others if theirs else others + exp(min(opening - score, 50.0)))
