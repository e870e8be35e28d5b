"""Silence on demand, and taking words back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update

from bot.context import Context
from bot.events import OutgoingSettled
from bot.storage.tables import Message, Outgoing, Room
from bot.words import plain
from plugins.owner import logic
from plugins.owner.declared import plugin
from plugins.owner.views import moment, words_of

RECALLABLE_FOR = timedelta(minutes=2)
"""WeChat's own limit."""

RECALLED_SHOWN = 20
"""Words that were taken back are named, not said again."""


@plugin.command(
    "安静 [时长]", who="owner", where="private",
    aliases=("静音 [时长]", "闭嘴 [时长]", "别说话 [时长]", "安静到 [几点]", "先别说话 [时长]"),
    summary="没人问我就不开口，到时候自己恢复",
    example=("安静 3小时", "好，到 今天 12:00 为止…"),
)  # fmt: skip
def hush(ctx: Context, how_long: str) -> None:
    """Nothing unasked in this room until then; the outbox keeps it."""
    usual = timedelta(hours=ctx.settings.quiet_hours)
    end = logic.hush_end(how_long, ctx.local(), usual)
    if end is None:
        ctx.reply("hush_how_long")
        return
    until = end.astimezone(ctx.now.tzinfo)
    _hush_until(ctx, until)
    ctx.reply("hushed", until=moment(ctx, until), room=ctx.room_name)


@plugin.command(
    "说话吧", who="owner", where="private",
    aliases=("说话", "恢复说话", "可以说话了", "不用安静了", "别安静了", "取消安静"),
    summary="不用再安静了",
    example=("说话吧", "我本来就没闭嘴…"),
)  # fmt: skip
def speak_again(ctx: Context) -> None:
    """The end of 安静 before its time."""
    assert ctx.room is not None
    until = ctx.db.scalar(select(Room.quiet_until_at).where(Room.id == ctx.room.id))
    if until is None or until <= ctx.now:
        ctx.reply("not_hushed")
        return
    _hush_until(ctx, None)
    ctx.reply("speaking_again", room=ctx.room_name)


@plugin.command(
    "撤回", who="owner", where="private", aliases=("撤回上一条", "撤回刚才那条", "收回", "收回那句话"),
    summary="撤回我在群里的上一句话",
    example=("撤回", "我在「岩茶同好会」还没有说过什么…"),
)  # fmt: skip
def take_back(ctx: Context) -> None:
    """Take the last words back while WeChat allows it; how that ended is told when it is known."""
    row = _last_words(ctx)
    if row is None:
        ctx.reply("recall_nothing", room=ctx.room_name)
    elif ctx.now - (row.settled_at or row.created_at) > RECALLABLE_FOR:
        ctx.reply("recall_too_late", said=words_of(row))
    elif row.puppet_id is None:
        ctx.reply("recall_impossible", said=words_of(row))
    elif not ctx.services.gateway_state().connected:
        ctx.reply("recall_line_down")
    else:
        ctx.note("recall")
        ctx.act("recall", puppet_id=row.puppet_id, outgoing=row.id, asked_by=ctx.member)


@plugin.on(OutgoingSettled, everywhere=True)
def tell_how_recall_ended(ctx: Context, event: OutgoingSettled) -> None:
    """What WeChat said to taking words back, to whoever asked for it."""
    payload = event.payload or {}
    if event.kind != "recall" or payload.get("asked_by") is None:
        return
    row = ctx.db.get(Outgoing, payload["outgoing"])
    if row is None:
        return
    if event.status == "sent" and row.message_id is not None:
        ctx.db.execute(update(Message).where(Message.id == row.message_id).values(recalled=True))
    if event.status == "sent":
        ctx.tell(payload["asked_by"], "recalled", said=plain(row.text, RECALLED_SHOWN))
    else:
        ctx.tell(payload["asked_by"], "recall_impossible", said=words_of(row))


def _hush_until(ctx: Context, until: object) -> None:
    assert ctx.room is not None
    room = ctx.db.get_one(Room, ctx.room.id)
    old = room.quiet_until_at
    ctx.db.execute(update(Room).where(Room.id == ctx.room.id).values(quiet_until_at=until))
    ctx.note(
        "hush" if until else "hush_ended", old=str(old) if old else None, new=str(until) if until else None
    )


def _last_words(ctx: Context) -> Outgoing | None:
    return ctx.db.scalar(
        select(Outgoing)
        .outerjoin(Message, Message.id == Outgoing.message_id)
        .where(
            Outgoing.room_id == ctx.room_id,
            Outgoing.kind.in_(("text", "file")),
            Outgoing.status == "sent",
            or_(Message.id.is_(None), Message.recalled.is_(False)),
        )
        .order_by(Outgoing.settled_at.desc(), Outgoing.id.desc())
        .limit(1)
    )
