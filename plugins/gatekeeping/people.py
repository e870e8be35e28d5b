"""Who is who at the door: open doors, open applications, who is no stranger at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from bot import authority
from bot.commands import CommandBook, pattern_of
from bot.context import Context
from bot.storage.tables import Member, Membership, Room
from bot.words import plain
from plugins.gatekeeping import logic
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.tables import Application

LOOK = "look"
_ANYBODY = "SELECT 1 FROM gatekeeping_application WHERE closed_at IS NULL LIMIT 1"
TOLD_FOR = timedelta(hours=20)
"""What an owner is told about the door waits for the morning if need be."""


def called(ctx: Context, member: int) -> str:
    """A name that can be seen."""
    return plain(ctx.name_of(member)) or ctx.text("nameless")


def outside(ctx: Context) -> Context:
    """The same moment, in no room: what is done to the account and not in a group."""
    return replace(ctx, room=None, asked_in_group=False, line_to_run=None)


def is_open(ctx: Context, room: int) -> bool:
    """Whether strangers may knock for this room."""
    book = ctx.services.settings
    if not book.enabled(plugin.name, room) or not book.for_plugin(plugin.name, room).open:
        return False
    return ctx.services.register.room_status(ctx.db, room) == "live"


def open_doors(ctx: Context, member: int) -> list[int]:
    """The rooms at whose doors this person may knock: open, and they are not inside."""
    return [room for room in _open_rooms(ctx) if not is_inside(ctx, room, member)]


def has_open_room(ctx: Context) -> bool:
    """Whether any door is open at all."""
    return bool(_open_rooms(ctx))


def _open_rooms(ctx: Context) -> list[int]:
    live = ctx.db.scalars(select(Room.id).where(Room.status == "live").order_by(Room.id)).all()
    return [room for room in live if is_open(ctx, room)]


def is_inside(ctx: Context, room: int, member: int) -> bool:
    """Whether somebody is in the room already."""
    return bool(ctx.history.present(room, [member]))


def is_stranger(ctx: Context, member: int) -> bool:
    """Whether this is a person who commands nothing here."""
    row = ctx.db.get(Member, member)
    is_person = row is not None and not row.is_self and row.kind != "official"
    return is_person and not authority.is_owner(ctx.db, member)


def open_application(ctx: Context, member: int) -> Application | None:
    """What this person waits for, if anything."""
    query = select(Application).where(Application.member_id == member, Application.closed_at.is_(None))
    return ctx.db.scalar(query)


def last_application(ctx: Context, member: int, since: datetime) -> Application | None:
    """What came of this person's last wish that was settled since then."""
    theirs = Application.member_id == member, Application.closed_at >= since
    return ctx.db.scalar(select(Application).where(*theirs).order_by(Application.closed_at.desc()).limit(1))


def is_anybody_at_the_door(ctx: Context) -> bool:
    """Whether any application is open."""
    return ctx.part.raw.execute(_ANYBODY).fetchone() is not None


def in_status(ctx: Context, *statuses: str) -> Sequence[Application]:
    """The open applications that stand so, first come first."""
    here = Application.status.in_(statuses), Application.closed_at.is_(None)
    return ctx.db.scalars(
        select(Application).where(*here).order_by(Application.decided_at, Application.id)
    ).all()


def of_room(ctx: Context, room: int | None, *statuses: str) -> list[Application]:
    """Those of one room."""
    here = Application.status.in_(statuses), Application.closed_at.is_(None), Application.room_id == room
    query = select(Application).where(*here).order_by(Application.decided_at, Application.id)
    return list(ctx.db.scalars(query))


def count_of_room(ctx: Context, room: int | None, *statuses: str) -> int:
    """How many they are."""
    return count(
        ctx, Application.room_id == room, Application.status.in_(statuses), Application.closed_at.is_(None)
    )


def count(ctx: Context, *which: ColumnElement[bool]) -> int:
    """How many applications are so."""
    return ctx.db.scalar(select(func.count()).select_from(Application).where(*which)) or 0


def people_in(ctx: Context, room: int) -> int:
    """How many are in the room, the bot among them."""
    here = Membership.room_id == room, Membership.left_at.is_(None)
    others = Membership.member_id != (ctx.services.register.self_key or 0)
    return (ctx.db.scalar(select(func.count()).where(*here, others)) or 0) + 1


def move(ctx: Context, one: Application, to: str) -> None:
    """Go on to another status; there must be such a move."""
    if not logic.may_go(one.status, to):
        raise ValueError(f"an application cannot go from {one.status} to {to}")
    one.status, one.touched_at = to, ctx.now
    one.closed_at = ctx.now if to in logic.CLOSED else None
    if one.closed_at is not None:
        one.request = None
        for name in ("answer", "which_room"):
            ctx.stop_asking(name, one.member_id)
    ctx.db.flush()


def look_soon(ctx: Context, after: timedelta = timedelta()) -> None:
    """See to everything that waits, right after this."""
    outside(ctx).later(LOOK, after=after, if_planned="keep" if after else "move")


def tell_owners(ctx: Context, room: int | None, text: str, reason: str) -> None:
    """A word to each owner of the room; what is said at night waits for the morning."""
    for owner in authority.owners_of(ctx.db, room):
        ctx.tell_text(owner, text, urgency="promised", keep_for=TOLD_FOR, reason=reason)


def is_a_command(ctx: Context, line: str) -> bool:
    """Whether a private line is something that any member may say, word for word."""
    book = CommandBook(command for one in ctx.services.plugins() for command in one.commands)
    match = book.match(line, "private", is_owner=False)
    if match is None or not match.complete or any(match.arguments):
        return False
    return not pattern_of(match.command.grammar).catches_all


def may_be_code(ctx: Context, line: str) -> bool:
    """Whether somebody seems to pair: a code is open, and here is something that looks like one."""
    return authority.code_in(line) is not None and authority.tries_left(ctx.db, ctx.now) > 0
