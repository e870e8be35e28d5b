"""Questions that nobody answered: told to who asks for them, to the owner, and to the round table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted, RoundTableQuestion
from bot.words import number_said, plain, yes_or_no
from plugins.knowledge import telling
from plugins.knowledge.question_tables import OpenQuestion
from plugins.knowledge.said_by import author_called, day_of, rows_of

POOL = "question_pool"
POOL_WITHIN = timedelta(days=2)
SHOWN = 5
SHOWN_FOR = timedelta(days=14)
EXCERPT = 60


def say_earlier_answer(
    ctx: Context, row: OpenQuestion, found: Sequence[Sequence[float]], say: float, within: timedelta
) -> int | None:
    """Say an earlier answer to the asker if one was found with confidence."""
    if not ctx.settings.answer_questions:
        return None
    best = telling.best(ctx, found, say)
    if best is None or not best.is_sure:
        return None
    return telling.volunteer(ctx, best.kept, row.asker_id, within)


def waiting(ctx: Context, limit: int = SHOWN) -> list[OpenQuestion]:
    """The questions of the last two weeks that wait, newest first."""
    query = select(OpenQuestion).where(
        OpenQuestion.room_id == ctx.room_id, OpenQuestion.status == "waiting",
        OpenQuestion.asked_at > ctx.now - SHOWN_FOR, OpenQuestion.asked_at <= ctx.now - timedelta(minutes=5),
        OpenQuestion.action.is_distinct_from("answer"),
    )  # fmt: skip
    rows = ctx.db.scalars(query.order_by(OpenQuestion.asked_at.desc()).limit(limit)).all()
    return [row for row in rows if words_of(ctx, row)]


def words_of(ctx: Context, row: OpenQuestion, limit: int = EXCERPT) -> str:
    """The question's words; "" if they are gone."""
    said = ctx.history.message(row.message_id)
    return plain(said.text, limit) if said is not None else ""


def show(ctx: Context) -> None:
    """还没人答的, newest first."""
    rows = waiting(ctx)
    if not rows:
        ctx.reply("open_none")
        return
    lines = [
        ctx.text(
            "open_line", name=author_called(ctx, row.asker_id), day=day_of(ctx, row.asked_at),
            words=words_of(ctx, row),
        )
        for row in rows
    ]  # fmt: skip
    ctx.reply_text(
        rows_of([ctx.text("open_head", count=len(rows)), *lines, ctx.text("open_foot")]), "open_list"
    )


def show_owner(ctx: Context) -> None:
    """The same for the owner, with the numbers by which a question is put to the round table."""
    rows = waiting(ctx, limit=12)
    if not rows:
        ctx.reply("open_none_owner", room=ctx.room_name)
        return
    lines = [
        ctx.text(
            "open_line_pooled" if row.pooled_at else "open_line_owner", number=row.message_id,
            name=author_called(ctx, row.asker_id), day=day_of(ctx, row.asked_at), words=words_of(ctx, row),
        )
        for row in rows
    ]  # fmt: skip
    head, foot = ctx.text("open_head_owner", room=ctx.room_name), ctx.text("open_foot_owner")
    ctx.reply_text(rows_of([head, *lines, foot]), "open_list")


def put_on_list(ctx: Context, row: OpenQuestion) -> None:
    """The owner sees it under 今天; an asker who is our friend is asked about the round table."""
    words = words_of(ctx, row)
    if not words:
        return
    text = ctx.text("open_on_list", name=author_called(ctx, row.asker_id), words=words)
    ctx.put_on_list(f"question:{row.message_id}", text, decide=True)
    told = ctx.tell(row.asker_id, "pool_ask", urgency="initiative", words=words, room=ctx.room_name)
    if told is not None:
        ctx.ask(POOL, row.asker_id, wait=POOL_WITHIN, question=row.message_id)


def hear_consent(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """The asker says whether the question may go to the round table."""
    answer = yes_or_no(event.text)
    row = ctx.db.get(OpenQuestion, payload["question"])
    if answer is None or row is None:
        return False
    if answer:
        pool(ctx, row)
        ctx.tell(event.member, "pool_thanks")
    else:
        ctx.tell(event.member, "pool_left")
    return True


def pool(ctx: Context, row: OpenQuestion) -> None:
    """Into the pool of round-table questions, once."""
    if row.pooled_at is not None:
        return
    row.pooled_at = ctx.now
    ctx.db.flush()
    said = ctx.history.message(row.message_id)
    ctx.emit(
        RoundTableQuestion(
            at=ctx.now, room=row.room_id, question=row.message_id, asker=row.asker_id,
            text=plain(said.text) if said is not None else "",
        )
    )  # fmt: skip


def pool_own(ctx: Context) -> None:
    """The asker puts their own latest question into the pool."""
    row = _own(ctx)
    if row is None:
        ctx.reply("pool_nothing")
        return
    pool(ctx, row)
    ctx.reply("pooled", words=words_of(ctx, row, 30))


def close_own(ctx: Context) -> None:
    """The asker says that the question is settled."""
    row = _own(ctx)
    if row is None:
        ctx.reply("close_nothing")
        return
    row.status, row.settled_at = "answered", ctx.now
    ctx.db.flush()
    ctx.reply("closed", words=words_of(ctx, row, 30))


def _own(ctx: Context) -> OpenQuestion | None:
    query = select(OpenQuestion).where(
        OpenQuestion.asker_id == ctx.member, OpenQuestion.room_id == ctx.room_id,
        OpenQuestion.status == "waiting", OpenQuestion.asked_at > ctx.now - SHOWN_FOR,
    )  # fmt: skip
    return ctx.db.scalars(query.order_by(OpenQuestion.asked_at.desc()).limit(1)).first()


def pool_numbered(ctx: Context, said: str) -> None:
    """The owner puts a question into the pool."""
    number = number_said(said.strip().lstrip("#"))
    row = ctx.db.get(OpenQuestion, int(number)) if number is not None else None
    if row is None or row.room_id != ctx.room_id:
        raise QunxingError("no_such_question", said=said)
    if row.pooled_at is not None:
        ctx.reply("pooled_already")
        return
    pool(ctx, row)
    ctx.reply("pooled", words=words_of(ctx, row, 30))
