"""What is removed when a person is forgotten: their questions, answers, thanks, and every quote of theirs."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from bot.context import Context
from bot.storage.tables import EventRow
from plugins.knowledge import keeping
from plugins.knowledge.question_tables import (
    Digest,
    DigestQuote,
    Helper,
    Kept,
    KeptThanks,
    Meaning,
    OpenQuestion,
    Telling,
)


def forget_questions(ctx: Context, member: int) -> None:
    """Their questions, what they agreed to, whom they helped, and what was quoted of them."""
    for row in ctx.db.scalars(select(OpenQuestion).where(OpenQuestion.asker_id == member)).all():
        ctx.db.delete(row)
    ctx.db.flush()
    named = update(OpenQuestion).where(OpenQuestion.helper_id == member)
    ctx.db.execute(named.values(helper_id=None))
    ctx.db.execute(delete(Helper).where(Helper.member_id == member))
    ctx.db.execute(update(Helper).where(Helper.asked_by == member).values(asked_by=None))
    told = func.json_extract(EventRow.payload, "$.asker") == member
    ctx.db.execute(delete(EventRow).where(EventRow.kind == "RoundTableQuestion", told))
    ctx.db.execute(delete(DigestQuote).where(DigestQuote.member_id == member))
    ctx.db.execute(delete(Digest).where(Digest.member_id == member))


def forget_answers(ctx: Context, member: int) -> None:
    """What a member wrote in kept questions and answers; such a pair is told no more."""
    own = select(Kept).where((Kept.author_id == member) | (Kept.asker_id == member))
    for row in ctx.db.scalars(own).all():
        if row.author_id == member:
            row.answer, row.messages, row.answer_id, row.author_id = "", [], None, None
        if row.asker_id == member:
            row.question_id, row.asker_id = None, None
        row.question, row.topic = "", ""
        ctx.db.execute(delete(Meaning).where(Meaning.answer_id == row.id))
        keeping.change_status(ctx.in_room(row.room_id), row, "withdrawn")
    ctx.db.execute(update(Kept).where(Kept.confirmed_by == member).values(confirmed_by=None))
    ctx.db.execute(delete(KeptThanks).where(KeptThanks.member_id == member))
    ctx.db.execute(delete(Telling).where(Telling.member_id == member))
    ctx.db.flush()
