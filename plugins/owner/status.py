"""How the group and the bot are doing, and who changed what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.context import Context
from bot.storage.tables import AuditRow, Message, Outgoing, Room
from bot.words import Trusted, duration_said, plain
from plugins.owner import logic
from plugins.owner.declared import plugin
from plugins.owner.setting_views import setting_title, value_shown
from plugins.owner.views import lines, moment, room_status, status_word, words_of

GAPS_SINCE = timedelta(days=7)
SHORTEST_GAP = timedelta(minutes=1)
RECORDS_SHOWN = 8
MOST_RECORDS = 20
VALUE_LENGTH = 24

ACTIONS = {
    "setting": "record_setting",
    "setting_undone": "record_undone",
    "text": "record_text",
    "text_undone": "record_text_undone",
    "paired": "record_paired",
    "room_status": "record_room_status",
    "hush": "record_hush",
    "hush_ended": "record_hush_ended",
    "recall": "record_recall",
    "sent_again": "record_sent_again",
    "given_up": "record_given_up",
}


@plugin.command(
    "状态", who="owner", where="private", aliases=("本群状态", "群状态", "情况", "怎么样了"),
    summary="连线、人数、今天的话、我最近说了什么",
    example=("状态", "【岩茶同好会】在说话…"),
)  # fmt: skip
def show_status(ctx: Context) -> None:
    """The line, the people, the talk, the bot's own words."""
    assert ctx.room is not None
    head = ctx.text("status_head", room=ctx.room_name, status=room_status(ctx, ctx.room))
    ctx.reply_text(
        lines([head, *_line(ctx), *_talk(ctx), *_own_words(ctx), *_features(ctx)]), reason="status"
    )


@plugin.command(
    "操作记录 [几条]", who="owner", where="private", aliases=("记录 [几条]", "谁改了什么", "改动记录 [几条]"),
    summary="最近谁改了什么",
    example=("操作记录", "…最近的改动…"),
)  # fmt: skip
def show_records(ctx: Context, how_many: str = "") -> None:
    """The audit log of this room, newest first."""
    count = min(logic.whole_number(how_many) or RECORDS_SHOWN, MOST_RECORDS)
    rows = ctx.db.scalars(
        select(AuditRow)
        .where((AuditRow.room_id == ctx.room_id) | AuditRow.room_id.is_(None))
        .order_by(AuditRow.id.desc())
        .limit(count)
    ).all()
    if not rows:
        ctx.reply("no_records")
        return
    told = [ctx.text("records_head", room=ctx.room_name), *(_record(ctx, row) for row in rows)]
    ctx.reply_text(lines(told), reason="records")


def _line(ctx: Context) -> Iterator[Trusted]:
    """Whether the bot is connected, and what it missed."""
    state = ctx.services.gateway_state()
    if not state.connected:
        yield ctx.text("status_line_down")
    elif state.since is not None:
        yield ctx.text("status_line_up", since=moment(ctx, state.since))
    gaps = [(gap.restored_at or ctx.now) - gap.lost_at for gap in ctx.history.gaps(ctx.now - GAPS_SINCE)]
    missed = [gap for gap in gaps if gap >= SHORTEST_GAP]
    if missed:
        yield ctx.text("status_gaps", count=len(missed), lasted=duration_said(sum(missed, timedelta())))


def _talk(ctx: Context) -> Iterator[Trusted]:
    """How many people, how much talk today."""
    assert ctx.room is not None
    people = [one for one in ctx.history.members(ctx.room.id) if not one.is_self]
    midnight = ctx.local().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(ctx.now.tzinfo)
    said = ctx.history.count(ctx.room.id, since=midnight)
    yield ctx.text("status_talk", people=len(people), messages=said)


def _own_words(ctx: Context) -> Iterator[Trusted]:
    """What the bot said last, what waits, and until when it is silent."""
    last = ctx.db.scalar(
        select(Outgoing)
        .join(Message, Message.id == Outgoing.message_id)
        .where(Outgoing.room_id == ctx.room_id, Outgoing.status == "sent", Message.recalled.is_(False))
        .order_by(Outgoing.settled_at.desc(), Outgoing.id.desc())
        .limit(1)
    )
    if last is not None:
        yield ctx.text("status_last", at=moment(ctx, last.settled_at or last.created_at), said=words_of(last))
    waiting, unknown = _rows_in(ctx, "planned"), _rows_in(ctx, "unknown")
    if waiting:
        yield ctx.text("status_waiting", count=waiting)
    if unknown:
        yield ctx.text("status_unknown", count=unknown)
    until = ctx.db.scalar(select(Room.quiet_until_at).where(Room.id == ctx.room_id))
    if until is not None and until > ctx.now:
        yield ctx.text("status_hushed", until=moment(ctx, until))


def _features(ctx: Context) -> Iterator[Trusted]:
    """Which plugins work here."""
    book = ctx.services.settings
    on = [
        one.title
        for one in ctx.services.plugins()
        if not one.always_on and book.enabled(one.name, ctx.room_id)
    ]
    if on:
        yield ctx.text("status_features", titles="、".join(on))


def _rows_in(ctx: Context, status: str) -> int:
    query = select(func.count()).where(Outgoing.room_id == ctx.room_id, Outgoing.status == status)
    return ctx.db.scalar(query) or 0


def _record(ctx: Context, row: AuditRow) -> Trusted:
    who = (ctx.name_of(row.member_id) if row.member_id else "") or ctx.text("nobody")
    values = {
        "who": who,
        "at": moment(ctx, row.at),
        "title": setting_title(ctx, row.subject),
        "action": row.action,
        "old": _value(ctx, row, row.old),
        "new": _value(ctx, row, row.new),
    }
    key = ACTIONS.get(row.action, "record_other")
    wanted = ctx.services.texts.placeholders(plugin.name, key)
    return ctx.text(key, **{name: value for name, value in values.items() if name in wanted})


def _value(ctx: Context, row: AuditRow, value: Any) -> str:
    """A value of the audit log as people read it."""
    if row.action == "room_status" and value:
        return status_word(ctx, str(value))
    if row.action == "hush" and value:
        return moment(ctx, datetime.fromisoformat(str(value)))
    if row.action.startswith("setting"):
        return plain(value_shown(ctx, row.subject, value), VALUE_LENGTH)
    return plain("" if value is None else value, VALUE_LENGTH)
