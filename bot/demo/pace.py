"""How fast a performance is shown: the whole takes about as long as was said, however fast the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

SECONDS_A_WORD = 0.012
LONGEST_PAUSE = 0.6


@dataclass(slots=True)
class Pace:
    """Waits so that line n of N ends at n/N of the time. What the bot says in between gets a moment too.

    Playing takes time of its own; a machine that is slower than the pace is never made to wait.
    """

    seconds: float
    lines: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _began: float = field(init=False)
    _line: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def after(self, text: str) -> None:
        """Something was shown; leave a moment to read it if there is time until the line's end."""
        self._wait(min(LONGEST_PAUSE, SECONDS_A_WORD * len(text)))

    def line_done(self) -> None:
        """A line of the script and all that followed it has been shown."""
        self._line += 1
        self._wait(self.seconds)

    def _wait(self, at_most: float) -> None:
        left = self._began + self.seconds * (self._line + 1) / (self.lines + 1) - self.clock()
        if left > 0:
            self.sleep(min(left, at_most))
