"""While a group is only watched: one evening's word that there is something to be seen under 试运行."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.context import Context
from bot.storage.tables import Outgoing, Room
from bot.words import duration_said
from plugins.owner.declared import plugin

TIMER = "tryout_evening"
HOUR = 21
"""When the day is over and the night's silence has not begun."""
WATCHED_AT_LEAST = timedelta(hours=1)
EVENINGS = 14
"""Who finds nothing to say for so long will not be asked about it any more."""


def plan_evening(ctx: Context) -> None:
    """The watching has begun: this evening, or tomorrow's if the day is nearly over."""
    _plan(ctx, ctx.now + WATCHED_AT_LEAST, EVENINGS)


def cancel_evening(ctx: Context) -> None:
    """The owner has looked already, or the watching is over."""
    ctx.cancel_later(TIMER)


@plugin.timer(TIMER)
def tell_of_tryout(ctx: Context, payload: dict[str, Any]) -> None:
    """Once, on the first evening on which something was withheld."""
    if ctx.room is None or ctx.room.status != "watching":
        return
    since = ctx.db.get_one(Room, ctx.room.id).status_at
    count = withheld_since(ctx, since)
    if count:
        lasted = duration_said(ctx.now - since)
        ctx.tell_owners("tryout_ready", room=ctx.room_name, lasted=lasted, count=count)
    elif payload["left"] > 1:
        _plan(ctx, ctx.now, payload["left"] - 1)


def withheld_since(ctx: Context, since: datetime) -> int:
    """How often the bot would have spoken here."""
    query = select(func.count()).where(
        Outgoing.room_id == ctx.room_id, Outgoing.status == "withheld", Outgoing.claimed_at >= since
    )
    return ctx.db.scalar(query) or 0


def _plan(ctx: Context, after: datetime, left: int) -> None:
    evening = ctx.local(after).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if evening <= ctx.local(after):
        evening += timedelta(days=1)
    ctx.later(TIMER, at=evening.astimezone(ctx.now.tzinfo), if_planned="move", left=left)
