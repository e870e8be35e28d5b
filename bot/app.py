"""The one place that wires everything: `build(config, gateway, clock, dice)` gives an `App`.

The app is the same on a real gateway, in a simulated group and in a test. What differs is who moves it:
`run` lets the machine's clock do it, `settle` does everything that is due at this moment and returns.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from bot.accounts import check_account
from bot.agenda import AgendaBook
from bot.clock import Clock
from bot.config import Config
from bot.delivery import deliver
from bot.duties import Duties
from bot.engine import Engine
from bot.errors import QunxingError
from bot.events import Event
from bot.gateway.base import Arrival, Gateway
from bot.host import Host, read_texts, start
from bot.intake import Desk
from bot.intake.line import stop_listening
from bot.linking import Linking
from bot.llm import NO_WORDING, wording_of
from bot.messages import Texts
from bot.outbox import Claim, Outbox, Outcome
from bot.plugin import Plugin
from bot.register import Register
from bot.rounds import Rounds
from bot.schedule import Schedule
from bot.services import Services
from bot.settings import SettingsBook
from bot.storage.engine import Storage
from bot.work_list import Waiting
from bot.working import Working

T = TypeVar("T")

log = structlog.get_logger(__name__)

BATCH = 500
INBOX_LIMIT = 5_000
MEMBERS_EVERY = timedelta(minutes=5)


@dataclass(slots=True)
class App:
    """One bot, wired. Make it with `build`, then `await begin()`."""

    gateway: Gateway
    storage: Storage
    clock: Clock
    services: Services
    host: Host
    engine: Engine
    duties: Duties
    outbox: Outbox
    rounds: Rounds
    agenda: AgendaBook
    working: Working
    _inbox: deque[Arrival] = field(default_factory=deque, init=False)
    _room_in_inbox: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _at_inbox: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _unhandled: list[Event] = field(default_factory=list, init=False)
    _unsettled: tuple[Claim, Outcome, datetime] | None = field(default=None, init=False)
    arrived: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def begin(self) -> None:
        """Load what is known, close what a crash left open, finish events that were not handled."""
        now = self.clock.now()

        def load(session: Session) -> list[Event]:
            self.services.register.load(session)
            self.services.settings.load(session)
            self.services.texts.load(session)
            self.services.load_expected(session)
            stop_listening(session, now, orderly=False)
            endings = self.outbox.recover(session, now)
            self.duties.settled(session, endings, now)
            return self.engine.unfinished(session, now)

        unfinished = await self._write(load)
        while unfinished:
            unfinished = await self._write(partial(self._finish, unfinished, now))

    def _finish(self, events: list[Event], now: datetime, session: Session) -> list[Event]:
        """Handle events that a crash left open; what is left open still."""
        self.engine.handle(session, events, now)
        return self.engine.unfinished(session, now)

    async def end(self) -> None:
        """Told to stop: what is said from now on is not heard."""
        await self._write(partial(stop_listening, now=self.clock.now(), orderly=True))

    async def receive(self, arrival: Arrival) -> None:
        """The door of the inbox: everything that the gateway delivers comes in here, in order."""
        while len(self._inbox) >= INBOX_LIMIT:
            self._room_in_inbox.clear()
            await self._room_in_inbox.wait()
        self._inbox.append(arrival)
        self.arrived.set()

    async def settle(self) -> None:
        """Do all that can be done now: inbox, due slots, work, rounds, sending, and what follows from it."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """One round of everything; whether anything was done."""
        handled, ran = await self.handle_inbox(), await self.run_due()
        worked = await self.do_work() or await self.ask_model()
        looked = await self.go_rounds()
        sent = await self.send_next()
        return handled or ran or worked or looked or sent

    async def handle_inbox(self) -> bool:
        """Record and then handle what has arrived, a batch at a time.

        What could not be stored stays here and is tried again at the next call. One call at a time: an end
        that empties the inbox must not take what is being recorded already.
        """
        async with self._at_inbox:
            if not self._unhandled and not await self._take_batch():
                return False
            events, now = self._unhandled, self.clock.now()
            if events:
                await self._write(lambda session: self.engine.handle(session, events, now))
                self._unhandled = []
            return True

    async def _take_batch(self) -> bool:
        self.arrived.clear()
        batch = list(islice(self._inbox, BATCH))
        if batch:
            self._unhandled = await self._record(batch, self.clock.now())
            for _ in batch:
                self._inbox.popleft()
            self._room_in_inbox.set()
        return bool(batch)

    async def _record(self, batch: list[Arrival], now: datetime) -> list[Event]:
        try:
            return await self.storage.write(lambda session: self.engine.record(session, batch, now))
        except BaseException as error:
            self.engine.forget_recorded()
            if isinstance(error, QunxingError) or not isinstance(error, Exception):
                raise
            log.exception("batch_not_recorded", arrivals=len(batch))
        return await self.storage.write(lambda session: self.engine.record_each(session, batch, now))

    async def notice(self, what: str) -> None:
        """Something is wrong with the bot itself: the plugins hear of it, and through them its owners."""
        now = self.clock.now()
        await self._write(lambda session: self.duties.notice(session, what, now))

    async def run_due(self) -> bool:
        """Run the jobs and timers that are due."""
        now = self.clock.now()
        if self.agenda.now.slot_at is None or self.agenda.now.slot_at > now:
            return False
        return await self._write(lambda session: self.duties.run_due(session, now)) > 0

    async def do_work(self) -> bool:
        """Do the background work that waits, on read snapshots, and hand in the results."""
        return await self._do_each([row for row in self.agenda.now.work if not self.working.needs_model(row)])

    async def ask_model(self) -> bool:
        """Do what waits for the language model, which may take its time: beside the other work."""
        return await self._do_each([row for row in self.agenda.now.work if self.working.needs_model(row)])

    async def _do_each(self, waiting: list[Waiting]) -> bool:
        for row in waiting:
            await self._hand_in(row.id, await self.working.result(row))
        return bool(waiting)

    async def go_rounds(self) -> bool:
        """Ask the gateway for rooms and member lists where it is time."""
        arrivals = await self.rounds.go()
        for arrival in arrivals:
            await self.receive(arrival)
        return bool(arrivals)

    async def send_next(self) -> bool:
        """Claim, send and settle one outgoing row; False if none may go out now."""
        if self._unsettled is None and not await self._deliver_next():
            return False
        if self._unsettled is not None:  # kept until it is written: a full disk must not forget what went out
            claim, outcome, ended = self._unsettled
            await self._write(
                lambda session: self.duties.settled(
                    session, self.outbox.settle(session, claim, outcome, ended), ended
                )
            )
            self._unsettled = None
        return True

    async def _deliver_next(self) -> bool:
        now = self.clock.now()
        if not self.agenda.knew(self._can_send()):
            await self._write(lambda session: None)
        if self.agenda.now.send_at is None or self.agenda.now.send_at > now:
            return False
        self.services.stir()
        claim = await self._write(lambda session: self._claim(session, now))
        if claim is None:
            return False
        self._unsettled = (claim, await deliver(self.gateway, claim), self.clock.now())
        return True

    def _claim(self, session: Session, now: datetime) -> Claim | None:
        self.duties.settled(session, self.outbox.expire(session, now), now)
        return self.outbox.claim(session, now, self._can_send())

    def next_wake(self) -> datetime | None:
        """When there will be something to do if nothing arrives; None if never."""
        moments = (self.agenda.now.next_at, self.rounds.next_at())
        return min((moment for moment in moments if moment is not None), default=None)

    async def look_again(self) -> None:
        """Read the agenda anew, after something else than this app has written."""
        self.services.stir()
        await self._write(lambda session: None)

    async def _hand_in(self, work: int, result: dict[str, Any] | str) -> None:
        await self._write(partial(self.duties.finish_work, work=work, result=result, now=self.clock.now()))

    def _can_send(self) -> bool:
        return self.outbox.silent or self.gateway.state().connected

    async def _write(self, fn: Callable[[Session], T]) -> T:
        """Write, and see what is on the agenda afterwards; after a failure forget what was cached from it."""

        def write_and_look(session: Session) -> T:
            result = fn(session)
            self.agenda.look(session, self.clock.now(), self._can_send())
            return result

        try:
            result = await self.storage.write(write_and_look)
            if self.services.must_empty_wal:
                self.services.must_empty_wal = False
                await asyncio.to_thread(self.storage.checkpoint)
            return result
        except BaseException:
            self.services.register.forget_caches()
            self.services.schedule.replan()
            self.services.stir()
            raise


def build(
    config: Config, gateway: Gateway, clock: Clock, dice: random.Random, storage: Storage,
    plugins: Sequence[Plugin], broken: dict[str, str] | None = None, *, silent: bool = False,
) -> App:  # fmt: skip
    """Wire a bot. The database must be upgraded; `silent` lets it say nothing at all to the network."""
    texts = Texts()
    register = Register()
    zone = ZoneInfo(config.bot.timezone)
    usable, broken = read_texts(texts, plugins, broken or {})
    settings = SettingsBook(config, usable, register.room_name, texts)
    host = storage.write_now(lambda session: start(session, usable, broken, texts))
    schedule = Schedule(host.all, settings, zone)
    services = Services(
        register=register, settings=settings, texts=texts, schedule=schedule, dice=dice, zone=zone,
        bot_name=config.bot.name, split_at=config.sending.split_at, gateway_state=gateway.state,
        media_folder=storage.file.parent / "media", plugins=host.all,
    )  # fmt: skip
    desk = Desk(register, check_account, Linking(register))
    engine = Engine(services, host, desk)
    outbox = Outbox(register, settings, config.sending, zone, dice, silent)
    rounds = Rounds(gateway, storage, clock, MEMBERS_EVERY)

    def room_changed() -> None:
        settings.invalidate()
        rounds.look_again()

    register.changed = room_changed
    register.reloaded = desk.linking.forget
    agenda = AgendaBook(services, schedule, outbox)
    wording = NO_WORDING if silent else wording_of(config.llm)
    working = Working(host, storage, clock, wording)
    return App(
        gateway, storage, clock, services, host, engine, Duties(engine), outbox, rounds, agenda, working
    )
