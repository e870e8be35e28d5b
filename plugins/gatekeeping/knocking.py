"""Who adds the bot, or asks to come in: noted at once, and seen to right after, when it is plain who it is.

A pairing code in a greeting makes an owner and no applicant; that is settled before anybody is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import FriendAdded, FriendRequested, OutgoingSettled
from bot.storage.tables import Member, Outgoing
from plugins.gatekeeping import asking, logic
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.people import (
    count,
    has_open_room,
    is_inside,
    is_stranger,
    last_application,
    look_soon,
    move,
    open_application,
    open_doors,
)
from plugins.gatekeeping.tables import Application

GREETING_KEPT = 100
NOT_AGAIN_WITHIN = timedelta(days=30)
"""Who was told no is not asked anew for so long; the owner may let them in any time."""


@plugin.on(FriendRequested, everywhere=True)
def note_request(ctx: Context, event: FriendRequested) -> None:
    """Somebody wants to add the bot; if it was a pairing, there will be nobody to ask."""
    one = _knock(ctx, event.member, event.greeting)
    if one is not None and one.status == "knocking":
        one.request = event.request
        ctx.db.flush()


@plugin.on(FriendAdded, everywhere=True)
def note_friend(ctx: Context, event: FriendAdded) -> None:
    """Somebody was added, on the phone or by us."""
    _knock(ctx, event.member, "")


@plugin.on(OutgoingSettled, everywhere=True)
def note_acceptance(ctx: Context, event: OutgoingSettled) -> None:
    """A friend request was accepted, or came to nothing."""
    member = (event.payload or {}).get("member")
    if event.kind != "accept_friend" or member is None:
        return
    one = open_application(ctx, member)
    if one is None or one.status != "knocking":
        return
    if event.status == "sent":
        ctx.services.register.mark_friend(ctx.db, member)
    elif event.status == "expired":
        one.accepted_at = None
    else:
        one.request = None  # the owner has the step; if it is done by hand, the friendship tells us
    look_soon(ctx)


@plugin.command(
    "进群 [哪个群]", who="member", where="private", needs_room=False,
    aliases=("我想进群 [哪个群]", "想进群 [哪个群]", "申请进群 [哪个群]", "怎么进群", "拉我进群 [哪个群]"),
    summary="想进群的人从这儿敲门",
    example=("进群", "…你是群主…"),
)  # fmt: skip
def ask_to_come_in(ctx: Context, said: str = "") -> None:
    """A friend of the bot wants to come in."""
    assert ctx.member is not None
    if not is_stranger(ctx, ctx.member):
        ctx.reply("you_own")
        return
    one = open_application(ctx, ctx.member)
    if one is not None:
        asking.say_where_it_stands(ctx, one)
        return
    refused = last_application(ctx, ctx.member, ctx.now - NOT_AGAIN_WITHIN)
    if refused is not None and refused.status == "declined":
        ctx.reply("declined_already")
        return
    doors = open_doors(ctx, ctx.member)
    if doors:
        asking.begin(ctx, _new(ctx, ctx.member, said), doors)
    elif has_open_room(ctx):
        ctx.reply("inside_already")


def _knock(ctx: Context, member: int, greeting: str) -> Application | None:
    """The application of somebody who comes to the door; None if there is nothing to ask."""
    if not is_stranger(ctx, member):
        return None
    one = open_application(ctx, member)
    if one is None:
        refused = last_application(ctx, member, ctx.now - NOT_AGAIN_WITHIN)
        has_been_told = refused is not None and refused.status == "declined"
        if has_been_told or not open_doors(ctx, member):
            return None
        one = _new(ctx, member, greeting)
    look_soon(ctx)
    return one


def _new(ctx: Context, member: int, greeting: str) -> Application:
    row = Application(
        member_id=member, status="knocking", greeting=greeting[:GREETING_KEPT], answers=[],
        knocked_at=ctx.now, touched_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    return row


def who_can_be_seen_to(ctx: Context, most: int) -> Sequence[Application]:
    """Whom there is something to be done for: friends, and requests that may be accepted today.

    If every door has closed, all of them: nobody is left standing there.
    """
    here = Application.status == "knocking", Application.closed_at.is_(None)
    query = select(Application).where(*here).order_by(Application.id)
    friends = Application.member_id.in_(select(Member.id).where(Member.is_friend))
    if not has_open_room(ctx):
        return ctx.db.scalars(query.limit(most)).all()
    found = list(ctx.db.scalars(query.where(friends).limit(most)))
    left = min(most - len(found), _acceptable_today(ctx))
    if left > 0:
        open_requests = Application.request.is_not(None), Application.accepted_at.is_(None)
        others = query.where(~friends, *open_requests, Application.request.not_in(_being_accepted(ctx)))
        found += ctx.db.scalars(others.limit(left))
    return found


def see_to(ctx: Context, one: Application) -> None:
    """Accept who knocks, within the day's cap, and begin with who is a friend."""
    if not is_stranger(ctx, one.member_id):
        move(ctx, one, "lapsed")
        return
    doors = open_doors(ctx, one.member_id)
    if not doors:
        _leave_be(ctx, one)
    elif ctx.db.get_one(Member, one.member_id).is_friend:
        asking.begin(ctx, one, doors)
    elif one.request is not None and one.accepted_at is None and one.request not in _being_accepted(ctx):
        _accept(ctx, one)


def _leave_be(ctx: Context, one: Application) -> None:
    """All doors have closed, or they are inside already."""
    is_in = one.room_id is not None and is_inside(ctx, one.room_id, one.member_id)
    move(ctx, one, "joined" if is_in else "lapsed")


def _accept(ctx: Context, one: Application) -> None:
    if _acceptable_today(ctx) > 0:
        one.accepted_at = ctx.now
        ctx.act("accept_friend", request=one.request, member=one.member_id)


def _acceptable_today(ctx: Context) -> int:
    most: int = ctx.services.settings.for_plugin(plugin.name, None).friends_a_day
    return most - count(ctx, Application.accepted_at >= logic.day_start(ctx.now, ctx.zone))


def _being_accepted(ctx: Context) -> set[str]:
    """The requests that are on their way already: the owner's desk accepts some people itself."""
    under_way = Outgoing.status.in_(("planned", "claimed")), Outgoing.kind == "accept_friend"
    rows = ctx.db.scalars(select(Outgoing.payload).where(*under_way)).all()
    return {payload["request"] for payload in rows if payload.get("request")}
