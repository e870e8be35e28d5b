"""The public credit: said as unasked words are, within the week's limits; a fact once it was really said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.events import ContributorRecognised, OutgoingSettled
from bot.storage.tables import Outgoing
from plugins.contributors import logic, wording
from plugins.contributors.declared import plugin
from plugins.contributors.tables import Credit, Nomination

WATCH = "credited"
OFFER = "offer_stage"
LOOK_AFTER = timedelta(minutes=5)
KEPT_FOR = timedelta(days=1)
OFFERED_AFTER = timedelta(minutes=30)
LOOKS_BACK = timedelta(days=400)


def is_time(ctx: Context, member: int) -> bool:
    """Whether this week, and this person's turn, allow a credit; planned ones count as said."""
    settings = ctx.settings
    return logic.may_credit(
        member, _credited(ctx), ctx.now, settings.credit_again_days, settings.credits_a_week
    )


def _credited(ctx: Context) -> list[tuple[int, datetime]]:
    since = ctx.now - LOOKS_BACK
    said = select(Credit.member_id, Credit.at).where(Credit.room_id == ctx.room_id, Credit.at > since)
    planned = select(Nomination.member_id).where(
        Nomination.room_id == ctx.room_id, Nomination.state == "agreed", Nomination.outgoing_id.is_not(None)
    )
    waiting = [(member, ctx.now) for member in ctx.db.scalars(planned)]
    return [*((row.member_id, row.at) for row in ctx.db.execute(said)), *waiting]


def credit(ctx: Context, one: Nomination) -> None:
    """Say it when it is time for unasked words, and look whether it was said."""
    one.state = "agreed"
    one.outgoing_id = ctx.say_text(
        wording.credit_said(ctx, one), urgency="initiative", mention=[one.member_id], reason="credit",
        merge=f"credit:{one.id}", keep_for=KEPT_FOR,
    )  # fmt: skip
    _look_again(ctx, one)


def _look_again(ctx: Context, one: Nomination) -> None:
    ctx.later(WATCH, after=LOOK_AFTER, key=str(one.id), if_planned="move", nomination=one.id)


@plugin.timer(WATCH)
def see_whether_said(ctx: Context, payload: dict[str, Any]) -> None:
    """Once the words are out, the credit is a fact."""
    one = ctx.db.get(Nomination, payload["nomination"])
    if one is None or one.state != "agreed" or one.outgoing_id is None:
        return
    row = ctx.db.get(Outgoing, one.outgoing_id)
    if row is None or row.status in ("planned", "claimed", "merged"):
        _look_again(ctx, one)
    elif row.status == "sent":
        _write_down(ctx, one)
    else:
        one.state = "lapsed"


@plugin.on(OutgoingSettled)
def notice_unsaid(ctx: Context, event: OutgoingSettled) -> None:
    """A credit that could not be said is none."""
    if event.plugin != ctx.plugin:
        return
    query = select(Nomination).where(Nomination.outgoing_id == event.outgoing, Nomination.state == "agreed")
    for one in ctx.db.scalars(query).all():
        one.state = "lapsed"


def _write_down(ctx: Context, one: Nomination) -> None:
    one.state, one.decided_at = "credited", ctx.now
    answers = [answer for _, answer in one.evidence["helps"]]
    messages = [message for message in answers if ctx.history.message(message) is not None]
    ctx.db.add(
        Credit(
            room_id=ctx.room_id, member_id=one.member_id, at=ctx.now, messages=messages,
            thanked_by=one.evidence["thanked_by"], topics=one.topics, granted_by=one.decided_by,
        )
    )  # fmt: skip
    ctx.db.flush()
    ctx.emit(
        ContributorRecognised(
            at=ctx.now, room=one.room_id, member=one.member_id, messages=tuple(messages),
            topics=tuple(one.topics),
        )
    )  # fmt: skip
    if ctx.settings.offer_stage:
        ctx.later(OFFER, after=OFFERED_AFTER, key=str(one.id), nomination=one.id)
