"""Jobs and timers as rows. The rows are the truth; whoever ticks only asks which of them are due.

A job's next slot stands in the table before it is due. When it is due it is run and settled in one
transaction, so that no crash and no restart does it twice. What was missed by more than the job's
catch-up time is recorded as missed, and said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from json import dumps, loads
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.plugin import TIMER_GRACE, Job, Plugin, Timer
from bot.settings import SettingsBook
from bot.storage.engine import plain_connection
from bot.storage.tables import Room, Slot
from bot.storage.tables.base import milliseconds, moment, moment_of

log = structlog.get_logger(__name__)

IfPlanned = Literal["keep", "move"]
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_DUE = """
SELECT id, plugin, name, kind, room_id, due_at, payload FROM slot
WHERE status = 'planned' AND due_at <= ? ORDER BY due_at, id LIMIT ?
"""
_SOONEST = "SELECT min(due_at) FROM slot WHERE status = 'planned'"
_ADD = (
    "INSERT INTO slot (plugin, name, kind, room_id, key, due_at, payload, status)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 'planned')"
)
_MOVE = (
    " ON CONFLICT (plugin, name, room_id, key) DO UPDATE SET due_at = excluded.due_at,"
    " payload = excluded.payload, status = 'planned', settled_at = NULL, error = NULL"
)
_RENEW = f"{_MOVE} WHERE status != 'planned'"
_CANCEL = (
    "DELETE FROM slot WHERE plugin = ? AND name = ? AND room_id = ? AND key = ? AND kind = 'timer'"
    " AND status = 'planned'"
)
_SETTLE = "UPDATE slot SET status = ?, settled_at = ?, error = ? WHERE id = ?"


class DueSlot(NamedTuple):
    """One due time of a job or a timer; `room_id` is 0 outside any room."""

    id: int
    plugin: str
    name: str
    kind: str
    room_id: int
    due_at: datetime
    payload: dict[str, Any]


def next_time(cron: str, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment later than `after` that a five-field cron line names in this zone, in UTC.

    Days of the week count from Sunday (0 or 7). An hour that the clocks repeat in autumn counts once.
    """
    trigger = _trigger(cron, zone)
    while True:
        found = trigger.get_next_fire_time(None, (after + timedelta(seconds=1)).astimezone(zone))
        if found is None:
            return None
        after = found.astimezone(UTC)
        if not after.astimezone(zone).fold:
            return after


@lru_cache(256)
def _trigger(cron: str, zone: ZoneInfo) -> CronTrigger:
    return CronTrigger.from_crontab(_weekdays_named(cron), timezone=zone)


def _weekdays_named(cron: str) -> str:
    """The line with the days of the week by name: APScheduler's numbers mean other days than cron's."""
    *others, weekdays = cron.split()
    return " ".join([*others, ",".join(map(_weekday_named, weekdays.split(",")))])


def _weekday_named(days: str) -> str:
    first, _, last = days.partition("-")
    if days.startswith("*/"):
        numbers = range(0, 7, int(days[2:]))
    elif first.isdecimal():
        numbers = range(int(first), int(last or first) + 1)
    else:
        return days
    return ",".join(WEEKDAYS[number % 7] for number in numbers)


def set_timer(
    session: Session, plugin: str, name: str, room: int | None, key: str, due_at: datetime,
    payload: dict[str, Any], if_planned: IfPlanned,
) -> None:  # fmt: skip
    """Plan a timer. With the same key planned already, keep that one or move it; a settled one is renewed."""
    row = (plugin, name, "timer", room or 0, key, milliseconds(due_at), dumps(payload))
    plain_connection(session).execute(_ADD + (_MOVE if if_planned == "move" else _RENEW), row)


def cancel_timer(session: Session, plugin: str, name: str, room: int | None, key: str) -> None:
    """Take back a timer that is not due yet."""
    plain_connection(session).execute(_CANCEL, (plugin, name, room or 0, key))


@dataclass(slots=True)
class Schedule:
    """Plans the slots of all jobs and hands out what is due. Runs on the writer thread."""

    plugins: Callable[[], Iterable[Plugin]]
    settings: SettingsBook
    zone: ZoneInfo
    _planned_for: int = field(default=-1, init=False)

    def due(self, session: Session, now: datetime, limit: int = 50) -> list[DueSlot]:
        """What is due now, oldest first."""
        self._plan(session, now)
        rows = plain_connection(session).execute(_DUE, (milliseconds(now), limit))
        return [DueSlot(*row, moment(at), loads(payload)) for *row, at, payload in rows]  # type: ignore[call-arg]

    def next_at(self, session: Session, now: datetime) -> datetime | None:
        """When the next slot is due."""
        self._plan(session, now)
        return moment_of(plain_connection(session).execute(_SOONEST).fetchone()[0])

    def settle(
        self, session: Session, slot: DueSlot, status: str, now: datetime, error: str | None = None
    ) -> None:
        """Write down how a slot ended, and plan the job's next one.

        After a missed slot comes the one that followed it, so that every missed one is on record.
        """
        plain_connection(session).execute(_SETTLE, (status, milliseconds(now), error, slot.id))
        job = self.job_of(slot)
        if job is not None:
            after = slot.due_at if status == "missed" else max(now, slot.due_at)
            due_at = self._time_after(slot.plugin, job, slot.room_id, after)
            if due_at is not None:
                _add_job_slot(session, slot.plugin, slot.name, slot.room_id, due_at)

    def missed(self, slot: DueSlot, now: datetime) -> bool:
        """Whether it is too late to do it."""
        declared = self.job_of(slot) or self._timer_of(slot)
        grace = declared.catch_up if declared else TIMER_GRACE
        return now - slot.due_at > grace

    def _timer_of(self, slot: DueSlot) -> Timer | None:
        found = (plugin.timers.get(slot.name) for plugin in self.plugins() if plugin.name == slot.plugin)
        return next(found, None)

    def job_of(self, slot: DueSlot) -> Job | None:
        """The declaration behind a job's slot."""
        if slot.kind != "job":
            return None
        jobs = (job for plugin in self.plugins() if plugin.name == slot.plugin for job in plugin.jobs)
        return next((job for job in jobs if job.name == slot.name), None)

    def replan(self) -> None:
        """A write failed, perhaps the one in which the times were planned: plan anew at the next tick."""
        self._planned_for = -1

    def _plan(self, session: Session, now: datetime) -> None:
        if self._planned_for == self.settings.version:
            return
        rooms = session.scalars(select(Room.id).where(Room.status.in_(("watching", "live")))).all()
        wanted: dict[tuple[str, str, int], datetime] = {}
        for plugin in self.plugins():
            for job in plugin.jobs:
                for room in rooms if job.per_room else [0]:
                    moment = self._next_of(session, plugin, job, room, now)
                    if moment is not None:
                        wanted[plugin.name, job.name, room] = moment
        self._replace(session, wanted, now)
        self._planned_for = self.settings.version

    def _next_of(
        self, session: Session, plugin: Plugin, job: Job, room: int, now: datetime
    ) -> datetime | None:
        if room and not self.settings.enabled(plugin.name, room):
            return None
        last = session.scalar(
            select(func.max(Slot.due_at)).where(
                Slot.plugin == plugin.name, Slot.name == job.name, Slot.room_id == room,
                Slot.kind == "job", Slot.status != "planned",
            )
        )  # fmt: skip
        planned = session.scalar(
            select(func.min(Slot.due_at)).where(
                Slot.plugin == plugin.name, Slot.name == job.name, Slot.room_id == room,
                Slot.kind == "job", Slot.status == "planned", Slot.due_at <= now,
            )
        )  # fmt: skip
        found = self._time_after(plugin.name, job, room, max(now, last) if last else now)
        return planned if planned and found else found

    def _time_after(self, plugin: str, job: Job, room: int, after: datetime) -> datetime | None:
        """The job's next time; None if it wants none now, or if what it says makes no sense."""
        try:
            cron = job.at(self.settings.for_plugin(plugin, room or None))
            return next_time(cron, after, self.zone) if cron else None
        except Exception:  # a plugin's mistake must not stop everybody's schedule
            log.exception("job_without_a_time", plugin=plugin, job=job.name)
            return None

    def _replace(self, session: Session, wanted: dict[tuple[str, str, int], datetime], now: datetime) -> None:
        planned = session.scalars(select(Slot).where(Slot.status == "planned", Slot.kind == "job")).all()
        for slot in planned:
            key = (slot.plugin, slot.name, slot.room_id)
            if wanted.get(key) == slot.due_at:
                del wanted[key]
            else:
                session.delete(slot)
        session.flush()
        for (plugin, name, room), due_at in wanted.items():
            _add_job_slot(session, plugin, name, room, due_at)


def _add_job_slot(session: Session, plugin: str, name: str, room: int, due_at: datetime) -> None:
    row = (plugin, name, "job", room, due_at.isoformat(), milliseconds(due_at), "{}")
    plain_connection(session).execute(f"{_ADD} ON CONFLICT DO NOTHING", row)
