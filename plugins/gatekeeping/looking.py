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
from plugins.gatekeeping.people import LOOK, in_status, is_anybody_at_the_door, is_inside, look_soon, move
from plugins.gatekeeping.tables import Application

WAITS_AT_MOST = timedelta(days=30)
CONFIRMED_WITHIN = timedelta(days=1)
COMES_WITHIN = timedelta(days=7)
NEVER_WENT_OUT = ("withheld", "cancelled", "expired")


@plugin.timer(LOOK, catch_up=timedelta(days=3650))
def look(ctx: Context, payload: dict[str, Any]) -> None:
    """See to everything that waits."""
    for one in in_status(ctx, "knocking"):
        knocking.see_to(ctx, one)
    _recover_invitations(ctx)
    for one in in_status(ctx, "fits"):
        if one.room_id is not None:
            inviting.try_to_invite(ctx.in_room(one.room_id), one)


@plugin.job("morning", daily_at="08:30", catch_up=timedelta(hours=12), per_room=False)
def look_every_morning(ctx: Context) -> None:
    """What a new day allows, what is still on nobody's list, and what is over."""
    if is_anybody_at_the_door(ctx):
        _look_after_everybody(ctx)
    _delete_old(ctx)


def _look_after_everybody(ctx: Context) -> None:
    _close_what_is_over(ctx)
    look(ctx, {})
    for one in in_status(ctx, "waiting"):
        if one.room_id is not None and not _is_listed(ctx, one):
            deciding.put_on_list(ctx.in_room(one.room_id), one)
    for one in in_status(ctx, "invited"):
        if one.room_id is not None and logic.is_stale(one.touched_at, ctx.now, CONFIRMED_WITHIN):
            inviting.remind_owner_of(ctx.in_room(one.room_id), one)


@plugin.on(LineRestored, everywhere=True)
def look_when_back(ctx: Context, event: LineRestored) -> None:
    """We are back: see who waits."""
    look_soon(ctx)


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


def _close_what_is_over(ctx: Context) -> None:
    """Who is inside is in; who has said nothing for days has gone; nothing waits for ever."""
    for one in in_status(ctx, "knocking", "choosing", "asking", *inviting.UNDER_WAY, "fits", "waiting"):
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
