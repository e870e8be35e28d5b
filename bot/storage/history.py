"""What was said, by whom, and who is who: questions to the database, answered with small frozen values.

Every question is answered by an index, also with a million messages. `since` is inclusive and `until`
exclusive everywhere; None is no bound. All times are UTC.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Row, Select, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from bot.analysis.exchange_reader import exchanges
from bot.analysis.exchanges import Exchange
from bot.analysis.lines import Line, Link
from bot.events import Quote
from bot.storage.engine import plain_connection
from bot.storage.lines import read_asking, read_lines, read_links
from bot.storage.quoted import find_quoted
from bot.storage.records import DayCount, LostTime, Person, RoomMember, Said
from bot.storage.tables import Gap, Member, Membership, Mention, Message
from bot.storage.tables.base import EPOCH
from bot.storage.who import CALLED, NAMES, PERSON, PRESENT, ROOM_MEMBER

CHUNK = 1_000
QUARTER = timedelta(minutes=15)  # every zone's offset is a multiple of it

Query: TypeAlias = Select[*tuple[Any, ...]]

_quoted = aliased(Message)
_SAID: Query = select(
    Message.id, Message.room_id, Message.member_id, Message.at, Message.text, Message.kind, Message.origin,
    Message.recalled, Message.mentions_bot, Message.quote_name, Message.quote_text, Message.quote_id,
    _quoted.member_id.label("quoted_member"),
).outerjoin(_quoted, _quoted.id == Message.quote_id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class History:
    """Reads through one session, at one moment `now`. See the module."""

    session: Session
    now: datetime

    # What was said

    def message(self, message: int) -> Said | None:
        """One message by its key."""
        return self._one(_SAID.where(Message.id == message))

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
        query = _SAID.where(*_span(room, since, until))
        if kinds is not None:
            query = query.where(Message.kind.in_(kinds))
        if not include_bot:
            query = query.where(Message.origin != "self")
        if counted_only:
            query = query.join(Member, Member.id == Message.member_id).where(Member.uncounted.is_(False))
        return self._chunks(query, limit)

    def recent(self, room: int, count: int, *, include_bot: bool = False) -> list[Said]:
        """The last messages of a room, oldest first."""
        query = _SAID.where(*_span(room, None, None))
        if not include_bot:
            query = query.where(Message.origin != "self")
        newest = query.order_by(Message.at.desc(), Message.id.desc()).limit(count)
        return self._all(newest)[::-1]

    def last_message_of(self, member: int, room: int, *, besides: int | None = None) -> Said | None:
        """What a member said last in a room, other than the message `besides`."""
        query = _of(member, room) if besides is None else _of(member, room).where(Message.id != besides)
        return self._one(query.order_by(Message.at.desc(), Message.id.desc()).limit(1))

    def first_words_of(self, member: int, room: int) -> Said | None:
        """What a member said first in a room, as far as is known."""
        return self._one(_of(member, room).order_by(Message.at, Message.id).limit(1))

    def mentions(self, message: int) -> tuple[int, ...]:
        """The members, other than the bot, whom a message names."""
        query = select(Mention.member_id).where(Mention.message_id == message).order_by(Mention.member_id)
        return tuple(self.session.scalars(query))

    def find_quoted(self, room: int, name: str, text: str, before: datetime) -> list[int]:
        """The messages that a quote can mean, newest first, at most five; see `bot.storage.quoted`."""
        return find_quoted(self.session, self.find_by_name(room, name), room, text, before)

    # Who answers whom, without the bot and the uncounted

    def lines(self, room: int, since: datetime | None = None, until: datetime | None = None) -> list[Line]:
        """What people said in a room as the analysis looks at it, oldest first, all of it in memory."""
        return read_lines(self.session, room, since, until)

    def links(self, room: int, since: datetime | None = None, until: datetime | None = None) -> list[Link]:
        """Which message each of them most likely answers; a message may have none yet, or none any more."""
        return read_links(self.session, room, since, until)

    def asking(
        self, room: int, since: datetime | None = None, until: datetime | None = None
    ) -> dict[int, float]:
        """How likely each message asks something, for `exchanges()` on lines and links that were read."""
        return read_asking(self.session, room, since, until)

    def exchanges(
        self, room: int, since: datetime | None = None, until: datetime | None = None
    ) -> list[Exchange]:
        """The questions of a room and what became of them, in the order in which they were asked."""
        span = (room, since, until)
        return exchanges(self.lines(*span), self.links(*span), self.asking(*span))

    # Who is who

    def member(self, member: int) -> Person | None:
        """A person by key."""
        row = self.session.execute(PERSON, {"member": member}).one_or_none()
        return None if row is None else Person(*row)

    def members(self, room: int, *, present: bool = True) -> list[RoomMember]:
        """The members of a room by key, the bot included; with `present` false, also those who left."""
        query = ROOM_MEMBER.where(Membership.room_id == room).order_by(Membership.member_id)
        if present:
            query = query.where(Membership.left_at.is_(None))
        rows: Iterable[Row[*tuple[Any, ...]]] = self.session.execute(query)
        return [RoomMember(row[0], row.alias or row.name, *row[1:]) for row in rows]

    def present(self, room: int, members: Collection[int]) -> set[int]:
        """Which of these are in the room."""
        self.session.flush()
        asked = (room, json.dumps(list(members)))
        return {row[0] for row in plain_connection(self.session).execute(PRESENT, asked)}

    def name_of(self, member: int, room: int | None = None) -> str:
        """What people call a member, in that room if one is given; "" for an unknown key."""
        self.session.flush()
        row = plain_connection(self.session).execute(NAMES, (room, member)).fetchone()
        return "" if row is None else row[0] or row[1]

    def find_by_name(self, room: int, name: str) -> list[int]:
        """Those whom a room calls by this name or who have it as their own: who is there before who left.

        Only if nobody has exactly this name, those with one that differs in width or outer spaces. Names
        prove nothing about who somebody is.
        """
        query = CALLED.where(Membership.room_id == room)
        exact = query.where(or_(Membership.alias == name, Member.name == name))
        wanted = _plain(name)
        if not wanted:
            return []
        rows = self.session.execute(exact).all() or self.session.execute(query).all()
        return [row.member_id for row in rows if wanted in (_plain(row.alias), _plain(row.name))]

    def is_called(self, room: int, name: str) -> bool:
        """Whether anybody there is called exactly so."""
        query = CALLED.where(Membership.room_id == room, or_(Membership.alias == name, Member.name == name))
        return bool(name) and self.session.execute(query.limit(1)).first() is not None

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

    def _one(self, query: Query) -> Said | None:
        found = self._all(query)
        return found[0] if found else None

    def _all(self, query: Query) -> list[Said]:
        rows = self.session.execute(query).all()
        named = self._mentions_of([row.id for row in rows])
        return [_said(row, tuple(named.get(row.id, ()))) for row in rows]

    def _chunks(self, query: Query, limit: int | None) -> Iterator[Said]:
        ordered = query.order_by(Message.at, Message.id)
        left, found = limit, self._all(ordered.limit(CHUNK if limit is None else min(CHUNK, limit)))
        while found:
            yield from found
            left = None if left is None else left - len(found)
            last, size = found[-1], CHUNK if left is None else min(CHUNK, left)
            after = or_(Message.at > last.at, Message.id > last.id)
            found = self._all(ordered.where(Message.at >= last.at, after).limit(size)) if size else []

    def _mentions_of(self, messages: Sequence[int]) -> dict[int, list[int]]:
        named: dict[int, list[int]] = {}
        if messages:
            for row in self.session.execute(_MENTIONS, {"messages": json.dumps(messages)}):
                named.setdefault(row.message_id, []).append(row.member_id)
        return named


_MENTIONS = (
    select(Mention.message_id, Mention.member_id)
    .where(
        Mention.message_id.in_(select(func.json_each(bindparam("messages")).table_valued("value").c.value))
    )
    .order_by(Mention.message_id, Mention.member_id)
)


def _span(room: int, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = [Message.room_id == room]
    if since is not None:
        bounds.append(Message.at >= since)
    if until is not None:
        bounds.append(Message.at < until)
    return bounds


def _of(member: int, room: int) -> Query:
    return _SAID.where(Message.member_id == member, Message.room_id == room)


def _counted(query: Query, room: int, since: datetime | None, until: datetime | None) -> Query:
    return query.join(Member, Member.id == Message.member_id).where(
        *_span(room, since, until), Member.uncounted.is_(False), Message.origin != "self"
    )


def _quarter() -> ColumnElement[int]:
    return type_coerce(Message.at, BigInteger) // (QUARTER // timedelta(milliseconds=1))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _said(row: Row[*tuple[Any, ...]], mentions: tuple[int, ...]) -> Said:
    quote = None
    if row.quote_text is not None:
        quote = Quote(row.quote_name or "", row.quote_text, row.quote_id)
    return Said(
        id=row.id, room=row.room_id, member=row.member_id, at=row.at, text="" if row.recalled else row.text,
        kind=row.kind, origin=row.origin, recalled=row.recalled, mentions_bot=row.mentions_bot,
        mentions=mentions, quote=quote, quoted_member=row.quoted_member,
    )  # fmt: skip
