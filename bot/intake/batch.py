"""New messages of one write, gathered and stored together: one statement a table, not one a message.

Keys are given out here before the rows exist; that is safe because there is one writer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.event_log import row_of
from bot.events import MessagePosted
from bot.storage.search import index_messages
from bot.storage.tables import EventRow, Mention, Message

MESSAGES: Any = Message.__table__
MENTIONS: Any = Mention.__table__
EVENTS: Any = EventRow.__table__
_INSERTS = (insert(MESSAGES), insert(MENTIONS), insert(EVENTS))
IN_ONE_QUERY = 500


@dataclass(slots=True)
class Batch:
    """Messages that were read but are not stored yet. `flush` before anything reads the tables."""

    session: Session
    next_message: int = 0
    next_event: int = 0
    _messages: list[dict[str, Any]] = field(default_factory=list)
    _mentions: list[dict[str, Any]] = field(default_factory=list)
    _events: list[dict[str, Any]] = field(default_factory=list)
    _texts: list[tuple[int, str]] = field(default_factory=list)

    def new_key(self) -> int:
        """The key of the next message."""
        if not self.next_message:
            self.next_message = _after_last(self.session, Message.id)
        key = self.next_message
        self.next_message += 1
        return key

    def add(
        self, event: MessagePosted, puppet_id: str, event_key: str, received_at: datetime
    ) -> MessagePosted:
        """Take in a message and its event; the event with its key."""
        if not self.next_event:
            self.next_event = _after_last(self.session, EventRow.id)
        event = replace(event, id=self.next_event)
        self.next_event += 1
        quote = event.quote
        self._messages.append(
            {
                "id": event.message, "room_id": event.room, "member_id": event.member, "at": event.at,
                "kind": event.kind, "text": event.text, "quote_name": quote.name if quote else None,
                "quote_text": quote.text if quote else None, "quote_id": quote.message if quote else None,
                "puppet_id": puppet_id, "origin": "live", "mentions_bot": event.mentions_bot,
                "recalled": False,
            }
        )  # fmt: skip
        self._mentions += [{"message_id": event.message, "member_id": one} for one in event.mentions]
        self._events.append(row_of(event, event_key, received_at) | {"id": event.id, "done_at": None})
        if event.room is not None and event.kind == "text":
            self._texts.append((event.message, event.text))
        return event

    def flush(self) -> None:
        """Store what was taken in. Keys are asked for anew afterwards: others may add rows now."""
        for statement, rows in zip(_INSERTS, (self._messages, self._mentions, self._events), strict=True):
            if rows:
                self.session.connection().execute(statement, rows)
        if self._texts:
            index_messages(self.session, self._texts)
        self._messages, self._mentions, self._events, self._texts = [], [], [], []
        self.next_message = self.next_event = 0


def known_among(session: Session, column: Any, values: Iterable[str]) -> set[str]:
    """Which of these values stand in the column already."""
    asked, found = list(values), set[str]()
    for start in range(0, len(asked), IN_ONE_QUERY):
        found |= set(session.scalars(select(column).where(column.in_(asked[start : start + IN_ONE_QUERY]))))
    return found


def _after_last(session: Session, column: Any) -> int:
    return (session.scalar(select(func.max(column))) or 0) + 1
