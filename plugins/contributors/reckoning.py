"""Every night: levels and help are reckoned anew off the writer, and who stands out is written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot import authority
from bot.context import Context
from plugins.contributors import days, logic, reading
from plugins.contributors.declared import plugin
from plugins.contributors.derived import change_help, replace_levels
from plugins.contributors.people import counted
from plugins.contributors.tables import Choice, Nomination

OPEN_STATES = ("found", "listed", "agreed")
NOMINATED_A_NIGHT = 2
LATE = timedelta(hours=6)


@plugin.job("reckon", daily_at="04:20", catch_up=LATE)
def reckon_tonight(ctx: Context) -> None:
    """Begin the reckoning of this room."""
    owners = authority.owners_of(ctx.db, ctx.room_id)
    ctx.work("reckon", room=ctx.room_id, zone=str(ctx.zone), owners=owners)


def take_in(ctx: Context, result: dict[str, Any]) -> None:
    """Put the new levels in place of the old, keep what was read, and note whom to nominate."""
    here, choices = _still_there(ctx, result), _choices(ctx)
    locked = {member for member, choice in choices.items() if choice == "locked"}
    replace_levels(ctx, [one for one in result["levels"] if one["member"] in here - locked], locked)
    change_help(ctx, result["help"], here)
    if result["read"] is not None:
        days.keep(ctx.db, ctx.room_id or 0, result["read"], ctx.zone)
    wanted = [one for one in result["nominees"] if one["member"] in here and one["member"] not in choices]
    _nominate(ctx, [one for one in wanted if _may_be_found(ctx, one)][:NOMINATED_A_NIGHT])


plugin.work("reckon", done=take_in, apart=True)(reading.reckon)


def _nominate(ctx: Context, found: list[dict[str, Any]]) -> None:
    for one in found:
        ctx.db.add(
            Nomination(
                room_id=ctx.room_id, member_id=one["member"], found_at=ctx.now, evidence=one["evidence"],
                last_help_at=datetime.fromisoformat(one["last_help_at"]), topics=one["topics"],
            )
        )  # fmt: skip
    ctx.db.flush()


def _may_be_found(ctx: Context, one: dict[str, Any]) -> bool:
    """Not while an earlier nomination is open, nor soon after it was refused, nor for old help."""
    query = select(Nomination).where(Nomination.room_id == ctx.room_id, Nomination.member_id == one["member"])
    last = ctx.db.scalars(query.order_by(Nomination.found_at.desc()).limit(1)).first()
    if ctx.now - datetime.fromisoformat(one["last_help_at"]) > logic.STALE_AFTER:
        return False
    if last is None:
        return True
    if last.state == "credited":
        again = timedelta(days=ctx.settings.credit_again_days)
        return ctx.now - (last.decided_at or last.found_at) >= again
    return logic.is_found_anew(last.state, last.decided_at, last.found_at, ctx.now)


def _still_there(ctx: Context, result: dict[str, Any]) -> set[int]:
    """Who of the people in a result is still to be counted: the reading took a while."""
    named = {one["member"] for one in result["levels"]}
    named |= {member for row in result["help"]["new"] for member in row[:2]}
    return counted(ctx, named)


def _choices(ctx: Context) -> dict[int, str]:
    query = select(Choice.member_id, Choice.choice).where(Choice.room_id == ctx.room_id)
    return {row.member_id: row.choice for row in ctx.db.execute(query)}
