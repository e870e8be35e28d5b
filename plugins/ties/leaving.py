"""退群: the owner hears who left, how long they were here, what they spoke of last, and what was left open.

Heard at once where the network tells, else found by comparing: whoever is gone and was not told of is told of
the next morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot import authority
from bot.context import Context
from bot.events import MembersJoined, MembersLeft
from bot.storage.history import History
from bot.storage.tables import Member, Membership
from bot.words import Trusted, day_said, duration_said, plain
from plugins.ties import company
from plugins.ties.declared import plugin
from plugins.ties.portrait import last_said, last_unanswered, missed_since, tenure
from plugins.ties.tables import Leaver, Seeker

WAIT = "left"
TOGETHER = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=3)
SHOWN = 5
LONGEST = 36
A_SLIP = timedelta(hours=1)
MISSED_WITHIN = timedelta(days=120)


@plugin.on(MembersLeft)
def note_leaving(ctx: Context, event: MembersLeft) -> None:
    """Wait a little for others who go too; whom an owner put out, or had the bot put out, they know of."""
    known = event.remover is not None and _acts_for_owners(ctx, event.remover)
    for member in event.members:
        _note(ctx, member, event.at, told=known)
        row = ctx.db.get(Seeker, (ctx.room_id, member))
        if row is not None:
            ctx.db.delete(row)
    ctx.db.flush()
    if not event.late and not known:
        ctx.later(WAIT, after=TOGETHER)


def _acts_for_owners(ctx: Context, member: int) -> bool:
    remover = ctx.db.get(Member, member)
    return (remover is not None and remover.is_self) or member in authority.owners_of(ctx.db, ctx.room_id)


@plugin.on(MembersJoined)
def note_coming_back(ctx: Context, event: MembersJoined) -> None:
    """Who is back has not left."""
    for member in event.returning:
        row = ctx.db.get(Leaver, (ctx.room_id, member))
        if row is not None:
            ctx.db.delete(row)


@plugin.job("compare", daily_at="09:20", catch_up=timedelta(hours=12))
def compare(ctx: Context) -> None:
    """Who is gone without anybody having told us: they left while nobody listened."""
    gone = select(Membership.member_id, Membership.left_at).where(
        Membership.room_id == ctx.room_id, Membership.left_at > ctx.now - LOOKED_BACK
    )
    for member, left_at in ctx.db.execute(gone).all():
        if left_at is not None and ctx.db.get(Leaver, (ctx.room_id, member)) is None:
            _note(ctx, member, left_at, told=False)
            ctx.later(WAIT)
    ctx.db.flush()


def _note(ctx: Context, member: int, at: datetime, *, told: bool) -> None:
    fresh = {"left_at": at, "told_at": ctx.now if told else None}
    statement = insert(Leaver).values(room_id=ctx.room_id, member_id=member, **fresh)
    keys = ["room_id", "member_id"]
    ctx.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))


@plugin.timer(WAIT)
def look_who_left(ctx: Context, payload: dict[str, Any]) -> None:
    """All who left and were not told of, in one message."""
    query = select(Leaver).where(
        Leaver.room_id == ctx.room_id, Leaver.told_at.is_(None), Leaver.left_at > ctx.now - LOOKED_BACK
    )
    rows = ctx.db.scalars(query.order_by(Leaver.left_at)).all()
    for row in rows:
        row.told_at = ctx.now
    ctx.db.flush()
    if rows and ctx.settings.leaving and authority.owners_of(ctx.db, ctx.room_id):
        ctx.work("farewell", room=ctx.room_id, members=[row.member_id for row in rows])


def tell_leaving(ctx: Context, result: dict[str, Any]) -> None:
    """To the owners, privately: who was here longest first."""
    people = [one for one in result["left"] if not _is_slip(one) and _may_be_told(ctx, one["member"])]
    if not people:
        return
    said = _together(ctx, people)
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.tell_text(owner, said, urgency="promised", reason="left")


def _together(ctx: Context, people: Sequence[dict[str, Any]]) -> Trusted:
    parts = [_about(ctx, one) for one in people[:SHOWN]]
    if len(people) == 1:
        return ctx.text("left_told_one", room=ctx.room_name, about=parts[0])
    if len(people) > SHOWN:
        parts.append(ctx.text("left_more", count=len(people) - SHOWN))
    head = ctx.text("left_told", room=ctx.room_name, count=len(people))
    return Trusted("\n".join([head, *(f"· {part}" for part in parts)]))


def _is_slip(one: dict[str, Any]) -> bool:
    """Who came and went within the hour without a word had the wrong door."""
    return not one["messages"] and one["seconds"] is not None and one["seconds"] < A_SLIP.total_seconds()


def _may_be_told(ctx: Context, member: int) -> bool:
    person, place = ctx.db.get(Member, member), ctx.db.get(Membership, (ctx.room_id, member))
    if person is None or place is None or place.left_at is None:
        return False
    return not person.uncounted and person.forgotten_at is None and person.kind != "official"


def _about(ctx: Context, one: dict[str, Any]) -> Trusted:
    parts = [_stay(ctx, one)]
    last = ctx.history.message(one["last"]) if one["last"] is not None else None
    if last is not None and last.text:
        day = day_said(last.at, ctx.now, ctx.zone)
        parts.append(ctx.text("left_last", day=day, words=plain(last.text, limit=LONGEST)))
    asked = ctx.history.message(one["asked"]) if one["asked"] is not None else None
    if asked is not None and asked.text:
        parts.append(ctx.text("left_unanswered", words=plain(asked.text, limit=LONGEST)))
    parts += [ctx.text("left_missed", promise=title, count=count) for title, count in one["missed"][:1]]
    return Trusted("".join(parts))


def _stay(ctx: Context, one: dict[str, Any]) -> Trusted:
    name = company.called(ctx, one["member"])
    if one["seconds"] is None:
        return ctx.text("left_one_unknown", name=name)
    stay = duration_said(timedelta(seconds=one["seconds"]))
    if not one["messages"]:
        return ctx.text("left_one_silent", name=name, stay=stay)
    return ctx.text("left_one", name=name, stay=stay, count=one["messages"])


@plugin.work("farewell", done=tell_leaving)
def read_farewell(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What can be told of each who left."""
    left = [_portrait(history, payload["room"], member) for member in payload["members"]]
    return {"left": sorted(left, key=lambda one: -(one["seconds"] or 0))}


def _portrait(history: History, room: int, member: int) -> dict[str, Any]:
    since, messages = tenure(history, room, member)
    place = history.session.get(Membership, (room, member))
    until = (place.left_at if place is not None else None) or history.now
    begins = max(since or until - MISSED_WITHIN, until - MISSED_WITHIN)
    return {
        "member": member, "messages": messages,
        "seconds": None if since is None else max((until - since).total_seconds(), 0.0),
        "last": last_said(history, room, member),
        "asked": last_unanswered(history, room, member),
        "missed": missed_since(history, room, begins),
    }  # fmt: skip
