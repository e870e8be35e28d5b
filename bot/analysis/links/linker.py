"""The plainest honest rule: a quote, else a named person's last words, else the previous by another."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from datetime import timedelta

from bot.analysis.lines import Line, Link

MODEL_VERSION = 1
WINDOW = 100
SOON = timedelta(minutes=10)


class Linker:
    """The state of one room: its last `WINDOW` lines."""

    def __init__(self, names: Mapping[int, Collection[str]]) -> None:
        self._names = names
        self._recent: deque[Line] = deque(maxlen=WINDOW)

    def add(self, line: Line) -> Link:
        """The link of the room's next line."""
        answers, confidence = self._answered(line)
        self._recent.append(line)
        return Link(line.id, answers, confidence)

    def _answered(self, line: Line) -> tuple[int | None, float]:
        if line.quotes is not None:
            return line.quotes, 1.0
        for earlier in reversed(self._recent):
            if line.mentions and earlier.member in line.mentions:
                return earlier.id, 0.7
            if not line.mentions and line.at - earlier.at > SOON:
                break
            if not line.mentions and earlier.member != line.member:
                return earlier.id, 0.3
        return None, 0.5
