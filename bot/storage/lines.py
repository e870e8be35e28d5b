"""A room's talk and its links in one pass each, past SQLAlchemy: a report on 100,000 messages must not wait.

The bot's own words are no lines. Those who asked not to be counted are left out, and so are links to them.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.analysis.lines import Line, Link
from bot.storage.engine import plain_connection
from bot.storage.tables.base import EPOCH, milliseconds

_LINES = """
SELECT message.id, message.member_id, message.at, message.text, message.kind, message.recalled,
  quoted.id, quoted.member_id
FROM message LEFT JOIN message AS quoted ON quoted.id = message.quote_id AND quoted.origin != 'self'
WHERE message.room_id = :room AND message.at >= :since AND message.at < :until AND message.origin != 'self'
ORDER BY message.at, message.id
"""
_LAST = """
SELECT message.id, message.member_id, message.at, message.text, message.kind, message.recalled,
  quoted.id, quoted.member_id
FROM message LEFT JOIN message AS quoted ON quoted.id = message.quote_id AND quoted.origin != 'self'
WHERE message.room_id = ? AND message.id < ? AND message.origin != 'self'
ORDER BY message.at DESC, message.id DESC LIMIT ?
"""
_NAMED = "SELECT member_id FROM mention WHERE message_id = ?"
_MENTIONS = """
SELECT mention.message_id, mention.member_id
FROM message CROSS JOIN mention ON mention.message_id = message.id
WHERE message.room_id = :room AND message.at >= :since AND message.at < :until
"""
_LINKS = """
SELECT reply_link.message_id, reply_link.answers_id, reply_link.confidence, message.member_id,
  answered.member_id
FROM message
CROSS JOIN reply_link ON reply_link.message_id = message.id
LEFT JOIN message AS answered ON answered.id = reply_link.answers_id
WHERE message.room_id = :room AND message.at >= :since AND message.at < :until
  AND NOT message.recalled
ORDER BY message.at, message.id
"""
_ASKING = """
SELECT reply_link.message_id, reply_link.question
FROM message CROSS JOIN reply_link ON reply_link.message_id = message.id
WHERE message.room_id = :room AND message.at >= :since AND message.at < :until
"""
_UNCOUNTED = "SELECT id FROM member WHERE uncounted"
_NEVER = 1 << 62


def read_lines(
    session: Session, room: int, since: datetime | None, until: datetime | None, *, everybody: bool = False
) -> list[Line]:
    """What people said in a room, oldest first. `everybody` has those who asked not to be counted as well."""
    raw, span = plain_connection(session), _span(room, since, until)
    left_out = set() if everybody else uncounted(raw)
    named: dict[int, tuple[int, ...]] = {}
    for message, member in raw.execute(_MENTIONS, span):
        if member not in left_out:
            named[message] = (*named.get(message, ()), member)
    return [
        _line(row, named.get(row[0], ()), left_out)
        for row in raw.execute(_LINES, span)
        if row[1] not in left_out
    ]


def read_last_lines(session: Session, room: int, before: int, count: int) -> list[Line]:
    """What anybody said last in a room before a message, oldest first; for links, never for counts."""
    raw = plain_connection(session)
    rows = raw.execute(_LAST, (room, before, count)).fetchall()
    return [
        _line(row, tuple(named[0] for named in raw.execute(_NAMED, (row[0],))), set()) for row in rows[::-1]
    ]


def read_links(session: Session, room: int, since: datetime | None, until: datetime | None) -> list[Link]:
    """Who answers whom in a room, oldest first: one link for each line whose link is known."""
    raw = plain_connection(session)
    left_out = uncounted(raw)
    return [
        Link(message, answers, confidence)
        for message, answers, confidence, member, answered in raw.execute(_LINKS, _span(room, since, until))
        if member not in left_out and answered not in left_out
    ]


def read_asking(
    session: Session, room: int, since: datetime | None, until: datetime | None
) -> dict[int, float]:
    """The chance of each message to ask something, as found when it was said."""
    return dict(plain_connection(session).execute(_ASKING, _span(room, since, until)))


def uncounted(raw: sqlite3.Connection) -> set[int]:
    """Members who asked not to be counted."""
    return {row[0] for row in raw.execute(_UNCOUNTED)}


def _line(row: tuple[Any, ...], mentions: tuple[int, ...], left_out: set[int]) -> Line:
    message, member, at, text, kind, recalled, quotes, quoted = row
    if quoted in left_out:
        quotes = quoted = None
    if recalled:
        text, kind = "", "recalled"
    return Line(message, member, EPOCH + timedelta(milliseconds=at), text, kind, mentions, quotes, quoted)


def _span(room: int, since: datetime | None, until: datetime | None) -> dict[str, int]:
    return {
        "room": room,
        "since": -_NEVER if since is None else milliseconds(since),
        "until": _NEVER if until is None else milliseconds(until),
    }
