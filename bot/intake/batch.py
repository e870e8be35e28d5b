"""New messages of one write, gathered and stored together: one statement a table, not one a message.

This is the path that every message takes, so it speaks SQL directly: SQLAlchemy would take most of the time.
Keys are given out here before the rows exist; that is safe because there is one writer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.event_log import row_of
from bot.events import MessagePosted
from bot.storage.engine import plain_connection
from bot.storage.search import index_messages
from bot.storage.tables.base import milliseconds

_MESSAGE = (
    "INSERT INTO message (id, room_id, member_id, at, kind, text, quote_name, quote_text, quote_id,"
    " puppet_id, origin, mentions_bot, recalled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'live', ?, 0)"
)
_MENTION = "INSERT INTO mention (message_id, member_id) VALUES (?, ?)"
_EVENT = (
    "INSERT INTO event (id, key, kind, at, received_at, room_id, message_id, payload)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
IN_ONE_QUERY = 500


@dataclass(slots=True)
class Batch:
    """Messages that were read but are not stored yet. `flush` before anything reads the tables."""

    session: Session
    next_message: int = 0
    next_event: int = 0
    _messages: list[tuple[Any, ...]] = field(default_factory=list)
    _mentions: list[tuple[int, int]] = field(default_factory=list)
    _events: list[tuple[Any, ...]] = field(default_factory=list)
    _texts: list[tuple[int, str]] = field(default_factory=list)

    def new_key(self) -> int:
        """The key of the next message."""
        if not self.next_message:
            self.next_message = _after_last(self.session, "message")
        key = self.next_message
        self.next_message += 1
        return key

    def add(
        self, event: MessagePosted, puppet_id: str, event_key: str, received_at: datetime, *, wordless: bool
    ) -> MessagePosted:
        """Take in a message and its event; the event with its key. `wordless` stores none of the words."""
        if not self.next_event:
            self.next_event = _after_last(self.session, "event")
        event = replace(event, id=self.next_event)
        self.next_event += 1
        quote, at = event.quote, milliseconds(event.at)
        has_quote = quote is not None and not wordless
        quoted = (quote.name, quote.text, quote.message) if quote and has_quote else (None, None, None)
        text = "" if wordless else event.text
        self._messages.append(
            (event.message, event.room, event.member, at, event.kind, text, *quoted, puppet_id,
             event.mentions_bot)
        )  # fmt: skip
        self._mentions += [(event.message, one) for one in event.mentions]
        row = row_of(event, event_key, received_at)
        self._events.append(
            (event.id, event_key, row["kind"], at, milliseconds(received_at), event.room, event.message,
             json.dumps(row["payload"]))
        )  # fmt: skip
        if event.room is not None and event.kind == "text" and not wordless:
            self._texts.append((event.message, event.text))
        return event

    def flush(self) -> None:
        """Store what was taken in. Keys are asked for anew afterwards: others may add rows now."""
        raw = plain_connection(self.session)
        for statement, rows in (
            (_MESSAGE, self._messages), (_MENTION, self._mentions), (_EVENT, self._events)
        ):  # fmt: skip
            if rows:
                raw.executemany(statement, rows)
        if self._texts:
            index_messages(self.session, self._texts)
        self._messages, self._mentions, self._events, self._texts = [], [], [], []
        self.next_message = self.next_event = 0


def known_among(session: Session, table: str, column: str, values: Iterable[str]) -> set[str]:
    """Which of these values stand in the column already. Table and column are ours, never foreign text."""
    asked, found, raw = list(values), set[str](), plain_connection(session)
    for start in range(0, len(asked), IN_ONE_QUERY):
        part = asked[start : start + IN_ONE_QUERY]
        marks = ",".join("?" * len(part))
        found.update(
            row[0] for row in raw.execute(f"SELECT {column} FROM {table} WHERE {column} IN ({marks})", part)
        )
    return found


def _after_last(session: Session, table: str) -> int:
    last: int | None = plain_connection(session).execute(f"SELECT max(id) FROM {table}").fetchone()[0]
    return (last or 0) + 1
