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
from bot.errors import QunxingError, StorageFull

log = structlog.get_logger(__name__)

TICK_SECONDS = 1
FULL_DISK_PAUSE = 5.0


async def run(app: App) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand. Raises what makes going on senseless."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await app.begin()
    log.info("ready", plugins=[plugin.name for plugin in app.host.all()], left_out=list(app.host.broken))
    ticker = Ticker()
    try:
        async with asyncio.TaskGroup() as tasks:
            started = [
                tasks.create_task(app.gateway.run(app.receive)),
                tasks.create_task(_inbox(app, ticker)),
                tasks.create_task(_again_and_again(ticker, app.run_due)),
                tasks.create_task(_again_and_again(ticker, app.do_work)),
                tasks.create_task(_again_and_again(ticker, app.go_rounds)),
                tasks.create_task(_again_and_again(ticker, app.send_next)),
            ]
            await _first(stop.wait(), *started)
            await app.gateway.stop()
            for task in started:
                task.cancel()
    except* QunxingError as group:
        raise group.exceptions[0] from group
    finally:
        ticker.stop()
        log.info("stopped")


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


async def _inbox(app: App, ticker: Ticker) -> None:
    while True:
        await app.arrived.wait()
        while await _surviving_full_disk(app.handle_inbox):
            ticker.wake()


async def _again_and_again(ticker: Ticker, do: Callable[[], Awaitable[bool]]) -> None:
    event = asyncio.Event()
    while True:
        while await _surviving_full_disk(do):
            ticker.wake()
        await ticker.tick(event)


async def _surviving_full_disk(do: Callable[[], Awaitable[bool]]) -> bool:
    """A full disk is waited out: nothing is lost, what could not be stored stays in the inbox."""
    try:
        return await do()
    except StorageFull:
        log.error("disk_full")
        await asyncio.sleep(FULL_DISK_PAUSE)
        return False


async def _first(*waiting: Awaitable[object]) -> None:
    tasks = [asyncio.ensure_future(one) for one in waiting]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
