"""What can be told about one person, off the writer: whom they helped, what they spoke of last, what was left
unanswered. Keys only; the words are read when they are said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.analysis.exchange_reader import exchanges
from bot.analysis.unanswered import unanswered
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.tables import Membership, Message
from bot.storage.tables.base import milliseconds
from plugins.ties.evidence import ASKS, answers_of
from plugins.ties.tables import Happening

A_YEAR = timedelta(days=366)
OPEN = 0.5
BEFORE, AFTER = timedelta(hours=2), timedelta(days=2)
QUESTIONS = 3
"""So many of a person's last questions are looked at."""

_LAST_SAID = """
SELECT id FROM message
WHERE member_id = ? AND room_id = ? AND kind = 'text' AND NOT recalled AND length(text) >= 6
ORDER BY at DESC LIMIT 1
"""
_LAST_ASKED = """
SELECT message.id, message.at FROM message CROSS JOIN reply_link ON reply_link.message_id = message.id
WHERE message.member_id = ? AND message.room_id = ? AND message.at >= ? AND NOT message.recalled
  AND reply_link.question >= ?
ORDER BY message.at DESC LIMIT ?
"""


def help_in(history: History, room: int, member: int, since: datetime) -> dict[str, Any]:
    """Whom somebody helped since then: distinct people, and the latest of it as evidence."""
    given = answers_of(history.session, room, member, since)
    askers = list(dict.fromkeys(one.asker for one in given))
    return {"askers": askers, "helps": [[one.asker, one.question, one.answer] for one in given[:8]]}


def last_said(history: History, room: int, member: int) -> int | None:
    """The last thing somebody said that is more than a word."""
    row = plain_connection(history.session).execute(_LAST_SAID, (member, room)).fetchone()
    return None if row is None else row[0]


def last_unanswered(history: History, room: int, member: int) -> int | None:
    """The latest question of somebody's last ones that nobody answered."""
    raw, since = plain_connection(history.session), milliseconds(history.now - A_YEAR)
    asked = raw.execute(_LAST_ASKED, (member, room, since, ASKS, QUESTIONS)).fetchall()
    for message, at in asked:
        moment = datetime.fromtimestamp(at / 1000, history.now.tzinfo)
        span = (room, moment - BEFORE, moment + AFTER)
        talk = history.heard(*span)
        is_open = unanswered(talk).get(message, 0.0) >= OPEN
        found = [one for one in exchanges(talk) if one.question == message]
        if is_open and found and not found[0].answers:
            return int(message)
    return None


def tenure(history: History, room: int, member: int) -> tuple[datetime | None, int]:
    """Since when somebody is known to have been here, and how much they said."""
    place = history.session.get(Membership, (room, member))
    count = history.session.scalar(
        select(func.count()).where(Message.member_id == member, Message.room_id == room)
    )
    if place is None:
        return None, count or 0
    return place.first_joined_at if place.join_known else place.first_spoke_at, count or 0


def missed_since(history: History, room: int, since: datetime) -> list[tuple[str, int]]:
    """Which promises were missed since then, and how often."""
    query = (
        select(Happening.title, func.count())
        .where(Happening.room_id == room, Happening.kind == "missed", Happening.at >= since)
        .group_by(Happening.title)
        .order_by(func.count().desc(), Happening.title)
    )
    return list(history.session.execute(query))
