"""Small things that several rooms of the plugin need alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot import authority
from bot.analysis.chinese_dates import feasts
from bot.context import Context
from bot.storage.tables import Member
from bot.words import Trusted, day_said, plain
from plugins.meetups import flow
from plugins.meetups.dates import holiday_of
from plugins.meetups.tables import Meetup

TITLE, EXCERPT = 40, 60
ROUND, TALK = "round", "talk"


def meetups(ctx: Context, states: Iterable[str]) -> Sequence[Meetup]:
    """The meetups of this room that stand there, the newest first."""
    here = select(Meetup).where(Meetup.room_id == ctx.room_id, Meetup.state.in_(list(states)))
    return ctx.db.scalars(here.order_by(Meetup.id.desc())).all()


def the_one(ctx: Context, states: Iterable[str]) -> Meetup | None:
    """The newest meetup of this room that stands there."""
    found = meetups(ctx, states)
    return found[0] if found else None


def in_hand(ctx: Context) -> Meetup | None:
    """The meetup that an owner's word is about: the one being planned, else the newest that is not over."""
    return the_one(ctx, flow.PLANNED) or the_one(ctx, flow.OPEN)


def lines(parts: Iterable[str]) -> Trusted:
    """Several finished texts under one another, the empty ones left out."""
    return Trusted("\n".join(part for part in parts if part))


def called(ctx: Context, member: int | None) -> str:
    """What the room calls somebody; 一位群友 for who is gone or has no name that can be seen."""
    name = plain(ctx.name_of(member), 20) if member is not None else ""
    return name or ctx.text("somebody")


def counted(ctx: Context, member: int | None) -> bool:
    """Whether somebody may be named: there, and not one who asked to be left out."""
    row = ctx.db.get(Member, member) if member is not None else None
    return row is not None and not row.uncounted and row.forgotten_at is None


def is_friend(ctx: Context, member: int | None) -> bool:
    """Whether the bot can write to somebody privately."""
    row = ctx.db.get(Member, member) if member is not None else None
    return row is not None and row.is_friend


def fitting(ctx: Context, key: str, **values: Any) -> dict[str, Any]:
    """Those of the values that a text wants: texts of one family do not all say the same."""
    wanted = ctx.services.texts.placeholders(ctx.plugin, key)
    return {name: value for name, value in values.items() if name in wanted}


def inform(ctx: Context, key: str, **values: object) -> None:
    """Tell the owners privately; said in the night, it waits for the morning."""
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        text = ctx.text(key, **values)
        ctx.tell_text(owner, text, urgency="promised", reason=key, keep_for=timedelta(days=1))


def date_said(ctx: Context, at: datetime) -> str:
    """A moment with its whole date and clock, never 明天: `3月14日 周六 15:00`."""
    day = day_said(at, at - timedelta(days=31), ctx.zone)
    return f"{day} {ctx.local(at):%H:%M}"


def dated(ctx: Context, at: datetime) -> Trusted:
    """The same, with the holiday that it falls on."""
    day = ctx.local(at).date()
    said = date_said(ctx, at)
    holiday = holiday_of(ctx.local(at))
    if holiday:
        return ctx.text("date_on_holiday", date=said, holiday=holiday)
    if day.weekday() > 4 and feasts.is_workday(day):
        return ctx.text("date_on_workday", date=said)
    return Trusted(said)


def form_said(ctx: Context, meetup: Meetup) -> str:
    """讲座 or 圆桌."""
    return ctx.text(f"form_{meetup.form or ROUND}")


def ends_at(meetup: Meetup) -> datetime:
    """When it is over."""
    assert meetup.starts_at is not None
    return meetup.starts_at + timedelta(hours=meetup.hours)


def is_on(ctx: Context) -> bool:
    """Whether the plugin still works here: a timer may outlast its owner's wish."""
    return bool(ctx.services.settings.enabled(ctx.plugin, ctx.room_id))


def ideas_title(ctx: Context, meetup: Meetup) -> str:
    """Its topic; a word for it while it has none."""
    return meetup.title or ctx.text("no_title")
