"""What went out before, as the limits on speaking want to know it.

Asked at every turn of the outbox, so it speaks SQL directly; the indexes on `outgoing` answer each question.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.pacing import DAY, HOUR, Sent
from bot.storage.engine import plain_connection
from bot.storage.tables.base import EPOCH, milliseconds, moment_of

_COUNTED = "status IN ('claimed', 'sent', 'unknown', 'withheld') AND sent_with IS NULL AND kind != 'fetch'"
_ACCOUNT = f"SELECT claimed_at FROM outgoing WHERE claimed_at > ? AND {_COUNTED} ORDER BY claimed_at"
_ROOM = (
    "SELECT claimed_at, urgency FROM outgoing INDEXED BY ix_outgoing_room"
    f" WHERE room_id = ? AND claimed_at > ? AND {_COUNTED} ORDER BY claimed_at"
)
_HUSHED = "SELECT quiet_until_at FROM room WHERE id = ?"


def sent_before(session: Session, room: int | None, now: datetime) -> Sent:
    """Times of what went out: from this account lately, in this room within the hour, of own accord."""
    raw = plain_connection(session)
    account = _times(raw.execute(_ACCOUNT, (milliseconds(now - timedelta(minutes=2)),)))
    if room is None:
        return Sent(room=(), account=account, initiatives=())
    rows = raw.execute(_ROOM, (room, milliseconds(now - 2 * DAY))).fetchall()
    within_hour = milliseconds(now - HOUR)
    return Sent(
        room=_times(row for row in rows if row[0] > within_hour),
        account=account,
        initiatives=_times(row for row in rows if row[1] == "initiative"),
    )


def hushed_until(session: Session, room: int | None) -> datetime | None:
    """Until when the room's owner wants no unasked word; None if nothing was asked for."""
    row = plain_connection(session).execute(_HUSHED, (room,)).fetchone()
    return None if row is None else moment_of(row[0])


def _times(rows: Any) -> list[datetime]:
    return [EPOCH + timedelta(milliseconds=row[0]) for row in rows]
