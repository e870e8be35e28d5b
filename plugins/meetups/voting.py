"""The vote on a date: short replies while it is open, closed at its time or when it is clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from bot.context import Context
from bot.errors import QunxingError
from bot.words import Trusted
from plugins.meetups import flow
from plugins.meetups.declared import plugin
from plugins.meetups.flow import Input
from plugins.meetups.ideas import expect_owner
from plugins.meetups.scene import dated, form_said, inform, is_on, lines, the_one
from plugins.meetups.steering import action, steer, tell_desk
from plugins.meetups.tables import Candidate, Meetup, Vote

OVER = "vote_over"
LATE = timedelta(days=30)
SOON = timedelta(hours=2)
"""A vote ends at least this long before the first date that is voted on."""


@action("open_vote")
def open_vote(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Put the dates before the group; an earlier vote on other dates is void."""
    ctx.db.execute(delete(Vote).where(Vote.meetup_id == meetup.id))
    ctx.db.execute(delete(Candidate).where(Candidate.meetup_id == meetup.id))
    moments = [datetime.fromisoformat(one) for one in values["moments"]]
    for number, moment in enumerate(moments, 1):
        ctx.db.add(Candidate(meetup_id=meetup.id, number=number, starts_at=moment))
    until = ctx.now + timedelta(hours=ctx.settings.vote_hours)
    meetup.vote_until = max(min(until, moments[0] - SOON), ctx.now + timedelta(minutes=30))
    meetup.starts_at = None
    ctx.db.flush()
    ctx.later(OVER, at=meetup.vote_until, key=str(meetup.id), if_planned="move", meetup=meetup.id)
    ctx.say(
        "vote", urgency="promised", title=meetup.title, form=form_said(ctx, meetup),
        dates=Trusted(_listed(ctx, meetup)), until=dated(ctx, meetup.vote_until),
    )  # fmt: skip
    tell_desk(ctx, "vote_opened", until=dated(ctx, meetup.vote_until))
    expect_owner(ctx, meetup)


def _listed(ctx: Context, meetup: Meetup) -> str:
    rows = [
        ctx.text("vote_line", number=one.number, date=dated(ctx, one.starts_at))
        for one in candidates(ctx, meetup)
    ]
    return lines(rows)


def candidates(ctx: Context, meetup: Meetup) -> Sequence[Candidate]:
    """The dates that are voted on."""
    query = select(Candidate).where(Candidate.meetup_id == meetup.id).order_by(Candidate.number)
    return ctx.db.scalars(query).all()


def open_one(ctx: Context) -> Meetup | None:
    """The meetup of this room whose vote is open."""
    meetup = the_one(ctx, [flow.State.VOTE])
    is_open = meetup is not None and meetup.vote_until is not None and meetup.vote_until > ctx.now
    return meetup if is_open else None


def vote(ctx: Context, meetup: Meetup, member: int, numbers: Sequence[int]) -> bool:
    """Take somebody's vote in place of what they voted before; False if there are no such dates."""
    known = {one.number for one in candidates(ctx, meetup)}
    chosen = set(numbers) & known
    if not chosen or set(numbers) - known:
        return False
    return steer(ctx, meetup, Input.VOTED, member=member, numbers=sorted(chosen))


@action("count_vote")
def count_vote(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Write it down; a clear lead ends the vote."""
    member = values["member"]
    ctx.db.execute(delete(Vote).where(Vote.meetup_id == meetup.id, Vote.member_id == member))
    for number in values["numbers"]:
        ctx.db.add(Vote(meetup_id=meetup.id, member_id=member, number=number, voted_at=ctx.now))
    ctx.db.flush()
    counts = sorted((count for _, count in tally(ctx, meetup)), reverse=True)
    if counts[0] - (counts[1] if len(counts) > 1 else 0) >= ctx.settings.vote_lead:
        close(ctx, meetup)


def tally(ctx: Context, meetup: Meetup) -> list[tuple[Candidate, int]]:
    """Every date with its votes."""
    query = select(Vote.number, func.count()).where(Vote.meetup_id == meetup.id).group_by(Vote.number)
    counts: dict[int, int] = {row[0]: row[1] for row in ctx.db.execute(query)}
    return [(one, counts.get(one.number, 0)) for one in candidates(ctx, meetup)]


def close(ctx: Context, meetup: Meetup) -> None:
    """The vote is over: one date has won, several are level, or nobody voted."""
    ctx.cancel_later(OVER, str(meetup.id))
    counted = [(one, count) for one, count in tally(ctx, meetup) if one.starts_at > ctx.now]
    most = max((count for _, count in counted), default=0)
    best = [one for one, count in counted if count == most]
    if not most:
        steer(ctx, meetup, Input.VOTE_EMPTY)
    elif len(best) > 1:
        steer(ctx, meetup, Input.VOTE_TIED, best=[one.number for one in best], votes=most)
    else:
        steer(ctx, meetup, Input.VOTE_WON, moment=best[0].starts_at.isoformat(), votes=most)


@plugin.timer(OVER, catch_up=LATE)
def end_vote(ctx: Context, payload: dict[str, Any]) -> None:
    """Its time has come, if nobody ended it before."""
    meetup = ctx.db.get(Meetup, payload["meetup"])
    is_due = meetup is not None and meetup.vote_until is not None and meetup.vote_until <= ctx.now
    if is_on(ctx) and meetup is not None and meetup.state == flow.State.VOTE and is_due:
        close(ctx, meetup)


@action("tell_date")
def tell_date(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """There is a date: a word to the group that voted, and the owner is asked where."""
    ctx.cancel_later(OVER, str(meetup.id))
    meetup.starts_at = datetime.fromisoformat(values["moment"])
    meetup.vote_until = None
    ctx.db.flush()
    date = dated(ctx, meetup.starts_at)
    if values.get("votes"):
        ctx.say("vote_won", urgency="promised", title=meetup.title, date=date, votes=values["votes"])
    else:
        ctx.say("date_set", urgency="promised", title=meetup.title, date=date)
    ask_for_place(ctx, meetup)


def ask_for_place(ctx: Context, meetup: Meetup) -> None:
    """Where, what it costs, for how many; or straight on, if that is known."""
    assert meetup.starts_at is not None
    date = dated(ctx, meetup.starts_at)
    if meetup.place:
        tell_desk(ctx, "ask_open", title=meetup.title, date=date, place=meetup.place)
    else:
        tell_desk(ctx, "ask_place", title=meetup.title, date=date)
    expect_owner(ctx, meetup)


@action("ask_place")
def ask_place(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The owner has set the date without a vote."""
    meetup.starts_at = datetime.fromisoformat(values["moment"])
    ctx.db.flush()
    ask_for_place(ctx, meetup)


@action("tell_tie")
def tell_tie(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Two dates are level: the owner has the casting vote."""
    dates = [one for one in candidates(ctx, meetup) if one.number in values["best"]]
    rows = [ctx.text("vote_line", number=one.number, date=dated(ctx, one.starts_at)) for one in dates]
    inform(ctx, "vote_tied", title=meetup.title, dates=Trusted(lines(rows)), votes=values["votes"])
    expect_owner(ctx, meetup)


@action("tell_no_votes")
def tell_no_votes(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Nobody voted. The group is not chased; the owner decides."""
    rows = [
        ctx.text("vote_line", number=one.number, date=dated(ctx, one.starts_at))
        for one in candidates(ctx, meetup)
        if one.starts_at > ctx.now
    ]
    inform(ctx, "vote_empty", title=meetup.title, dates=Trusted(lines(rows)))
    expect_owner(ctx, meetup)


def chosen_by_owner(ctx: Context, meetup: Meetup, number: int) -> datetime:
    """The date of this number. Raises QunxingError."""
    for one in candidates(ctx, meetup):
        if one.number == number and one.starts_at > ctx.now:
            return one.starts_at
    raise QunxingError("no_such_date", number=number)
