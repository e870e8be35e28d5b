"""A short way to write down talk and who answers whom in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.analysis.graph import Reply, reply
from bot.analysis.lines import Line, Link
from bot.events import MessageKind

BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def replies(lines: Iterable[Line], links: Iterable[Link]) -> list[Reply]:
    """The replies of a talk whose links are given apart, both ends among its lines, in order of time."""
    said = {line.id: line for line in lines}
    found = (
        reply(said[one.message], one, said.get(one.answers or 0)) for one in links if one.message in said
    )
    return sorted(one for one in found if one is not None)


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
