"""Who said something and when, as people here call both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.context import Context
from bot.words import Trusted, plain

OLD = timedelta(days=365)


def author_called(ctx: Context, member: int | None) -> str:
    """What the room calls an author; 一位群友 for who is forgotten or has no name that can be seen."""
    name = plain(ctx.name_of(member), 20) if member is not None else ""
    return name or ctx.text("answer_somebody")


def day_of(ctx: Context, at: datetime) -> Trusted:
    """`6 月 3 日`, with the year if it is another one."""
    local, now = ctx.local(at), ctx.local()
    if local.year == now.year:
        return ctx.text("answer_day", month=local.month, day=local.day)
    return ctx.text("answer_day_year", year=local.year, month=local.month, day=local.day)


def age_remark(ctx: Context, at: datetime) -> Trusted:
    """A word of care about what is more than a year old."""
    age = ctx.now - at
    return ctx.text("answer_old", years=age // OLD) if age >= OLD else Trusted("")


def is_live_here(ctx: Context) -> bool:
    """Whether the plugin still works here: a timer may outlast its owner's wish."""
    return bool(ctx.services.settings.enabled(ctx.plugin, ctx.room_id))


def rows_of(parts: Iterable[str]) -> Trusted:
    """Several finished texts under one another."""
    return Trusted("\n".join(parts))
