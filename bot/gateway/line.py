"""Keeps a line to the gateway: connects, watches, and comes back, for ever."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import structlog

from bot.gateway.base import GatewayError, Refused
from bot.gateway.failures import LineClosed, LineDead, failure
from bot.gateway.puppet import PuppetBase, PuppetFactory, Sleep
from bot.gateway.settings import GatewaySettings

log = structlog.get_logger(__name__)


class Line:
    """`attach` is called with each new puppet before it starts, `lost` with what ended it after it ended.

    Every end counts as a loss: a return, an exception, silence.
    """

    def __init__(
        self,
        factory: PuppetFactory,
        settings: GatewaySettings,
        *,
        attach: Callable[[PuppetBase], None],
        lost: Callable[[GatewayError], None],
        sleep: Sleep,
        dice: random.Random,
    ) -> None:
        self._factory = factory
        self._settings = settings
        self._attach = attach
        self._lost = lost
        self._sleep = sleep
        self._dice = dice
        self._life = asyncio.Event()
        self._dongs = False
        self._up_at: float | None = None

    def sign_of_life(self) -> None:
        """Something came from the gateway."""
        self._life.set()

    def dong(self) -> None:
        """The answer to a ding: from now on only the event stream proves that the line lives."""
        self._dongs = True

    def up(self) -> None:
        """The account is in."""
        self._up_at = asyncio.get_running_loop().time()

    async def run(self) -> None:
        """Hold the line until cancelled."""
        failures = 0
        while True:
            self._up_at = None
            puppet, end = await self._hold()
            self._lost(end)
            failures = 0 if self._was_steady() else failures
            pause = self._settings.backoff[min(failures, len(self._settings.backoff) - 1)]
            pause *= 1 + self._settings.jitter * self._dice.uniform(-1, 1)
            failures += 1
            log.warning("line_lost", reason=str(end), retry_in_seconds=round(pause, 1))
            if await self._wait(pause, puppet):
                failures = 0

    def _was_steady(self) -> bool:
        now = asyncio.get_running_loop().time()
        return self._up_at is not None and now - self._up_at >= self._settings.steady_after

    async def _hold(self) -> tuple[PuppetBase | None, GatewayError]:
        """One connection from start to end: the puppet that had it, and why it ended."""
        try:
            puppet = self._factory()
        except Exception as error:
            return None, failure(error, "connect")
        self._life.clear()
        self._attach(puppet)
        tasks = [asyncio.create_task(puppet.start())]
        if self._settings.ding_every is not None:
            tasks.append(asyncio.create_task(self._watch(puppet, self._settings.ding_every)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            ends = [task.exception() for task in done if not task.cancelled()]
            broken = next((end for end in ends if end is not None), None)
            return puppet, failure(broken, "connect") if broken else LineClosed("the gateway closed the line")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._hang_up(puppet)

    async def _hang_up(self, puppet: PuppetBase) -> None:
        try:
            async with asyncio.timeout(self._settings.call_timeout):
                await puppet.stop()
        except Exception as error:
            log.warning("hang_up_failed", reason=str(failure(error, "stop")))

    async def _watch(self, puppet: PuppetBase, every: float) -> None:
        """Raise `LineDead` when a ding and the time for its dong pass without any sign of life."""
        within = min(self._settings.dong_within, every)
        while True:
            await self._sleep(every - within)
            self._life.clear()
            ding = asyncio.create_task(self._ding(puppet))
            try:
                await self._sleep(within)
            finally:
                ding.cancel()
                await asyncio.gather(ding, return_exceptions=True)
            reading = puppet.room_for_more is None or puppet.room_for_more.is_set()
            if reading and not self._life.is_set():
                raise LineDead(f"no sign of life within {within:g} s of a ding")

    async def _ding(self, puppet: PuppetBase) -> None:
        """Some puppets cannot ding, or never dong: until a first dong came, any answer will do."""
        try:
            await puppet.ding("watch")
        except Exception as error:
            known = failure(error, "ding")
            log.info("ding_failed", reason=str(known))
            if not isinstance(known, Refused):
                return
        if not self._dongs:
            self._life.set()

    async def _wait(self, pause: float, puppet: PuppetBase | None) -> bool:
        """Wait for the next attempt; a door that was shut and opens meanwhile ends the wait at once.

        True if that happened: whoever opened it may need a moment, and is not to be left alone for a minute.
        """
        if puppet is None or pause <= self._settings.knock_every:
            await self._sleep(pause)
            return False
        shut = not await puppet.knock()
        while pause > 0:
            step = min(pause, self._settings.knock_every)
            await self._sleep(step)
            pause -= step
            if shut and await puppet.knock():
                return True
        return False
