"""What an owner has chosen for a room in the plugins' tables, taken along into a try-out of its past."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, insert, select
from sqlalchemy.orm import Session

from bot.plugin import Plugin


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of one table about one room."""

    table: Table
    rows: tuple[dict[str, Any], ...]

    def members(self) -> Iterator[int]:
        """The members whom a row is about (its key), not those who only had a hand in it."""
        for column in _members_in(self.table):
            if column.primary_key:
                yield from (row[column.name] for row in self.rows)


def chosen_in(session: Session, plugins: Sequence[Plugin], room: int) -> tuple[Chosen, ...]:
    """What stands in the tables that plugins declare as chosen."""
    found = []
    for plugin in plugins:
        for model in plugin.chosen:
            table = model.__table__
            assert isinstance(table, Table)
            rows = session.execute(select(table).where(table.c.room_id == room)).mappings()
            found.append(Chosen(table, tuple(dict(row) for row in rows)))
    return tuple(found)


def put_chosen(
    session: Session, chosen: Sequence[Chosen], room: int, key_of: Callable[[int], int | None]
) -> None:
    """Write the rows for another room and other keys; what names somebody who is not there is left out."""
    for one in chosen:
        for row in one.rows:
            fresh = row | {"room_id": room}
            for column in _members_in(one.table):
                if row[column.name] is not None:
                    fresh[column.name] = key_of(row[column.name])
            if all(fresh[column.name] is not None or column.nullable for column in _members_in(one.table)):
                session.execute(insert(one.table).values(fresh))


def _members_in(table: Table) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if any(key.target_fullname == "member.id" for key in column.foreign_keys)
    ]
