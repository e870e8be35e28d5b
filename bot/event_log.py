"""The event log: every admitted event as a row, and every row back as the same event.

A row's payload holds keys and numbers only. The words of a message are read from `message` again, so
that what was forgotten or aged out there is gone here too.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast, get_type_hints

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import events
from bot.events import Event, MessagePosted, Quote
from bot.storage.engine import plain_connection
from bot.storage.tables import EventRow, Mention, Message
from bot.storage.tables.base import milliseconds

_RECORD = (
    "INSERT INTO event (key, kind, at, received_at, room_id, message_id, payload)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_BASE_FIELDS = {"at", "id", "late"}
_IN_MESSAGE = {"text", "quote", "mentions", "message", "member", "room", "kind", "mentions_bot"}


def kind_of(cls: type[Event]) -> str:
    """What an event's class is called in the log: a plugin's own carry their module, so that none collide."""
    return cls.__name__ if cls.__module__ == events.__name__ else f"{cls.__module__}.{cls.__name__}"


def _subclasses(base: type[Event]) -> dict[str, type[Event]]:
    found = {kind_of(sub): sub for sub in base.__subclasses__()}
    for sub in list(found.values()):
        found |= _subclasses(sub)
    return found


def event_class(kind: str) -> type[Event] | None:
    """The class of that name, a plugin's own events included; None if nothing loaded defines it."""
    return _subclasses(events.Event).get(kind)


def record(session: Session, event: Event, key: str, received_at: datetime) -> Event | None:
    """Store the event under its unique key; the event with its id, or None if it was there already."""
    row = row_of(event, key, received_at)
    values = (
        key, row["kind"], milliseconds(event.at), milliseconds(received_at), row["room_id"],
        row["message_id"], json.dumps(row["payload"]),
    )  # fmt: skip
    added = plain_connection(session).execute(_RECORD, values)
    return dataclasses.replace(event, id=added.lastrowid or 0) if added.rowcount else None


def row_of(event: Event, key: str, received_at: datetime) -> dict[str, Any]:
    """The columns of an event's row, its id and its end excepted."""
    return {
        "key": key,
        "kind": kind_of(type(event)),
        "at": event.at,
        "received_at": received_at,
        "room_id": getattr(event, "room", None),
        "message_id": event.message if isinstance(event, MessagePosted) else None,
        "payload": _payload(event),
    }


def record_emitted(session: Session, cause: str, emitted: Sequence[Event], now: datetime) -> list[Event]:
    """Store what handlers told one another; `cause` names the one event, slot or work that led to it."""
    recorded = [
        record(session, event, f"{cause}:{number}:{type(event).__name__}", now)
        for number, event in enumerate(emitted)
    ]
    return [event for event in recorded if event is not None]


def restore(session: Session, row: EventRow) -> Event | None:
    """The event of a row; None if its class or its message is no more, or the class has changed since."""
    cls = event_class(row.kind)
    if cls is None:
        return None
    fields: dict[str, Any] = {**row.payload, "at": row.at, "id": row.id}
    if issubclass(cls, MessagePosted):
        stored = None if row.message_id is None else session.get(Message, row.message_id)
        if stored is None:
            return None
        return _restore_message(session, stored, fields)
    hints = get_type_hints(cls)
    try:
        return cls(**{name: _typed(hints.get(name), value) for name, value in fields.items()})
    except TypeError:
        return None


def _payload(event: Event) -> dict[str, Any]:
    skipped = _BASE_FIELDS | (_IN_MESSAGE if isinstance(event, MessagePosted) else set())
    return {
        field.name: _plain(getattr(event, field.name))
        for field in dataclasses.fields(event)
        if field.name not in skipped
    } | ({"late": True} if event.late else {})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and "datetime" in str(hint):
        return datetime.fromisoformat(value)
    return value


def _restore_message(session: Session, stored: Message, fields: dict[str, Any]) -> MessagePosted:
    mentions = session.scalars(select(Mention.member_id).where(Mention.message_id == stored.id)).all()
    quote = None
    if stored.quote_text is not None:
        quote = Quote(stored.quote_name or "", stored.quote_text, stored.quote_id)
    return MessagePosted(
        message=stored.id,
        member=stored.member_id,
        room=stored.room_id,
        text=stored.text,
        kind=cast(events.MessageKind, stored.kind),
        mentions=tuple(mentions),
        mentions_bot=stored.mentions_bot,
        quote=quote,
        **fields,
    )
