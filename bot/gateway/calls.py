"""Calls into the puppet of the moment: each with a timeout, questions asked again, errors made plain."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.gateway.base import NotSent
from bot.gateway.failures import failure
from bot.gateway.puppet import PuppetBase, Sleep
from bot.gateway.settings import GatewaySettings


class Calls:
    """`puppet` is the one whose line is up, None while there is none; `logged_in` whether it may act."""

    def __init__(self, settings: GatewaySettings, sleep: Sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self.puppet: PuppetBase | None = None
        self.logged_in = False

    async def ask(self, call: str, *arguments: Any) -> Any:
        """A question without effect: asked again after each pause, on whatever line is up by then.

        Raises the `GatewayError` of the last attempt.
        """
        timeout = self._settings.payload_timeout
        for pause in self._settings.payload_pauses:
            try:
                return await self._once(call, timeout, *arguments)
            except Exception:  # asked again: only the last attempt's error counts
                await self._sleep(pause)
        return await self._plainly(call, timeout, *arguments)

    async def act(self, call: str, *arguments: Any, timeout: float | None = None) -> Any:
        """One call, never repeated. Raises only `GatewayError`."""
        if not self.logged_in:
            raise NotSent(f"{call}: nobody is logged in")
        return await self._plainly(call, timeout or self._settings.call_timeout, *arguments)

    async def _plainly(self, call: str, timeout: float, *arguments: Any) -> Any:
        try:
            return await self._once(call, timeout, *arguments)
        except Exception as error:
            # Not chained: gateways put tokens and stacks into their errors, and tracebacks reach logs.
            raise failure(error, call) from None

    async def _once(self, call: str, timeout: float, *arguments: Any) -> Any:
        if self.puppet is None:
            raise NotSent(f"{call}: the line is down")
        async with asyncio.timeout(timeout):
            return await getattr(self.puppet, call)(*arguments)
