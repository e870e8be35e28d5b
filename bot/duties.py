"""What the bot does without being spoken to: due slots, background work, and the ends of outgoing rows.

Runs on the writer thread, each piece in a savepoint together with the row that says it was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot import authority, event_log, work_list
from bot.context import Context
from bot.engine import Engine
from bot.errors import StorageError
from bot.events import OutgoingSettled, TroubleNoticed
from bot.gateway.base import RoomRef
from bot.schedule import DueSlot
from bot.storage.tables import Outgoing

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Duties:
    """Runs what is due with the engine's plugins and contexts."""

    engine: Engine

    def run_due(self, session: Session, now: datetime) -> int:
        """Run the slots that are due, each with its settling in one piece; how many there were."""
        self.engine.services.stir()
        slots = self.engine.services.schedule.due(session, now)
        for slot in slots:
            self._run_slot(session, slot, now)
        return len(slots)

    def finish_work(self, session: Session, work: int, result: dict[str, Any] | str, now: datetime) -> None:
        """Hand a result to its plugin; a string is the name of an error: tried again, then given up."""
        self.engine.services.stir()
        row = work_list.waiting_one(session, work)
        if row is None:
            return
        plugin = self.engine.host.plugins.get(row.plugin)
        if isinstance(result, str) or plugin is None or row.name not in plugin.works:
            work_list.fail_for_now(session, work, str(result))
            return
        context = self.engine.context(session, row.plugin, row.room_id, now, None)
        context.member = row.payload.get("_member")
        context.asked_in_group = row.payload.get("_in_group", False)
        done, label = plugin.works[row.name].done, f"{row.plugin}.{row.name}"
        error = self._try(label, context, lambda ctx: done(ctx, result))
        work_list.settle(session, work, now, error)
        self._pass_on(session, f"work:{work}", context, now)

    def settled(self, session: Session, endings: Iterable[OutgoingSettled], now: datetime) -> None:
        """Tell the plugins how outgoing rows ended. A text that was sent is no news."""
        self.engine.services.stir()
        told = []
        for ending in endings:
            if ending.kind == "text" and ending.status == "sent":
                continue
            is_new_room = ending.kind == "create_room" and ending.status == "sent"
            known = self._with_new_room(session, ending, now) if is_new_room else ending
            event = event_log.record(session, known, f"settled:{ending.outgoing}:{ending.status}", now)
            if event is not None:
                told.append(event)
        self.engine.handle(session, told, now)

    def _with_new_room(self, session: Session, ending: OutgoingSettled, now: datetime) -> OutgoingSettled:
        """A room has come into being: it gets its key and its owners before anybody hears of it."""
        row = session.get(Outgoing, ending.outgoing)
        if row is None or row.puppet_id is None:
            return ending
        ref = RoomRef(id=row.puppet_id, topic=row.text)
        room, _ = self.engine.services.register.room_key(session, ref, now)
        authority.entrust(session, room, now, (ending.payload or {}).get("founder"))
        return replace(ending, room=room)

    def notice(self, session: Session, what: str, now: datetime) -> None:
        """Tell the plugins that something is wrong with the bot itself."""
        trouble = TroubleNoticed(at=now, what=what)
        event = event_log.record(session, trouble, f"trouble:{what}:{now.isoformat()}", now)
        self.engine.handle(session, [event] if event else [], now)

    def _run_slot(self, session: Session, slot: DueSlot, now: datetime) -> None:
        schedule, plugin = self.engine.services.schedule, self.engine.host.plugins.get(slot.plugin)
        slot_id, payload = slot.id, dict(slot.payload)
        job = schedule.job_of(slot)
        timer = plugin.timers.get(slot.name) if plugin else None
        label = f"{slot.plugin}.{slot.name}"
        is_off = plugin and slot.room_id and not self.engine.requests.is_on(plugin, slot.room_id)
        if schedule.missed(slot, now) or is_off or (job is None and timer is None):
            schedule.settle(session, slot, "missed", now)
            log.warning("slot_missed", slot=slot_id, handler=label)
            return
        context = self.engine.context(session, slot.plugin, slot.room_id or None, now, None)
        context.member = payload.pop("_member", None)
        context.asked_in_group = payload.pop("_in_group", False)
        cause, failure = f"slot:{slot_id}:{slot.due_at.isoformat()}", None
        schedule.settle(session, slot, "done", now)  # before it runs: a timer may set itself again
        if job is not None:
            failure = self._try(label, context, job.handler)
        elif timer is not None:
            failure = self._try(label, context, lambda ctx: timer.handler(ctx, payload))
        if failure:
            schedule.settle(session, slot, "failed", now, failure)
        self._pass_on(session, cause, context, now)

    def _try(self, label: str, context: Context, run: Callable[[Context], None]) -> str | None:
        """Run in a part of the write; the name of the error, None if there was none."""
        try:
            with context.part:
                run(context)
        except StorageError:
            raise
        except Exception as error:
            context.emitted.clear()
            log.exception("handler_failed", handler=label)
            return type(error).__name__
        return None

    def _pass_on(self, session: Session, cause: str, context: Context, now: datetime) -> None:
        events = event_log.record_emitted(session, cause, context.emitted, now)
        self.engine.handle(session, events, now)
