"""Whatever had to wait at the door is taken up again: at once, and every morning, whatever was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.context import Context
from bot.events import LineRestored
from bot.storage.tables import Outgoing, OwnerItem
from plugins.gatekeeping import asking, deciding, inviting, knocking, logic
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.people import (
    LOOK,
    in_status,
    is_anybody_at_the_door,
    is_inside,
    look_soon,
    move,
    outside,
)
from plugins.gatekeeping.tables import Application

SWEEP = "sweep"
AT_ONCE = 10
"""So many are seen to in one go: each is a few queries, and everything else waits meanwhile."""

WAITS_AT_MOST = timedelta(days=30)
CONFIRMED_WITHIN = timedelta(days=1)
COMES_WITHIN = timedelta(days=7)
NEVER_WENT_OUT = ("withheld", "cancelled", "expired")


@plugin.timer(LOOK, catch_up=timedelta(days=3650))
def look(ctx: Context, payload: dict[str, Any]) -> None:
    """See to those for whom something can be done now, a few at a time: thousands may stand at a door."""
    _recover_invitations(ctx)
    is_more = [_see_to_who_knocks(ctx), *(_invite_who_fits(ctx.in_room(room)) for room in _with_fitting(ctx))]
    if any(is_more):
        look_soon(ctx)


@plugin.job("morning", daily_at="08:30", catch_up=timedelta(hours=12), per_room=False)
def look_every_morning(ctx: Context) -> None:
    """What a new day allows, what is still on nobody's list, and what is over."""
    if is_anybody_at_the_door(ctx):
        look_soon(ctx)
        outside(ctx).later(SWEEP, if_planned="move", after_id=0)
    _delete_old(ctx)


@plugin.timer(SWEEP, catch_up=timedelta(days=1))
def sweep(ctx: Context, payload: dict[str, Any]) -> None:
    """One page of the open applications after the other."""
    here = Application.closed_at.is_(None), Application.id > payload["after_id"]
    page = ctx.db.scalars(select(Application).where(*here).order_by(Application.id).limit(AT_ONCE)).all()
    for one in page:
        _close_if_over(ctx, one)
        if one.status == "knocking":
            knocking.see_to(ctx, one)
        if one.status == "waiting" and one.room_id is not None and not _is_listed(ctx, one):
            deciding.put_on_list(ctx.in_room(one.room_id), one)
        is_old = logic.is_stale(one.touched_at, ctx.now, CONFIRMED_WITHIN)
        if one.status == "invited" and one.room_id is not None and is_old:
            inviting.remind_owner_of(ctx.in_room(one.room_id), one)
    if len(page) == AT_ONCE:
        outside(ctx).later(SWEEP, if_planned="move", after_id=page[-1].id)


@plugin.on(LineRestored, everywhere=True)
def look_when_back(ctx: Context, event: LineRestored) -> None:
    """We are back: see who waits."""
    look_soon(ctx)


def _see_to_who_knocks(ctx: Context) -> bool:
    """Begin with friends, accept requests while the day's cap allows it; whether there are more of them."""
    found = knocking.who_can_be_seen_to(ctx, AT_ONCE)
    for one in found:
        knocking.see_to(ctx, one)
    return len(found) == AT_ONCE


def _with_fitting(ctx: Context) -> list[int]:
    here = Application.status == "fits", Application.closed_at.is_(None), Application.room_id.is_not(None)
    return [room for room in ctx.db.scalars(select(Application.room_id).where(*here).distinct()) if room]


def _invite_who_fits(ctx: Context) -> bool:
    """Invite until something is in the way, then tell the others why they wait; whether there are more."""
    outcome: inviting.Outcome = "now"
    for one in inviting.who_fits(ctx, AT_ONCE):
        outcome = inviting.try_to_invite(ctx, one)
        if outcome in inviting.IN_THE_WAY:
            break
    else:
        return bool(inviting.who_fits(ctx, 1))
    untold = inviting.who_fits(ctx, AT_ONCE, told=outcome)
    for one in untold:
        inviting.say_why_later(ctx, one)
    return len(untold) == AT_ONCE


def _recover_invitations(ctx: Context) -> None:
    """An invitation that was withheld, because the room went silent meanwhile, never went out."""
    for one in in_status(ctx, "inviting"):
        row = ctx.db.get(Outgoing, one.outgoing_id or 0)
        if row is None or row.status in NEVER_WENT_OUT:
            one.invited_at = None
            move(ctx, one, "fits")


def _is_listed(ctx: Context, one: Application) -> bool:
    """Whether the owner has it before them, or has put it off for a while."""
    mine = OwnerItem.plugin == plugin.name, OwnerItem.key == deciding.item_key(one)
    item = ctx.db.scalar(select(OwnerItem).where(*mine))
    if item is None:
        return False
    if item.done_at is not None:
        return ctx.now - item.done_at < deciding.AGAIN_AFTER
    return item.expires_at > ctx.now


def _close_if_over(ctx: Context, one: Application) -> None:
    """Who is inside is in; who has said nothing for days has gone; nothing waits for ever."""
    limit = {"waiting": WAITS_AT_MOST, "fits": WAITS_AT_MOST, "choosing": asking.ANSWER_WITHIN,
             "asking": asking.ANSWER_WITHIN}.get(one.status, COMES_WITHIN)  # fmt: skip
    if one.room_id is not None and is_inside(ctx, one.room_id, one.member_id):
        move(ctx, one, "joined")
    elif logic.is_stale(one.touched_at, ctx.now, limit):
        _let_lapse(ctx, one)


def _let_lapse(ctx: Context, one: Application) -> None:
    """Who waited for the owner in vain hears so; who fell silent themselves is left in peace."""
    has_waited = one.status in ("waiting", "fits")
    move(ctx, one, "lapsed")
    if has_waited and one.room_id is not None:
        there = ctx.in_room(one.room_id)
        there.tell(one.member_id, "waited_in_vain", room=there.room_name, keep_for=timedelta(days=1))


def _delete_old(ctx: Context) -> None:
    """Applications that are settled are kept for a while only, with all that was answered."""
    days: int = ctx.services.settings.for_plugin(plugin.name, None).keep_days
    ctx.db.execute(delete(Application).where(Application.closed_at < ctx.now - timedelta(days=days)))
