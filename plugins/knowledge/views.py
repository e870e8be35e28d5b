"""Small things that several rooms of the plugin say alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from sqlalchemy import select

from bot import authority
from bot.context import Context
from bot.storage.tables import Membership
from bot.words import Trusted, number_said, plain, time_said

TITLE = 40
EXCERPT = 60
YEAR = "年"
BEFORE_NUMBER = "#第"
AFTER_NUMBER = "号期个.、"


def lines(parts: Iterable[str]) -> Trusted:
    """Several finished texts under one another."""
    return Trusted("\n".join(parts))


def moment(ctx: Context, at: datetime) -> str:
    """A moment as people here say it."""
    return time_said(at, ctx.now, ctx.zone)


def date_said(ctx: Context, at: datetime) -> str:
    """A moment with its whole date, for being checked: never 明天, which may be misread."""
    a_month_before = at - timedelta(days=31)
    said = time_said(at, a_month_before, ctx.zone)
    year = ctx.local(at).year
    told = f"{year}{YEAR}"
    is_other_year = year != ctx.local().year
    return f"{told}{said.removeprefix(told)}" if is_other_year else said.removeprefix(told)


def called(ctx: Context, member: int | None) -> str:
    """What the room calls somebody; 一位群友 for who is gone or has no name that can be seen."""
    name = plain(ctx.name_of(member)) if member is not None else ""
    return name or ctx.text("somebody")


def is_here(ctx: Context, member: int) -> bool:
    """Whether a member is in the room."""
    row = ctx.db.get(Membership, (ctx.room_id, member))
    return row is not None and row.left_at is None


def is_owner_here(ctx: Context, member: int | None) -> bool:
    """Whether a member owns this room."""
    return member is not None and member in authority.owners_of(ctx.db, ctx.room_id)


def is_on(ctx: Context) -> bool:
    """Whether the plugin still works here: a timer may outlast its owner's wish."""
    return bool(ctx.services.settings.enabled(ctx.plugin, ctx.room_id))


def is_live(ctx: Context) -> bool:
    """Whether the bot speaks here."""
    return ctx.room is not None and ctx.room.status == "live"


def inform(ctx: Context, key: str, **values: object) -> None:
    """Tell the owners privately; said in the night, it waits for the morning."""
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        text = ctx.text(key, **values)
        ctx.tell_text(owner, text, urgency="promised", reason=key, keep_for=timedelta(days=1))


def fitting(ctx: Context, key: str, **values: Any) -> dict[str, Any]:
    """Those of the values that a text wants: texts of one family do not all say the same."""
    wanted = ctx.services.texts.placeholders(ctx.plugin, key)
    return {name: value for name, value in values.items() if name in wanted}


def number_and_rest(said: str) -> tuple[int | None, str]:
    """`3 岩茶` and `3号 岩茶` as (3, "岩茶"); without a number in front (None, said)."""
    first, _, rest = said.strip().partition(" ")
    number = number_said(first.lstrip(BEFORE_NUMBER).rstrip(AFTER_NUMBER))
    if number is None or not isfinite(number) or number != int(number):
        return None, said.strip()
    return int(number), rest.strip()


def minutes_away(ctx: Context, since: datetime, until: datetime) -> int:
    """For how long nobody listened within a span."""
    lost = timedelta()
    for gap in ctx.history.gaps(since, until):
        lost += max(min(gap.restored_at or ctx.now, until) - max(gap.lost_at, since), timedelta())
    return int(lost.total_seconds() // 60)


def people_here(ctx: Context) -> set[int]:
    """The keys of everybody who is in the room."""
    query = select(Membership.member_id).where(
        Membership.room_id == ctx.room_id, Membership.left_at.is_(None)
    )
    return set(ctx.db.scalars(query))
