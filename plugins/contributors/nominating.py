"""From a find to the owner's word: nominees are put on the list with their evidence, or credited at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import OwnerDecided
from bot.words import Trusted
from plugins.contributors import crediting, logic, wording
from plugins.contributors.declared import plugin
from plugins.contributors.people import called, nameable
from plugins.contributors.tables import Nomination

LISTED_FOR = timedelta(days=3)
PRESENTED_WITHIN = timedelta(days=1)
WAITS_AT_MOST = timedelta(days=8)
KEY = "nominee:"


@plugin.job("present", daily_at=lambda settings: settings.credit_at, catch_up=timedelta(hours=6))
def present_nominees(ctx: Context) -> None:
    """Put this night's finds before the owner, or credit them; credits that had to wait are tried again."""
    for one in _in_state(ctx, "agreed"):
        if one.outgoing_id is None:
            _try_again(ctx, one)
    for one in _in_state(ctx, "found"):
        if ctx.now - one.found_at > PRESENTED_WITHIN or not nameable(ctx, [one.member_id]):
            one.state = "lapsed"
        elif ctx.settings.auto_credit:
            _credit_at_once(ctx, one)
        else:
            put_before_owner(ctx, one)


def put_before_owner(ctx: Context, one: Nomination) -> None:
    """The evidence in words, and the three words to decide with."""
    one.state = "listed"
    name, askers = called(ctx, one.member_id), wording.askers_said(ctx, one)
    item = ctx.text("nominee_item", name=name, askers=askers)
    number = ctx.put_on_list(f"{KEY}{one.id}", item, keep_for=LISTED_FOR, decide=True)
    evidence = wording.evidence_said(ctx, one)
    ctx.tell_owners("nominee_told", room=ctx.room_name, evidence=evidence, number=number)


@plugin.on(OwnerDecided)
def hear_owner(ctx: Context, event: OwnerDecided) -> None:
    """同意, 不用 or 先放放 to a nominee."""
    if event.plugin != ctx.plugin or not event.key.startswith(KEY):
        return
    one = ctx.db.get(Nomination, int(event.key.removeprefix(KEY)))
    if one is None or one.state != "listed":
        return
    one.decided_by, one.decided_at = event.member, ctx.now
    name = called(ctx, one.member_id)
    if event.decision == "yes":
        _agreed(ctx, one, event.member, name)
    elif event.decision == "no":
        one.state = "declined"
        ctx.tell(event.member, "nominee_declined", name=name, days=logic.DECLINED_FOR.days)
    else:
        one.state = "later"
        ctx.tell(event.member, "nominee_later", name=name, days=logic.LATER_AFTER.days)


def _agreed(ctx: Context, one: Nomination, owner: int, name: str) -> None:
    one.state = "agreed"
    if not nameable(ctx, [one.member_id]):
        one.state = "lapsed"
        ctx.tell(owner, "nominee_gone", name=name)
    elif ctx.room is not None and ctx.room.status != "live":
        one.state = "lapsed"
        ctx.tell(owner, "nominee_not_live", room=ctx.room_name)
    elif crediting.is_time(ctx, one.member_id):
        crediting.credit(ctx, one)
        ctx.tell(owner, "nominee_agreed", name=name)
    else:
        count = ctx.settings.credits_a_week
        ctx.tell(owner, "nominee_waits", name=name, count=count, days=WAITS_AT_MOST.days)


def _try_again(ctx: Context, one: Nomination) -> None:
    """A credit that the owner agreed to and that this week had no room for."""
    if ctx.now - (one.decided_at or one.found_at) > WAITS_AT_MOST or not nameable(ctx, [one.member_id]):
        one.state = "lapsed"
    elif crediting.is_time(ctx, one.member_id):
        crediting.credit(ctx, one)


def _credit_at_once(ctx: Context, one: Nomination) -> None:
    """The owner lets the bot decide; what this week has no room for may be found again."""
    if crediting.is_time(ctx, one.member_id) and ctx.now - one.last_help_at <= logic.STALE_AFTER:
        crediting.credit(ctx, one)
    else:
        one.state = "lapsed"


def _in_state(ctx: Context, state: str) -> list[Nomination]:
    query = select(Nomination).where(Nomination.room_id == ctx.room_id, Nomination.state == state)
    return list(ctx.db.scalars(query.order_by(Nomination.id)))


def candidates_said(ctx: Context) -> Trusted:
    """Everybody who waits for the owner's word, with evidence."""
    waiting = [one for one in _in_state(ctx, "listed") if nameable(ctx, [one.member_id])]
    parts = [wording.evidence_said(ctx, one) for one in waiting]
    return Trusted("\n\n".join(parts)) if parts else Trusted("")
