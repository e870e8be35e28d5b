"""Material: texts, links, pictures and files that wait to be shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted, MessageRecalled, OutgoingSettled
from bot.storage.records import Said
from bot.words import Trusted, normalised, plain
from plugins.knowledge import media
from plugins.knowledge.tables import Material
from plugins.knowledge.views import EXCERPT, called, lines, number_and_rest

GIVE, WITHIN = "material_give", timedelta(minutes=10)
SHOWN = 12
MOST = 200
SHORTEST = 2
ENOUGH_WORDS = ("好了", "没了", "就这些", "完了", "先这样")
FETCHED = ("image", "file", "video")


def show(ctx: Context) -> None:
    """What waits, oldest first; and more can be sent right away."""
    assert ctx.member is not None
    waiting = _waiting(ctx)
    rows: list[str] = [_line(ctx, one) for one in waiting[:SHOWN]]
    if len(waiting) > SHOWN:
        rows.append(ctx.text("pool_more", count=len(waiting) - SHOWN))
    head = ctx.text("pool_head", count=len(waiting)) if waiting else ctx.text("pool_none")
    ctx.reply_text(lines([head, *rows, ctx.text("pool_foot")]), reason="pool")
    ctx.ask(GIVE, ctx.member, wait=WITHIN)


def _waiting(ctx: Context) -> Sequence[Material]:
    query = select(Material).where(Material.room_id == ctx.room_id, Material.status == "waiting")
    return ctx.db.scalars(query.order_by(Material.id)).all()


def _line(ctx: Context, one: Material) -> Trusted:
    kind = ctx.text(f"kind_{one.kind}")
    return ctx.text(
        "pool_line", number=one.id, kind=kind, words=plain(one.text, EXCERPT), name=called(ctx, one.author_id)
    )


def add_text(ctx: Context, said: str) -> None:
    """The owner gives a text or a link."""
    kind = "link" if said.startswith(("http://", "https://")) else "text"
    number = add(ctx, kind, said, author=ctx.member)
    ctx.reply("pool_added", number=number, count=len(_waiting(ctx)))


def add(
    ctx: Context, kind: str, text: str, *, author: int | None, message: int | None = None,
    issue: int | None = None, file: str | None = None,
) -> int:  # fmt: skip
    """Put something into the pool; its number. Raises QunxingError if the pool is full."""
    here = (Material.room_id == ctx.room_id, Material.status == "waiting")
    if (ctx.db.scalar(select(func.count()).where(*here)) or 0) >= MOST:
        raise QunxingError("pool_full", most=MOST)
    row = Material(
        room_id=ctx.room_id, kind=kind, text=text, media=file, author_id=author, message_id=message,
        issue_id=issue, added_by=ctx.member, added_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def take(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """What the owner sends after `素材`: each picture, file or link is one more."""
    if normalised(event.text) in ENOUGH_WORDS:
        ctx.reply("pool_enough", count=len(_waiting(ctx)))
        return True
    is_link = event.kind == "link" or event.text.startswith(("http://", "https://"))
    if event.kind not in FETCHED and not is_link:
        return False
    if event.kind in FETCHED:
        media.fetch(ctx, event.message, event.kind, plain(event.text, EXCERPT), author=event.member)
        ctx.reply("media_coming")
    else:
        add_text(ctx, event.text)
    ctx.ask(GIVE, event.member, wait=WITHIN)
    return True


def notice_fetched(ctx: Context, event: OutgoingSettled) -> None:
    """A picture or file has come (or has not): now it is material."""
    kept = media.kept(ctx, event)
    if kept is None:
        return
    ctx.member = kept.added_by
    if kept.file is None:
        if kept.added_by is not None:
            ctx.tell(kept.added_by, "media_lost", fallback="owner")
        return
    number = add(
        ctx, kept.kind, kept.text, author=kept.author, message=kept.message, issue=kept.issue, file=kept.file
    )
    if kept.added_by is not None:
        ctx.tell(kept.added_by, "pool_added", number=number, count=len(_waiting(ctx)))


def remove(ctx: Context, said: str) -> None:
    """Take something out of the pool."""
    number, _ = number_and_rest(said)
    row = ctx.db.get(Material, number or 0)
    if row is None or row.room_id != ctx.room_id or row.status != "waiting":
        raise QunxingError("no_such_material", said=number if number is not None else plain(said, 20))
    drop(ctx, row)
    ctx.reply("pool_removed", words=plain(row.text, 20))


def drop(ctx: Context, row: Material) -> None:
    """Not to be shared any more; its file goes."""
    row.status = "dropped"
    if row.media:
        media.delete(ctx, row.media)
        row.media = None
    ctx.db.flush()


def notice_recall(ctx: Context, event: MessageRecalled) -> None:
    """Who takes a message back takes it out of the pool, too."""
    rows = select(Material).where(Material.message_id == event.message, Material.status == "waiting")
    for row in ctx.db.scalars(rows):
        drop(ctx, row)
        row.text = ""


def add_said(ctx: Context, said: Said) -> int | None:
    """Something said in the group; None if its file has to be fetched first."""
    if said.kind in FETCHED:
        media.fetch(ctx, said.id, said.kind, plain(said.text, EXCERPT), author=said.member)
        return None
    return add(ctx, "link" if said.kind == "link" else "text", said.text, author=said.member, message=said.id)


def is_there(ctx: Context, message: int) -> bool:
    """Whether this message is in the pool already."""
    query = select(Material.id).where(
        Material.message_id == message, Material.room_id == ctx.room_id, Material.status == "waiting"
    )
    return ctx.db.scalar(query.limit(1)) is not None


def forget(ctx: Context, member: int) -> None:
    """Remove what a member wrote or sent; what they added of others stays without their name."""
    for row in ctx.db.scalars(select(Material).where(Material.author_id == member)):
        if row.media:
            media.delete(ctx, row.media)
        ctx.db.delete(row)
    ctx.db.execute(update(Material).where(Material.added_by == member).values(added_by=None))
    ctx.db.flush()
