"""Messages as history answers with them, in plain SQL: the bot asks for some at every word that is said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.events import Quote
from bot.storage.engine import plain_connection
from bot.storage.records import Said
from bot.storage.tables.base import milliseconds, moment

_SAID = """
SELECT message.id, message.room_id, message.member_id, message.at, iif(message.recalled, '', message.text),
  message.kind, message.origin, message.recalled, message.mentions_bot,
  message.quote_name, message.quote_text, message.quote_id, quoted.member_id
FROM message LEFT JOIN message AS quoted ON quoted.id = message.quote_id"""
_MENTIONS = """
SELECT message_id, member_id FROM mention WHERE message_id IN (SELECT value FROM json_each(?))
ORDER BY message_id, member_id
"""
OLDEST_FIRST, NEWEST_FIRST = "message.at, message.id", "message.at DESC, message.id DESC"


@dataclass(slots=True)
class Wanted:
    """Which messages are asked for: conditions of SQL, all of which hold, and the values in them."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def where(self, condition: str, *values: Any) -> Wanted:
        """One condition more."""
        return Wanted([*self.conditions, condition], [*self.values, *values])

    def between(self, since: datetime | None, until: datetime | None) -> Wanted:
        """From one moment on, before another; None is no bound."""
        found = self if since is None else self.where("message.at >= ?", milliseconds(since))
        return found if until is None else found.where("message.at < ?", milliseconds(until))


def in_room(room: int) -> Wanted:
    """What was said in a room."""
    return Wanted(["message.room_id = ?"], [room])


def find(session: Session, wanted: Wanted, order: str = OLDEST_FIRST, limit: int = -1) -> list[Said]:
    """These messages in this order, at most so many (-1: all)."""
    session.flush()
    raw = plain_connection(session)
    statement = f"{_SAID} WHERE {' AND '.join(wanted.conditions)} ORDER BY {order} LIMIT ?"
    rows = raw.execute(statement, (*wanted.values, limit)).fetchall()
    named = _named(raw, [row[0] for row in rows]) if rows else {}
    return [_said(row, tuple(named.get(row[0], ()))) for row in rows]


def mentioned(session: Session, message: int) -> tuple[int, ...]:
    """The members whom a message names."""
    session.flush()
    return tuple(_named(plain_connection(session), [message]).get(message, ()))


def _named(raw: sqlite3.Connection, messages: Sequence[int]) -> dict[int, list[int]]:
    named: dict[int, list[int]] = {}
    for message, member in raw.execute(_MENTIONS, (json.dumps(messages),)):
        named.setdefault(message, []).append(member)
    return named


def _said(row: tuple[Any, ...], mentions: tuple[int, ...]) -> Said:
    key, room, member, at, text, kind, origin, recalled, to_bot, name, words, quoted, quoted_member = row
    quote = None if words is None else Quote(name or "", words, quoted)
    return Said(
        key, room, member, moment(at), text, kind, origin, bool(recalled), bool(to_bot), mentions, quote,
        quoted_member,
    )  # fmt: skip
