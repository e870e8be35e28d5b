"""Hosts: members who agreed to look after newcomers. Whose turn it is, and how they cease to be one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from bot import authority
from bot.context import Context
from bot.words import joined
from plugins.welcome import logic
from plugins.welcome.scene import called, present
from plugins.welcome.tables import Host

_AGREED = (
    select(Host)
    .where(Host.room_id == bindparam("room"), Host.status == "agreed")
    .order_by(Host.answered_at, Host.member_id)
)


@dataclass(frozen=True, slots=True)
class Guide:
    """Whom a newcomer is handed to: a host, or the owner because there is none."""

    member: int
    is_owner: bool = False


# Taking turns


def next_guide(ctx: Context, newcomers: Collection[int]) -> Guide | None:
    """Whose turn it is; the owner if nobody else can; None if there is no owner either."""
    rows = agreed(ctx)
    facts = [logic.HostFacts(row.member_id, row.answered_at or row.asked_at, row.named_at) for row in rows]
    here = present(ctx, [row.member_id for row in rows])
    host = logic.next_host(facts, here, newcomers, rotate=ctx.settings.host_rotation)
    if host is not None:
        return Guide(host)
    owners = [one for one in authority.owners_of(ctx.db, ctx.room_id) if one not in newcomers]
    here = present(ctx, owners)
    return next((Guide(owner, is_owner=True) for owner in owners if owner in here), None)


def take_turn(ctx: Context, newcomers: Collection[int]) -> Guide | None:
    """`next_guide`, and it counts as that host's turn."""
    guide = next_guide(ctx, newcomers)
    row = ctx.db.get(Host, (ctx.room_id, guide.member)) if guide is not None else None
    if row is not None:
        row.named_at = ctx.now
    return guide


def still(ctx: Context, member: int | None, newcomers: Collection[int]) -> Guide | None:
    """Somebody who was named before, if they can be named again without it being another turn."""
    if member is None or member in newcomers or not present(ctx, [member]):
        return None
    if any(row.member_id == member for row in agreed(ctx)):
        return Guide(member)
    guide = next_guide(ctx, newcomers)
    return guide if guide == Guide(member, is_owner=True) else None


def agreed(ctx: Context) -> Sequence[Host]:
    """All who agreed to be a host here, in the order in which they did."""
    return ctx.db.scalars(_AGREED, {"room": ctx.room_id}).all()


# In the group


def tell_who(ctx: Context) -> None:
    """Say who looks after newcomers. Names only: nobody is called just because somebody asks."""
    names = [called(ctx, row.member_id) for row in _here(ctx)]
    guide = next_guide(ctx, ())
    if names:
        ctx.reply("who_hosts", names=joined(names, limit=6))
    elif guide is not None:
        ctx.reply("who_hosts_owner", name=called(ctx, guide.member))
    else:
        ctx.reply("who_hosts_nobody")


def stop(ctx: Context) -> None:
    """A host steps down; the owners hear of it."""
    row = ctx.db.get(Host, (ctx.room_id, ctx.member))
    if row is None or row.status != "agreed":
        ctx.reply("stopped_none")
        return
    row.status = "stopped"
    ctx.reply("stopped")
    name, left = called(ctx, row.member_id), count(ctx)
    if left:
        ctx.tell_owners("host_stopped", name=name, room=ctx.room_name, count=left)
    else:
        ctx.tell_owners("host_stopped_last", name=name, room=ctx.room_name)


def count(ctx: Context) -> int:
    """How many hosts there are who are still in the room."""
    return len(_here(ctx))


def _here(ctx: Context) -> list[Host]:
    rows = agreed(ctx)
    here = present(ctx, [row.member_id for row in rows])
    return [row for row in rows if row.member_id in here]


def notice_leaving(ctx: Context, members: Iterable[int]) -> None:
    """When the last host leaves, the owner should know whose name newcomers will hear from now on."""
    left = [row for row in agreed(ctx) if row.member_id in members]
    if left and count(ctx) == 0:
        key = f"hosts_gone:{ctx.room_id}:{ctx.local():%Y-%m-%d}"
        ctx.put_on_list(key, ctx.text("hosts_gone", room=ctx.room_name))


def forget(ctx: Context, member: int) -> None:
    """Remove what is stored about a host."""
    ctx.db.execute(delete(Host).where(Host.member_id == member))
    ctx.db.execute(update(Host).where(Host.asked_by == member).values(asked_by=None))
