"""What the analysis looks at: a room's talk reduced to what it needs, and the links that it finds in it.

Both are named tuples: a report makes hundreds of thousands, and a frozen dataclass costs four times as much.
"""

from __future__ import annotations

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
