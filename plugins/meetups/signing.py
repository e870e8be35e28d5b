"""Signing up, staying away, waiting: written down at once, confirmed briefly, first come first served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.context import Context
from bot.storage.tables import Outgoing
from bot.words import Trusted
from plugins.meetups import offering, seats
from plugins.meetups.flow import Input
from plugins.meetups.scene import called
from plugins.meetups.steering import action, steer
from plugins.meetups.tables import Meetup, SignUp

SOON = timedelta(seconds=20)
"""Confirmations of people who sign up together are one message."""
MOST_FRIENDS = 5
_AT_SIGNS = str.maketrans({"@": "＠"})
KEPT = timedelta(hours=12)


def rows_of(ctx: Context, meetup: Meetup, *statuses: str) -> Sequence[SignUp]:
    """The sign-ups of these kinds, in the order of their places."""
    query = select(SignUp).where(SignUp.meetup_id == meetup.id, SignUp.status.in_(statuses))
    return ctx.db.scalars(query.order_by(SignUp.place, SignUp.id)).all()


def parties_of(ctx: Context, meetup: Meetup) -> list[seats.Party]:
    """The list as `seats` reckons with it."""
    rows = rows_of(ctx, meetup, "in", "waiting", "offered")
    return [seats.Party(row.id, row.status, row.place, row.more) for row in rows]


def row_of(ctx: Context, meetup: Meetup, member: int) -> SignUp | None:
    """Somebody's own line, whatever became of it."""
    own = select(SignUp).where(SignUp.meetup_id == meetup.id, SignUp.member_id == member)
    return ctx.db.scalars(own).first()


def people_coming(ctx: Context, meetup: Meetup) -> list[int]:
    """The members who come, in the order in which they signed up."""
    return [row.member_id for row in rows_of(ctx, meetup, "in") if row.member_id is not None]


def people_expected(ctx: Context, meetup: Meetup) -> list[int]:
    """Those, and whoever speaks and looks after it, who need no seat."""
    own = [one for one in (meetup.speaker_id, meetup.host_id) if one is not None]
    return list(dict.fromkeys([*own, *people_coming(ctx, meetup)]))


def head_count(ctx: Context, meetup: Meetup) -> int:
    """How many come, friends and all."""
    return sum(1 + row.more for row in rows_of(ctx, meetup, "in"))


def put(
    ctx: Context, meetup: Meetup, member: int | None, *, name: str = "", more: int = 0, note: str = "",
    by: int | None = None,
) -> tuple[SignUp, str]:  # fmt: skip
    """Write a party into the list; its line, and what became of it: in, waiting, grown, full, same."""
    row = row_of(ctx, meetup, member) if member is not None else None
    more, outcome = min(max(more, 0), MOST_FRIENDS), ""
    if row is None or row.status == "out":
        row = row or SignUp(meetup_id=meetup.id, member_id=member, name=name, entered_by=by)
        row.more, row.note, row.signed_at = more, note, ctx.now
        row.status, row.place = (
            seats.status_for(parties_of(ctx, meetup), meetup.capacity, more),
            _last(ctx, meetup),
        )
        ctx.db.add(row)
        outcome = row.status
    elif row.status == "offered":
        row.status, row.offered_until, outcome = "in", None, "in"
        ctx.cancel_later(offering.RUNS_OUT, str(row.id))
    else:
        outcome = change(ctx, meetup, row, more, note)
    ctx.db.flush()
    offering.serve(ctx, meetup, answering=row)
    return row, "offered" if outcome == "waiting" and row.status == "offered" else outcome


def _last(ctx: Context, meetup: Meetup) -> int:
    query = select(func.max(SignUp.place)).where(SignUp.meetup_id == meetup.id)
    return (ctx.db.scalar(query) or 0) + 1


def change(ctx: Context, meetup: Meetup, row: SignUp, more: int, note: str = "") -> str:
    """Who is on the list comes with more or fewer friends, if these fit: grown, full, waiting, same."""
    row.note = note or row.note
    more = min(max(more, 0), MOST_FRIENDS)
    if more == row.more:
        return "same"
    is_growing = row.status == "in" and more > row.more
    if is_growing and not seats.may_grow(parties_of(ctx, meetup), meetup.capacity, more - row.more):
        return "full"
    row.more = more
    ctx.db.flush()
    offering.serve(ctx, meetup, answering=row)
    return "grown" if row.status == "in" else "waiting"


def take_out(ctx: Context, meetup: Meetup, row: SignUp) -> None:
    """This party does not come; whoever waits is served."""
    row.status, row.offered_until = "out", None
    ctx.cancel_later(offering.RUNS_OUT, str(row.id))
    ctx.db.flush()
    offering.serve(ctx, meetup)


@action("sign")
def sign(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Somebody says that they come."""
    member, is_asked = values["member"], values["is_asked"]
    row, outcome = put(ctx, meetup, member, more=values["more"])
    if outcome in ("in", "grown"):
        _confirm(ctx, meetup, row)
    elif outcome == "same" and is_asked:
        key = "signed_already" if row.status == "in" else "waiting_already"
        say_to(ctx, member, key, **({} if row.status == "in" else {"ahead": _ahead(ctx, meetup, row)}))
    elif outcome == "waiting":
        say_to(ctx, member, "on_waiting_list", number=_ahead(ctx, meetup, row) + 1)
    elif outcome == "offered":
        say_to(ctx, member, "offered_part", seats=1 + row.more)
    elif outcome == "full":
        say_to(ctx, member, "no_seat_for_friends")


def _ahead(ctx: Context, meetup: Meetup, row: SignUp) -> int:
    return seats.ahead_of(parties_of(ctx, meetup), row.place)


def say_to(ctx: Context, member: int, key: str, **values: object) -> None:
    """Answer somebody in the group, with a mention."""
    said = Trusted(ctx.mention([member]) + ctx.text(key, **values))
    ctx.say_text(said, urgency="answer", mention=[member], reason=key)


def _confirm(ctx: Context, meetup: Meetup, row: SignUp) -> None:
    """One line for all who signed up just now."""
    waiting = select(SignUp).join(Outgoing, Outgoing.id == SignUp.outgoing_id)
    unsaid = waiting.where(SignUp.meetup_id == meetup.id, SignUp.status == "in", Outgoing.status == "planned")
    rows = [*(one for one in ctx.db.scalars(unsaid.order_by(SignUp.place)) if one is not row), row]
    people = [one.member_id for one in rows if one.member_id is not None]
    total = head_count(ctx, meetup)
    count = ctx.text("count_of", count=total, capacity=meetup.capacity) if meetup.capacity else str(total)
    key = ctx.say(
        f"signed_{meetup.form}", urgency="answer", mention=people, merge=f"signed:{meetup.id}",
        not_before=ctx.now + SOON, count=count,
    )  # fmt: skip
    for one in rows:
        one.outgoing_id = key
    ctx.db.flush()


@action("cancel")
def cancel(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Somebody who had signed up stays away. A speaker who does so leaves a gap."""
    member = values["member"]
    row = row_of(ctx, meetup, member)
    if row is not None and row.status != "out":
        say_to(ctx, member, "cancelled")
        take_out(ctx, meetup, row)
    elif values["is_asked"]:
        say_to(ctx, member, "was_not_signed")
    if meetup.speaker_id == member:
        steer(ctx, meetup, Input.SPEAKER_OUT)


def listed(ctx: Context, meetup: Meetup, status: str) -> list[str]:
    """The names of those who come or wait, with their friends."""
    rows = rows_of(ctx, meetup, *(("in",) if status == "in" else ("waiting", "offered")))
    return [with_friends(ctx, row) for row in rows]


def as_ours(text: str) -> Trusted:
    """Words that were put together from texts and made harmless before: line breaks stay."""
    return Trusted(text.translate(_AT_SIGNS))


def with_friends(ctx: Context, row: SignUp) -> str:
    """`小满 +1`."""
    name = called(ctx, row.member_id) if row.member_id is not None else row.name
    return f"{name} +{row.more}" if row.more else name
