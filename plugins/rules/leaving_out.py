"""忘记我, and what ages out by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from bot.context import Context
from bot.events import MemberUncounted
from bot.storage.tables import OwnerItem
from plugins.rules import ladder, weighing
from plugins.rules.declared import plugin
from plugins.rules.tables import Case, Pardon, Report, Seen, Standing

CASES_KEPT = timedelta(days=180)


@plugin.on(MemberUncounted, everywhere=True)
def stop_counting(ctx: Context, event: MemberUncounted) -> None:
    """Their answers are counted no more. What they are thanked for in public stays to their credit."""
    mine = (Standing.member_id == event.member) & (Standing.kind == "answer")
    ctx.db.execute(delete(Standing).where(mine))


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Everything about the person goes, from the owner's list too; who decided or reported is not kept."""
    for case in ctx.db.scalars(select(Case).where(Case.member_id == member)).all():
        mine = (OwnerItem.plugin == ctx.plugin) & OwnerItem.key.in_(ladder.keys_of(case))
        ladder.call_off(ctx, case)
        ctx.db.execute(delete(OwnerItem).where(mine))
    for table in (Case, Seen, Standing, Pardon):
        ctx.db.execute(delete(table).where(table.member_id == member))
    ctx.db.execute(delete(Report).where(Report.reporter_id == member))
    ctx.db.execute(update(Case).where(Case.decided_by == member).values(decided_by=None))
    ctx.db.execute(update(Pardon).where(Pardon.given_by == member).values(given_by=None))
    ctx.db.flush()


@plugin.job("tidy", daily_at="04:50", per_room=False)
def tidy(ctx: Context) -> None:
    """What was seen days ago, and cases of half a year ago, are thrown away; pardons stay."""
    weighing.forget_old_texts(ctx)
    ctx.db.execute(delete(Case).where(Case.at < ctx.now - CASES_KEPT))
    ctx.db.execute(delete(Report).where(Report.at < ctx.now - CASES_KEPT))
