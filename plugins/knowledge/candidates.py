"""The owner's side of the kept answers: candidates, confirming, leaving out, rewording."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.context import Context
from bot.errors import QunxingError
from bot.words import number_said, plain
from plugins.knowledge import deciding, keeping
from plugins.knowledge.question_tables import Kept, KeptThanks
from plugins.knowledge.said_by import author_called, day_of, rows_of

SHOWN = 8
NUMBER_SIGNS = "#号"


def show(ctx: Context) -> None:
    """How much is kept, and what waits for the owner's word."""
    query = select(Kept).where(Kept.room_id == ctx.room_id, Kept.status == "candidate")
    rows = ctx.db.scalars(query.order_by(Kept.id.desc()).limit(SHOWN)).all()
    kept, waiting = keeping.count(ctx, "kept"), keeping.count(ctx, "candidate")
    if not kept and not waiting:
        ctx.reply("knowledge_none", room=ctx.room_name)
        return
    lines = [
        ctx.text(
            "candidate_line", number=row.id, question=plain(row.question, 40), answer=plain(row.answer, 60),
            name=author_called(ctx, row.author_id), day=day_of(ctx, row.said_at), count=_thanks(ctx, row),
        )
        for row in rows
    ]  # fmt: skip
    head = ctx.text("knowledge_head", room=ctx.room_name, kept=kept, waiting=waiting)
    foot = [ctx.text("knowledge_foot", number=rows[0].id)] if rows else []
    ctx.reply_text(rows_of([head, *lines, *foot]), reason="knowledge")


def gather(ctx: Context) -> None:
    """Look through everything that was ever said, for what closed a question."""
    ctx.reply("knowledge_gathering")
    ctx.work(keeping.CLOSING, room=ctx.room_id, since=None, asked=True)


def confirm(ctx: Context, said: str) -> None:
    """The owner keeps these candidates."""
    for row in _meant(ctx, said, ("candidate",)):
        keeping.keep(ctx, row, ctx.member)
    ctx.reply("candidates_kept", count=keeping.count(ctx, "kept"))


def drop(ctx: Context, said: str) -> None:
    """The owner does not want these."""
    for row in _meant(ctx, said, keeping.LIVE):
        keeping.change_status(ctx, row, "dropped")
    ctx.reply("candidates_dropped")


def reword(ctx: Context, said: str) -> None:
    """The owner corrects an answer; the corrected one stands under the owner's name."""
    number, _, words = said.strip().partition(" ")
    (old,) = _meant(ctx, number, keeping.LIVE)
    if len(words.strip()) < 2:
        raise QunxingError("reword_how")
    row = Kept(
        room_id=ctx.room_id, question=old.question, answer=words.strip()[:600], asker_id=old.asker_id,
        author_id=ctx.member, question_id=old.question_id, said_at=ctx.now,
        origin="corrected", replaces_id=old.id, revision=keeping.next_revision(ctx),
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    if old.status == "candidate":
        keeping.change_status(ctx, old, "replaced")
    keeping.keep(ctx, row, ctx.member)
    ctx.reply("reworded", question=plain(row.question, 30))


def put_on_list(ctx: Context) -> None:
    """Once a day, if anything new waits: one line on the owner's list."""
    since = ctx.now - timedelta(days=1)
    newest = ctx.db.scalar(
        select(func.max(Kept.said_at)).where(Kept.room_id == ctx.room_id, Kept.status == "candidate")
    )
    if newest is not None and newest > since:
        text = ctx.text("candidates_listed", count=keeping.count(ctx, "candidate"))
        deciding.list_once(ctx, deciding.CANDIDATES, text)


def _meant(ctx: Context, said: str, statuses: tuple[str, ...]) -> list[Kept]:
    rows = []
    for part in said.replace("、", " ").replace(",", " ").replace("，", " ").split():
        number = number_said(part.strip(NUMBER_SIGNS))
        row = ctx.db.get(Kept, int(number)) if number is not None and 0 < number < 1 << 40 else None
        if row is None or row.room_id != ctx.room_id or row.status not in statuses:
            raise QunxingError("no_such_answer", said=plain(part, 20))
        rows.append(row)
    if not rows:
        raise QunxingError("no_such_answer", said=plain(said, 20))
    return rows


def _thanks(ctx: Context, row: Kept) -> int:
    return ctx.db.scalar(select(func.count()).where(KeptThanks.answer_id == row.id)) or 0
