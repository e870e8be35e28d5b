"""A regular who comes back after a silence is greeted once, with what happened since, if anything did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot import authority
from bot.context import Context
from bot.events import MessagePosted
from bot.storage.history import History
from bot.storage.tables import Member, Membership, Mention, Message
from bot.words import Trusted, joined
from plugins.ties import company, regulars
from plugins.ties.declared import plugin
from plugins.ties.tables import Happening, Regular

WAIT = "returned"
FIRST_LOOK = timedelta(minutes=4)
SAID_WITHIN = timedelta(hours=1)
FACTS = 2
CALLS = 20
A_DAY = timedelta(days=1)
OTHERS = 3
"""So many others must have spoken meanwhile: after a silence of everybody nobody comes back."""

ONCE_IN = timedelta(days=120)
MANY = 20
"""More newcomers than this are a number and no news."""

LOST_SHARE = 0.3
"""If nobody listened for so much of the silence, it was perhaps none."""


@plugin.on(MessagePosted)
def follow_regulars(ctx: Context, event: MessagePosted) -> None:
    """Note who speaks; a regular who was away comes back with these words."""
    if event.room is None:
        return
    before = regulars.follow(ctx, event)
    if before is None or event.late:
        return
    settings = ctx.settings
    if not before.is_regular(settings.regular_days):
        return
    if settings.returns and before.is_away(event.at, timedelta(days=settings.return_days)):
        ctx.later(
            WAIT, after=FIRST_LOOK, key=str(event.member), member=event.member,
            since=before.last_at.isoformat(), until=event.at.isoformat(),
        )  # fmt: skip


@plugin.timer(WAIT, catch_up=timedelta(hours=1))
def look_back(ctx: Context, payload: dict[str, Any]) -> None:
    """See whether they may be greeted, and what there is to tell."""
    member = payload["member"]
    if not ctx.settings.returns or not company.is_on(ctx) or company.quiet_until(ctx) is not None:
        return
    if member in authority.owners_of(ctx.db, ctx.room_id) or not company.is_nameable(ctx, member):
        return
    lately = company.named_as(ctx.db, ctx.room_id or 0, "return", ctx.now - ONCE_IN)
    if company.is_resting(ctx, member) or member in lately:
        return
    ctx.work("look_back", room=ctx.room_id, **payload)


def greet_back(ctx: Context, result: dict[str, Any]) -> None:
    """One line, with two facts at most."""
    member = result["member"]
    if not company.is_nameable(ctx, member) or not ctx.settings.returns:
        return
    facts = _facts_said(ctx, result)
    if not facts:
        return
    days = (datetime.fromisoformat(result["until"]) - datetime.fromisoformat(result["since"])).days
    outgoing = ctx.say(
        "returned", mention=[member], days=days, facts=Trusted(ctx.text("and_then").join(facts[:FACTS])),
        keep_for=SAID_WITHIN,
    )  # fmt: skip
    if outgoing is not None:
        company.note(ctx, "return", member)


def _facts_said(ctx: Context, result: dict[str, Any]) -> list[Trusted]:
    """What happened, each kind once: who called them, a share, a meetup, thanks to somebody, newcomers."""
    said: list[Trusted] = []
    callers = [one for one in result["called_by"] if company.is_nameable(ctx, one)]
    if callers:
        names = joined([company.called(ctx, one) for one in callers])
        said.append(ctx.text("since_called", names=names))
    for happening in ctx.db.scalars(select(Happening).where(Happening.id.in_(result["happenings"]))):
        who = happening.member_id
        if who is not None and (who == result["member"] or not company.is_nameable(ctx, who)):
            continue
        name = company.called(ctx, who)
        if happening.kind == "share" and who is not None:
            said.append(ctx.text("since_share_by", name=name, title=happening.title))
        elif happening.kind == "share":
            said.append(ctx.text("since_share", title=happening.title))
        elif happening.kind == "meetup":
            said.append(ctx.text("since_meetup", title=happening.title))
        elif happening.kind == "credit" and who is not None:
            said.append(ctx.text("since_credit", name=name))
    if 0 < result["newcomers"] <= MANY:
        said.append(ctx.text("since_newcomers", count=result["newcomers"]))
    return said


@plugin.work("look_back", done=greet_back)
def read_back(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What happened in the time of the silence; nothing if nobody else spoke or we were not there."""
    room = payload["room"]
    since, until = (datetime.fromisoformat(payload[one]) for one in ("since", "until"))
    others = select(func.count()).where(
        Regular.room_id == room, Regular.last_at > since, Regular.member_id != payload["member"]
    )
    empty = {**payload, "happenings": [], "newcomers": 0, "called_by": []}
    if _lost(history, since, until) > LOST_SHARE or (history.session.scalar(others) or 0) < OTHERS:
        return empty
    return empty | {
        "happenings": _latest(history, room, since),
        "newcomers": _newcomers(history, room, since),
        "called_by": _called_by(history, room, payload["member"], since, until),
    }


def _called_by(history: History, room: int, member: int, since: datetime, until: datetime) -> list[int]:
    """Who named them meanwhile, the latest first."""
    query = (
        select(Message.member_id)
        .join(Mention, Mention.message_id == Message.id)
        .where(
            Mention.member_id == member, Message.room_id == room, Message.at > since + A_DAY,
            Message.at < until, Message.origin != "self", Message.recalled.is_(False),
            Message.member_id != member,
        )
        .order_by(Message.at.desc())
        .limit(CALLS)
    )  # fmt: skip
    return list(dict.fromkeys(history.session.scalars(query)))


def _lost(history: History, since: datetime, until: datetime) -> float:
    """For how much of the time nothing was heard."""
    gaps = history.gaps(since, until)
    lost = sum((min(one.restored_at or until, until) - max(one.lost_at, since) for one in gaps), timedelta())
    return lost / (until - since) if until > since else 1.0


def _latest(history: History, room: int, since: datetime) -> list[int]:
    """The latest of each kind of happening."""
    rows = history.session.execute(
        select(Happening.kind, Happening.id)
        .where(Happening.room_id == room, Happening.at > since, Happening.kind != "missed")
        .order_by(Happening.at)
    )
    latest = dict(rows.all())
    order = ("share", "meetup", "credit")
    return [latest[kind] for kind in order if kind in latest]


def _newcomers(history: History, room: int, since: datetime) -> int:
    """How many people came meanwhile and are still here."""
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.room_id == room, Membership.left_at.is_(None), Membership.join_known,
            Membership.first_joined_at > since, Member.is_self.is_(False), Member.kind != "official",
        )
    )  # fmt: skip
    return history.session.scalar(query) or 0
