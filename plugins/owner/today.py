"""What needs the owner today, and settling it: 今天, 办好了, 重发, 放弃."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy import text as sql

from bot import authority
from bot.context import Context
from bot.errors import QunxingError
from bot.speaking import put_again
from bot.storage.tables import EventMark, EventRow, Outgoing, OwnerItem, Slot
from bot.storage.tables.ledger import FAILED
from bot.words import Trusted, duration_said, plain
from plugins.owner import logic
from plugins.owner.declared import plugin
from plugins.owner.views import lines, moment

LOOKS_BACK = timedelta(days=1)
ITEMS_SHOWN = 10
ITEM_LENGTH = 80
SLOTS_SHOWN = 3


@plugin.command(
    "今天", who="owner", where="private", needs_room=False,
    aliases=("待办", "今天有什么事", "今天要做什么", "有什么事"),
    summary="今天有什么要你看一眼",
    example=("今天", "…今天没什么要你操心的…"),
)  # fmt: skip
def show_today(ctx: Context) -> None:
    """What waits for the owner, and what went wrong since yesterday."""
    items = open_items(ctx)
    here = [item for item in items if item.room_id in (None, ctx.room_id)]
    elsewhere = len(items) - len(here)
    parts = [ctx.text("today_item", number=one.number, item=_shown(one)) for one in here[:ITEMS_SHOWN]]
    if len(here) > ITEMS_SHOWN:
        parts.append(ctx.text("today_more", count=len(here) - ITEMS_SHOWN))
    parts += _remarks(ctx)
    if elsewhere:
        parts.append(ctx.text("today_elsewhere", count=elsewhere))
    if not parts:
        ctx.reply("today_nothing")
        return
    head = ctx.text("today_head", room=ctx.room_name or ctx.services.bot_name)
    foot = [ctx.text("today_foot", number=here[0].number)] if here else []
    ctx.reply_text(lines([head, *parts, *foot]), reason="today")


@plugin.command(
    "办好了 <号>", who="owner", where="private", needs_room=False,
    aliases=("办完了 <号>", "搞定 <号>", "完成 <号>", "好了 <号>", "处理好了 <号>"),
    summary="把「今天」里的几号划掉",
    example=("办好了 1", "…没有 1 号…"),
)  # fmt: skip
def tick_off(ctx: Context, said: str) -> None:
    """These things are done."""
    items = {item.number: item for item in open_items(ctx)}
    numbers = list(items) if said.strip() in logic.ALL_WORDS else logic.numbers_in(said)
    if not numbers:
        ctx.reply("which_number", said=said)
        return
    missing = [number for number in numbers if number not in items]
    if missing:
        raise QunxingError("no_such_item", number=missing[0])
    for number in numbers:
        close(ctx, items[number])
    ctx.reply("ticked_off", left=len(items) - len(numbers))


def to_be_sent_again(ctx: Context, said: str) -> str:
    """For the confirmation: what would be said or done once more."""
    item, row = _item_and_row(ctx, said)
    key = "confirm_again_unknown" if row.status == "unknown" else "confirm_again_refused"
    return ctx.text(key, item=plain(item.text, ITEM_LENGTH))


@plugin.command(
    "重发 <号>", who="owner", where="private", needs_room=False, confirm=to_be_sent_again,
    aliases=("再发 <号>", "重试 <号>"),
    summary="把没发成的那条再发一次",
    example=("重发 1", "…没有 1 号…"),
)  # fmt: skip
def send_again(ctx: Context, said: str) -> None:
    """Say or do once more what may not have reached anybody."""
    item, row = _item_and_row(ctx, said)
    put_again(ctx.db, row, ctx.now)
    row.status, row.error = "cancelled", "sent again by an owner"
    close(ctx, item)
    ctx.note("sent_again", subject=f"outgoing.{row.id}")
    ctx.reply("sent_again")


@plugin.command(
    "放弃 <号>", who="owner", where="private", needs_room=False,
    aliases=("算了 <号>", "不发了 <号>", "不用发了 <号>"),
    summary="那条不用再发了",
    example=("放弃 1", "…没有 1 号…"),
)  # fmt: skip
def give_up(ctx: Context, said: str) -> None:
    """Leave it at that."""
    item, row = _item_and_row(ctx, said)
    row.status, row.error = "cancelled", "given up by an owner"
    close(ctx, item)
    ctx.note("given_up", subject=f"outgoing.{row.id}")
    ctx.reply("given_up")


def open_items(ctx: Context) -> list[OwnerItem]:
    """What waits in any of the owner's rooms. What has settled itself meanwhile is closed on the way."""
    assert ctx.member is not None
    rooms = authority.rooms_of(ctx.db, ctx.member)
    items = ctx.db.scalars(
        select(OwnerItem)
        .where(
            OwnerItem.done_at.is_(None),
            OwnerItem.expires_at > ctx.now,
            or_(OwnerItem.room_id.is_(None), OwnerItem.room_id.in_(rooms)),
        )
        .order_by(OwnerItem.number, OwnerItem.id)
    ).all()
    for item in items:
        if _has_settled_itself(ctx, item):
            close(ctx, item)
    return [item for item in items if item.done_at is None]


def _has_settled_itself(ctx: Context, item: OwnerItem) -> bool:
    """An unknown row whose echo came after all, or that somebody else has dealt with."""
    outgoing = item.payload.get("outgoing")
    if outgoing is None or item.plugin != plugin.name:
        return False
    row = ctx.db.get(Outgoing, outgoing)
    return row is None or row.status not in ("unknown", "refused", "expired")


def _item_and_row(ctx: Context, said: str) -> tuple[OwnerItem, Outgoing]:
    number = logic.whole_number(said)
    if number is None:
        raise QunxingError("which_number", said=said)
    item = next((one for one in open_items(ctx) if one.number == number), None)
    if item is None:
        raise QunxingError("no_such_item", number=number)
    row = ctx.db.get(Outgoing, item.payload.get("outgoing") or 0)
    if row is None:
        raise QunxingError("nothing_to_send", number=number)
    return item, row


def close(ctx: Context, item: OwnerItem) -> None:
    """This item is done with."""
    item.done_at = ctx.now
    ctx.db.flush()


def _shown(item: OwnerItem) -> str:
    return plain(item.text, ITEM_LENGTH)


def _remarks(ctx: Context) -> Iterator[Trusted]:
    """What went wrong since yesterday and cannot be ticked off: gaps, missed times, errors."""
    since = ctx.now - LOOKS_BACK
    shortest = timedelta(minutes=ctx.settings.gap_minutes)
    for gap in ctx.history.gaps(since):
        lasted = (gap.restored_at or ctx.now) - gap.lost_at
        if lasted > shortest:
            yield ctx.text("today_gap", since=moment(ctx, gap.lost_at), lasted=duration_said(lasted))
    titles = {one.name: one.title for one in ctx.services.plugins()}
    for slot in _lost_slots(ctx):
        title = titles.get(slot.plugin, slot.plugin)
        yield ctx.text("today_slot", title=title, at=moment(ctx, slot.due_at))
    failures = ctx.db.scalar(
        select(func.count())
        .select_from(EventMark)
        .join(EventRow, EventRow.id == EventMark.event_id)
        .where(
            sql(FAILED),
            EventRow.received_at > since,
            or_(EventRow.room_id.is_(None), EventRow.room_id == ctx.room_id),
        )
    )
    if failures:
        yield ctx.text("today_failures", count=failures)


def _lost_slots(ctx: Context) -> list[Slot]:
    query = select(Slot).where(
        Slot.status.in_(("missed", "failed")),
        Slot.due_at > ctx.now - LOOKS_BACK,
        Slot.room_id.in_((0, ctx.room_id or 0)),
    )
    return list(ctx.db.scalars(query.order_by(Slot.due_at.desc()).limit(SLOTS_SHOWN)))
