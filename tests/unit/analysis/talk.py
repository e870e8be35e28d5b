"""A short way to write down talk and who answers whom in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.analysis.graph import Reply, reply
from bot.analysis.lines import Heard, Line, Link, heard
from bot.events import MessageKind

BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def replies(lines: Iterable[Line], links: Iterable[Link]) -> list[Reply]:
    """The replies of a talk whose links are given apart, both ends among its lines, in order of time."""
    return sorted(found for one in heard(lines, links) if (found := reply(one)) is not None)


class Talk:
    """Lines a minute apart, with their links."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.links: list[Link] = []

    @property
    def heard(self) -> list[Heard]:
        """The lines with their links."""
        return heard(self.lines, self.links)

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
