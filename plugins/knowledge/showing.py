"""What comes next and what there was: 下期预告, 往期."""

from __future__ import annotations

from sqlalchemy import select

from bot.context import Context
from bot.storage.tables import Membership
from bot.words import day_said
from plugins.knowledge.tables import Issue, Plan
from plugins.knowledge.views import called, lines, moment

SHOWN = 5
PAST_SHOWN = 8


def rooms(ctx: Context) -> list[int]:
    """This room; asked in private, all that the person is in."""
    if ctx.room_id is not None:
        return [ctx.room_id]
    here = Membership.member_id == ctx.member, Membership.left_at.is_(None)
    return list(ctx.db.scalars(select(Membership.room_id).where(*here)))


def preview(ctx: Context) -> None:
    """The next shares."""
    query = (
        select(Issue, Plan)
        .join(Plan, Plan.id == Issue.plan_id)
        .where(Issue.room_id.in_(rooms(ctx)), Issue.status == "planned", Issue.due_at > ctx.now)
        .where(Plan.status == "active")
        .order_by(Issue.due_at)
        .limit(SHOWN)
    )
    rows = [_coming(ctx, issue, plan) for issue, plan in ctx.db.execute(query)]
    if not rows:
        ctx.reply("preview_none")
    else:
        ctx.reply_text(lines([ctx.text("preview_head"), *rows]), reason="preview")


def _coming(ctx: Context, issue: Issue, plan: Plan) -> str:
    at, title = moment(ctx, issue.due_at), issue.title or plan.title
    if issue.sharer_id is not None and issue.agreed:
        return ctx.text("preview_line_by", at=at, title=title, name=called(ctx, issue.sharer_id))
    return ctx.text("preview_line", at=at, title=title)


def past(ctx: Context) -> None:
    """The last shares, with who gave them and how much talk they led to."""
    query = select(Issue).where(Issue.room_id.in_(rooms(ctx)), Issue.status == "posted")
    issues = ctx.db.scalars(query.order_by(Issue.due_at.desc()).limit(PAST_SHOWN)).all()
    if not issues:
        ctx.reply("past_none")
        return
    rows = [_given(ctx, issue) for issue in issues]
    ctx.reply_text(lines([ctx.text("past_head"), *rows]), reason="past")


def _given(ctx: Context, issue: Issue) -> str:
    day = day_said(issue.due_at, ctx.now, ctx.zone)
    line = ctx.text("past_line", day=day, title=issue.title)
    if issue.sharer_id is not None:
        line = ctx.text("past_line_by", day=day, title=issue.title, name=called(ctx, issue.sharer_id))
    return line + (ctx.text("past_replies", count=issue.replies) if issue.replies else "")
