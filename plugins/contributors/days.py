"""How far a room's talk has been read, kept from night to night: a night reads only what is new.

What is kept is derived, and tells by itself whether it still holds: by its mark (models, timezone, who is not
counted, what was recalled), by what came late, and by whether everybody in it still exists. If anything
differs, the room is read anew, from the beginning of the window.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.analysis.daybook import Day, DayBook
from bot.analysis.daybook_json import book_as_json, book_from_json, day_as_json, day_from_json
from bot.analysis.lines import Heard
from bot.analysis.originality import ECHOES_WITHIN
from bot.analysis.standing import WINDOW
from bot.linking import VERSION
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.lines import read_heard, uncounted
from bot.storage.tables.base import milliseconds, moment_of

READING_VERSION = 4
"""To be raised when a day is reduced to something else than before."""

A_MOMENT = timedelta(milliseconds=1)

_READING = "SELECT mark, read_at, read_id, book FROM contributors_reading WHERE room_id = ?"
_DAYS = "SELECT day, facts FROM contributors_day WHERE room_id = ? AND day >= ? ORDER BY day"
_RECALLED = "SELECT count(*) FROM message WHERE room_id = ? AND recalled AND id <= ?"
_LATE = """
SELECT 1 FROM message WHERE id > ? AND +room_id = ? AND +at <= ? AND +origin != 'self' LIMIT 1
"""  # by the key: the index on room and time would read the room's whole past
_KNOWN = "SELECT count(*) FROM member WHERE id IN (SELECT value FROM json_each(?))"

_KEEP = """
INSERT OR REPLACE INTO contributors_reading (room_id, mark, read_at, read_id, book) VALUES (?, ?, ?, ?, ?)
"""
_SETTLE = "INSERT OR REPLACE INTO contributors_day (room_id, day, facts) VALUES (?, ?, ?)"
_OUTGROWN = "DELETE FROM contributors_day WHERE room_id = ? AND (day < ? OR ?)"


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the window, and what is to be kept of the reading: None if nothing was said at all."""

    days: dict[date, Day]
    kept: dict[str, Any] | None


@dataclass(slots=True)
class _Reading:
    """A reading under way. `settled` are days that were put away before."""

    book: DayBook
    read_at: datetime | None = None
    read_id: int = 0
    settled: dict[date, Day] = field(default_factory=dict)
    is_new: bool = True


def read_days(history: History, room: int, zone: ZoneInfo) -> Days:
    """Go on with the reading of a room up to now; reads a snapshot, writes nothing."""
    first = first_day(history.now, zone)
    reading = _kept(history.session, room, zone, first) or _Reading(DayBook(zone))
    for one in _heard_since(history.session, room, reading, first):
        reading.book.read(one)
        reading.read_at, reading.read_id = one.line.at, max(reading.read_id, one.line.id)
    if reading.read_at is None:
        return Days({}, None)
    settled = reading.book.settle(reading.read_at)
    days = reading.settled | settled | reading.book.all_days()
    return Days(dict(sorted(days.items())), {
        "mark": _mark(history.session, room, reading.read_id, zone),
        "read_at": milliseconds(reading.read_at), "read_id": reading.read_id,
        "book": book_as_json(reading.book), "is_new": reading.is_new, "first": first.isoformat(),
        "days": {day.isoformat(): day_as_json(one) for day, one in settled.items()},
    })  # fmt: skip


def keep(session: Session, room: int, kept: dict[str, Any], zone: ZoneInfo) -> None:
    """Write down how far it was read, unless somebody has been taken out of the talk meanwhile."""
    raw = plain_connection(session)
    if kept["mark"] != _mark(session, room, kept["read_id"], zone):
        forget_days(session, room)
        return
    raw.execute(_OUTGROWN, (room, kept["first"], kept["is_new"]))
    raw.executemany(_SETTLE, [(room, day, facts) for day, facts in kept["days"].items()])
    raw.execute(_KEEP, (room, kept["mark"], kept["read_at"], kept["read_id"], kept["book"]))


def forget_days(session: Session, room: int | None = None) -> None:
    """Throw away what was derived, of one room or of all: it is read anew the next night."""
    raw = plain_connection(session)
    for table in ("contributors_reading", "contributors_day"):
        raw.execute(f"DELETE FROM {table} WHERE ?1 IS NULL OR room_id = ?1", (room,))


def first_day(now: datetime, zone: ZoneInfo) -> date:
    """The first day that counts."""
    return (now - WINDOW).astimezone(zone).date()


def _kept(session: Session, room: int, zone: ZoneInfo, first: date) -> _Reading | None:
    """The reading of before, if it still holds."""
    raw = plain_connection(session)
    row = raw.execute(_READING, (room,)).fetchone()
    if row is None:
        return None
    mark, read_at, read_id, book = row
    if mark != _mark(session, room, read_id, zone):
        return None
    if raw.execute(_LATE, (read_id, room, read_at)).fetchone() is not None:
        return None
    settled = {
        date.fromisoformat(day): day_from_json(facts)
        for day, facts in raw.execute(_DAYS, (room, first.isoformat()))
    }
    reading = _Reading(book_from_json(book, zone), moment_of(read_at), read_id, settled, is_new=False)
    people = {member for day in (*settled.values(), *reading.book.days.values()) for member in day.said}
    known = raw.execute(_KNOWN, (json.dumps(sorted(people)),)).fetchone()[0]
    return reading if known == len(people) else None


def _heard_since(session: Session, room: int, reading: _Reading, first: date) -> list[Heard]:
    """What was said since; what was told shortly before is heard again, so that an echo is known."""
    if reading.read_at is None:
        since = datetime.combine(first, time(), reading.book.zone)
        return read_heard(session, room, since, None)
    found = read_heard(session, room, reading.read_at - ECHOES_WITHIN, None)
    new = [one for one in found if one.line.at > reading.read_at]
    for one in found[: len(found) - len(new)]:
        reading.book.hear(one.line, one.above)
    return new


def _mark(session: Session, room: int, read_id: int, zone: ZoneInfo) -> str:
    """What the derived days rest on, apart from the messages themselves."""
    left_out = crc32(json.dumps(uncounted(session)).encode())
    recalled = plain_connection(session).execute(_RECALLED, (room, read_id)).fetchone()[0]
    return f"{VERSION}.{READING_VERSION} {zone.key} {left_out} {recalled}"
