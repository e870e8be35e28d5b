"""Questions for the round table: the pool, what is asked at sign-up, answers from afar and at the table."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from bot.context import Context
from bot.errors import QunxingError
from bot.words import number_said, plain
from plugins.meetups import flow
from plugins.meetups.scene import called, counted, lines, the_one
from plugins.meetups.tables import Meetup, Question

LONGEST = 120
ANSWER = 300
MOST_EACH = 5
BEFORE_NUMBER = "第#"
AFTER_NUMBER = "题号.、:："
WITH_QUESTIONS = (
    *sorted(flow.PUBLIC),
    flow.State.DATE,
    flow.State.FORM,
    flow.State.HELD,
    flow.State.FEEDBACK,
)


def current(ctx: Context) -> Meetup | None:
    """The meetup whose questions are collected or answered now."""
    return the_one(ctx, WITH_QUESTIONS)


def add(ctx: Context, said: str) -> None:
    """Somebody wants this to be talked about."""
    assert ctx.member is not None
    assert ctx.room_id is not None
    text, meetup = plain(said, LONGEST), current(ctx)
    mine = [one for one in questions_of(ctx, meetup) if one.asker_id == ctx.member]
    if any(one.text == text for one in mine):
        ctx.reply("question_twice")
    elif len(mine) >= MOST_EACH:
        ctx.reply("question_enough", most=MOST_EACH)
    else:
        ctx.db.add(
            Question(
                room_id=ctx.room_id, meetup_id=meetup.id if meetup else None, asker_id=ctx.member, text=text,
                asked_at=ctx.now,
            )
        )  # fmt: skip
        ctx.db.flush()
        ctx.reply("question_taken" if meetup is not None else "question_pooled")


def name_own(ctx: Context, *, named: bool) -> None:
    """The asker's name may stand beside their questions, or not."""
    meetup = current(ctx)
    mine = [one for one in questions_of(ctx, meetup) if one.asker_id == ctx.member]
    for one in mine:
        one.is_named = named
    ctx.db.flush()
    if not mine:
        ctx.reply("no_question_of_yours")
    else:
        ctx.reply("questions_named" if named else "questions_unnamed", count=len(mine))


def questions_of(ctx: Context, meetup: Meetup | None) -> Sequence[Question]:
    """The questions of a meetup (None: the pool of the room), in the order in which they came."""
    query = select(Question).where(Question.room_id == ctx.room_id)
    query = (
        query.where(Question.meetup_id == meetup.id) if meetup else query.where(Question.meetup_id.is_(None))
    )
    return ctx.db.scalars(query.order_by(Question.id)).all()


def take_from_pool(ctx: Context, meetup: Meetup, messages: Sequence[int], words: Sequence[str]) -> None:
    """The pooled questions that belong to the topic are this table's now."""
    for one in questions_of(ctx, None):
        if one.message_id in messages or any(word in one.text.lower() for word in words):
            one.meetup_id = meetup.id
    ctx.db.flush()


def give_back(ctx: Context, meetup: Meetup) -> None:
    """It will not be held: unanswered questions wait in the pool again."""
    here = update(Question).where(Question.meetup_id == meetup.id, Question.answer == "")
    ctx.db.execute(here.values(meetup_id=None))


def show(ctx: Context) -> None:
    """The numbered questions, for whoever wants to prepare or to answer from afar."""
    meetup = current(ctx)
    rows = questions_of(ctx, meetup)
    if not rows:
        ctx.reply("questions_none" if meetup is not None else "questions_no_meetup")
        return
    parts = [ctx.text("questions_head", title=meetup.title if meetup else ctx.text("pool_title"))]
    for number, one in enumerate(rows, 1):
        key = "question_line" if not one.answer else "question_line_answered"
        parts.append(ctx.text(key, number=number, text=with_asker(ctx, one)))
    ctx.reply_text(lines([*parts, ctx.text("questions_foot")]), reason="questions")


def with_asker(ctx: Context, one: Question) -> str:
    """The question, with its asker's name if they agreed."""
    if one.is_named and counted(ctx, one.asker_id):
        return ctx.text("question_by", text=plain(one.text, LONGEST), name=called(ctx, one.asker_id))
    return plain(one.text, LONGEST)


def answer(ctx: Context, said: str, *, is_online: bool) -> None:
    """An answer to the question of a number: from somebody who cannot come, or found at the table."""
    meetup = current(ctx)
    first, _, rest = said.strip().lstrip(BEFORE_NUMBER).partition(" ")
    number = number_said(first.strip(AFTER_NUMBER))
    rows = questions_of(ctx, meetup)
    if meetup is None or number is None or not 1 <= int(number) <= len(rows):
        raise QunxingError("no_such_question", count=len(rows))
    if not rest.strip():
        raise QunxingError("answer_empty", number=int(number))
    row = rows[int(number) - 1]
    row.answer, row.is_online = plain(rest, ANSWER), is_online
    row.answerer_id = ctx.member if is_online or ctx.asked_in_group else None
    ctx.db.flush()
    ctx.reply("answer_taken_online" if is_online else "answer_taken", number=int(number))
