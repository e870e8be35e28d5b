"""Inviting, from one place only, and whatever WeChat makes of it; who has to wait is told why, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from sqlalchemy import select

from bot.context import Context
from bot.events import MembersJoined, MembersLeft, OutgoingSettled
from plugins.gatekeeping import logic
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.people import (
    TOLD_FOR,
    called,
    count,
    count_of_room,
    is_inside,
    look_soon,
    move,
    open_application,
    people_in,
)
from plugins.gatekeeping.tables import Application

Outcome = Literal["now", "full", "cap", "off", "inside"]
IN_THE_WAY: tuple[Outcome, ...] = ("full", "cap", "off")
UNDER_WAY = ("inviting", "invited", "unsure", "stuck")
AGAIN_AFTER_OUTAGE = timedelta(minutes=10)


def who_fits(ctx: Context, most: int, *, told: str | None = None) -> Sequence[Application]:
    """Those who may come into this room, first come first; with `told`, who has not heard that yet."""
    here = Application.room_id == ctx.room_id, Application.status == "fits", Application.closed_at.is_(None)
    query = select(Application).where(*here).order_by(Application.decided_at, Application.id)
    return ctx.db.scalars(
        (query if told is None else query.where(Application.told != told)).limit(most)
    ).all()


def try_to_invite(ctx: Context, one: Application) -> Outcome:
    """Invite somebody who fits, if there is a seat and the day's cap allows it; else say why they wait."""
    outcome = _obstacle(ctx, one)
    if outcome == "inside":
        move(ctx, one, "joined")
    elif outcome == "now":
        move(ctx, one, "inviting")
        one.invited_at = ctx.now
        one.outgoing_id = ctx.act("invite", people=[one.member_id], application=one.id)
    else:
        say_why_later(ctx, one)
    return outcome


def _obstacle(ctx: Context, one: Application) -> Outcome:
    if one.room_id is None or is_inside(ctx, one.room_id, one.member_id):
        return "inside"
    if ctx.room is None or ctx.room.status != "live":
        return "off"
    if not ctx.services.settings.enabled(plugin.name, one.room_id):
        return "off"
    under_way = count_of_room(ctx, one.room_id, *UNDER_WAY)
    if not logic.free_seats(ctx.settings.room_most, people_in(ctx, one.room_id), under_way):
        return "full"
    today = Application.invited_at >= logic.day_start(ctx.now, ctx.zone)
    is_capped = count(ctx, Application.room_id == one.room_id, today) >= ctx.settings.invites_a_day
    return "cap" if is_capped else "now"


def say_why_later(ctx: Context, one: Application, *, always: bool = False) -> None:
    """No seat, or enough for today: each is said once, and the owner hears of a full room once a day."""
    why = _obstacle(ctx, one)
    why = why if why in ("full", "off") else "cap"
    if one.told != why or always:
        ctx.tell_text(
            one.member_id, ctx.text(f"wait_{why}", room=ctx.room_name), reason="wait", keep_for=TOLD_FOR
        )
    one.told = why
    if why == "full":
        text = ctx.text("full_item", room=ctx.room_name, most=ctx.settings.room_most)
        ctx.put_on_list(f"full:{ctx.room_id}:{ctx.local():%Y-%m-%d}", text)


@plugin.on(OutgoingSettled, everywhere=True)
def notice_end(ctx: Context, event: OutgoingSettled) -> None:
    """How an invitation ended; one that an owner had sent again ends here too."""
    application = (event.payload or {}).get("application")
    if event.plugin != plugin.name or event.kind != "invite" or application is None:
        return
    one = ctx.db.get(Application, application)
    if one is None or one.room_id is None or one.status not in ("inviting", "unsure", "stuck"):
        return
    there = ctx.in_room(one.room_id)
    if event.status == "sent":
        move(ctx, one, "invited")
        there.tell(one.member_id, "invited", room=there.room_name, keep_for=TOLD_FOR)
    elif event.status == "expired" and one.status == "inviting":
        one.invited_at = None  # it never went out, so it may be tried again
        move(ctx, one, "fits")
        look_soon(ctx, AGAIN_AFTER_OUTAGE)
    elif event.status == "refused" and one.status != "stuck":
        move(ctx, one, "stuck")
        there.tell(one.member_id, "refused", room=there.room_name, keep_for=TOLD_FOR)
    elif event.status == "unknown" and one.status == "inviting":
        move(ctx, one, "unsure")


@plugin.on(MembersJoined, everywhere=True)
def notice_arrival(ctx: Context, event: MembersJoined) -> None:
    """Whoever is in, by our invitation or another's, is asked nothing more."""
    for member in (*event.members, *event.returning):
        one = open_application(ctx, member)
        if one is not None and one.room_id == event.room:
            move(ctx, one, "joined")


@plugin.on(MembersLeft)
def notice_seat(ctx: Context, event: MembersLeft) -> None:
    """A seat may be free for who has waited longest."""
    if count_of_room(ctx, event.room, "fits"):
        look_soon(ctx)


def remind_owner_of(ctx: Context, one: Application) -> None:
    """Invited a day ago and not inside: most often the room's owner has to confirm on the phone."""
    if one.told == "unconfirmed":
        return
    one.told = "unconfirmed"
    text = ctx.text("unconfirmed_item", name=called(ctx, one.member_id), room=ctx.room_name)
    ctx.put_on_list(f"unconfirmed:{one.id}", text)
