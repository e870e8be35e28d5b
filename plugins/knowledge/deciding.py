"""What an owner decides on the list: a question for the round table, candidates to keep, a correction."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.context import Context
from bot.events import OwnerDecided
from bot.storage.tables import OwnerItem
from bot.words import plain
from plugins.knowledge import keeping, listing, waiting
from plugins.knowledge.question_tables import Kept, OpenQuestion

QUESTION, CANDIDATES, CORRECTION = "question:", "candidates:", "correction:"


def hear(ctx: Context, event: OwnerDecided) -> None:
    """同意, 不用 or 先放放 to what this plugin has put on the list; 先放放 leaves everything as it is."""
    if event.plugin != ctx.plugin or event.decision == "later":
        return
    agreed = event.decision == "yes"
    if event.key.startswith(QUESTION):
        _question(ctx, event, agreed)
    elif event.key.startswith(CANDIDATES):
        _candidates(ctx, event, agreed)
    elif event.key.startswith(CORRECTION):
        _correction(ctx, event, agreed)


def list_once(ctx: Context, kind: str, text: str) -> None:
    """One line of this kind for the room, with today's words: an older one goes."""
    key = f"{kind}{ctx.room_id}:"
    mine = (OwnerItem.plugin == ctx.plugin, OwnerItem.key.startswith(key, autoescape=True))
    ctx.db.execute(update(OwnerItem).where(*mine, OwnerItem.done_at.is_(None)).values(done_at=ctx.now))
    ctx.put_on_list(f"{key}{ctx.local():%Y-%m-%d}", text, decide=True)


def _question(ctx: Context, event: OwnerDecided, agreed: bool) -> None:
    row = ctx.db.get(OpenQuestion, int(event.key.removeprefix(QUESTION)))
    if row is None or row.room_id != ctx.room_id:
        return
    words = listing.words_of(ctx, row, 30)
    if not agreed:
        waiting.settle(ctx, row, "left")
        ctx.tell(event.member, "open_left", words=words)
    elif row.pooled_at is not None:
        ctx.tell(event.member, "pooled_already")
    else:
        listing.pool(ctx, row)
        ctx.tell(event.member, "pooled", words=words)


def _candidates(ctx: Context, event: OwnerDecided, agreed: bool) -> None:
    if not agreed:
        ctx.tell(event.member, "candidates_left")
        return
    waits = select(Kept).where(
        Kept.room_id == ctx.room_id, Kept.status == "candidate", Kept.replaces_id.is_(None)
    )
    for row in ctx.db.scalars(waits).all():
        keeping.keep(ctx, row, event.member)
    ctx.tell(event.member, "candidates_kept", count=keeping.count(ctx, "kept"))


def _correction(ctx: Context, event: OwnerDecided, agreed: bool) -> None:
    row = ctx.db.get(Kept, int(event.key.removeprefix(CORRECTION)))
    if row is None or row.room_id != ctx.room_id or row.status != "candidate":
        return
    if agreed:
        keeping.keep(ctx, row, event.member)
        ctx.tell(event.member, "reworded", question=plain(row.question, 30))
    else:
        keeping.change_status(ctx, row, "dropped")
        ctx.tell(event.member, "candidates_dropped")
