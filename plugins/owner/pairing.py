"""How somebody becomes an owner: by the one-time code, in a friend request or in a private line."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from bot import authority
from bot.context import Context
from bot.events import FriendAdded, FriendRequested, MessagePosted, OutgoingSettled, RoomInvited
from bot.storage.tables import Membership, Outgoing, OwnerItem
from plugins.owner.declared import plugin
from plugins.owner.views import room_lines

WELCOMED_WITHIN = timedelta(hours=1)
INVITATION_LISTED = timedelta(days=3)


@plugin.on(FriendRequested, everywhere=True)
def answer_friend_request(ctx: Context, event: FriendRequested) -> None:
    """Accept whoever brings the code (and owners, and group members if the owner wants that)."""
    if event.late:
        return
    is_paired = authority.try_pair(ctx.db, event.member, event.greeting, ctx.now) == "paired"
    if is_paired or authority.is_owner(ctx.db, event.member) or _is_welcome(ctx, event.member):
        ctx.act("accept_friend", request=event.request, member=event.member)


@plugin.on(OutgoingSettled, everywhere=True)
def greet_accepted_owner(ctx: Context, event: OutgoingSettled) -> None:
    """The request is accepted: from now on the bot can write to this person."""
    if event.kind != "accept_friend" or event.status != "sent":
        return
    member = (event.payload or {}).get("member")
    if member is not None:
        ctx.services.register.mark_friend(ctx.db, member)
        _welcome_once(ctx, member)


@plugin.on(FriendAdded, everywhere=True)
def greet_added_owner(ctx: Context, event: FriendAdded) -> None:
    """The same, if somebody accepted the request on the phone."""
    _welcome_once(ctx, event.member)


@plugin.on(MessagePosted, everywhere=True)
def hear_code(ctx: Context, event: MessagePosted) -> None:
    """A private line with the code. Owners' lines come by `menu.guess`, so that no try is counted twice."""
    is_private_line = event.room is None and event.kind == "text" and not event.late
    if is_private_line and not authority.is_owner(ctx.db, event.member):
        take_code(ctx, event.member, event.text)


@plugin.on(RoomInvited, everywhere=True)
def answer_invitation(ctx: Context, event: RoomInvited) -> None:
    """Follow an owner anywhere; of others' invitations the owners decide."""
    if authority.is_owner(ctx.db, event.member):
        ctx.act("accept_invitation", invitation=event.invitation)
        return
    name = ctx.name_of(event.member)
    text = ctx.text("invited_item", name=name, topic=event.topic)
    ctx.put_on_list(f"invited:{event.member}", text, keep_for=INVITATION_LISTED)


@plugin.forget
def forget_invitations(ctx: Context, member: int) -> None:
    """What they called the room that they invited the bot into is their words too."""
    theirs = OwnerItem.plugin == plugin.name, OwnerItem.key == f"invited:{member}"
    ctx.db.execute(delete(OwnerItem).where(*theirs))


def take_code(ctx: Context, member: int, text: str) -> bool:
    """Pair the member if the line holds the code; False if it holds none that matters now."""
    outcome = authority.try_pair(ctx.db, member, text, ctx.now)
    if outcome == "paired":
        _welcome(ctx, member)
    elif outcome == "wrong":
        left = authority.tries_left(ctx.db, ctx.now)
        if left:
            ctx.tell(member, "wrong_code", left=left)
    return outcome != "none"


def _is_welcome(ctx: Context, member: int) -> bool:
    """Whether friend requests are accepted from this person: by a room they are in, or by the config."""
    settings = ctx.services.settings
    rooms = ctx.db.scalars(
        select(Membership.room_id).where(Membership.member_id == member, Membership.left_at.is_(None))
    ).all()
    return any(settings.for_plugin(plugin.name, room).accept_friends for room in (*rooms, None))


def _welcome_once(ctx: Context, member: int) -> None:
    """Greet a new owner; two reports of one friendship make one greeting."""
    if not authority.is_owner(ctx.db, member):
        return
    greeted = select(Outgoing.id).where(
        Outgoing.plugin == plugin.name,
        Outgoing.member_id == member,
        Outgoing.reason.in_(("paired", "paired_no_room")),
        Outgoing.created_at > ctx.now - WELCOMED_WITHIN,
    )
    if ctx.db.scalar(greeted.limit(1)) is None:
        _welcome(ctx, member)


def _welcome(ctx: Context, member: int) -> None:
    name, rooms = ctx.name_of(member), room_lines(ctx, member)
    if rooms:
        ctx.tell(member, "paired", name=name, rooms=rooms)
    else:
        ctx.tell(member, "paired_no_room", name=name)
