"""What the rest of the house tells: shares, stages and pooled questions, which speak for topics."""

from __future__ import annotations

from sqlalchemy import select

from bot.context import Context
from bot.events import RoundTableQuestion, ShareGiven, StageAccepted
from bot.words import plain
from plugins.meetups.after_tables import Matter
from plugins.meetups.declared import plugin
from plugins.meetups.scene import TITLE
from plugins.meetups.tables import Question


@plugin.on(ShareGiven)
def note_share(ctx: Context, event: ShareGiven) -> None:
    """A share was given: a topic that somebody can say more about, and a page of slides."""
    _note(ctx, "share", event.member, event.title, event.outgoing)


@plugin.on(StageAccepted)
def note_stage(ctx: Context, event: StageAccepted) -> None:
    """Somebody would give a talk."""
    if event.stage == "talk":
        _note(ctx, "stage", event.member, event.topic, None)


def _note(ctx: Context, kind: str, member: int | None, text: str, outgoing: int | None) -> None:
    said = plain(text, TITLE)
    known = select(Matter.id).where(
        Matter.room_id == ctx.room_id, Matter.kind == kind, Matter.member_id == member, Matter.text == said
    )
    if ctx.db.scalar(known) is None:
        ctx.db.add(
            Matter(
                room_id=ctx.room_id, member_id=member, kind=kind, text=said, outgoing_id=outgoing, at=ctx.now
            )
        )  # fmt: skip
        ctx.db.flush()


@plugin.on(RoundTableQuestion)
def note_question(ctx: Context, event: RoundTableQuestion) -> None:
    """A question that nobody answered waits for a table."""
    known = select(Question.id).where(Question.room_id == event.room, Question.message_id == event.question)
    if event.text and ctx.db.scalar(known) is None:
        ctx.db.add(
            Question(
                room_id=event.room, asker_id=event.asker, message_id=event.question,
                text=plain(event.text, 120), asked_at=event.at,
            )
        )  # fmt: skip
        ctx.db.flush()
