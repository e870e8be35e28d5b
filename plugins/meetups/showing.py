"""What members ask to see: what is coming, who comes, what there was."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.context import Context
from plugins.meetups import flow, lists, signing
from plugins.meetups.after_tables import Attendance
from plugins.meetups.scene import date_said, dated, form_said, lines, meetups, the_one

PAST = 3


def coming(ctx: Context) -> None:
    """What has a date, what is being voted on, and what was held last."""
    parts: list[str] = []
    for one in meetups(ctx, flow.COMING | {flow.State.HELD}):
        assert one.starts_at is not None
        parts.append(
            ctx.text(
                "coming", title=one.title, form=form_said(ctx, one), date=dated(ctx, one.starts_at),
                place=one.place or ctx.text("place_open"), count=signing.head_count(ctx, one),
            )
        )  # fmt: skip
    voted = the_one(ctx, [flow.State.VOTE])
    if voted is not None and voted.vote_until is not None:
        parts.append(ctx.text("coming_vote", title=voted.title, until=dated(ctx, voted.vote_until)))
    past = _past(ctx)
    if not parts:
        parts.append(ctx.text("coming_none"))
    if past:
        parts += [ctx.text("past_head"), *past]
    ctx.reply_text(lines(parts), reason="coming")


def _past(ctx: Context) -> list[str]:
    rows = [one for one in meetups(ctx, [flow.State.RECAP, flow.State.FEEDBACK]) if one.starts_at is not None]
    told: list[str] = []
    for one in rows[:PAST]:
        count = ctx.db.scalar(select(func.count()).where(Attendance.meetup_id == one.id)) or 0
        assert one.starts_at is not None
        told.append(ctx.text("past_line", date=date_said(ctx, one.starts_at), title=one.title, count=count))
    return told


def people(ctx: Context) -> None:
    """The list, as an answer."""
    meetup = the_one(ctx, flow.COMING | {flow.State.HELD})
    if meetup is None:
        ctx.reply("no_place_none")
    else:
        lists.say(ctx, meetup, "list_now", urgency="answer")
