"""Time and chance, the two things besides the gateway that a test replaces."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; always timezone-aware UTC."""

    def now(self) -> datetime:
        """The present moment."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved, forward only."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment the clock was last moved to."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Stand at `moment`; a moment that has passed leaves the clock where it is."""
        self._now = max(self._now, moment.astimezone(UTC))

    def move_by(self, duration: timedelta) -> None:
        """Stand `duration` later."""
        self.move_to(self._now + duration)
