"""忘记我, and what ages out by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.context import Context
from bot.events import MemberUncounted
from bot.privacy import take_back_words
from bot.storage.tables import Message, OwnerItem
from bot.words import plain
from plugins.rules import asking, frictions, ladder, weighing
from plugins.rules.declared import plugin
from plugins.rules.tables import Case, Pardon, Report, Seen, Standing

CASES_KEPT = timedelta(days=180)
AT_ONCE = timedelta(seconds=10)
SHORTEST = 4
"""Shorter words say nothing about who said them, and occur in everything."""


@plugin.on(MemberUncounted, everywhere=True)
def stop_counting(ctx: Context, event: MemberUncounted) -> None:
    """Their answers are counted no more. What they are thanked for in public stays to their credit."""
    mine = (Standing.member_id == event.member) & (Standing.kind == "answer")
    ctx.db.execute(delete(Standing).where(mine))


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Everything about the person goes, from the owner's list too; who decided or reported is not kept."""
    take_back_words(ctx.db, _words_shown(ctx, member))
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


def _words_shown(ctx: Context, member: int) -> list[str]:
    """What owners were shown of this person's words: the message of a case, a plea, lines of a report."""
    found: set[str] = set()
    for case in ctx.db.scalars(select(Case).where(Case.member_id == member)):
        found.add(ladder.words_of(ctx, case))
        if case.appealed_at is not None:
            found |= {asking.plea_in(one) for one in _said(ctx, member, case.appealed_at, AT_ONCE)}
    for report in ctx.db.scalars(select(Report).where(Report.at > ctx.now - CASES_KEPT)):
        said = _said(ctx, member, report.at, frictions.LOOKED_AT, report.room_id)
        quoted = ctx.history.message(report.message_id) if report.message_id is not None else None
        if quoted is not None and quoted.member == member:
            said = [*said, quoted.text]
        found |= {plain(one, frictions.LINE_LENGTH) for one in said}
        if report.reporter_id == member:
            found |= {frictions.plea_in(one) for one in said}
    return sorted((one for one in found - {ctx.text("no_words")} if len(one) >= SHORTEST), key=len)[::-1]


def _said(
    ctx: Context, member: int, at: datetime, around: timedelta, room: int | None = None
) -> Iterable[str]:
    query = select(Message.text).where(
        Message.member_id == member, Message.at > at - around, Message.at < at + around
    )
    return ctx.db.scalars(query if room is None else query.where(Message.room_id == room)).all()


@plugin.job("tidy", daily_at="04:50", per_room=False)
def tidy(ctx: Context) -> None:
    """What was seen days ago, and cases of half a year ago, are thrown away; pardons stay."""
    weighing.forget_old_texts(ctx)
    ctx.db.execute(delete(Case).where(Case.at < ctx.now - CASES_KEPT))
    ctx.db.execute(delete(Report).where(Report.at < ctx.now - CASES_KEPT))
