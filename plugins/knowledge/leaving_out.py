"""别统计我 and 忘记我: nobody is asked for a share or named any more; nothing stored tells who they were."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from bot.context import Context
from bot.events import MemberUncounted
from bot.speaking import take_back
from bot.storage.tables import Member, Membership, Outgoing
from plugins.knowledge import pool
from plugins.knowledge.declared import plugin
from plugins.knowledge.tables import Issue, Material, Plan, Promise, Sharer

SHORTEST_NAME = 2
"""A name of one character stands in too many words to be replaced wherever it stands."""

STORED_WORDS = (
    Plan.title, Plan.said, Issue.title, Material.text, Sharer.topic, Promise.said, Promise.words,
)  # fmt: skip


@plugin.on(MemberUncounted, everywhere=True)
def take_out(ctx: Context, event: MemberUncounted) -> None:
    """At once: no turn, no credit, nothing of theirs waits to be shown."""
    _take_off(ctx, event.member)
    waiting = select(Material).where(Material.author_id == event.member, Material.status == "waiting")
    for row in ctx.db.scalars(waiting).all():
        pool.drop(ctx, row)
        row.text = ""
    ctx.db.execute(update(Material).where(Material.author_id == event.member).values(author_id=None))
    ctx.db.flush()


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """What they shared and their turns go; in what others planned and promised, somebody stands for them."""
    _take_off(ctx, member)
    pool.forget(ctx, member)
    ctx.db.execute(update(Plan).where(Plan.created_by == member).values(created_by=None))
    ctx.db.execute(update(Promise).where(Promise.created_by == member).values(created_by=None))
    for name in _names(ctx, member):
        for column in STORED_WORDS:
            words = func.replace(column, name, ctx.text("somebody"))
            here = update(column.class_).where(func.instr(column, name) > 0)
            ctx.db.execute(here.values({column.key: words}))
    ctx.db.flush()
    ctx.db.expire_all()


def _take_off(ctx: Context, member: int) -> None:
    """Off the list and out of every turn; a question that waits to be put to them is not put."""
    ctx.db.execute(delete(Sharer).where(Sharer.member_id == member))
    for issue in ctx.db.scalars(select(Issue).where(Issue.status == "planned")):
        if issue.sharer_id == member:
            issue.sharer_id = issue.agreed = None
            issue.title = ctx.db.get_one(Plan, issue.plan_id).title
        if member in issue.passed_over:
            issue.passed_over = [one for one in issue.passed_over if one != member]
    ctx.db.flush()
    ctx.db.execute(update(Issue).where(Issue.sharer_id == member).values(sharer_id=None))
    waiting = select(Outgoing).where(Outgoing.plugin == ctx.plugin, Outgoing.status == "planned")
    for row in ctx.db.scalars(waiting).all():
        if member in row.mentions or row.member_id == member:
            take_back(ctx.db, row.id, ctx.now)
    ctx.db.flush()


def _names(ctx: Context, member: int) -> list[str]:
    """What people call them, the longest first."""
    aliases = select(Membership.alias).where(Membership.member_id == member)
    found = {*ctx.db.scalars(aliases), ctx.db.scalar(select(Member.name).where(Member.id == member))}
    return sorted((one for one in found if one and len(one) >= SHORTEST_NAME), key=len, reverse=True)
