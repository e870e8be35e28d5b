"""The waiting list: a free seat is offered to whoever waited longest, for a limited time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from plugins.meetups import flow, seats
from plugins.meetups.declared import plugin
from plugins.meetups.scene import dated, is_friend, is_on
from plugins.meetups.tables import Meetup, SignUp

RUNS_OUT = "offer_runs_out"
LATE = timedelta(days=30)
TOO_LATE = timedelta(hours=1)
"""So shortly before the beginning nobody is offered a seat any more."""


def serve(ctx: Context, meetup: Meetup, answering: SignUp | None = None) -> None:
    """Offer what is free. `answering` is who has just spoken: they are told by whoever answers them."""
    if meetup.state not in flow.COMING or meetup.starts_at is None:
        return
    while meetup.starts_at - ctx.now > TOO_LATE:
        rows = _on_list(ctx, meetup)
        found = seats.next_in_line([_party(row) for row in rows.values()], meetup.capacity)
        if found is None:
            return
        row, more = rows[found[0].key], found[1]
        _offer(ctx, meetup, row, more, is_told=row is answering)


def _on_list(ctx: Context, meetup: Meetup) -> dict[int, SignUp]:
    query = select(SignUp).where(SignUp.meetup_id == meetup.id, SignUp.status != "out")
    return {row.id: row for row in ctx.db.scalars(query).all()}


def _party(row: SignUp) -> seats.Party:
    return seats.Party(row.id, row.status, row.place, row.more)


def _offer(ctx: Context, meetup: Meetup, row: SignUp, more: int, *, is_told: bool) -> None:
    """One seat (and so many beside it) is this party's until the offer runs out."""
    assert meetup.starts_at is not None
    if row.member_id is None:  # nobody who could be asked: who wrote them down wanted them there
        row.status, row.more = "in", more
        ctx.db.flush()
        return
    until = min(_morning(ctx) + timedelta(hours=ctx.settings.offer_hours), meetup.starts_at - TOO_LATE / 2)
    row.status, row.more, row.offered_until = "offered", more, until
    ctx.db.flush()
    ctx.later(RUNS_OUT, at=until, key=str(row.id), if_planned="move", sign_up=row.id)
    if is_told:
        return
    values: dict[str, Any] = {"title": meetup.title, "until": dated(ctx, until), "seats": 1 + more}
    if is_friend(ctx, row.member_id):
        ctx.tell(row.member_id, "offer_private", urgency="promised", keep_for=timedelta(hours=12), **values)
    else:
        ctx.say("offer", urgency="promised", mention=[row.member_id], keep_for=timedelta(hours=12), **values)


def _morning(ctx: Context) -> datetime:
    """Now, or when the quiet hours are over: an offer must not run out in somebody's sleep."""
    group = ctx.services.settings.group(ctx.room_id)
    begins, ends = time.fromisoformat(group.quiet_from), time.fromisoformat(group.quiet_until)
    local = ctx.local()
    clock = local.time().replace(tzinfo=None)
    is_quiet = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    if not is_quiet:
        return ctx.now
    end = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)


@plugin.timer(RUNS_OUT, catch_up=LATE)
def let_go(ctx: Context, payload: dict[str, Any]) -> None:
    """No answer: the seat is the next one's."""
    row = ctx.db.get(SignUp, payload["sign_up"])
    if row is None or row.status != "offered" or row.offered_until is None or row.offered_until > ctx.now:
        return
    meetup = ctx.db.get_one(Meetup, row.meetup_id)
    row.status, row.offered_until = "out", None
    ctx.db.flush()
    if is_on(ctx) and meetup.state in flow.COMING:
        if row.member_id is not None and is_friend(ctx, row.member_id):
            ctx.tell(row.member_id, "offer_over", urgency="promised", title=meetup.title)
        serve(ctx, meetup)
