"""The gateway of a wechaty puppet: its line, its events in order, its state."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot.clock import Clock
from bot.gateway import decode
from bot.gateway import puppet as wechat
from bot.gateway.actions import Actions
from bot.gateway.base import Deliver, GatewayError, GatewayState, LineChanged, Person, Trouble
from bot.gateway.calls import Calls
from bot.gateway.failures import first_line, trouble
from bot.gateway.line import Line
from bot.gateway.people import People
from bot.gateway.puppet import EVENT_NAMES, PuppetBase, PuppetFactory, Sleep
from bot.gateway.reception import Reception, Report, as_text
from bot.gateway.sequence import Sequence
from bot.gateway.settings import GatewaySettings

log = structlog.get_logger(__name__)

FETCHED = frozenset({"message", "room-join", "room-leave", "room-topic", "friendship", "room-invite"})
ShowCode = Callable[[str], None]


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel what still runs; what failed by itself is raised."""
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


class WechatyGateway(Actions):
    """A chat account behind a wechaty puppet; see `bot.gateway.base.Gateway` for what each call promises.

    `factory` makes a puppet for each connection. `show_code` is handed the text of a login QR code.
    """

    def __init__(
        self,
        factory: PuppetFactory,
        clock: Clock,
        settings: GatewaySettings | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
        dice: random.Random | None = None,
        show_code: ShowCode = lambda code: None,
    ) -> None:
        settings = settings or GatewaySettings()
        calls = Calls(settings, sleep)
        super().__init__(calls, People(calls), clock, settings)
        self._show_code = show_code
        self._reception = Reception(self._calls, self._people)
        self._sequence: Sequence[Report] = Sequence(
            self._reception.resolve,
            concurrency=settings.concurrency,
            window=settings.window,
            backlog=settings.backlog,
        )
        self._line = Line(
            factory,
            settings,
            attach=self._attach,
            lost=self._lost,
            sleep=sleep,
            dice=dice or random.Random(),
        )
        self._state = GatewayState(connected=False, reason="not started", trouble="starting")
        self._told_lost = False
        self._odd_reports = 0
        self._taking = True
        self._stop = asyncio.Event()

    # -- the line

    async def run(self, deliver: Deliver) -> None:
        """Hold the line and hand on arrivals until `stop`; raises only what `deliver` raises."""
        handing_on = asyncio.create_task(self._sequence.run(deliver))
        line = asyncio.create_task(self._line.run())
        stop = asyncio.create_task(self._stop.wait())
        self._taking = True
        try:
            await asyncio.wait((handing_on, line, stop), return_when=asyncio.FIRST_COMPLETED)
            if not handing_on.done():
                await self._drain()
        finally:
            self._taking = False
            self._calls.logged_in = False
            self._stop.clear()
            await _end(line, stop)
            self._calls.puppet = None
            await _end(handing_on)

    async def stop(self) -> None:
        """End `run`: the line is closed, what has arrived is still handed on."""
        self._stop.set()

    def state(self) -> GatewayState:
        """The state of the line now."""
        return replace(
            self._state,
            account=self._reception.me,
            odd_events=self._reception.odd + self._odd_reports,
            payloads_lost=self._reception.lost + self._people.failed,
        )

    def idle(self) -> bool:
        """Whether everything that has arrived was handed on."""
        return self._sequence.idle()

    async def settled(self) -> None:
        """Wait until everything that has arrived was handed on."""
        await self._sequence.settled()

    async def _drain(self) -> None:
        """Hand on what has arrived while the line still holds: its payloads have to be fetched."""
        self._taking = False
        try:
            async with asyncio.timeout(self._settings.drain_timeout):
                await self._sequence.settled()
        except TimeoutError:
            log.warning("stopped_early", reason="what arrived last was not handed on")

    # -- events of the puppet, called synchronously in order of arrival

    def _attach(self, puppet: PuppetBase) -> None:
        puppet.room_for_more = self._sequence.room_for_more
        self._calls.puppet = puppet
        for name in EVENT_NAMES:
            if name in FETCHED:
                puppet.on(name, partial(self._fetched, puppet, name))
            else:
                puppet.on(name, partial(self._told, puppet, name))

    def _fetched(self, puppet: PuppetBase, name: str, payload: Any) -> None:
        if puppet is self._calls.puppet and self._taking:
            self._line.sign_of_life()
            self._sequence.arrive(Report(name, payload, self._clock.now()))

    def _told(self, puppet: PuppetBase, name: str, payload: Any) -> None:
        if puppet is not self._calls.puppet or not self._taking:
            return
        self._line.sign_of_life()
        try:
            self._take(name, payload)
        except Exception:  # a payload of the wrong shape, whatever the shape
            self._odd(f"malformed {name}", payload)

    def _take(self, name: str, payload: Any) -> None:
        if name == "login":
            self._logged_in(payload)
        elif name == "logout":
            self._down(f"logged out: {first_line(getattr(payload, 'data', '') or '')}", "logged_out")
        elif name == "dong":
            self._line.dong()
            self.dong(getattr(payload, "data", None) or "")
        elif name == "dirty":
            self._dirty(payload)
        elif name == "scan":
            self._scan(payload)
        elif name in ("error", "reset", "odd"):
            self._odd(name, payload)

    def _logged_in(self, payload: Any) -> None:
        account = payload.contact_id
        if self._state.connected and account == self._reception.account:
            return
        if account != self._reception.account:
            self._people.forget_all()
        self._reception.account = account
        self._calls.logged_in = True
        now = self._clock.now()
        self._line.up()
        self._told_lost = False
        self._reception.me = Person(id=account, name="")
        self._state = replace(self._state, connected=True, since=now, reason="", trouble="")
        self._line_changed(True, "", now)
        self._sequence.arrive(Report("login", payload, now))

    def _lost(self, end: GatewayError) -> None:
        self._calls.puppet = None
        self._people.forget_all()
        self._down(str(end), trouble(end))

    def _down(self, reason: str, why: Trouble) -> None:
        self._calls.logged_in = False
        now = self._clock.now()
        since = now if self._state.connected else self._state.since
        self._state = replace(self._state, connected=False, since=since, reason=reason, trouble=why)
        if not self._told_lost:
            self._told_lost = True
            self._line_changed(False, reason, now)

    def _line_changed(self, connected: bool, reason: str, now: datetime) -> None:
        key = decode.fact_key("line", connected, now.timestamp(), reason)
        self._sequence.arrived(
            LineChanged(key=key, at=now, received_at=now, connected=connected, reason=reason)
        )

    def _dirty(self, payload: Any) -> None:
        kind, what = payload.payload_type, payload.payload_id
        if kind == wechat.CONTACT_PAYLOAD:
            self._people.forget_contact(what)
        elif kind in (wechat.ROOM_PAYLOAD, wechat.MEMBER_PAYLOAD):
            self._people.forget_room(what)

    def _scan(self, payload: Any) -> None:
        if payload.qrcode:
            reason = "waiting for the login code to be scanned"
            self._state = replace(self._state, reason=reason, trouble="scan")
            self._show_code(payload.qrcode)

    def _odd(self, name: str, payload: Any) -> None:
        self._odd_reports += 1
        why = getattr(payload, "why", f"the gateway reported: {name}")
        raw = getattr(payload, "raw", None)
        text = raw if isinstance(raw, str) else as_text(payload)
        self._sequence.arrived(decode.odd(why, text, self._clock.now()))
