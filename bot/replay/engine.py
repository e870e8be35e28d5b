"""The whole bot over a log of the past: on a clock of its own, silent towards any network.

Everything runs as it would have run then, message by message; what the bot would have said is withheld and
kept with its time, class and reason. The result depends on the log, the configuration and the seed alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from sqlalchemy.orm import Session

from bot.agenda import Agenda
from bot.app import App
from bot.clock import MovableClock
from bot.gateway.base import Arrival, GatewayState, JoinArrived, MessageArrived, Person, RoomRef
from bot.llm import NO_WORDING
from bot.storage.history import History
from bot.work_list import Waiting

IN_ONE_WRITE = 500
AFTERWARDS = timedelta(hours=1)
"""How long the clock goes on after the last message, so that what it led to still happens."""


class NoNetwork:
    """A gateway without a network: the line counts as up, and nothing is ever sent over it."""

    def state(self) -> GatewayState:
        """Always up."""
        return GatewayState(connected=True)


@dataclass(slots=True)
class Replay:
    """Moves an app through arrivals. The app must be built silent, with this clock."""

    app: App
    clock: MovableClock
    messages: int = field(default=0, init=False)
    seconds: float = field(default=0.0, init=False)

    def run(self, arrivals: Iterable[Arrival]) -> None:
        """Go through all arrivals, which must be in the order of their times, and a little beyond."""
        began, rest = time.perf_counter(), iter(arrivals)
        while part := list(islice(rest, IN_ONE_WRITE)):
            self.app.storage.write_now(partial(self._part, part))
        self.app.storage.write_now(lambda session: self._advance(session, self.clock.now() + AFTERWARDS))
        self.seconds = time.perf_counter() - began

    def _part(self, part: list[Arrival], session: Session) -> None:
        for arrival in part:
            self._advance(session, arrival.received_at)
            events = self.app.engine.record(session, [arrival], arrival.received_at)
            self.app.engine.handle(session, events, arrival.received_at)
            self.messages += isinstance(arrival, MessageArrived)

    def _advance(self, session: Session, moment: datetime) -> None:
        """Do everything that was due before this moment, in order."""
        while True:
            now = self.clock.now()
            agenda = self.app.agenda.look(session, now, connected=True)
            if agenda.work:
                self._do_work(session, agenda.work)
                continue
            wake = agenda.next_at
            if wake is None or wake >= moment:
                break
            self.clock.move_to(max(wake, now + timedelta(milliseconds=1)))
            self._do_due(session, agenda)
        self.clock.move_to(moment)

    def _do_due(self, session: Session, agenda: Agenda) -> None:
        now, duties, outbox = self.clock.now(), self.app.duties, self.app.outbox
        if agenda.slot_at is not None and agenda.slot_at <= now:
            duties.run_due(session, now)
        if agenda.send_at is not None and agenda.send_at <= now:
            duties.settled(session, outbox.expire(session, now), now)
            outbox.claim(session, now)
        self.app.services.stir()

    def _do_work(self, session: Session, waiting: Iterable[Waiting]) -> None:
        now = self.clock.now()
        for row in waiting:
            work = self.app.host.plugins[row.plugin].works[row.name]
            given = NO_WORDING if work.with_model else History(session, now)
            result = work.function(given, dict(row.payload))
            self.app.duties.finish_work(session, row.id, result, now)


def with_joins(messages: Iterable[MessageArrived]) -> Iterator[Arrival]:
    """The messages, with each person's first line standing for joining."""
    seen: set[tuple[str, str]] = set()
    for message in messages:
        if message.room is not None and (message.room.id, message.talker.id) not in seen:
            seen.add((message.room.id, message.talker.id))
            yield joined(message.room, message.talker, message.received_at)
        yield message


def joined(room: RoomRef, person: Person, at: datetime) -> JoinArrived:
    """A join as the gateway would have reported it."""
    return JoinArrived(key=f"join:{room.id}:{person.id}", at=at, received_at=at, room=room, people=(person,))
