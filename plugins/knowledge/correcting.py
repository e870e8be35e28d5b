"""Answers that were told can be bettered: by a correction, by 没帮上, by their author taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update

from bot.context import Context
from bot.events import MessagePosted
from bot.words import normalised, plain
from plugins.knowledge import keeping
from plugins.knowledge.question_tables import Kept, OpenQuestion, Telling
from plugins.knowledge.said_by import author_called

TOLD_WITHIN = timedelta(days=7)
LOOKED_AT = 20
TOO_OFTEN = 3
"""So many people whom it did not help: the owner looks at it again before it is told once more."""

BEGINNING = 12
SHORTEST = 4
LONGEST = 600


def did_not_help(ctx: Context) -> None:
    """Whoever an answer was told to says that it was no help."""
    telling = _told(ctx, [one for one in _tellings(ctx) if one.member_id == ctx.member])
    row = ctx.db.get(Kept, telling.answer_id) if telling is not None else None
    if telling is None or row is None:
        ctx.reply("no_help_what")
        return
    telling.unhelpful = True
    still_waits = update(OpenQuestion).where(
        OpenQuestion.asker_id == ctx.member, OpenQuestion.action == "answer",
        OpenQuestion.acted_at == telling.told_at, OpenQuestion.status == "waiting",
    )  # fmt: skip
    ctx.db.execute(still_waits.values(action="unhelpful"))
    ctx.db.flush()
    people = select(func.count(Telling.member_id.distinct())).where(
        Telling.answer_id == row.id, Telling.unhelpful.is_(True)
    )
    row.unhelpful = ctx.db.scalar(people) or 0
    row.revision = keeping.next_revision(ctx)
    if row.unhelpful >= TOO_OFTEN and row.status == "kept":
        keeping.change_status(ctx, row, "candidate")
        text = ctx.text(
            "no_help_listed", number=row.id, question=plain(row.question, 40), count=row.unhelpful
        )
        ctx.put_on_list(f"unhelpful:{row.id}:{row.revision}", text)
    ctx.reply("no_help_noted")


def correct(ctx: Context, words: str) -> None:
    """A better answer: the author's own takes the old one's place, anybody else's waits for the owner."""
    telling = _told(ctx, _tellings(ctx))
    old = ctx.db.get(Kept, telling.answer_id) if telling is not None else None
    event = ctx.event
    if old is None or not isinstance(event, MessagePosted) or len(words.strip()) < SHORTEST:
        ctx.reply("correct_what")
        return
    row = Kept(
        room_id=ctx.room_id, question=old.question, answer=words.strip()[:LONGEST], asker_id=old.asker_id,
        author_id=ctx.member, question_id=old.question_id, answer_id=event.message,
        messages=[event.message], said_at=ctx.now, origin="corrected", replaces_id=old.id,
        revision=keeping.next_revision(ctx),
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    if old.author_id == ctx.member:
        keeping.keep(ctx, row, ctx.member)
        ctx.reply("corrected")
    else:
        text = ctx.text(
            "correction_listed", name=author_called(ctx, ctx.member),
            question=plain(row.question, 40), words=plain(row.answer, 60),
        )  # fmt: skip
        ctx.put_on_list(f"correction:{row.id}", text, decide=True)
        ctx.reply("correction_waits")


def withdraw(ctx: Context) -> None:
    """The author wants an answer to be told no more."""
    told = [one for one in _tellings(ctx) if _is_by(ctx, one, ctx.member)]
    telling = _told(ctx, told)
    row = ctx.db.get(Kept, telling.answer_id) if telling is not None else _latest_of(ctx)
    if row is None or row.status not in keeping.LIVE:
        ctx.reply("withdraw_what")
        return
    question = plain(row.question, 30)
    row.answer = ""
    keeping.change_status(ctx, row, "withdrawn")
    ctx.reply("answer_withdrawn", question=question)


def _latest_of(ctx: Context) -> Kept | None:
    """The answer of who asks that was kept last."""
    query = select(Kept).where(
        Kept.author_id == ctx.member, Kept.room_id == ctx.room_id, Kept.status.in_(keeping.LIVE)
    )
    return ctx.db.scalars(query.order_by(Kept.id.desc()).limit(1)).first()


def _tellings(ctx: Context) -> Sequence[Telling]:
    """What was told in this room lately, newest first."""
    query = select(Telling).where(Telling.room_id == ctx.room_id, Telling.told_at > ctx.now - TOLD_WITHIN)
    return ctx.db.scalars(query.order_by(Telling.told_at.desc(), Telling.id.desc()).limit(LOOKED_AT)).all()


def _is_by(ctx: Context, telling: Telling, member: int | None) -> bool:
    row = ctx.db.get(Kept, telling.answer_id)
    return row is not None and row.author_id == member


def _told(ctx: Context, tellings: Sequence[Telling]) -> Telling | None:
    """The one that the message quotes; without a quote the latest."""
    event = ctx.event
    if not isinstance(event, MessagePosted) or event.quote is None:
        return tellings[0] if tellings else None
    quoted = normalised(event.quote.text)
    for one in tellings:
        row = ctx.db.get(Kept, one.answer_id)
        if row is not None and row.answer and normalised(row.answer)[:BEGINNING] in quoted:
            return one
    return None
