"""别统计我 and 忘记我: nothing that is waiting names the person any more, and nothing stored does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.context import Context
from bot.events import MemberUncounted
from bot.speaking import take_back
from bot.storage.tables import OwnerItem
from plugins.contributors.days import forget_days
from plugins.contributors.declared import plugin
from plugins.contributors.nominating import KEY
from plugins.contributors.tables import Choice, Credit, Help, Level, Nomination, PeerThanks, StageOffer

OPEN = ("found", "listed", "agreed")


@plugin.on(MemberUncounted, everywhere=True)
def take_out(ctx: Context, event: MemberUncounted) -> None:
    """At once: no waiting credit, no entry on a list, no level."""
    _withdraw(ctx, event.member)
    ctx.db.execute(delete(Level).where(Level.member_id == event.member))
    ctx.db.execute(delete(Help).where(or_(Help.helper_id == event.member, Help.asker_id == event.member)))
    forget_days(ctx.db)


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Everything about the person goes; from others' rows they and words of theirs are taken out."""
    _withdraw(ctx, member)
    helpers = select(Help.helper_id).where(Help.asker_id == member)
    ctx.db.execute(update(Level).where(Level.member_id.in_(helpers)).values(topics=[]))
    for table in (Level, Nomination, Credit, StageOffer, Choice, PeerThanks):
        ctx.db.execute(delete(table).where(table.member_id == member))
    ctx.db.execute(delete(PeerThanks).where(PeerThanks.giver_id == member))
    ctx.db.execute(delete(Help).where(or_(Help.helper_id == member, Help.asker_id == member)))
    ctx.db.execute(update(Choice).where(Choice.chosen_by == member).values(chosen_by=None))
    ctx.db.execute(update(Nomination).where(Nomination.decided_by == member).values(decided_by=None))
    ctx.db.execute(update(Credit).where(Credit.granted_by == member).values(granted_by=None))
    for one in ctx.db.scalars(select(Nomination)):
        if member in one.evidence["askers"] or member in one.evidence["thanked_by"]:
            one.evidence, one.topics = _without(one.evidence, member), []
    for credit in ctx.db.scalars(select(Credit)):
        if member in credit.thanked_by:
            credit.thanked_by = [giver for giver in credit.thanked_by if giver != member]
            credit.topics = []
    forget_days(ctx.db)
    ctx.db.flush()


def _withdraw(ctx: Context, member: int) -> None:
    """Nominations that are open end, with what is planned because of them."""
    query = select(Nomination).where(Nomination.member_id == member, Nomination.state.in_(OPEN))
    for one in ctx.db.scalars(query).all():
        one.state = "lapsed"
        if one.outgoing_id is not None:
            take_back(ctx.db, one.outgoing_id, ctx.now)
        item = (OwnerItem.plugin == ctx.plugin) & (OwnerItem.key == f"{KEY}{one.id}")
        ctx.db.execute(delete(OwnerItem).where(item))
    ctx.db.flush()


def _without(evidence: dict[str, Any], member: int) -> dict[str, Any]:
    return evidence | {
        who: [one for one in evidence[who] if one != member] for who in ("askers", "thanked_by")
    }
