"""Background work as rows: what was asked for, what waits, and how it ended. Runs on the writer."""

from __future__ import annotations

from datetime import datetime
from json import dumps, loads
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bot.storage.engine import plain_connection
from bot.storage.tables.base import milliseconds

TRIES = 3

_ADD = """
INSERT INTO work (plugin, name, room_id, payload, asked_at, status, tries)
VALUES (?, ?, ?, ?, ?, 'waiting', 0)
"""
_WAITING = "SELECT id, plugin, name, room_id, payload FROM work WHERE status = 'waiting'"
_ALL = f"{_WAITING} ORDER BY id"
_ONE = f"{_WAITING} AND id = ?"
_FAILED = """
UPDATE work SET tries = tries + 1, error = ?, status = iif(tries + 1 >= ?, 'failed', 'waiting') WHERE id = ?
"""
_DONE = "UPDATE work SET status = ?, error = ?, settled_at = ? WHERE id = ?"


class Waiting(NamedTuple):
    """A piece of work that waits to be done."""

    id: int
    plugin: str
    name: str
    room_id: int | None
    payload: dict[str, Any]


def ask_for(
    session: Session, plugin: str, name: str, room: int | None, payload: dict[str, Any], now: datetime
) -> None:
    """Write down what is to be done."""
    row = (plugin, name, room, dumps(payload), milliseconds(now))
    plain_connection(session).execute(_ADD, row)


def waiting(session: Session) -> tuple[Waiting, ...]:
    """What waits, in the order in which it was asked for."""
    return tuple(_row(*row) for row in plain_connection(session).execute(_ALL))


def waiting_one(session: Session, work: int) -> Waiting | None:
    """One piece; None if it does not wait any more."""
    row = plain_connection(session).execute(_ONE, (work,)).fetchone()
    return None if row is None else _row(*row)


def fail_for_now(session: Session, work: int, error: str) -> None:
    """It could not be done: tried again, and given up after `TRIES` times."""
    plain_connection(session).execute(_FAILED, (error[:200], TRIES, work))


def settle(session: Session, work: int, now: datetime, error: str | None) -> None:
    """Its result was taken in, or could not be."""
    status = "failed" if error else "done"
    plain_connection(session).execute(_DONE, (status, error, milliseconds(now), work))


def _row(work: int, plugin: str, name: str, room: int | None, payload: str) -> Waiting:
    return Waiting(work, plugin, name, room, loads(payload))
