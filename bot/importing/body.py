"""The text of a message that goes on over several lines, up to the length that is kept."""

from __future__ import annotations

from bot.importing.entries import clean
from bot.intake.talk import MAX_TEXT


class Body:
    """Collects lines; what goes beyond the longest text that is kept is counted and let go."""

    __slots__ = ("_left", "_parts", "lines")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._left = MAX_TEXT
        self.lines = 0

    def add(self, line: str) -> None:
        """One more line."""
        self.lines += 1
        if self._left > 0:
            self._parts.append(line[: self._left])
            self._left -= len(line) + 1

    def text(self) -> str:
        """All of it, without empty lines at the end."""
        if len(self._parts) == 1:
            return clean(self._parts[0])
        return clean("\n".join(self._parts).rstrip("\n"))
