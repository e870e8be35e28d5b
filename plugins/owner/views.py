"""How rooms, times and rows look in what the desk says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from bot import authority
from bot.context import Context
from bot.services import RoomView
from bot.storage.tables import Outgoing, PuppetAlias, Room
from bot.words import Trusted, plain, time_said

STATUS_TEXTS = {
    "seen": "status_seen",
    "watching": "status_watching",
    "live": "status_live",
    "off": "status_off",
    "left": "status_left",
}
LISTED_FOR = timedelta(hours=12)
"""How long a notice to an owner may wait for the line or for the morning."""

WORDS_SHOWN = 60


def lines(parts: Iterable[str]) -> Trusted:
    """Finished texts under one another."""
    return Trusted("\n".join(parts))


def status_word(ctx: Context, status: str) -> Trusted:
    """What a room's status is called."""
    return ctx.text(STATUS_TEXTS[status])


def room_status(ctx: Context, room: Room | RoomView) -> Trusted:
    """What a room's status is called; one that is known from a log alone was never switched off."""
    if room.status == "off" and not has_been_in(ctx, room.id):
        return ctx.text("status_imported")
    return status_word(ctx, room.status)


def owned_rooms(ctx: Context, member: int) -> list[Room]:
    """The rooms of an owner in the order in which they are numbered."""
    keys = authority.rooms_of(ctx.db, member)
    return list(ctx.db.scalars(select(Room).where(Room.id.in_(keys)).order_by(Room.id)))


def has_been_in(ctx: Context, room: int) -> bool:
    """Whether the bot has ever been in a room; if not, the room is known from an imported log alone."""
    alias = select(PuppetAlias.key).where(PuppetAlias.scope == "room", PuppetAlias.key == room)
    return ctx.db.scalar(alias.limit(1)) is not None


def room_lines(ctx: Context, member: int) -> Trusted:
    """An owner's rooms, numbered, the one on the desk marked; "" if there are none."""
    current = authority.desk_of(ctx.db, member).room_id
    return lines(
        ctx.text(
            "room_line_here" if room.id == current else "room_line",
            number=number, room=room.name, status=room_status(ctx, room),
        )
        for number, room in enumerate(owned_rooms(ctx, member), 1)
    )  # fmt: skip


def moment(ctx: Context, at: datetime) -> str:
    """A moment as people say it."""
    return time_said(at, ctx.now, ctx.zone)


def words_of(row: Outgoing) -> str:
    """What an outgoing row says, on one line, cut short."""
    return plain(row.text, WORDS_SHOWN)
