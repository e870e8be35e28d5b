"""Questions and what became of them: who answered, who was first, whose answer closed it, who was thanked.

An exchange begins with a question that opens something new. What the asker adds to it belongs to it; a
question back to the asker ("which version?") is a part of the answer, not a question of its own. A picture,
a voice message or a sticker counts as an answer only when its author is thanked or it is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.analysis.lines import Line, Link
from bot.analysis.thanks import Thanks, thanks_in

SURE_ENOUGH = 0.25
"""Links that are less sure than this answer nothing."""


class Answer(NamedTuple):
    """One message by somebody else that answers a question."""

    message: int
    member: int
    at: datetime
    confidence: float


class Exchange(NamedTuple):
    """A question and what became of it.

    `answers` are others' only, earliest first. `closed_by` is the answer after which the asker thanked or
    said that it worked, or that was quoted again; `thanked` are the members whom the asker thanked; `to` are
    those whom the question was put to. `is_told`: it was no question but a problem that somebody took up.
    """

    question: int
    asker: int
    asked_at: datetime
    text: str
    answers: tuple[Answer, ...] = ()
    closed_by: int | None = None
    thanked: tuple[int, ...] = ()
    to: tuple[int, ...] = ()
    is_told: bool = False
    heard: tuple[int, ...] = ()

    @property
    def helpers(self) -> tuple[int, ...]:
        """Who answered, each once, the first first."""
        return tuple(dict.fromkeys(answer.member for answer in self.answers))


def thanks_given(lines: Sequence[Line], links: Iterable[Link]) -> list[tuple[int, int, int, Thanks]]:
    """All thanks from one person to another, asked or not: message, who, whom, and how."""
    linked = {link.message: link for link in links}
    author = {line.id: line.member for line in lines}
    given = []
    for line in lines:
        said = thanks_in(line.text) if line.kind == "text" else None
        if said is not None and said.kind != "learned":
            for one in _receivers(line, linked.get(line.id), author):
                given.append((line.id, line.member, one, said))
    return given


def _receivers(line: Line, link: Link | None, author: Mapping[int, int]) -> tuple[int, ...]:
    named = [*line.mentions, *([line.quoted_member] if line.quoted_member else [])]
    if not named and link is not None and link.answers is not None and link.confidence >= SURE_ENOUGH:
        named = [author.get(link.answers, line.member)]
    return tuple(dict.fromkeys(one for one in named if one != line.member))
