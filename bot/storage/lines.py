"""A room's talk and its links in one pass each, past SQLAlchemy: a report on 100,000 messages must not wait.

The bot's own words are no lines. Those who asked not to be counted are left out, and so are links to them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.analysis.lines import Heard, Line, Link
from bot.storage.engine import plain_connection
from bot.storage.tables.base import milliseconds, moment

_COLUMNS = """message.id, message.member_id, message.at, iif(message.recalled, '', message.text),
  iif(message.recalled, 'recalled', message.kind), quoted.id, quoted.member_id"""
_QUOTED = "LEFT JOIN message AS quoted ON quoted.id = message.quote_id AND quoted.origin != 'self'"
_IN_SPAN = "message.room_id = :room AND message.at >= :since AND message.at < :until"
_LINES = f"""
SELECT {_COLUMNS} FROM message {_QUOTED}
WHERE {_IN_SPAN} AND message.origin != 'self' ORDER BY message.at, message.id
"""
_STORED = f"""
SELECT {_COLUMNS}, message.mentions_bot, reply_link.message_id, reply_link.answers_id,
  reply_link.confidence, reply_link.question
FROM message {_QUOTED} LEFT JOIN reply_link ON reply_link.message_id = message.id
WHERE message.room_id = :room AND message.origin != 'self'"""
_LAST = f"{_STORED} AND message.id < :before ORDER BY message.at DESC, message.id DESC LIMIT :count"
_BEFORE = f"{_STORED} AND message.at < :at ORDER BY message.at DESC, message.id DESC LIMIT :count"
_AFTER = f"""{_STORED} AND message.at >= :at AND (message.at > :at OR message.id > :message)
ORDER BY message.at, message.id LIMIT :count
"""
_MENTIONS = f"""
SELECT mention.message_id, mention.member_id
FROM message CROSS JOIN mention ON mention.message_id = message.id WHERE {_IN_SPAN}
"""
_MENTIONS_OF = """
SELECT mention.message_id, mention.member_id
FROM json_each(?) AS wanted CROSS JOIN mention ON mention.message_id = wanted.value
"""
_HEARD = f"""
SELECT {_COLUMNS}, reply_link.message_id, reply_link.answers_id, reply_link.confidence, reply_link.question,
  answered.member_id, answered.at
FROM message {_QUOTED} LEFT JOIN reply_link ON reply_link.message_id = message.id AND NOT message.recalled
LEFT JOIN message AS answered ON answered.id = reply_link.answers_id
WHERE {_IN_SPAN} AND message.origin != 'self' ORDER BY message.at, message.id
"""
_UNCOUNTED = "SELECT id FROM member WHERE uncounted"
_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Stored:
    """A line by anybody with what was found out about it; for finding links, never for counting."""

    line: Line
    to_bot: bool
    link: Link | None
    question: float


def read_heard(session: Session, room: int, since: datetime | None, until: datetime | None) -> list[Heard]:
    """Lines and links of a room in one reading, oldest first; what they answer may lie before the span."""
    raw, span = plain_connection(session), _span(room, since, until)
    left_out, said = _uncounted(raw), dict[int, Line]()
    named = _by_message(raw.execute(_MENTIONS, span), left_out)
    found = []
    for *row, linked, answers, sure, question, author, at in raw.execute(_HEARD, span):
        if row[1] in left_out:
            continue
        line = said[row[0]] = _line(row, named.get(row[0], ()), left_out)
        if linked is None or author in left_out:
            found.append(Heard(line, None, None, question))
            continue
        above = said.get(answers)
        if above is None and author is not None:
            above = Line(answers, author, moment(at))
        found.append(Heard(line, Link(linked, answers, sure), above, question))
    return found


def uncounted(session: Session) -> list[int]:
    """Everybody who asked not to be counted."""
    return sorted(_uncounted(plain_connection(session)))


def read_lines(session: Session, room: int, since: datetime | None, until: datetime | None) -> list[Line]:
    """What people said in a room, oldest first."""
    raw, span = plain_connection(session), _span(room, since, until)
    left_out = _uncounted(raw)
    named = _by_message(raw.execute(_MENTIONS, span), left_out)
    return [
        _line(row, named.get(row[0], ()), left_out)
        for row in raw.execute(_LINES, span)
        if row[1] not in left_out
    ]


def read_last_lines(session: Session, room: int, before: int, count: int) -> list[Stored]:
    """What was said last in a room when a message came, oldest first."""
    return _stored(session, _LAST, room=room, before=before, count=count)[::-1]


def read_lines_before(session: Session, room: int, at: datetime, count: int) -> list[Stored]:
    """What was said last in a room before a moment, oldest first."""
    return _stored(session, _BEFORE, room=room, at=milliseconds(at), count=count)[::-1]


def read_lines_after(session: Session, room: int, at: datetime, message: int, count: int) -> list[Stored]:
    """What was said next in a room after a moment and, of that moment itself, after a message."""
    return _stored(session, _AFTER, room=room, at=milliseconds(at), message=message, count=count)


def _stored(session: Session, statement: str, **values: int) -> list[Stored]:
    raw = plain_connection(session)
    rows = raw.execute(statement, values).fetchall()
    named = _by_message(raw.execute(_MENTIONS_OF, (json.dumps([row[0] for row in rows]),)), ())
    return [
        Stored(
            _line(row[:7], named.get(row[0], ()), ()), bool(row[7]),
            None if row[8] is None else Link(row[8], row[9], row[10]), row[11] or 0.0,
        )
        for row in rows
    ]  # fmt: skip


def _uncounted(raw: sqlite3.Connection) -> set[int]:
    return {row[0] for row in raw.execute(_UNCOUNTED)}


def _by_message(rows: Iterable[tuple[int, int]], left_out: Collection[int]) -> dict[int, tuple[int, ...]]:
    named: dict[int, tuple[int, ...]] = {}
    for message, member in rows:
        if member not in left_out:
            named[message] = (*named.get(message, ()), member)
    return named


def _line(row: Sequence[Any], mentions: tuple[int, ...], left_out: Collection[int]) -> Line:
    message, member, at, text, kind, quotes, quoted = row
    if quoted in left_out:
        quotes = quoted = None
    return Line(message, member, moment(at), text, kind, mentions, quotes, quoted)


def _span(room: int, since: datetime | None, until: datetime | None) -> dict[str, int]:
    return {
        "room": room,
        "since": -_NEVER if since is None else milliseconds(since),
        "until": _NEVER if until is None else milliseconds(until),
    }
