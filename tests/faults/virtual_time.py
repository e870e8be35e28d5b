"""An event loop whose clock jumps over idle time although real sockets and threads are at work.

Half an hour of waiting for a gateway takes a moment. The clock stands still while anything is under way:
bytes in a socket of this process, or a storage call (see `Haste`).
"""

from __future__ import annotations

import asyncio
import os
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOOKS = 3  # what was sent inside this machine has arrived, or does while others get their turn
PATIENCE = 0.02
MOST_IDLE = 30.0


class Stuck(AssertionError):
    """Nobody waits for a moment, and nothing happens."""


class Haste(selectors.DefaultSelector):
    """Moves the clock instead of waiting. `under_way` counts calls that run in other threads."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0
        self.under_way = 0
        self._idle = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            self._idle = 0.0
            return ready
        if self.under_way or timeout is None:
            return self._wait_for_others()
        for _ in range(LOOKS):
            os.sched_yield()
            ready = super().select(0)
            if ready:
                return ready
        self.elapsed += timeout
        return ready

    def _wait_for_others(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(PATIENCE)
        self._idle = 0.0 if ready else self._idle + PATIENCE
        if self._idle > MOST_IDLE:
            raise Stuck("nothing happens any more")
        return ready


class HastyLoop(asyncio.SelectorEventLoop):
    """A loop in virtual time."""

    def __init__(self) -> None:
        self.haste = Haste()
        super().__init__(self.haste)

    def time(self) -> float:
        return self.haste.elapsed


class LoopClock:
    """The loop's virtual time as a time of day; any thread may ask."""

    def __init__(self, haste: Haste) -> None:
        self._haste = haste

    def now(self) -> datetime:
        return START + timedelta(seconds=self._haste.elapsed)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` in virtual time."""
    with asyncio.Runner(loop_factory=HastyLoop) as runner:
        return runner.run(main)


def haste() -> Haste:
    """The selector of the running loop, which must be one of ours."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, HastyLoop)
    return loop.haste
