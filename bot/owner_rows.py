"""Rows by which an owner changes the bot (settings, texts), kept in memory in step with the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from bot.storage.tables.desk import SettingRow, TextOverride

Row = TypeVar("Row", SettingRow, TextOverride)
Key = tuple[int, str, str]  # room (0: every room), plugin, name


class OwnerRows(Generic[Row]):
    """What stands in one table, readable without a session.

    A change is seen at once by whoever comes next in the same transaction. If the transaction or its
    savepoint is rolled back, the memory goes back with it; `changed` is called each time.
    """

    def __init__(
        self, table: type[Row], value_of: Callable[[Row], object], changed: Callable[[], None]
    ) -> None:
        self._table: type[Row] = table
        self._value_of: Callable[[Row], object] = value_of
        self._changed = changed
        self._now: dict[Key, object] = {}
        self._committed: dict[Key, object] = {}
        self._before: list[tuple[list[SessionTransaction], dict[Key, object]]] = []

    def load(self, session: Session) -> None:
        """Read the table anew."""
        rows = session.scalars(select(self._table)).all()
        self._now = {(row.room_id, row.plugin, row.name): self._value_of(row) for row in rows}
        if not session.in_nested_transaction():
            self._committed = dict(self._now)
        self._changed()

    def get(self, room_id: int, plugin: str, name: str) -> object | None:
        """The value that stands for exactly this room (0: every room), None if there is none."""
        return self._now.get((room_id, plugin, name))

    def named(self, room_id: int, plugin: str) -> dict[str, object]:
        """Everything that stands for exactly this room and plugin, by name."""
        # A copy first: a worker may read while the writer writes.
        return {key[2]: value for key, value in tuple(self._now.items()) if key[:2] == (room_id, plugin)}

    def put(self, session: Session, row: Row) -> None:
        """Write a row in place of the one that stood there."""
        self._remember(session)
        session.merge(row)
        session.flush()
        self._now = {**self._now, (row.room_id, row.plugin, row.name): self._value_of(row)}
        self._changed()

    def remove(self, session: Session, room_id: int, plugin: str, name: str) -> None:
        """Take a row away; nothing happens if there is none."""
        self._remember(session)
        row = session.get(self._table, (room_id, plugin, name))
        if row is not None:
            session.delete(row)
            session.flush()
        self._now = {key: value for key, value in self._now.items() if key != (room_id, plugin, name)}
        self._changed()

    def _remember(self, session: Session) -> None:
        """What stood before a change, with the savepoints that the change is in."""
        self._follow(session)
        savepoints, transaction = [], session.get_nested_transaction()
        while transaction is not None and transaction.nested:
            savepoints.append(transaction)
            transaction = transaction.parent
        self._before.append((savepoints, self._now))

    def _follow(self, session: Session) -> None:
        """Listen, once for each session, to how its transactions end."""
        if not event.contains(session, "after_commit", self._after_commit):
            event.listen(session, "after_commit", self._after_commit)
            event.listen(session, "after_soft_rollback", self._after_rollback)

    def _after_commit(self, session: Session) -> None:
        if not session.in_nested_transaction():  # the release of a savepoint is not the end yet
            self._committed, self._before = dict(self._now), []

    def _after_rollback(self, session: Session, ended: SessionTransaction) -> None:
        if not ended.nested:
            self._now, self._before = dict(self._committed), []
            self._changed()
            return
        # No query here: the session cannot be used until the savepoint's block is left.
        for index, (savepoints, before) in enumerate(self._before):
            if ended in savepoints:
                self._now = before
                del self._before[index:]
                self._changed()
                return
