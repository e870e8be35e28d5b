"""Who is meant, who is here, and who may be named at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted
from bot.storage.records import RoomMember
from bot.storage.tables import Member, Membership
from bot.words import normalised, plain
from plugins.contributors.tables import Choice

CHUNK = 500


def counted(ctx: Context, members: Iterable[int]) -> set[int]:
    """Those of them who may be counted and named."""
    ordered = sorted(set(members))
    found: set[int] = set()
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        query = select(Member.id).where(
            Member.id.in_(chunk), Member.uncounted.is_(False), Member.forgotten_at.is_(None)
        )
        found |= set(ctx.db.scalars(query))
    return found


def nameable(ctx: Context, members: Collection[int]) -> set[int]:
    """Those of them who may be counted, are here, and are not hidden by the owner."""
    hidden = select(Choice.member_id).where(Choice.room_id == ctx.room_id, Choice.choice == "hidden")
    here = select(Membership.member_id).where(
        Membership.room_id == ctx.room_id, Membership.left_at.is_(None), Membership.member_id.not_in(hidden)
    )
    return counted(ctx, members) & set(ctx.db.scalars(here))


def called(ctx: Context, member: int) -> str:
    """What the room calls somebody; a name that cannot be seen is no name to call anybody by."""
    return plain(ctx.name_of(member), limit=20) or ctx.text("nameless")


def one_meant(ctx: Context, name: str) -> int:
    """The member that a name or a real mention means. Raises QunxingError if nobody or several."""
    event = ctx.event
    if isinstance(event, MessagePosted) and event.mentions:
        return event.mentions[0]
    found = _named(ctx, name)
    if len(found) == 1:
        return found[0].member
    raise QunxingError("which_person" if found else "no_such_person", name=plain(name, limit=20))


def _named(ctx: Context, name: str) -> Sequence[RoomMember]:
    wanted = normalised(name).lstrip("@").strip()
    people = [
        (one, (normalised(one.name), normalised(one.own_name)))
        for one in ctx.history.members(ctx.room_id or 0)
        if not one.is_self and one.kind != "official"
    ]
    if not wanted:
        return []
    exact = [one for one, names in people if wanted in names]
    return exact or [one for one, names in people if any(wanted in name for name in names)]
