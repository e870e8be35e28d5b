"""A short way to write down talk and who answers whom in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.analysis.lines import Line, Link
from bot.events import MessageKind

BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Talk:
    """Lines a minute apart, with their links."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.links: list[Link] = []

    def say(
        self, member: int, text: str, answers: int | None = None, *, sure: float = 0.9,
        mentions: tuple[int, ...] = (), quotes: int | None = None, kind: MessageKind = "text",
        after: timedelta = timedelta(minutes=1),
    ) -> int:  # fmt: skip
        """Say something; the message's key."""
        key = len(self.lines) + 1
        at = self.lines[-1].at + after if self.lines else BEGAN
        quoted = None if quotes is None else self.lines[quotes - 1].member
        self.lines.append(Line(key, member, at, text, kind, mentions, quotes, quoted))
        answered = quotes or answers
        self.links.append(Link(key, answered, 1.0 if quotes else sure))
        return key
