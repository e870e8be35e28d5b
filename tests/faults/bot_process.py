"""A bot for a process of its own, to be killed: all of `qunxing run` except for the slowness of its start."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bot.app
from bot.alerts import Alerts
from bot.app import App, build
from bot.clock import SystemClock
from bot.engine import Engine
from bot.events import MessagePosted
from bot.gateway.service import service_gateway
from bot.messages import Texts
from bot.opening import opened
from bot.outbox import Outbox
from bot.running import run
from bot.upkeep import Upkeep
from bot.watch import Watch
from tests.faults.gateway import TOKEN
from tests.faults.rig import UNPACED
from tests.faults.witness import make_witness

MOMENTS = (
    "recorded",
    "handled",
    "before claim",
    "after claim",
    "after sending",
    "before settling",
    "settled",
)
"""Where a bot can be made to kill itself, in the order in which it comes by."""


@dataclass(frozen=True, slots=True)
class Life:
    """What a bot process is started with. `dies_at` is one of MOMENTS, "" to live on."""

    folder: Path
    port: int
    seed: int
    dies_at: str = ""
    request_timeout: float = 2.0


def live(life: Life) -> None:
    """The life of a bot process."""
    config = life.folder / "config.yaml"
    if not config.exists():
        config.write_text("bot:\n  log_level: debug\n", encoding="utf-8")
    if life.dies_at:
        _arm(life.dies_at)
    asyncio.run(_serve(life, config))


def live_slowly(life: Life, pause: float) -> None:
    """A life on a machine that is slow to handle things: each step takes at least `pause` seconds."""
    inner = Engine.handle

    def slow(*args: Any) -> None:
        time.sleep(pause)
        inner(*args)

    Engine.handle = slow  # type: ignore[method-assign, assignment]
    live(life)


async def _serve(life: Life, path: Path) -> None:
    with opened(path) as house:
        config, clock = replace(house.config, sending=UNPACED), SystemClock()
        endpoint = f"127.0.0.1:{life.port}"
        gateway = service_gateway(endpoint, TOKEN, clock, request_timeout=life.request_timeout)
        plugins = [*house.plugins, make_witness()]
        app = build(config, gateway, clock, random.Random(life.seed), house.storage, plugins, house.broken)
        watch = Watch(gateway, clock, Alerts(config.alerts), Texts(), _say_nothing, endpoint)
        await run(app, watch, Upkeep(house.storage, config.keeping, config.bot.zone, clock))


def _say_nothing(text: str) -> None:
    """Nobody sits at the terminal."""


# -- dying


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(moment: str) -> None:
    """Let the process die when it comes by that moment for the first time."""
    _WAYS[moment]()


def _after(owner: Any, name: str, when: Callable[..., bool]) -> None:
    """Die once the method has done its work: in a write, that is before the commit."""
    inner = getattr(owner, name)

    def dying(*args: Any, **named: Any) -> Any:
        result = inner(*args, **named)
        if when(result, *args):
            _die()
        return result

    setattr(owner, name, dying)


def _after_await(owner: Any, name: str, when: Callable[..., bool]) -> None:
    """Die once the coroutine has done its work and before anything else happens."""
    inner = getattr(owner, name)

    async def dying(*args: Any) -> Any:
        result = await inner(*args)
        if when(result, *args):
            _die()
        return result

    setattr(owner, name, dying)


async def _die_instead(*_: Any) -> None:
    _die()


def _did(result: Any, *_: Any) -> bool:
    return bool(result)


def _handled_words(result: Any, engine: Any, session: Any, events: Any, now: Any) -> bool:
    return any(isinstance(event, MessagePosted) for event in events)


def _took_words(result: Any, app: Any) -> bool:
    return any(isinstance(event, MessagePosted) for event in app._unhandled)


_WAYS: dict[str, Callable[[], None]] = {
    "recorded": lambda: _after_await(App, "_take_batch", _took_words),
    "handled": lambda: _after(Engine, "handle", _handled_words),
    "before claim": lambda: _after(Outbox, "claim", _did),
    "after claim": lambda: setattr(bot.app, "deliver", _die_instead),
    "after sending": lambda: _after_await(bot.app, "deliver", _did),
    "before settling": lambda: _after(Outbox, "settle", _did),
    "settled": lambda: _after_await(App, "send_next", _did),
}
