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

    def alternatives(self, line: Line) -> list[Link]:
        """Whatever the room's next line may answer, surest first; asked before `add`, it changes nothing.

        The probabilities add up to less than one: what is missing is the chance that the line opens a thread.
        """
        if line.quotes is not None and line.quotes != line.id:
            return [Link(line.id, line.quotes, 1.0)]
        candidates, scores, opening = self._weighed(self.talk.read(line), line.quoted_member)
        most = max([opening, *scores])
        chances = [exp(one - most) for one in scores]
        total = sum(chances) + exp(opening - most)
        found = [Link(line.id, one.id, its / total) for one, its in zip(candidates, chances, strict=True)]
        return sorted(found, key=lambda link: -link.confidence)

    def _likeliest(self, said: Said, quoted: int | None) -> tuple[Said | None, float]:
        """The best candidate and its probability."""
        candidates, scores, opening = self._weighed(said, quoted)
        best, score = None, opening
        for one, its in zip(candidates, scores, strict=True):
            if its > score:
                best, score = one, its
        others = sum([exp(its - score) for its in scores])
        return best, 1.0 / (others + exp(opening - score))

    def _weighed(self, said: Said, quoted: int | None) -> tuple[list[Said], list[float], float]:
        """Candidates, their scores, that of a new thread; who is quoted is answered, if they are in sight."""
        it = Context(said, self.talk)
        if quoted is not None and (theirs := list(self.talk.of.get(quoted, ()))[-5:]):
            return theirs, self._model.scores(it, theirs)[0], float("-inf")
        candidates = self._model.likely(it, it.candidates())
        return candidates, *self._model.scores(it, candidates)
