"""What the analysis looks at: a room's talk reduced to what it needs, and the links that it finds in it.

All are named tuples: a report makes hundreds of thousands, and a frozen dataclass costs four times as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from bot.events import MessageKind


class Line(NamedTuple):
    """One message of a room. A room's lines are ordered by (`at`, `id`).

    `quotes` is the quoted message's key when exactly one fits, `quoted_member` its author; `mentions` are the
    members that the message names, the bot not among them.
    """

    id: int
    member: int
    at: datetime
    text: str = ""
    kind: MessageKind = "text"
    mentions: tuple[int, ...] = ()
    quotes: int | None = None
    quoted_member: int | None = None


class Link(NamedTuple):
    """Which earlier message a message most likely answers; `answers` is None where it opens a thread.

    `confidence` is the probability, between 0 and 1, that this is right; a quote is certain (1).
    """

    message: int
    answers: int | None
    confidence: float


class Heard(NamedTuple):
    """A line with what was found out about it.

    `link` is None where nothing is known (yet), `above` is the line that it answers (of one from before what
    was read only key, author and time are known), `question` the chance that it asks something.
    """

    line: Line
    link: Link | None
    above: Line | None = None
    question: float | None = None


def heard(
    lines: Iterable[Line], links: Iterable[Link], asking: Mapping[int, float] | None = None
) -> list[Heard]:
    """Lines with what was found out about them apart."""
    linked, said, found = {link.message: link for link in links}, dict[int, Line](), []
    for line in lines:
        said[line.id] = line
        link = linked.get(line.id)
        above = said.get(link.answers or 0) if link is not None else None
        found.append(Heard(line, link, above, (asking or {}).get(line.id)))
    return found


def lines_of(talk: Iterable[Heard]) -> list[Line]:
    """The lines alone."""
    return [one.line for one in talk]


def links_of(talk: Iterable[Heard]) -> list[Link]:
    """The links that are known."""
    return [one.link for one in talk if one.link is not None]
