"""The processor time of every handler of every plugin, whatever made it run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.duties import Duties
from bot.engine import Engine
from bot.requests import Attempt


@contextmanager
def timed_handlers() -> Iterator[dict[str, float]]:
    """The longest processor time of each handler in milliseconds: of events, commands, timers, jobs, works.

    Processor time, because other programs share this machine; what is there before is none of the
    collector's business, because it would be counted as the handler's.
    """
    slowest: dict[str, float] = {}
    steps, attempt, tried = Engine._steps, Engine._run_attempt, Duties._try

    def timed(name: str, run: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.thread_time()
        try:
            return run(*arguments)
        finally:
            took = (time.thread_time() - begun) * 1000
            slowest[name] = max(slowest.get(name, 0.0), took)

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

    gc.collect()
    gc.freeze()
    with (
        _instead(Engine, "_steps", timed_steps),
        _instead(Engine, "_run_attempt", timed_attempt),
        _instead(Duties, "_try", timed_try),
    ):
        yield slowest
    gc.unfreeze()


@contextmanager
def _instead(owner: type, name: str, function: Callable[..., Any]) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        setattr(owner, name, kept)
