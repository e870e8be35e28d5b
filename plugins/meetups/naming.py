"""People whom an owner names: found in the room, put on the list, taken off it."""

from __future__ import annotations

from bot.context import Context
from bot.errors import QunxingError
from bot.words import plain
from plugins.meetups import flow, signing
from plugins.meetups.scene import called
from plugins.meetups.tables import Meetup

AROUND = "@＠ 「」\"'，,。"


def member_named(ctx: Context, name: str) -> int:
    """The one member of this room whom a name means. Raises QunxingError."""
    found = members_called(ctx, name)
    if len(found) != 1:
        raise QunxingError("nobody_called" if not found else "several_called", name=plain(name, 20))
    return found[0]


def members_called(ctx: Context, name: str) -> list[int]:
    """Those who are here and are called so."""
    wanted = name.strip(AROUND)
    found = ctx.history.find_by_name(ctx.room_id or 0, wanted) if wanted else []
    here = ctx.history.present(ctx.room_id or 0, found) if found else set()
    return [one for one in found if one in here]


def add_to_list(ctx: Context, meetup: Meetup, said: str) -> bool:
    """The owner signs somebody up who told them elsewhere."""
    if meetup.state not in flow.COMING:
        return False
    found = members_called(ctx, said)
    name = plain(said.strip(AROUND), 20)
    if not name:
        raise QunxingError("name_empty")
    if len(found) > 1:
        raise QunxingError("several_called", name=name)
    if found:
        _, outcome = signing.put(ctx, meetup, found[0])
    else:
        _, outcome = signing.put(ctx, meetup, None, name=name, by=ctx.member)
    shown = called(ctx, found[0]) if found else name
    ctx.reply("added_waiting" if outcome in ("waiting", "offered") else "added", name=shown)
    return True


def take_off_list(ctx: Context, meetup: Meetup, said: str) -> bool:
    """Somebody told the owner that they do not come."""
    if meetup.state not in flow.COMING:
        return False
    name, found = said.strip(AROUND), set(members_called(ctx, said))
    for row in signing.rows_of(ctx, meetup, "in", "waiting", "offered"):
        if row.member_id in found or (row.member_id is None and row.name == name):
            signing.take_out(ctx, meetup, row)
            ctx.reply("taken_off", name=plain(name, 20))
            return True
    raise QunxingError("not_on_list", name=plain(name, 20))
