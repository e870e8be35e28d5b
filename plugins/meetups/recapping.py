"""What is brought home: minutes and pictures that people mark, answers, the recap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.context import Context
from bot.events import ContributorRecognised, MessagePosted, OutgoingSettled, QuestionSettled
from bot.storage.records import Said
from bot.words import joined, plain
from plugins.meetups import asking, flow, pictures
from plugins.meetups.after_tables import Attendance, Note
from plugins.meetups.declared import plugin
from plugins.meetups.flow import Input
from plugins.meetups.scene import called, counted, is_on, lines, the_one
from plugins.meetups.steering import action, steer, tell_desk
from plugins.meetups.tables import Meetup

LATE = timedelta(days=30)
WORDS = 200
SHOWN = 4
OPEN_FOR = (flow.State.HELD, flow.State.FEEDBACK, flow.State.RECAP)
STILL = timedelta(days=14)
"""So long after a meetup something may be added to it."""


def keep_quoted(ctx: Context, kind: str) -> None:
    """Keep what the message quotes for the minutes (or, before it, a picture for the slides)."""
    meetup = _meetup_for(ctx, kind)
    if meetup is None:
        ctx.reply("nothing_to_keep_for")
        return
    said = quoted_by(ctx)
    if said is None:
        ctx.reply("keep_how")
    elif not counted(ctx, said.member):
        ctx.reply("keep_left_out")
    elif _is_kept(ctx, meetup, said.id, kind):
        ctx.reply("kept_already")
    elif said.kind == "image":
        pictures.fetch(ctx, meetup, said, "picture" if kind == "minutes" else "figure")
        ctx.reply("kept_picture")
    elif kind == "minutes" and said.text.strip():
        add_note(ctx, meetup, "minutes", said.text, said.member, said.id)
        ctx.reply("kept_minutes", name=called(ctx, said.member))
    else:
        ctx.reply("keep_not_this")


def _meetup_for(ctx: Context, kind: str) -> Meetup | None:
    if kind == "figure":
        return the_one(ctx, flow.OPEN)
    meetup = the_one(ctx, OPEN_FOR)
    return meetup if meetup is not None and ctx.now - meetup.touched_at < STILL else None


def quoted_by(ctx: Context) -> Said | None:
    """The message that the asker quotes; None if there is none or several fit."""
    event = ctx.event
    if not isinstance(event, MessagePosted) or event.quote is None or ctx.room_id is None:
        return None
    quote = event.quote
    found = [quote.message] if quote.message is not None else []
    found = found or ctx.history.find_quoted(ctx.room_id, quote.name, quote.text, event.at)[:1]
    said = ctx.history.message(found[0]) if found else None
    return said if said is not None and said.origin != "self" else None


def _is_kept(ctx: Context, meetup: Meetup, message: int, kind: str) -> bool:
    kinds = ("minutes", "picture") if kind == "minutes" else ("figure",)
    query = select(Note.id).where(
        Note.meetup_id == meetup.id, Note.message_id == message, Note.kind.in_(kinds)
    )
    return ctx.db.scalar(query) is not None


def add_note(
    ctx: Context, meetup: Meetup, kind: str, text: str, author: int | None, message: int | None = None,
    file: str = "",
) -> None:  # fmt: skip
    """Keep something of a meetup."""
    ctx.db.add(
        Note(
            meetup_id=meetup.id, author_id=author, message_id=message, kind=kind, text=plain(text, WORDS),
            file=file, at=ctx.now,
        )
    )  # fmt: skip
    ctx.db.flush()


def notes_of(ctx: Context, meetup: Meetup, *kinds: str) -> Sequence[Note]:
    """What is kept of a meetup, in its order."""
    query = select(Note).where(Note.meetup_id == meetup.id, Note.kind.in_(kinds))
    return ctx.db.scalars(query.order_by(Note.id)).all()


@plugin.on(OutgoingSettled)
def notice_fetched(ctx: Context, event: OutgoingSettled) -> None:
    """A picture has come (or has not)."""
    fetched = pictures.fetched(event)
    meetup = ctx.db.get(Meetup, fetched.meetup) if fetched is not None else None
    if fetched is not None and meetup is not None:
        add_note(ctx, meetup, fetched.kind, "", fetched.author, fetched.message, fetched.file)


def add_feedback(ctx: Context, said: str) -> None:
    """The one question after it."""
    meetup = the_one(ctx, [flow.State.FEEDBACK, flow.State.RECAP])
    if meetup is None or ctx.now - meetup.touched_at > STILL or not said.strip():
        ctx.reply("feedback_for_nothing")
        return
    add_note(ctx, meetup, "feedback", said, ctx.member)
    ctx.reply("feedback_taken")


# The recap


@plugin.timer("recap_due", catch_up=LATE)
def write_up_on_time(ctx: Context, payload: dict[str, Any]) -> None:
    """Its hour has come, if the owner did not ask for it before."""
    meetup = ctx.db.get(Meetup, payload["meetup"])
    if meetup is not None and is_on(ctx):
        steer(ctx, meetup, Input.WRITE_UP)


@action("post_recap")
def post_recap(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Tell everybody what it was like, hand on what was answered, and put what is open back into the pool."""
    ctx.cancel_later("recap_due", str(meetup.id))
    ctx.say_text(recap(ctx, meetup), urgency="promised", reason="recap", keep_for=timedelta(hours=18))
    for one in asking.questions_of(ctx, meetup):
        if one.answer and not one.told:
            _hand_on(ctx, meetup, one)
    asking.give_back(ctx, meetup)
    tell_desk(ctx, "recap_desk", title=meetup.title)


def _hand_on(ctx: Context, meetup: Meetup, one: Any) -> None:
    one.told = True
    member = one.answerer_id if counted(ctx, one.answerer_id) else None
    ctx.emit(
        QuestionSettled(
            at=ctx.now, room=meetup.room_id, question_text=one.text, answer_text=one.answer, member=member
        )
    )  # fmt: skip
    if member is not None and member != meetup.speaker_id:
        topics = (meetup.title,)
        ctx.emit(ContributorRecognised(at=ctx.now, room=meetup.room_id, member=member, topics=topics))


def recap(ctx: Context, meetup: Meetup) -> str:
    """A few lines: how many, what was answered, what people said, what is still open."""
    there = ctx.db.scalar(select(func.count()).where(Attendance.meetup_id == meetup.id)) or 0
    rows = asking.questions_of(ctx, meetup)
    answered, unanswered = [one for one in rows if one.answer], [one for one in rows if not one.answer]
    parts = [ctx.text("recap_head", title=meetup.title, count=there)]
    for one in answered[:SHOWN]:
        parts.append(ctx.text("recap_answer", question=plain(one.text, 40), answer=plain(one.answer, 80)))
    if len(answered) > SHOWN:
        parts.append(ctx.text("recap_more", count=len(answered) - SHOWN))
    for note in notes_of(ctx, meetup, "minutes")[:SHOWN]:
        if counted(ctx, note.author_id):
            parts.append(ctx.text("recap_said", name=called(ctx, note.author_id), words=plain(note.text, 60)))
    photographers = [one.author_id for one in notes_of(ctx, meetup, "picture") if counted(ctx, one.author_id)]
    if photographers:
        names = joined([called(ctx, one) for one in dict.fromkeys(photographers)])
        parts.append(ctx.text("recap_pictures", count=len(photographers), names=names))
    if unanswered:
        parts.append(ctx.text("recap_open", count=len(unanswered)))
    parts.append(ctx.text("recap_foot"))
    return lines(parts)
