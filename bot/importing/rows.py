"""Rows written past SQLAlchemy, at a third of the time; the columns are the tables' own all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.storage.tables import Base


class Rows:
    """Rows of one table, collected and then inserted. What is not given gets the table's own default."""

    def __init__(self, table: type[Base], given: Sequence[str]) -> None:
        defaults: dict[str, Any] = {}
        for column in table.__table__.columns:
            default = column.default
            if column.name not in given and default is not None and default.is_scalar:
                defaults[column.name] = default.arg
        names = [*given, *defaults]
        marks = ",".join("?" * len(names))
        self._sql = f"INSERT INTO {table.__tablename__} ({','.join(names)}) VALUES ({marks})"
        self._constants = tuple(defaults.values())
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *values: object) -> None:
        """One more row: its given columns, in their order."""
        self._rows.append(values + self._constants)

    def write(self, raw: sqlite3.Connection) -> int:
        """Insert what was collected; how many."""
        count = len(self._rows)
        if count:
            raw.executemany(self._sql, self._rows)
            self._rows.clear()
        return count


def next_id(raw: sqlite3.Connection, table: type[Base]) -> int:
    """The first id of a table that is free; only for within a write."""
    return int(raw.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table.__tablename__}").fetchone()[0])
