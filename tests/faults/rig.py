"""A whole bot at a faulty gateway, in this process: started, stopped, or dropped as a crash would drop it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.app import App, build
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.config_sections import SendingSettings
from bot.errors import StorageFull
from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import RoomRef
from bot.gateway.cast import SimulatedRoom
from bot.gateway.puppet import PuppetFactory
from bot.gateway.settings import GatewaySettings
from bot.plugin import Plugin
from bot.register import Register
from bot.storage.connection import database_file
from bot.storage.engine import Storage
from bot.storage.migrate import upgrade
from tests.faults.virtual_time import HastyLoop

T = TypeVar("T")

# Sending as fast as it goes: pacing has tests of its own, and would only make these long.
UNPACED = SendingSettings.model_construct(
    pause_seconds_min=0.0, pause_seconds_max=0.0, account_per_minute=10**9, split_at=1500
)


class WatchedStorage(Storage):
    """Lets virtual time stand still while a call is under way."""

    async def write(self, fn: Callable[[Session], T]) -> T:
        with _under_way():
            return await super().write(fn)

    async def read(self, fn: Callable[[Session], T]) -> T:
        with _under_way():
            return await super().read(fn)


async def until(condition: Callable[[], bool], limit: float = 60.0, every: float = 0.02) -> None:
    """Look again and again, for a while."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other threads and processes
            await asyncio.sleep(every)


class _under_way:  # noqa: N801 - reads as a phrase
    def __enter__(self) -> None:
        self._add(1)

    def __exit__(self, *_: object) -> None:
        self._add(-1)

    @staticmethod
    def _add(count: int) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(loop, HastyLoop):
            loop.haste.under_way += count


class Rig:
    """The bot of one data folder. `start` can be called again after `stop` and `crash`."""

    def __init__(
        self, folder: Path, factory: PuppetFactory, *, plugins: Sequence[Plugin],
        clock: Clock | None = None, settings: GatewaySettings | None = None, seed: int = 1,
        tick: float = 0.05, config: Config | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.clock = clock or SystemClock()
        self.app: App
        self.storage: Storage
        self.gateway: WechatyGateway
        self._factory = factory
        self._plugins = plugins
        self._settings = settings or GatewaySettings()
        self._dice = random.Random(seed)
        self._tick = tick
        self._config = config or Config(sending=UNPACED)
        self._tasks: list[asyncio.Task[None]] = []
        self._handling = False
        folder.mkdir(parents=True, exist_ok=True)
        upgrade(folder, now=self.clock.now())

    async def start(self) -> None:
        """Open the data and the line."""
        self.storage = WatchedStorage(database_file(self.folder))
        self.gateway = WechatyGateway(self._factory, self.clock, self._settings, dice=self._dice)
        self.app = build(self._config, self.gateway, self.clock, self._dice, self.storage, self._plugins)
        await self.app.begin()
        running = (self.gateway.run(self.app.receive), self._inbox(), self._duties())
        self._tasks = [asyncio.create_task(one) for one in running]

    async def stop(self) -> None:
        """An orderly end: what has arrived is still stored and handled."""
        await self.gateway.stop()
        await self._tasks[0]
        await self.app.handle_inbox()
        await self._drop()

    async def crash(self) -> None:
        """An end between two steps: what is in memory is lost."""
        await self._drop()

    def failed(self) -> list[BaseException]:
        """What ended a part of the bot by itself; nothing ever should."""
        done = [task for task in self._tasks if task.done()]
        return [task.exception() or AssertionError("ended") for task in done]

    def hear(self, rooms: Sequence[SimulatedRoom], status: str = "live") -> None:
        """The bot knows these rooms and speaks in them. Before `start`."""
        storage, register, now = Storage(database_file(self.folder)), Register(), self.clock.now()

        def know(session: Session) -> None:
            for room in rooms:
                key, _ = register.room_key(session, RoomRef(room.id, room.topic), now)
                register.set_room_status(session, key, status, now)

        storage.write_now(know)
        storage.close()

    def read(self, fn: Callable[[Session], T]) -> T:
        """Read from the database of a bot that is stopped."""
        storage = Storage(database_file(self.folder))
        try:
            return storage.read_now(fn)
        finally:
            storage.close()

    def read_live(self, fn: Callable[[Session], T]) -> T:
        """Read from the database of a bot that runs."""
        return self.storage.read_now(fn)

    async def quiet(self, limit: float = 60.0) -> None:
        """Wait until everything that has arrived is handled; raises if a part of the bot has ended."""
        await until(lambda: bool(self.failed()) or self._is_quiet(), limit, self._tick)
        if self.failed():
            raise self.failed()[0]

    def _is_quiet(self) -> bool:
        return self.gateway.idle() and not self._handling and not self.app.arrived.is_set()

    async def _drop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.storage.close()

    async def _inbox(self) -> None:
        while True:
            await self.app.arrived.wait()
            self._handling = True
            while await self._surviving(self.app.handle_inbox()):
                pass
            self._handling = False

    async def _duties(self) -> None:
        while True:
            for do in (self.app.run_due, self.app.do_work, self.app.go_rounds, self.app.send_next):
                while await self._surviving(do()):
                    pass
            await asyncio.sleep(self._tick)

    async def _surviving(self, doing: Coroutine[Any, Any, bool]) -> bool:
        with suppress(StorageFull):
            return await doing
        await asyncio.sleep(self._tick)
        return True
