"""Who comes how often: written along, one row a person, changed once on each day on which they speak.

For most messages that is one look by key; nothing is reckoned at night. What was said before this plugin came
is read once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.events import MessagePosted
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.tables.base import milliseconds
from plugins.ties.declared import plugin
from plugins.ties.logic import Habit, habit_of, weight_after
from plugins.ties.tables import Regular, Survey

LOOKED_BACK = timedelta(days=180)

_KNOWN = (
    "SELECT weight, days, first_at, last_at, last_day FROM ties_regular WHERE room_id = ? AND member_id = ?"
)
_NEW = """
INSERT INTO ties_regular (room_id, member_id, weight, days, first_at, last_at, last_day)
SELECT ?, id, 1.0, 1, ?, ?, ? FROM member WHERE id = ? AND NOT uncounted
"""
_MORE = """
UPDATE ties_regular SET weight = ?, days = ?, last_at = ?, last_day = ? WHERE room_id = ? AND member_id = ?
"""
_FILL = """
INSERT INTO ties_regular (room_id, member_id, weight, days, first_at, last_at, last_day)
SELECT ?, id, ?, ?, ?, ?, ? FROM member WHERE id = ? AND NOT uncounted
ON CONFLICT (room_id, member_id) DO UPDATE SET weight = max(weight, excluded.weight),
  days = max(days, excluded.days), first_at = min(first_at, excluded.first_at)
"""


def follow(ctx: Context, event: MessagePosted) -> Habit | None:
    """Note that somebody speaks; what their habit was, if this is the first time on a day."""
    raw = plain_connection(ctx.db)
    row = raw.execute(_KNOWN, (event.room, event.member)).fetchone()
    at = milliseconds(event.at)
    if row is None:
        day = ctx.local(event.at).toordinal()
        raw.execute(_NEW, (event.room, at, at, day, event.member))
        return None
    weight, days, first_at, last_at, last_day = row
    day = ctx.local(event.at).toordinal()
    if day <= last_day:
        return None
    raw.execute(_MORE, (weight_after(weight, day - last_day), days + 1, at, day, event.room, event.member))
    return Habit(weight, days, _moment(first_at), _moment(last_at))


def habit_in(row: Regular) -> Habit:
    """A row as what the rules look at."""
    return Habit(row.weight, row.days, row.first_at, row.last_at)


def _moment(stored: int) -> datetime:
    return datetime.fromtimestamp(stored / 1000, UTC)


# What was before


@plugin.job("survey", daily_at="04:40", catch_up=timedelta(hours=6))
def survey_once(ctx: Context) -> None:
    """A room that is new to this plugin is read once."""
    if ctx.db.get(Survey, ctx.room_id) is None:
        ctx.db.add(Survey(room_id=ctx.room_id, asked_at=ctx.now))
        ctx.db.flush()
        ctx.work("survey", room=ctx.room_id, zone=ctx.zone.key)


def take_in(ctx: Context, result: dict[str, Any]) -> None:
    """Put the habits beside what was noted meanwhile."""
    raw = plain_connection(ctx.db)
    raw.executemany(_FILL, [(result["room"], *one[1:], one[0]) for one in result["habits"]])


@plugin.work("survey", done=take_in, apart=True)
def survey(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """On which days everybody spoke in the last half year."""
    zone, since = ZoneInfo(payload["zone"]), history.now - LOOKED_BACK
    counts = history.counts_by_day(payload["room"], zone, since=since)
    habits = []
    for member, group in groupby(counts, key=lambda one: one.member):
        dates = [one.day for one in group]
        weight, days = habit_of([one.toordinal() for one in dates])
        first, last = (
            milliseconds(datetime(one.year, one.month, one.day, 12, tzinfo=zone))
            for one in (dates[0], dates[-1])
        )
        habits.append([member, weight, days, first, last, dates[-1].toordinal()])
    return {"room": payload["room"], "habits": habits}
