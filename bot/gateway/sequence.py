"""Arrivals resolved side by side and handed on strictly in the order in which they came in."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.gateway.base import Arrival, Deliver

Raw = TypeVar("Raw")
Resolve = Callable[[Raw], Awaitable[Arrival | None]]


class _Slot(Generic[Raw]):
    """A place in the order. `raw` is what must still be resolved, `arrival` what it became (or nothing)."""

    __slots__ = ("arrival", "number", "raw", "ready")

    def __init__(self, number: int, raw: Raw | None, arrival: Arrival | None) -> None:
        self.number = number
        self.raw = raw
        self.arrival = arrival
        self.ready = raw is None


class Sequence(Generic[Raw]):
    """Numbers at once, resolves with at most `concurrency` calls, holds at most `window` resolved.

    `resolve` must not raise. `room_for_more` is cleared while `backlog` raw arrivals wait: whoever reads
    from the network should then stop reading.
    """

    def __init__(self, resolve: Resolve[Raw], *, concurrency: int, window: int, backlog: int) -> None:
        self._resolve = resolve
        self._concurrency = concurrency
        self._window = window
        self._backlog = backlog
        self._order: deque[_Slot[Raw]] = deque()
        self._todo: deque[_Slot[Raw]] = deque()
        self._numbered = 0
        self._delivered = 0
        self._idle_workers: deque[asyncio.Future[None]] = deque()
        self._head_ready = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self.room_for_more = asyncio.Event()
        self.room_for_more.set()

    def arrive(self, raw: Raw) -> None:
        """Take a number for something that must be resolved first."""
        slot: _Slot[Raw] = _Slot(self._numbered, raw, None)
        self._todo.append(slot)
        self._take(slot)
        self._wake_worker()

    def arrived(self, arrival: Arrival) -> None:
        """Take a number for something that is complete."""
        slot: _Slot[Raw] = _Slot(self._numbered, None, arrival)
        self._take(slot)
        if self._order[0] is slot:
            self._head_ready.set()

    def idle(self) -> bool:
        """Whether everything that came in was handed on."""
        return self._settled.is_set()

    async def settled(self) -> None:
        """Wait until everything that came in was handed on."""
        await self._settled.wait()

    async def run(self, deliver: Deliver) -> None:
        """Resolve and hand on until cancelled, or until `deliver` raises."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._concurrency):
                    group.create_task(self._resolve_some())
                group.create_task(self._hand_on(deliver))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    def _take(self, slot: _Slot[Raw]) -> None:
        self._numbered += 1
        self._order.append(slot)
        self._settled.clear()
        if len(self._order) >= self._backlog:
            self.room_for_more.clear()

    def _wake_worker(self) -> None:
        while self._idle_workers:
            waiting = self._idle_workers.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return

    async def _resolve_some(self) -> None:
        todo = self._todo
        while True:
            while not todo or todo[0].number >= self._delivered + self._window:
                waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._idle_workers.append(waiting)
                await waiting
            slot = todo.popleft()
            assert slot.raw is not None
            slot.arrival = await self._resolve(slot.raw)
            slot.raw = None
            slot.ready = True
            if self._order[0] is slot:
                self._head_ready.set()

    async def _hand_on(self, deliver: Deliver) -> None:
        order = self._order
        while True:
            while not order or not order[0].ready:
                if not order:
                    self._settled.set()
                self._head_ready.clear()
                await self._head_ready.wait()
            arrival = order[0].arrival
            if arrival is not None:
                await deliver(arrival)
            order.popleft()
            self._delivered += 1
            self._release()

    def _release(self) -> None:
        """Let workers go on once half of the window is free again: waking them costs more than a slot."""
        if self._todo and self._todo[0].number <= self._delivered + self._window // 2:
            for _ in range(min(len(self._idle_workers), len(self._todo))):
                self._wake_worker()
        if len(self._order) * 2 <= self._backlog and not self.room_for_more.is_set():
            self.room_for_more.set()
