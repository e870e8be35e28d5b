"""Small single facts of the whole bot, such as the account's id or when the last backup was made."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.storage.engine import plain_connection
from bot.storage.tables import Fact

_VALUE = "SELECT CAST(value AS TEXT) FROM fact WHERE name = ?"  # SQLite keeps a JSON number as a number


def fact(session: Session, name: str) -> Any:
    """The value stored under this name; None if there is none."""
    session.flush()
    row = plain_connection(session).execute(_VALUE, (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def set_fact(session: Session, name: str, value: Any, now: datetime) -> None:
    """Store a value (anything that JSON holds) under this name."""
    session.merge(Fact(name=name, value=value, changed_at=now))
    session.flush()
