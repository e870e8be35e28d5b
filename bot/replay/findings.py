"""What a log held, and what the bot said or would have said in it: read from the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.history import History
from bot.storage.tables import Member, Message, Outgoing, Room

LONG_SILENCE = timedelta(days=7)
SAID = ("withheld", "sent", "unknown", "claimed")


@dataclass(frozen=True, slots=True)
class WouldSay:
    """One thing that the bot said or would have said: when, where, to whom, why."""

    at: datetime
    room: str
    to: tuple[str, ...]
    private: bool
    plugin: str
    urgency: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the log held. `gaps` are silences longer than a week."""

    messages: int
    members: int
    since: datetime | None
    until: datetime | None
    gaps: tuple[tuple[datetime, datetime], ...]


def past_of(session: Session, room: int, begin: datetime | None = None) -> Past:
    """What was said in a room (from a moment on) in figures."""
    here = [Message.room_id == room, Message.origin != "self"]
    if begin is not None:
        here.append(Message.at >= begin)
    count, since, until = session.execute(
        select(func.count(), func.min(Message.at), func.max(Message.at)).where(*here)
    ).one()
    members = session.scalar(select(func.count(func.distinct(Message.member_id))).where(*here)) or 0
    times = session.scalars(select(Message.at).where(*here).order_by(Message.at))
    return Past(count, members, since, until, tuple(_silences(times)))


def would_say(session: Session, room: int | None, since: datetime | None, now: datetime) -> list[WouldSay]:
    """Everything said or withheld in a room (None: anywhere) from a moment on, in order."""
    query = select(Outgoing).where(Outgoing.status.in_(SAID)).order_by(Outgoing.claimed_at, Outgoing.id)
    if room is not None:
        query = query.where(Outgoing.room_id == room)
    if since is not None:
        query = query.where(Outgoing.claimed_at >= since)
    history = History(session, now)
    rooms = {row.id: row.name for row in session.execute(select(Room.id, Room.name))}
    return [_entry(session, history, row, rooms) for row in session.scalars(query)]


def _silences(times: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    before: datetime | None = None
    for at in times:
        if before is not None and at - before > LONG_SILENCE:
            yield before, at
        before = at


def _entry(session: Session, history: History, row: Outgoing, rooms: dict[int, str]) -> WouldSay:
    people: list[int] = [row.member_id] if row.member_id is not None else list(row.mentions)
    names: list[Any] = [
        history.name_of(one, row.room_id) if session.get(Member, one) else "" for one in people
    ]
    return WouldSay(
        at=row.claimed_at or row.created_at, room=rooms.get(row.room_id or 0, ""), to=tuple(names),
        private=row.room_id is None, plugin=row.plugin, urgency=row.urgency, reason=row.reason, text=row.text,
    )  # fmt: skip
