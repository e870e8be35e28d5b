"""What was said, by whom, and who is who: questions to the database, answered with small frozen values.

Every question is answered by an index, also with a million messages. `since` is inclusive and `until`
exclusive everywhere; None is no bound. All times are UTC.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from bot.analysis.exchange_reader import exchanges
from bot.analysis.exchanges import Exchange
from bot.analysis.lines import Heard, Line
from bot.storage import said, who
from bot.storage.engine import plain_connection
from bot.storage.lines import read_heard, read_lines
from bot.storage.quoted import find_quoted
from bot.storage.records import DayCount, LostTime, Person, RoomMember, Said
from bot.storage.tables import Gap, Member, Message
from bot.storage.tables.base import EPOCH, milliseconds, moment

CHUNK = 1_000
QUARTER = timedelta(minutes=15)  # every zone's offset is a multiple of it

_BACK = "SELECT at FROM message WHERE room_id = ? AND at < ? ORDER BY at DESC LIMIT 1 OFFSET ?"
_AHEAD = "SELECT at FROM message WHERE room_id = ? AND at >= ? ORDER BY at LIMIT 1 OFFSET ?"

Query: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class History:
    """Reads through one session, at one moment `now`. See the module."""

    session: Session
    now: datetime

    # What was said

    def message(self, message: int) -> Said | None:
        """One message by its key."""
        return self._first(said.Wanted().where("message.id = ?", message))

    def messages(
        self,
        room: int,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        kinds: Collection[str] | None = None,
        limit: int | None = None,
        include_bot: bool = False,
        counted_only: bool = False,
    ) -> Iterator[Said]:
        """What was said in a room, oldest first, read in chunks, so that a year of it fits in memory.

        `kinds` narrows to kinds of message, `limit` to the first so many. With `counted_only`, members who
        asked not to be counted are left out: use it for every statistic.
        """
        wanted = said.in_room(room).between(since, until)
        if kinds is not None:
            kinds_in = "message.kind IN (SELECT value FROM json_each(?))"
            wanted = wanted.where(kinds_in, json.dumps(sorted(kinds)))
        if not include_bot:
            wanted = wanted.where("message.origin != 'self'")
        if counted_only:
            uncounted = "SELECT 1 FROM member WHERE member.id = message.member_id AND member.uncounted"
            wanted = wanted.where(f"NOT EXISTS ({uncounted})")
        return self._chunks(wanted, limit)

    def recent(self, room: int, count: int, *, include_bot: bool = False) -> list[Said]:
        """The last messages of a room, oldest first."""
        wanted = said.in_room(room)
        if not include_bot:
            wanted = wanted.where("message.origin != 'self'")
        return said.find(self.session, wanted, said.NEWEST_FIRST, count)[::-1]

    def last_message_of(self, member: int, room: int, *, besides: int | None = None) -> Said | None:
        """What a member said last in a room, other than the message `besides`."""
        wanted = _of(member, room)
        wanted = wanted if besides is None else wanted.where("message.id != ?", besides)
        return self._first(wanted, said.NEWEST_FIRST)

    def first_words_of(self, member: int, room: int) -> Said | None:
        """What a member said first in a room, as far as is known."""
        return self._first(_of(member, room))

    def mentions(self, message: int) -> tuple[int, ...]:
        """The members, other than the bot, whom a message names."""
        return said.mentioned(self.session, message)

    def find_quoted(self, room: int, name: str, text: str, before: datetime) -> list[int]:
        """The messages that a quote can mean, newest first, at most five; see `bot.storage.quoted`."""
        return find_quoted(self.session, self.find_by_name(room, name), room, text, before)

    # Who answers whom, without the bot and the uncounted

    def lines(self, room: int, since: datetime | None = None, until: datetime | None = None) -> list[Line]:
        """What people said in a room as the analysis looks at it, oldest first, all of it in memory."""
        return read_lines(self.session, room, since, until)

    def heard(self, room: int, since: datetime | None = None, until: datetime | None = None) -> list[Heard]:
        """The lines with what was found out about them: whom each answers, and whether it asks something."""
        return read_heard(self.session, room, since, until)

    def back(self, room: int, at: datetime, count: int) -> datetime | None:
        """When the message so many before a moment was said; None if there are not so many.

        Whoever reads what was said for hours ends there: of the liveliest groups it would not fit in memory.
        """
        found = self._raw().execute(_BACK, (room, milliseconds(at), count - 1)).fetchone()
        return None if found is None else moment(found[0])

    def ahead(self, room: int, at: datetime, count: int) -> datetime | None:
        """When the message so many after a moment was said; None if there are not so many."""
        found = self._raw().execute(_AHEAD, (room, milliseconds(at), count)).fetchone()
        return None if found is None else moment(found[0])

    def exchanges(
        self, room: int, since: datetime | None = None, until: datetime | None = None
    ) -> list[Exchange]:
        """The questions of a room and what became of them, in the order in which they were asked."""
        return exchanges(self.heard(room, since, until))

    # Who is who

    def member(self, member: int) -> Person | None:
        """A person by key."""
        row = self._raw().execute(who.PERSON, (member,)).fetchone()
        return None if row is None else who.person(row)

    def members(self, room: int, *, present: bool = True) -> list[RoomMember]:
        """The members of a room by key, the bot included; with `present` false, also those who left."""
        found = map(who.room_member, self._raw().execute(who.ROOM_MEMBERS, (room,)))
        return [one for one in found if one.left_at is None or not present]

    def present(self, room: int, members: Collection[int]) -> set[int]:
        """Which of these are in the room."""
        asked = (room, json.dumps(list(members)))
        return {row[0] for row in self._raw().execute(who.PRESENT, asked)}

    def name_of(self, member: int, room: int | None = None) -> str:
        """What people call a member, in that room if one is given; "" for an unknown key."""
        row = self._raw().execute(who.NAMES, (room, member)).fetchone()
        return "" if row is None else row[0] or row[1]

    def find_by_name(self, room: int, name: str) -> list[int]:
        """Those whom a room calls by this name or who have it as their own: who is there before who left.

        Only if nobody has exactly this name, those with one that differs in width or outer spaces. Names
        prove nothing about who somebody is.
        """
        wanted = _plain(name)
        if not wanted:
            return []
        exact = self._called(room, name)
        if exact:
            return exact
        everybody = self._raw().execute(who.EVERYBODY_CALLED, (room,))
        return [key for key, *names in everybody if wanted in map(_plain, names)]

    def is_called(self, room: int, name: str) -> bool:
        """Whether anybody there is called exactly so."""
        return bool(name) and bool(self._called(room, name))

    # Numbers

    def count(self, room: int, since: datetime | None = None, until: datetime | None = None) -> int:
        """How many messages people sent in a room: all of them, the bot's not."""
        query = select(func.count()).where(*_span(room, since, until), Message.origin != "self")
        return self.session.scalar(query) or 0

    def counts_by_member(
        self, room: int, since: datetime | None = None, until: datetime | None = None
    ) -> dict[int, int]:
        """How many messages each member sent in a room, most first; without the bot and the uncounted."""
        number = func.count().label("number")
        query = _counted(select(Message.member_id, number), room, since, until).group_by(Message.member_id)
        rows = self.session.execute(query.order_by(number.desc(), Message.member_id))
        return {row.member_id: row.number for row in rows}

    def counts_by_day(
        self, room: int, zone: tzinfo, since: datetime | None = None, until: datetime | None = None
    ) -> list[DayCount]:
        """How many messages each member sent on each day of the zone, by member and day; as above."""
        quarter = _quarter().label("quarter")
        query = _counted(select(Message.member_id, quarter, func.count().label("number")), room, since, until)
        counts: dict[tuple[int, Any], int] = {}
        for row in self.session.execute(query.group_by(Message.member_id, quarter)):
            key = (row.member_id, (EPOCH + row.quarter * QUARTER).astimezone(zone).date())
            counts[key] = counts.get(key, 0) + row.number
        return [DayCount(member, day, number) for (member, day), number in sorted(counts.items())]

    def gaps(self, since: datetime | None = None, until: datetime | None = None) -> list[LostTime]:
        """The times in which nobody was attached to the gateway and that overlap the span."""
        query = select(Gap.lost_at, Gap.restored_at, Gap.reason).order_by(Gap.lost_at)
        if since is not None:
            query = query.where(or_(Gap.restored_at.is_(None), Gap.restored_at > since))
        if until is not None:
            query = query.where(Gap.lost_at < until)
        return [LostTime(*row) for row in self.session.execute(query)]

    # Reading

    def _raw(self) -> sqlite3.Connection:
        self.session.flush()
        return plain_connection(self.session)

    def _called(self, room: int, name: str) -> list[int]:
        return [row[0] for row in self._raw().execute(who.CALLED, {"room": room, "name": name})]

    def _first(self, wanted: said.Wanted, order: str = said.OLDEST_FIRST) -> Said | None:
        found = said.find(self.session, wanted, order, 1)
        return found[0] if found else None

    def _chunks(self, wanted: said.Wanted, limit: int | None) -> Iterator[Said]:
        left, found = limit, said.find(self.session, wanted, limit=_at_most(limit))
        while found:
            yield from found
            left = None if left is None else left - len(found)
            last, at = found[-1], milliseconds(found[-1].at)
            after = "message.at >= ? AND (message.at > ? OR message.id > ?)"
            rest = wanted.where(after, at, at, last.id)
            found = said.find(self.session, rest, limit=_at_most(left)) if left != 0 else []


def _at_most(limit: int | None) -> int:
    return CHUNK if limit is None else min(CHUNK, limit)


def _span(room: int, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = [Message.room_id == room]
    if since is not None:
        bounds.append(Message.at >= since)
    if until is not None:
        bounds.append(Message.at < until)
    return bounds


def _of(member: int, room: int) -> said.Wanted:
    return said.in_room(room).where("message.member_id = ?", member)


def _counted(query: Query, room: int, since: datetime | None, until: datetime | None) -> Query:
    return query.join(Member, Member.id == Message.member_id).where(
        *_span(room, since, until), Member.uncounted.is_(False), Message.origin != "self"
    )


def _quarter() -> ColumnElement[int]:
    return type_coerce(Message.at, BigInteger) // (QUARTER // timedelta(milliseconds=1))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()
