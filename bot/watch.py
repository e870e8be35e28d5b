"""Whether the line to WeChat is up and the bot is well: told at the terminal, by alert, and to its owners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.alerts import SAME_AGAIN, Alerts
from bot.clock import Clock
from bot.errors import QunxingError, StorageError
from bot.gateway.base import Gateway, GatewayState
from bot.health import WRITTEN_EVERY, write_health
from bot.messages import CORE, Texts

log = structlog.get_logger(__name__)

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
    folder: Path | None = None
    report: Callable[[str], Awaitable[None]] | None = None
    """Tells the owners by WeChat; it may fail for want of space, and is tried again."""

    _written_at: datetime | None = field(default=None, init=False)
    _written: tuple[bool, str] = field(default=(False, ""), init=False)
    _told: str = field(default="", init=False)
    _down_since: datetime | None = field(default=None, init=False)
    _troubled: dict[str, datetime] = field(default_factory=dict, init=False)
    _unreported: list[str] = field(default_factory=list, init=False)

    async def look(self) -> None:
        """Tell a change at once; alert when the line has been down for five minutes."""
        now, state = self.clock.now(), self.gateway.state()
        self._write_health(state, now)
        text = self._sentence(state)
        if text != self._told:
            self._told = text
            self.tell(text)
        if state.connected:
            self._down_since = None
            await self._report()
            return
        self._down_since = self._down_since or now
        if now - self._down_since >= ALERT_AFTER:
            await self.alerts.send("line_down", text, now)

    def _write_health(self, state: GatewayState, now: datetime) -> None:
        is_due = self._written_at is None or now - self._written_at >= WRITTEN_EVERY
        has_changed = (state.connected, state.trouble) != self._written
        if self.folder is None or not (is_due or has_changed):
            return
        self._written_at, self._written = now, (state.connected, state.trouble)
        try:
            write_health(self.folder, state, now)
        except OSError as error:  # a full disk says so elsewhere
            log.warning("health_not_written", why=type(error).__name__)

    async def trouble(self, key: str) -> None:
        """Say and alert something of the bot's own, such as a full disk; the same again after an hour."""
        text, now = str(self.texts.render(CORE, key, None)), self.clock.now()
        told_at = self._troubled.get(key)
        if told_at is None or now - told_at >= SAME_AGAIN:
            self._troubled[key] = now
            self.tell(text)
            self._unreported.append(key)
        await self.alerts.send(key, text, now)

    async def ending(self, error: Exception) -> None:
        """The bot stops by itself; if whoever started it would not see that, an alert does."""
        now = self.clock.now()
        if isinstance(error, QunxingError):
            await self.alerts.send(error.key, self.texts.said(error), now)
        else:
            text = self.texts.render(CORE, "run.ended", None, kind=type(error).__name__)
            await self.alerts.send("ended", str(text), now)

    async def _report(self) -> None:
        while self._unreported and self.report is not None:
            try:
                await self.report(self._unreported[0])
            except StorageError as error:  # the disk is still full: at the next look
                log.warning("trouble_not_reported", why=error.key)
                return
            del self._unreported[0]

    def _sentence(self, state: GatewayState) -> str:
        if state.connected:
            name = state.account.name if state.account else "?"
            return str(self.texts.render(CORE, "run.connected", None, name=name))
        key = f"run.{state.trouble or 'starting'}"
        return str(self.texts.render(CORE, key, None, endpoint=self.endpoint))
