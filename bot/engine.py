"""The one inbox and the one writer: admit, record, route, handle, commit.

What arrives is recorded in one transaction and handled in the next. Between the two a crash loses nothing:
an event without its marks is finished at the next start. All of this runs on the writer thread; the async
shell around it is `bot.app`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import event_log
from bot.context import Context
from bot.errors import QunxingError, StorageError
from bot.events import Event, MessagePosted, OutgoingSettled
from bot.gateway.base import Arrival
from bot.host import Host
from bot.intake import LATE_AFTER, Desk, admit
from bot.messages import TextMistake
from bot.requests import Attempt, Requests
from bot.services import Services, view_of
from bot.storage.engine import Part, plain_connection, savepoint
from bot.storage.tables import EventMark, EventRow, OddEvent
from bot.storage.tables.base import milliseconds

log = structlog.get_logger(__name__)

_MARK = (
    "INSERT OR IGNORE INTO event_mark (event_id, handler, outcome, error)"
    " SELECT id, ?, ?, ? FROM event WHERE id = ?"
)
"""An event may be gone by then: a person's request to be forgotten takes itself along."""

_DONE = "UPDATE event SET done_at = ? WHERE id = ?"
HANDLED_UP_TO = timedelta(days=2)
"""Events older than this that lack a mark are only recorded, and said to be so."""


Mark = tuple[str, str, str | None, int]
Step = tuple[str, Context, Callable[[Context], None]]


@dataclass(slots=True)
class Engine:
    """Handles events. One per bot; every method runs inside a write."""

    services: Services
    host: Host
    desk: Desk
    requests: Requests = field(init=False)
    _now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Requests(self.services, self.host, self._context_of)

    # Arrivals and events

    def record(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Event]:
        """Translate, admit and record; the events that are to be handled, in order."""
        return admit(self.desk, session, arrivals, now)

    def record_each(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Event]:
        """`record`, one by one: what cannot be stored is noted as odd and takes nothing else along."""
        recorded: list[Event] = []
        for arrival in arrivals:
            kind = type(arrival).__name__
            try:
                with savepoint(session):
                    recorded += admit(self.desk, session, [arrival], now)
            except QunxingError:
                raise
            except Exception as error:
                self.forget_recorded()
                log.exception("arrival_not_recorded", kind=kind)
                session.add(OddEvent(at=now, why=type(error).__name__, raw=f"{kind} {arrival.key!a}"))
        return recorded

    def forget_recorded(self) -> None:
        """What was recorded last was rolled back: nothing may be remembered of it."""
        self.services.register.forget_caches()
        self.desk.linking.forget()

    def handle(self, session: Session, events: Sequence[Event], now: datetime) -> None:
        """Run the handlers of each event in turn, and of what they emit; leave their marks."""
        self._now = now
        waiting = list(events)
        marks: list[Mark] = []
        done: list[tuple[int, int]] = []
        while waiting:
            event = waiting.pop(0)
            waiting[:0] = self._handle_one(session, event, now, marks)
            done.append((milliseconds(now), event.id))
        raw = plain_connection(session)
        raw.executemany(_MARK, marks)
        raw.executemany(_DONE, done)

    def unfinished(self, session: Session, now: datetime, limit: int = 500) -> list[Event]:
        """Events that were recorded but not handled, oldest first; those that are too old are closed."""
        rows = session.scalars(select(EventRow).where(EventRow.done_at.is_(None)).order_by(EventRow.id))
        events: list[Event] = []
        for row in rows:
            event = event_log.restore(session, row)
            if event is None or now - row.received_at > HANDLED_UP_TO:
                row.done_at = now
                session.add(EventMark(event_id=row.id, handler="*", outcome="too_old"))
                log.warning("event_too_old", event_id=row.id, kind=row.kind)
                continue
            events.append(replace(event, late=event.late or now - row.at > LATE_AFTER))
            if len(events) == limit:
                break
        session.flush()
        return events

    def _handle_one(self, session: Session, event: Event, now: datetime, marks: list[Mark]) -> list[Event]:
        emitted: list[Event] = []
        part = Part(session)
        steps = self._steps(session, event, now, marks, emitted, part)
        if not self._all_went_well(part, event, steps, marks):
            for step in steps:
                self._run_marked(part, event, *step, marks)
        for _, context, _ in steps:
            emitted += context.emitted
        return event_log.record_emitted(session, f"event:{event.id}", emitted, now)

    def _steps(
        self, session: Session, event: Event, now: datetime, marks: list[Mark], emitted: list[Event],
        part: Part,
    ) -> list[Step]:  # fmt: skip
        """The subscribed handlers to run for an event, after a request in it has been answered."""
        if isinstance(event, MessagePosted):
            if event.member == self.services.register.self_key:
                return []
            if not event.late and self._answer_request(session, event, marks, emitted):
                return []
        room: int | None = getattr(event, "room", None)
        steps = []
        for plugin, subscription in self.host.subscribers(type(event)):
            if (
                isinstance(event, OutgoingSettled)
                and not subscription.everywhere
                and event.plugin != plugin.name
            ):
                continue
            if subscription.everywhere or (room is not None and self.requests.is_on(plugin, room)):
                handler = subscription.handler
                context = self.context(session, plugin.name, room, now, event, part)
                steps.append((subscription.name, context, _calling(handler, event)))
        return steps

    def _answer_request(
        self, session: Session, event: MessagePosted, marks: list[Mark], emitted: list[Event]
    ) -> bool:
        """Try to understand the message as a request; True if it was one and nothing but one."""
        for attempt in self.requests.attempts(session, event):
            taken = self._run_attempt(session, event, attempt, marks)
            emitted += attempt.context.emitted
            if taken:
                self.services.stir()  # a command may have changed anything
                line = attempt.context.line_to_run
                if line is not None:
                    self._run_line(session, event, line, marks, emitted)
                return not attempt.also_heard
        return False

    def _run_line(
        self, session: Session, event: MessagePosted, line: str, marks: list[Mark],
        emitted: list[Event],
    ) -> None:  # fmt: skip
        for attempt in self.requests.command(session, event, line):
            self._run_attempt(session, event, attempt, marks)
            emitted += attempt.context.emitted

    def _run_attempt(self, session: Session, event: Event, attempt: Attempt, marks: list[Mark]) -> bool:
        """Run one attempt; a failure is answered with one polite line. False if it was not meant so."""
        try:
            with savepoint(session):
                taken = attempt.run(attempt.context) is not False
        except StorageError:
            raise
        except Exception as error:
            self._undone(attempt.context)
            marks.append(_mark(event, attempt.name, *self._explain(session, event, attempt, error)))
            return True
        if taken:
            marks.append(_mark(event, attempt.name, "ok"))
        return taken

    def _explain(
        self, session: Session, event: Event, attempt: Attempt, error: Exception
    ) -> tuple[str, str | None]:
        """Answer with the reason if the command gave one, else with a number; what the mark shall say."""
        context, reason = attempt.context, "command_failed"
        outcome: tuple[str, str | None] = ("ok", None)
        said = self._reason(context, error)
        if said is None:
            number = secrets.token_hex(3)
            log.error(
                "command_failed", handler=attempt.name, event_id=event.id, number=number, exc_info=error
            )
            said = self.services.texts.said(QunxingError("command_failed", number=number))
            outcome = ("failed", f"{number} {type(error).__name__}")
        elif isinstance(error, QunxingError):
            reason = error.key
        with savepoint(session):
            context.reply_text(said, reason=reason)
        return outcome

    def _reason(self, context: Context, error: Exception) -> str | None:
        """The sentence that belongs to an error; None if there is none, or none that can be said."""
        if not isinstance(error, QunxingError):
            return None
        try:
            return self.services.texts.said(error, context.plugin, context.room_id)
        except TextMistake:
            log.exception("no_text_for_an_error", plugin=context.plugin, key=error.key)
            return None

    def _undone(self, context: Context) -> None:
        """What a handler began and what was cached meanwhile is forgotten: its savepoint was rolled back."""
        context.emitted.clear()
        context.line_to_run = None
        self.services.register.forget_caches()

    def _all_went_well(self, part: Part, event: Event, steps: Sequence[Step], marks: list[Mark]) -> bool:
        """Run all handlers of an event in one savepoint, which is most of what it costs to run them.

        If one of them fails, all is taken back: then each has to run by itself, and only that one is undone.
        """
        if len(steps) < 2:
            return not steps
        try:
            with part:
                for _, context, run in steps:
                    run(context)
        except StorageError:
            raise
        except Exception:
            for _, context, _ in steps:
                self._undone(context)
            return False
        marks += [_mark(event, name, "ok") for name, _, _ in steps]
        return True

    def _run_marked(
        self, part: Part, event: Event, name: str, context: Context,
        run: Callable[[Context], None], marks: list[Mark],
    ) -> None:  # fmt: skip
        try:
            with part:
                run(context)
        except StorageError:
            raise
        except Exception as error:
            self._undone(context)
            log.exception("handler_failed", handler=name, event_id=event.id)
            marks.append(_mark(event, name, "failed", type(error).__name__))
        else:
            marks.append(_mark(event, name, "ok"))

    # Contexts

    def _context_of(self, session: Session, event: MessagePosted, plugin: str, room: int | None) -> Context:
        context = self.context(session, plugin, room, self._now, event)
        context.member, context.asked_in_group = event.member, event.room is not None
        return context

    def context(
        self, session: Session, plugin: str, room: int | None, now: datetime, event: Event | None,
        part: Part | None = None,
    ) -> Context:  # fmt: skip
        """The context that a handler works in, in that part of the write; muted for a late event."""
        view = None if room is None else view_of(self.services, session, room)
        mute = event is not None and event.late
        return Context(
            services=self.services, part=part or Part(session), now=now, plugin=plugin, room=view,
            event=event, mute=mute,
        )  # fmt: skip


def _mark(event: Event, handler: str, outcome: str, error: str | None = None) -> Mark:
    return handler, outcome, error, event.id


def _calling(handler: Callable[[Context, Any], None], event: Event) -> Callable[[Context], None]:
    return lambda context: handler(context, event)
