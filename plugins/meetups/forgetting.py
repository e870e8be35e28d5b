"""别统计我 and 忘记我: what a member signed, asked, said and showed goes; nothing names them."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from bot.context import Context
from bot.events import MemberUncounted
from bot.speaking import take_back
from bot.storage.tables import Member, Membership, Outgoing
from plugins.meetups import flow, offering, pictures
from plugins.meetups.after_tables import Attendance, Matter, Note
from plugins.meetups.declared import plugin
from plugins.meetups.tables import Meetup, Question, SignUp, Vote

SHORTEST_NAME = 2
"""A name of one character stands in too many words to be replaced wherever it stands."""

STORED_WORDS = (
    Meetup.title, Meetup.place, Meetup.fee, SignUp.name, SignUp.note, Question.text, Question.answer,
    Matter.text, Note.text,
)  # fmt: skip


@plugin.on(MemberUncounted, everywhere=True)
def take_out(ctx: Context, event: MemberUncounted) -> None:
    """At once: nothing of theirs speaks for a topic or is quoted; a sign-up is their own matter."""
    ctx.db.execute(delete(Matter).where(Matter.member_id == event.member))
    ctx.db.execute(update(Question).where(Question.asker_id == event.member).values(is_named=False))
    _drop_notes(ctx, event.member)
    _out_of_options(ctx, event.member)


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Everything goes; a seat that becomes free so is offered to whoever waits."""
    coming = select(Meetup).join(SignUp, SignUp.meetup_id == Meetup.id).where(
        SignUp.member_id == member, SignUp.status.in_(("in", "offered")), Meetup.state.in_(flow.COMING)
    )  # fmt: skip
    freed = ctx.db.scalars(coming).all()
    for table in (SignUp, Vote, Attendance, Matter):
        ctx.db.execute(delete(table).where(table.member_id == member))
    _drop_notes(ctx, member)
    ctx.db.execute(delete(Question).where(Question.asker_id == member))
    answers = update(Question).where(Question.answerer_id == member)
    ctx.db.execute(answers.values(answerer_id=None, answer="", is_online=False))
    ctx.db.execute(update(SignUp).where(SignUp.entered_by == member).values(entered_by=None))
    ctx.db.execute(update(Meetup).where(Meetup.speaker_id == member).values(speaker_id=None))
    ctx.db.execute(update(Meetup).where(Meetup.host_id == member).values(host_id=None))
    _out_of_options(ctx, member)
    _out_of_words(ctx, member)
    _out_of_outbox(ctx, member)
    ctx.db.flush()
    ctx.db.expire_all()
    for meetup in freed:
        offering.serve(ctx.in_room(meetup.room_id), meetup)


def _drop_notes(ctx: Context, member: int) -> None:
    for note in ctx.db.scalars(select(Note).where(Note.author_id == member)).all():
        if note.file:
            pictures.delete(ctx, note.file)
        ctx.db.delete(note)
    ctx.db.flush()


def _out_of_options(ctx: Context, member: int) -> None:
    for meetup in ctx.db.scalars(select(Meetup).where(Meetup.state == flow.State.IDEA)).all():
        if any(one["speaker"] == member for one in meetup.options):
            meetup.options = [
                one | {"speaker": None, "form": "round"} if one["speaker"] == member else one
                for one in meetup.options
            ]
    ctx.db.flush()


def _out_of_words(ctx: Context, member: int) -> None:
    for name in _names(ctx, member):
        for column in STORED_WORDS:
            words = func.replace(column, name, ctx.text("somebody"))
            here = update(column.class_).where(func.instr(column, name) > 0)
            ctx.db.execute(here.values({column.key: words}))


def _out_of_outbox(ctx: Context, member: int) -> None:
    waiting = select(Outgoing).where(Outgoing.plugin == ctx.plugin, Outgoing.status == "planned")
    for row in ctx.db.scalars(waiting).all():
        if member in row.mentions or row.member_id == member:
            take_back(ctx.db, row.id, ctx.now)


def _names(ctx: Context, member: int) -> list[str]:
    """What people call them, the longest first."""
    aliases = select(Membership.alias).where(Membership.member_id == member)
    found = {*ctx.db.scalars(aliases), ctx.db.scalar(select(Member.name).where(Member.id == member))}
    return sorted((one for one in found if one and len(one) >= SHORTEST_NAME), key=len, reverse=True)
