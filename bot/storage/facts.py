"""Small single facts of the whole bot, such as the account's id or when the last backup was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.tables import Fact


def fact(session: Session, name: str) -> Any:
    """The value stored under this name; None if there is none."""
    return session.scalar(select(Fact.value).where(Fact.name == name))


def set_fact(session: Session, name: str, value: Any, now: datetime) -> None:
    """Store a value (anything that JSON holds) under this name."""
    session.merge(Fact(name=name, value=value, changed_at=now))
    session.flush()
