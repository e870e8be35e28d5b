"""After a login under new ids, or an import: is this group the one of before? Only its owner can say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot import authority
from bot.context import Context
from bot.events import MessagePosted
from bot.regaining import former_self, is_imported, keep_apart, regain, today_of
from bot.words import yes_or_no
from plugins.owner.declared import plugin

ANSWER_WITHIN = timedelta(minutes=10)


def ask_if_same(ctx: Context) -> bool:
    """Ask the owner whether a lost or imported group of this name is this one; False if there is none."""
    assert ctx.member is not None
    assert ctx.room_id is not None
    former = former_self(ctx.db, ctx.room_id)
    if former is None:
        return False
    ctx.ask("same_room", ctx.member, wait=ANSWER_WITHIN, former=former)
    key = "imported_room_ask" if is_imported(ctx.db, former) else "same_room_ask"
    ctx.reply(key, room=ctx.room_name)
    return True


def ask_from_the_past(ctx: Context) -> bool:
    """The same, asked in the imported group; the group of today is on the owner's desk then."""
    assert ctx.member is not None
    today = today_of(ctx.db, ctx.room_id or 0)
    if today is None or not authority.may_command(ctx.db, ctx.member, today):
        return False
    authority.desk_of(ctx.db, ctx.member).room_id = today
    ctx.db.flush()
    return ask_if_same(ctx.in_room(today))


@plugin.answer("same_room")
def join_or_keep_apart(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes joins past and present; no keeps them apart for good. Either way the group can be switched on."""
    assert ctx.member is not None
    assert ctx.room_id is not None
    answer = yes_or_no(event.text)
    if answer is None or not authority.may_command(ctx.db, ctx.member, ctx.room_id):
        return False
    if answer:
        room, former = ctx.room_id, int(payload["former"])
        regain(ctx.db, ctx.services.register, room, former, ctx.now)
        ctx.services.settings.load(ctx.db)
        ctx.services.texts.load(ctx.db)
        ctx.in_room(former).note("regained", subject=str(room))
        ctx.reply("same_room_regained", room=ctx.room_name)
    else:
        keep_apart(ctx.db, ctx.room_id, ctx.now)
        ctx.reply("same_room_apart")
    return True
