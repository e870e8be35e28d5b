"""Whether the line to WeChat is up, told to whoever sits at the terminal and, if it lasts, by alert."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.alerts import Alerts
from bot.clock import Clock
from bot.gateway.base import Gateway, GatewayState
from bot.messages import CORE, Texts

ALERT_AFTER = timedelta(minutes=5)


@dataclass(slots=True)
class Watch:
    """Looks at the line once a tick and says what has changed."""

    gateway: Gateway
    clock: Clock
    alerts: Alerts
    texts: Texts
    tell: Callable[[str], None]
    endpoint: str
    _told: str = field(default="", init=False)
    _down_since: datetime | None = field(default=None, init=False)

    async def look(self) -> None:
        """Tell a change at once; alert when the line has been down for five minutes."""
        now, state = self.clock.now(), self.gateway.state()
        text = self._sentence(state)
        if text != self._told:
            self._told = text
            self.tell(text)
        if state.connected:
            self._down_since = None
            return
        self._down_since = self._down_since or now
        if now - self._down_since >= ALERT_AFTER:
            await self.alerts.send("line_down", text, now)

    async def trouble(self, key: str) -> None:
        """Say and alert something of the bot's own, such as a full disk."""
        text = str(self.texts.render(CORE, key, None))
        if await self.alerts.send(key, text, self.clock.now()) or self._told != text:
            self.tell(text)
        self._told = text

    def _sentence(self, state: GatewayState) -> str:
        if state.connected:
            name = state.account.name if state.account else "?"
            return str(self.texts.render(CORE, "run.connected", None, name=name))
        key = f"run.{state.trouble or 'starting'}"
        return str(self.texts.render(CORE, key, None, endpoint=self.endpoint))
