"""Which earlier message each message of a room answers, told the moment it is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from operator import mul

from bot.analysis.lines import Line, Link
from bot.analysis.links.features import of_candidate, of_message, of_person
from bot.analysis.links.model import MODEL, Model
from bot.analysis.links.names import Names
from bot.analysis.links.talk import WINDOW, Said, Talk

RESTORED_FROM = 3 * WINDOW
"""Lines, with their links, that a linker has to be given to go on as if it had never stopped."""

REACH = 60
"""How many lines back every line may be answered; further back only each member's last one."""


class Linker:
    """The incremental state of one room. A line costs the same whatever came before."""

    def __init__(self, names: Mapping[int, Sequence[str]] | None = None, model: Model = MODEL) -> None:
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
        if line.quotes is not None:
            self.talk.remember(said, self.talk.by_id.get(line.quotes))
            return Link(line.id, line.quotes, 1.0)
        answers, confidence = self._likeliest(said, line.quoted_member)
        self.talk.remember(said, answers)
        return Link(line.id, answers.id if answers else None, round(confidence, 3))

    def _likeliest(self, said: Said, quoted: int | None) -> tuple[Said | None, float]:
        candidates = candidates_for(said, self.talk)
        if quoted is not None:
            candidates = [one for one in candidates if one.member == quoted] or candidates
        scores, opening = self.scores(said, candidates)
        best, score = None, opening
        if quoted is not None and candidates:
            score = float("-inf")
        for one, its in zip(candidates, scores, strict=True):
            if its > score:
                best, score = one, its
        total = sum(exp(its - score) for its in scores) + exp(min(opening - score, 50.0))
        return best, 1.0 / total

    def scores(self, said: Said, candidates: list[Said]) -> tuple[list[float], float]:
        """How much speaks for each candidate, and for a new thread."""
        model, talk = self._model, self.talk
        own = talk.of.get(said.member)
        mine = own[-1] if own else None
        people: dict[int, float] = {}
        scores = []
        for one in candidates:
            base = people.get(one.member)
            if base is None:
                base = sum(map(mul, model.person, of_person(said, one.member, talk)))
                people[one.member] = base
            features = of_candidate(said, one, talk.of[one.member][-1].nth, mine, talk)
            scores.append(base + sum(map(mul, model.candidate, features)))
        return scores, sum(map(mul, model.opening, of_message(said, talk)))


def candidates_for(said: Said, talk: Talk) -> list[Said]:
    """The lines that may be answered, latest first."""
    near: list[Said] = []
    for one in reversed(talk.lines):
        if said.number - one.number > REACH:
            break
        near.append(one)
    seen = {one.member for one in near}
    far = [theirs[-1] for member in said.named if member not in seen and (theirs := talk.of.get(member))]
    return near + far
