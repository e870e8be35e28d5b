"""What an owner can look at: where a meetup stands, who comes."""

from __future__ import annotations

from bot.context import Context
from plugins.meetups import asking, flow, signing, voting
from plugins.meetups.scene import called, dated, form_said, ideas_title, lines
from plugins.meetups.tables import Meetup


def show_status(ctx: Context, meetup: Meetup, said: str = "") -> bool:
    """Where it stands, what is known, what is next."""
    parts = [ctx.text("status_head", title=ideas_title(ctx, meetup), form=form_said(ctx, meetup))]
    if meetup.starts_at is not None:
        parts.append(ctx.text("status_when", date=dated(ctx, meetup.starts_at)))
    if meetup.place:
        parts.append(ctx.text("status_where", place=meetup.place))
    if meetup.speaker_id is not None:
        parts.append(ctx.text("invitation_speaker", name=called(ctx, meetup.speaker_id)))
    if meetup.state == flow.State.VOTE:
        parts += [
            ctx.text("status_votes", number=one.number, date=dated(ctx, one.starts_at), votes=votes)
            for one, votes in voting.tally(ctx, meetup)
        ]
    if meetup.state in flow.COMING:
        waiting = len(signing.rows_of(ctx, meetup, "waiting", "offered"))
        parts.append(ctx.text("status_people", count=signing.head_count(ctx, meetup), waiting=waiting))
    questions = len(asking.questions_of(ctx, meetup))
    if questions:
        parts.append(ctx.text("status_questions", count=questions))
    parts.append(ctx.text(f"not_now_{meetup.state}", title=ideas_title(ctx, meetup)))
    ctx.reply_text(lines(parts), reason="status")
    return True


def show_people(ctx: Context, meetup: Meetup, said: str = "") -> bool:
    """Who comes and who waits."""
    coming, waiting = signing.listed(ctx, meetup, "in"), signing.listed(ctx, meetup, "waiting")
    if not coming and not waiting:
        ctx.reply("people_none")
        return True
    parts = [ctx.text("people_head", title=meetup.title, count=signing.head_count(ctx, meetup))]
    parts += [ctx.text("list_line", number=number, name=name) for number, name in enumerate(coming, 1)]
    if waiting:
        parts.append(ctx.text("list_waiting", count=len(waiting), names="、".join(waiting)))
    ctx.reply_text(lines(parts), reason="people")
    return True
