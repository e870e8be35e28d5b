"""A tea group on a simulated network with a running gateway, for tests in virtual time."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

from bot.clock import MovableClock
from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import LoggedIn
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from tests.unit.gateway.inbox import Inbox

START = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


class Group:
    """A tea group on a simulated network, with a running gateway; `async with Group() as group`."""

    def __init__(self, **settings: Any) -> None:
        self.clock = MovableClock(START)
        self.puppet = SimulatedPuppet(self.clock)
        self.tea = self.puppet.person("阿茶", friend=True)
        self.lin = self.puppet.person("小林")
        self.room = self.puppet.room("岩茶同好会", [self.tea, self.lin])
        self.inbox = Inbox()
        self.codes: list[str] = []
        self.calls: list[str] = []
        self.gateway = WechatyGateway(
            lambda: self.puppet, self.clock, GatewaySettings(**settings), show_code=self.codes.append
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Group:
        self.running = asyncio.create_task(self.gateway.run(self.inbox.deliver))
        self._stack.push_async_callback(self._end)
        if self.puppet.reachable and self.puppet.logged_in:
            await self.inbox.next(LoggedIn)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def _end(self) -> None:
        await self.gateway.stop()
        await self.running

    def spoil(self, call: str, *errors: Exception | float, after: bool = False) -> None:
        """The next calls of that name fail with these, or take that many seconds first."""
        todo = list(errors)

        async def hook(name: str, arguments: tuple[Any, ...]) -> None:
            self.calls.append(name)
            if name == call and todo:
                trouble = todo.pop(0)
                if isinstance(trouble, Exception):
                    raise trouble
                await asyncio.sleep(trouble)

        if after:
            self.puppet.after_call = hook
        else:
            self.puppet.before_call = hook
