"""别统计我 and 忘记我: nobody is named, paired or counted here any more, and nothing stored tells of them."""

from __future__ import annotations

from sqlalchemy import delete, func, or_, select, update

from bot.context import Context
from bot.events import MemberUncounted
from bot.speaking import take_back
from bot.storage.tables import Member, Membership, Outgoing
from plugins.ties.declared import plugin
from plugins.ties.tables import (
    Happening,
    Introduction,
    Leaver,
    Named,
    Partner,
    Regular,
    Seeker,
)

SHORTEST_NAME = 2
"""A name of one character stands in too many words to be replaced wherever it stands."""


@plugin.on(MemberUncounted, everywhere=True)
def take_out(ctx: Context, event: MemberUncounted) -> None:
    """At once: no pairing, no habit, nothing planned that names them."""
    _withdraw(ctx, event.member)
    for table in (Regular, Seeker):
        ctx.db.execute(delete(table).where(table.member_id == event.member))
    ctx.db.flush()


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Every row about them goes; in the titles of what happened somebody stands for them."""
    _withdraw(ctx, member)
    for table in (Introduction, Named, Regular, Seeker, Partner, Leaver):
        ctx.db.execute(delete(table).where(table.member_id == member))
    mine = Introduction.partner_id == member
    ctx.db.execute(update(Introduction).where(mine).values(partner_id=None, evidence_id=None, topic=""))
    ctx.db.execute(delete(Happening).where(Happening.member_id == member))
    for name in _names(ctx, member):
        words = func.replace(Happening.title, name, ctx.text("somebody"))
        here = update(Happening).where(func.instr(Happening.title, name) > 0)
        ctx.db.execute(here.values(title=words))
    ctx.db.flush()
    ctx.db.expire_all()


def _withdraw(ctx: Context, member: int) -> None:
    waiting = select(Outgoing).where(Outgoing.plugin == ctx.plugin, Outgoing.status == "planned")
    for row in ctx.db.scalars(waiting).all():
        if member in row.mentions or row.member_id == member:
            take_back(ctx.db, row.id, ctx.now)
    lately = or_(Introduction.member_id == member, Introduction.partner_id == member)
    ctx.db.execute(update(Introduction).where(lately, Introduction.status == "waiting").values(status="none"))
    ctx.db.flush()


def _names(ctx: Context, member: int) -> list[str]:
    """What people call them, the longest first."""
    aliases = select(Membership.alias).where(Membership.member_id == member)
    found = {*ctx.db.scalars(aliases), ctx.db.scalar(select(Member.name).where(Member.id == member))}
    return sorted((one for one in found if one and len(one) >= SHORTEST_NAME), key=len, reverse=True)
