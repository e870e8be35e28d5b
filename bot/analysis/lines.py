"""What the analysis looks at: a room's talk reduced to what it needs, and the links that it finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.events import MessageKind


@dataclass(frozen=True, slots=True)
class Line:
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


@dataclass(frozen=True, slots=True)
class Link:
    """Which earlier message a message most likely answers; `answers` is None where it opens a thread.

    `confidence` is the probability, between 0 and 1, that this is right; a quote is certain (1).
    """

    message: int
    answers: int | None
    confidence: float
