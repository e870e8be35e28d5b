"""Collects what a gateway delivers, and waits for what a test expects next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.gateway.base import Arrival, MessageArrived

Kind = TypeVar("Kind", bound=Arrival)

PATIENCE = 15.0  # seconds until a test that waits for something in vain fails


class Inbox:
    """`all` is everything delivered so far, in order."""

    def __init__(self) -> None:
        self.all: list[Arrival] = []
        self._seen = 0
        self._changed = asyncio.Condition()

    async def deliver(self, arrival: Arrival) -> None:
        async with self._changed:
            self.all.append(arrival)
            self._changed.notify_all()

    async def next(self, kind: type[Kind]) -> Kind:
        """The next one of that kind; others before it are passed over."""
        async with asyncio.timeout(PATIENCE), self._changed:
            while True:
                while self._seen < len(self.all):
                    self._seen += 1
                    found = self.all[self._seen - 1]
                    if isinstance(found, kind):
                        return found
                await self._changed.wait()

    async def until(self, enough: Callable[[list[Arrival]], bool]) -> None:
        """Wait until everything delivered so far satisfies `enough`."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: enough(self.all))

    async def texts(self, count: int) -> list[str]:
        """The texts of the first `count` messages, in order of delivery."""
        await self.until(lambda all: sum(isinstance(one, MessageArrived) for one in all) >= count)
        return [one.text for one in self.all if isinstance(one, MessageArrived)][:count]
