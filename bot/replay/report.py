"""What the bot would have said, as lines for machines and as a page for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.messages import CORE, Texts, first
from bot.storage.history import History
from bot.storage.tables import Member, Message, Outgoing, Room
from bot.words import time_said

LONG_SILENCE = timedelta(days=7)
EXAMPLES = 8
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


def past_of(session: Session, room: int) -> Past:
    """The log of a room in figures."""
    here = (Message.room_id == room, Message.origin != "self")
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


def json_lines(entries: Iterable[WouldSay]) -> Iterator[str]:
    """One JSON object a line."""
    for entry in entries:
        yield json.dumps(asdict(entry) | {"at": entry.at.isoformat()}, ensure_ascii=False)


def page(past: Past, entries: Sequence[WouldSay], texts: Texts, zone: ZoneInfo, now: datetime) -> str:
    """A page that an owner can read: how often, when, to whom, and what for example."""
    said = _Sayer(texts)
    lines = [said("title"), "", _about_past(past, said, zone), ""]
    lines += [said("gap", since=_day(one, zone), until=_day(other, zone)) for one, other in past.gaps]
    if not entries:
        return "\n".join([*lines, "", said("nothing")])
    unasked = [entry for entry in entries if entry.urgency == "initiative"]
    weeks = Counter(_week(entry.at, zone) for entry in entries)
    worst, most = weeks.most_common(1)[0]
    lines += ["", said("total", count=len(entries), unasked=len(unasked), worst=worst, most=most), ""]
    lines += _table(entries, said)
    people = Counter(name for entry in entries for name in entry.to)
    if people:
        name, times = people.most_common(1)[0]
        lines += ["", said("most_named", name=name, times=times)]
    for reason in dict.fromkeys(entry.reason for entry in entries):
        chosen = [entry for entry in entries if entry.reason == reason][:EXAMPLES]
        lines += ["", f"## {chosen[0].plugin} · {reason}", ""]
        lines += [f"- {time_said(entry.at, now, zone)} {_quoted(entry.text)}" for entry in chosen]
    return "\n".join(lines) + "\n"


class _Sayer:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        return str(self._texts.render(CORE, f"replay.{key}", None, first, **values))


def _about_past(past: Past, said: _Sayer, zone: ZoneInfo) -> str:
    if past.since is None or past.until is None:
        return said("empty")
    since, until = _day(past.since, zone), _day(past.until, zone)
    return said("past", messages=past.messages, members=past.members, since=since, until=until)


def _table(entries: Sequence[WouldSay], said: _Sayer) -> list[str]:
    counts = Counter((entry.plugin, entry.urgency) for entry in entries)
    rows = [
        f"| {plugin} | {said(f'urgency_{urgency}')} | {count} |"
        for (plugin, urgency), count in counts.most_common()
    ]
    return [said("columns"), "|---|---|---|", *rows]


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


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d")


def _week(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return (local - timedelta(days=local.weekday())).strftime("%Y-%m-%d")


def _quoted(text: str) -> str:
    return " ".join(text.replace("\u2005", " ").split())
