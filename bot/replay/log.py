"""A log of the past as arrivals, as the gateway would have delivered them then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.gateway.base import Arrival, JoinArrived, MessageArrived, Person, QuotedText, RoomRef
from bot.importing.entries import Record

_MENTION = re.compile(r"[@＠]([^\s@＠\u2005]{1,40})")
_AROUND_NAMES = ".,:;!?，。：；！？、)）"


@dataclass(slots=True)
class PastRoom:
    """Turns a log's records into arrivals of one room. Each person's first line stands for joining."""

    room: RoomRef
    _joined: set[str] = field(default_factory=set)
    _by_name: dict[str, str] = field(default_factory=dict)
    _latest: datetime | None = None
    _count: int = 0

    def arrivals(self, records: Iterable[Record]) -> Iterator[Arrival]:
        """The arrivals, in an order in which time never goes back."""
        for record in records:
            at = record.at if self._latest is None else max(record.at, self._latest)
            self._latest = at
            if record.sender not in self._joined:
                self._joined.add(record.sender)
                self._by_name[record.name.casefold()] = record.sender
                yield self._join(record, at)
            self._count += 1
            yield self._message(record, at)

    def _join(self, record: Record, at: datetime) -> JoinArrived:
        key = f"join:{self.room.id}:{record.sender}"
        return JoinArrived(key=key, at=at, received_at=at, room=self.room, people=(self._person(record),))

    def _message(self, record: Record, at: datetime) -> MessageArrived:
        quote = QuotedText(record.quote_name, record.quote_text) if record.quote_text else None
        return MessageArrived(
            key=f"message:{self._count}",
            at=at,
            received_at=at,
            puppet_id=record.puppet_id or f"line:{record.line}",
            talker=self._person(record),
            room=self.room,
            conversation=self.room.id,
            text=record.text,
            kind=record.kind,
            mention_ids=tuple(self._mentioned(record.text)),
            quote=quote,
        )

    def _person(self, record: Record) -> Person:
        return Person(record.sender, record.name, record.alias)

    def _mentioned(self, text: str) -> Iterator[str]:
        for found in _MENTION.finditer(text) if "@" in text or "＠" in text else ():
            person = self._by_name.get(found[1].casefold().strip(_AROUND_NAMES))
            if person is not None:
                yield person
