"""Letting the machine's clock move the bot: one task for each thing that must not wait for another.

A gateway call that hangs must not hold up the inbox, and a long piece of work must not hold up the next
reminder. APScheduler's only duty is the ticker; what is due stands in our own table.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.errors import StorageFull
from bot.upkeep import Upkeep
from bot.watch import Watch

log = structlog.get_logger(__name__)

TICK_SECONDS = 1
FULL_DISK_PAUSE = 5.0
GATHER_SECONDS = 0.05
"""How long the next batch gathers after one was handled: in a burst, a commit then serves many messages."""

STOP_SECONDS = 10.0


async def run(app: App, watch: Watch, upkeep: Upkeep) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand. Raises what makes going on senseless."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await app.begin()
    log.info("ready", plugins=[plugin.name for plugin in app.host.all()], left_out=list(app.host.broken))
    watch.report, upkeep.trouble = app.notice, watch.trouble
    ticker = Ticker()
    chores = [
        app.gateway.run(app.receive),
        _inbox(app, ticker, watch),
        *(
            _again_and_again(ticker, watch, do)
            for do in (app.run_due, app.do_work, app.ask_model, app.go_rounds, app.send_next)
        ),
        _looking(ticker, watch),
        upkeep.every_night(),
    ]
    tasks = [asyncio.create_task(chore) for chore in chores]
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        await app.gateway.stop()
        await asyncio.wait(tasks[:1], timeout=STOP_SECONDS)  # what has arrived is still handed on
        while await app.handle_inbox():  # a busy group may have left more than one batch
            continue
        await app.end()
    finally:
        ticker.stop()
        for task in (stopped, *tasks):
            task.cancel()
        endings = await asyncio.gather(*tasks, return_exceptions=True)
        log.info("stopped")
    for ending in endings:
        if isinstance(ending, Exception):
            await watch.ending(ending)
            raise ending


class Ticker:
    """Wakes whoever waits, once a second and whenever something has changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self._scheduler = AsyncIOScheduler()
        self._scheduler.add_job(self.wake, "interval", seconds=TICK_SECONDS, misfire_grace_time=None)
        self._scheduler.start()

    def wake(self) -> None:
        """Something may be due."""
        for event in self._waiting:
            event.set()

    async def tick(self, event: asyncio.Event) -> None:
        """Wait for the next wake-up."""
        self._waiting.add(event)
        await event.wait()
        event.clear()

    def stop(self) -> None:
        """No more ticks."""
        self._scheduler.shutdown(wait=False)


async def _inbox(app: App, ticker: Ticker, watch: Watch) -> None:
    while True:
        await app.arrived.wait()
        while await _surviving_full_disk(app.handle_inbox, watch):
            ticker.wake()
            await asyncio.sleep(GATHER_SECONDS)


async def _again_and_again(ticker: Ticker, watch: Watch, do: Callable[[], Awaitable[bool]]) -> None:
    event = asyncio.Event()
    while True:
        while await _surviving_full_disk(do, watch):
            ticker.wake()
        await ticker.tick(event)


async def _looking(ticker: Ticker, watch: Watch) -> None:
    event = asyncio.Event()
    while True:
        await watch.look()
        await ticker.tick(event)


async def _surviving_full_disk(do: Callable[[], Awaitable[bool]], watch: Watch) -> bool:
    """A full disk is waited out: nothing is lost, what could not be stored stays in the inbox."""
    try:
        return await do()
    except StorageFull:
        log.error("disk_full")
        await watch.trouble("storage_full_waiting")
        await asyncio.sleep(FULL_DISK_PAUSE)
        return True
