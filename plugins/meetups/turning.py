"""Everything about a meetup that waits for its hour: planned when it has a date, moved with it."""

from __future__ import annotations

from datetime import timedelta

from bot.context import Context
from plugins.meetups.scene import ends_at
from plugins.meetups.tables import Meetup

BEFORE = {"week": timedelta(days=7), "day": timedelta(days=1), "hours": timedelta(hours=2)}
SHORT_NOTICE = (20, 8, 3, 1)
"""Hours before the beginning at which the list is closed where the usual time has almost come."""

TURNS = ("sign_up_closes", "begins", "ends", *(f"remind_{kind}" for kind in BEFORE))


def plan_turns(ctx: Context, meetup: Meetup) -> None:
    """Plan its hours anew; what lies in the past already is left out."""
    assert meetup.starts_at is not None
    forget_turns(ctx, meetup)
    closes_at = meetup.starts_at - _closing(ctx, meetup.starts_at - ctx.now)
    hours = {"sign_up_closes": closes_at, "begins": meetup.starts_at, "ends": ends_at(meetup)}
    hours |= {f"remind_{kind}": meetup.starts_at - before for kind, before in BEFORE.items()}
    date = meetup.starts_at.isoformat()
    for name, at in hours.items():
        if at > ctx.now:
            ctx.later(name, at=at, key=str(meetup.id), if_planned="move", meetup=meetup.id, at_date=date)


def forget_turns(ctx: Context, meetup: Meetup) -> None:
    """It has no date any more."""
    for name in TURNS:
        ctx.cancel_later(name, str(meetup.id))


def _closing(ctx: Context, left: timedelta) -> timedelta:
    """How long before the beginning the list is closed: at short notice later, so that people can sign up."""
    usual = timedelta(hours=ctx.settings.close_hours)
    tries = (usual, *(timedelta(hours=hours) for hours in SHORT_NOTICE))
    return next((one for one in tries if one <= usual and left - one >= left / 3), left / 2)
