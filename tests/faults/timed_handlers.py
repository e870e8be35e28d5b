"""The processor time of every handler of every plugin, whatever made it run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from bot.duties import Duties
from bot.engine import Engine
from bot.requests import Attempt

COLLECTOR = "collector"


class _Collecting:
    """How long the collector has been at work on each thread, and how long at most at one time."""

    def __init__(self) -> None:
        self.longest, self._begun = 0.0, 0.0
        self._seconds: dict[int, float] = {}

    def seconds(self) -> float:
        """On the thread that asks."""
        return self._seconds.get(get_ident(), 0.0)

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        """Told by the collector, on the thread that made it run."""
        if phase == "start":
            self._begun = time.thread_time()
            return
        took = time.thread_time() - self._begun
        self._seconds[get_ident()] = self.seconds() + took
        self.longest = max(self.longest, took)


@contextmanager
def timed_handlers() -> Iterator[dict[str, float]]:
    """The longest processor time of each handler in milliseconds: of events, commands, timers, jobs, works.

    Processor time, because other programs share this machine. What the collector of garbage takes meanwhile
    is told apart, as COLLECTOR: it looks through the whole experiment, whoever happens to run.
    """
    slowest: dict[str, float] = {}
    collecting = _Collecting()
    steps, attempt, tried = Engine._steps, Engine._run_attempt, Duties._try

    def timed(name: str, run: Callable[..., Any], *arguments: Any) -> Any:
        begun, collected = time.thread_time(), collecting.seconds()
        try:
            return run(*arguments)
        finally:
            took = time.thread_time() - begun - (collecting.seconds() - collected)
            slowest[name] = max(slowest.get(name, 0.0), took * 1000)

    def timed_step(name: str, run: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda context: timed(name, run, context)

    def timed_steps(*arguments: Any) -> Any:
        return [(name, context, timed_step(name, run)) for name, context, run in steps(*arguments)]

    def timed_attempt(*arguments: Any) -> Any:
        name = next(one.name for one in arguments if isinstance(one, Attempt))
        return timed(name, attempt, *arguments)

    def timed_try(*arguments: Any) -> Any:
        label = next(one for one in arguments if isinstance(one, str))
        return timed(label, tried, *arguments)

    gc.callbacks.append(collecting)
    with (
        _instead(Engine, "_steps", timed_steps),
        _instead(Engine, "_run_attempt", timed_attempt),
        _instead(Duties, "_try", timed_try),
    ):
        yield slowest
    gc.callbacks.remove(collecting)
    slowest[COLLECTOR] = collecting.longest * 1000


@contextmanager
def _instead(owner: type, name: str, function: Callable[..., Any]) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        setattr(owner, name, kept)
