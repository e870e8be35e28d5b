"""The times of a plan as rows: each is settled once, in the transaction that says it; what was missed is
told.

The row is the truth. A timer only wakes us, and a look every day (and whenever the line comes back) makes
good for a timer that was lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from bot.analysis.chinese_dates import RULE, Rule
from bot.context import Context
from plugins.knowledge import posting, rota
from plugins.knowledge.tables import Issue, Material, Plan
from plugins.knowledge.views import inform, is_live, is_on, moment

DUE, AHEAD = "share_due", "share_ahead"
AHEAD_DAYS = (3, 1)
SOON = timedelta(hours=3)
MOST_MISSED = 400
"""More missed times than this in a row are not written down one by one."""


def rule_of(plan: Plan) -> Rule:
    """What the plan was understood as."""
    return RULE.validate_python(plan.rule)


def next_issue(ctx: Context, plan: Plan) -> Issue | None:
    """The plan's next time."""
    query = select(Issue).where(Issue.plan_id == plan.id, Issue.status == "planned")
    return ctx.db.scalar(query.order_by(Issue.due_at).limit(1))


def replan(ctx: Context, plan: Plan) -> None:
    """The plan has changed: what was planned for it is planned anew."""
    for issue in ctx.db.scalars(select(Issue).where(Issue.plan_id == plan.id, Issue.status == "planned")):
        _free(ctx, issue)
    ctx.db.execute(delete(Issue).where(Issue.plan_id == plan.id, Issue.status == "planned"))
    ctx.cancel_later(DUE, key=str(plan.id))
    for days in AHEAD_DAYS:
        ctx.cancel_later(AHEAD, key=f"{plan.id}:{days}")
    if plan.status == "active":
        plan.looked_at = ctx.now
        keep_up(ctx, plan)


def _free(ctx: Context, issue: Issue) -> None:
    """What was handed in for a time that is gone goes to the pool."""
    for material in ctx.db.scalars(select(Material).where(Material.issue_id == issue.id)):
        material.issue_id = None
    ctx.db.flush()


def keep_up(ctx: Context, plan: Plan) -> None:
    """Write down every time up to now, and the next one; wake us then."""
    if plan.status != "active":
        return
    rule = rule_of(plan)
    while True:
        ahead = rule.next_dates(plan.looked_at, 1)
        if not ahead:
            if next_issue(ctx, plan) is None:
                plan.status = "ended"
            return
        _plan(ctx, plan, ahead[0])
        if ahead[0] > ctx.now:
            return
        plan.looked_at = ahead[0]


def _plan(ctx: Context, plan: Plan, due_at: datetime) -> None:
    row = insert(Issue).values(
        plan_id=plan.id, room_id=plan.room_id, due_at=due_at, status="planned", title=plan.title,
        passed_over=[],
    )  # fmt: skip
    is_new = cast("CursorResult[Any]", ctx.db.execute(row.on_conflict_do_nothing())).rowcount > 0
    if due_at <= ctx.now:
        return
    ctx.later(DUE, at=due_at, key=str(plan.id), if_planned="move", plan=plan.id)
    for days in AHEAD_DAYS:
        at = due_at - timedelta(days=days)
        if at > ctx.now:
            ctx.later(AHEAD, at=at, key=f"{plan.id}:{days}", if_planned="move", plan=plan.id, days=days)
        elif is_new and days == AHEAD_DAYS[-1] and due_at > ctx.now + SOON:
            at = ctx.now + timedelta(minutes=1)
            ctx.later(AHEAD, at=at, key=f"{plan.id}:{days}", if_planned="move", plan=plan.id, days=days)


def run_due(ctx: Context, plan_id: int) -> None:
    """Post what is due now; write down and tell what was missed; plan what comes."""
    plan = ctx.db.get(Plan, plan_id)
    if plan is None or plan.status != "active":
        return
    keep_up(ctx, plan)
    due = ctx.db.scalars(
        select(Issue)
        .where(Issue.plan_id == plan.id, Issue.status == "planned", Issue.due_at <= ctx.now)
        .order_by(Issue.due_at)
    ).all()
    missed = [issue for issue in due if not _may_still(ctx, plan, issue)]
    for issue in missed:
        _settle(ctx, issue, "missed")
    if missed:
        _tell_missed(ctx, plan, missed)
    timely = [issue for issue in due if issue.status == "planned"]
    for issue in timely[:-1]:  # two at once help nobody: only the latest is caught up
        _settle(ctx, issue, "missed")
    if timely[:-1]:
        _tell_missed(ctx, plan, timely[:-1])
    if timely:
        _post(ctx, plan, timely[-1])
    keep_up(ctx, plan)


def _may_still(ctx: Context, plan: Plan, issue: Issue) -> bool:
    grace = timedelta(minutes=max(plan.late_minutes, 5))
    return ctx.now - issue.due_at <= grace


def _settle(ctx: Context, issue: Issue, status: str) -> None:
    issue.status, issue.settled_at = status, ctx.now
    if status in ("missed", "skipped", "empty"):
        _free(ctx, issue)
    ctx.db.flush()


def _tell_missed(ctx: Context, plan: Plan, missed: list[Issue]) -> None:
    key = "missed_one" if len(missed) == 1 else "missed_many"
    values: dict[str, Any] = {"title": plan.title, "at": moment(ctx, missed[0].due_at), "number": plan.id}
    if len(missed) > 1:
        values["count"] = len(missed)
    inform(ctx, key, **values)
    ctx.put_on_list(f"missed:{plan.id}:{missed[-1].due_at.isoformat()}", ctx.text(key, **values))


def _post(ctx: Context, plan: Plan, issue: Issue) -> None:
    if not is_live(ctx) or not is_on(ctx):
        _settle(ctx, issue, "silent")
        return
    is_late = ctx.now - issue.due_at > timedelta(minutes=5)
    if posting.post(ctx, plan, issue):
        _settle(ctx, issue, "posted")
        if is_late:
            inform(ctx, "caught_up", title=issue.title, at=moment(ctx, issue.due_at))
    else:
        _settle(ctx, issue, "empty")
        inform(ctx, "nothing_to_post", title=plan.title, at=moment(ctx, issue.due_at))
        key = f"empty:{issue.id}"
        ctx.put_on_list(key, ctx.text("nothing_to_post", title=plan.title, at=moment(ctx, issue.due_at)))


def post_now(ctx: Context, plan: Plan) -> bool:
    """One more time of the plan, at this moment; False if there is nothing to post."""
    if not is_live(ctx) or not material_for(ctx, plan):
        return False
    issue = Issue(plan_id=plan.id, room_id=plan.room_id, due_at=ctx.now, title=plan.title, passed_over=[])
    ctx.db.add(issue)
    ctx.db.flush()
    _post(ctx, plan, issue)
    return issue.status == "posted"


def look_ahead(ctx: Context, plan_id: int, days: int) -> None:
    """Days before a time: is there somebody, or something? If not, the owner hears of it."""
    plan = ctx.db.get(Plan, plan_id)
    issue = next_issue(ctx, plan) if plan is not None and plan.status == "active" else None
    if plan is None or issue is None or not is_on(ctx):
        return
    if plan.source == "rota" and ctx.settings.ask_sharers:
        rota.look_ahead(ctx, plan, issue, days)
    is_last_look = days == AHEAD_DAYS[-1]
    if is_last_look and plan.source == "pool" and not material_for(ctx, plan, issue):
        inform(ctx, "pool_empty", title=plan.title, at=moment(ctx, issue.due_at))


def material_for(ctx: Context, plan: Plan, issue: Issue | None = None) -> int:
    """How much waits that this plan can use."""
    here = (Material.room_id == plan.room_id, Material.status == "waiting")
    fits = or_(Material.plan_id.is_(None), Material.plan_id == plan.id)
    mine = (
        Material.issue_id.is_(None)
        if issue is None
        else or_(Material.issue_id.is_(None), Material.issue_id == issue.id)
    )
    return ctx.db.scalar(select(func.count()).where(*here, fits, mine)) or 0


def heal(ctx: Context) -> None:
    """Look after every plan of the room: whatever was lost meanwhile is found here."""
    for plan in ctx.db.scalars(select(Plan).where(Plan.room_id == ctx.room_id, Plan.status == "active")):
        run_due(ctx, plan.id)


def skip_next(ctx: Context, plan: Plan) -> Issue | None:
    """Leave the next time out."""
    issue = next_issue(ctx, plan)
    if issue is not None:
        _settle(ctx, issue, "skipped")
        plan.looked_at = max(plan.looked_at, issue.due_at)
        keep_up(ctx, plan)
    return issue
