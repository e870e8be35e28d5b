"""入群纪念: one line on the day, for one person, and only with what they gave to others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from bot.analysis.questions import question_chance
from bot.context import Context
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.tables.base import milliseconds
from bot.words import Trusted
from plugins.ties import company, logic
from plugins.ties.declared import plugin
from plugins.ties.portrait import A_YEAR, help_in

YEARS = 12
SAID_WITHIN = timedelta(hours=8)
LEAST_HELPED = 3
STILL_THERE = timedelta(days=45)
"""Who has not spoken for longer is not put before the others."""

CERTAIN = 0.8
"""Only what is that surely a question is quoted as one."""

_SINCE = """
SELECT membership.member_id, membership.first_joined_at
FROM membership CROSS JOIN ties_regular AS regular
  ON regular.room_id = membership.room_id AND regular.member_id = membership.member_id
WHERE membership.room_id = ? AND membership.left_at IS NULL AND membership.join_known
  AND regular.days >= ? AND regular.last_at >= ? AND ({days})
"""
_A_DAY = "membership.first_joined_at >= ? AND membership.first_joined_at < ?"


@plugin.job(
    "anniversaries", catch_up=timedelta(hours=4),
    daily_at=lambda settings: settings.anniversaries_at if settings.anniversaries else None,
)  # fmt: skip
def look_at_the_day(ctx: Context) -> None:
    """Who came on this day of a year before; most days nobody."""
    lately = milliseconds(ctx.now - STILL_THERE)
    bounds = (ctx.room_id, ctx.settings.regular_days, lately, *_days_before(ctx))
    rows = plain_connection(ctx.db).execute(_SINCE.format(days=" OR ".join([_A_DAY] * YEARS)), bounds)
    came = {member: ctx.local().year - ctx.local(_moment(ctx, at)).year for member, at in rows.fetchall()}
    fine = [
        member
        for member in sorted(company.nameable(ctx.db, ctx.room_id or 0, came))
        if not company.is_resting(ctx, member)
    ]
    if fine:
        years = {str(member): came[member] for member in fine}
        ctx.work("anniversary", room=ctx.room_id, members=fine, years=years)


def _days_before(ctx: Context) -> list[int]:
    """The bounds of this day in each of the years before."""
    today = ctx.local().date()
    bounds: list[int] = []
    for years in range(1, YEARS + 1):
        day = _same_day(today, today.year - years)
        begins = datetime.combine(day, time(), ctx.zone)
        bounds += [milliseconds(begins), milliseconds(begins + timedelta(days=1))]
    return bounds


def _same_day(day: date, year: int) -> date:
    """The same day of another year; who came on 29 February is remembered the day before."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day else day.replace(year=year)


def _moment(ctx: Context, stored: int) -> datetime:
    return datetime.fromtimestamp(stored / 1000, ctx.now.tzinfo)


def tell_anniversary(ctx: Context, result: dict[str, Any]) -> None:
    """The one who helped most people; nobody if there is nothing to tell."""
    for member, years, given in result["given"]:
        askers = company.nameable(ctx.db, ctx.room_id or 0, given["askers"])
        if not company.is_nameable(ctx, member) or len(given["askers"]) < LEAST_HELPED or not askers:
            continue
        text = _words(ctx, member, years, given, askers)
        if text is not None:
            ctx.say_text(
                text, urgency="initiative", reason="anniversary", mention=[member], keep_for=SAID_WITHIN
            )
            company.note(ctx, "anniversary", member)
            return


def _words(ctx: Context, member: int, years: int, given: dict[str, Any], askers: set[int]) -> Trusted | None:
    people, count = ctx.mention([member]), len(given["askers"])
    latest = next(((one, asked) for one, asked, _ in given["helps"] if one in askers), None)
    if latest is None:
        return None
    asked = ctx.history.message(latest[1])
    words = logic.quotable(asked.text) if asked is not None and not asked.recalled else ""
    words = words if question_chance(words) >= CERTAIN else ""
    name = company.called(ctx, latest[0])
    if words:
        return ctx.text("anniversary_quoted", people=people, years=years, count=count, name=name, words=words)
    return ctx.text("anniversary", people=people, years=years, count=count, name=name)


@plugin.work("anniversary", done=tell_anniversary)
def read_what_they_gave(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What each of them gave in the last year, who gave most first."""
    since = history.now - A_YEAR
    given = [
        [member, payload["years"][str(member)], help_in(history, payload["room"], member, since)]
        for member in payload["members"]
    ]
    return {"given": sorted(given, key=lambda one: -len(one[2]["askers"]))}
