"""What commands can change, as one value to compare: every table but those that only say who said what."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.engine import Storage
from bot.storage.tables import Base, Outgoing

# Anybody's words fill these. Of members and codes only some columns are anybody's to touch.
TALK = frozenset({
    "message", "mention", "event", "event_mark", "membership", "puppet_alias", "odd_event", "gap", "outgoing",
})  # fmt: skip
LEFT_OUT = {
    "member": frozenset({"name", "is_friend", "found_at"}),
    "pairing_code": frozenset({"tries_left"}),  # wrong codes cost tries: that is what they are for
    "room": frozenset({"name", "members_listed_at", "dropped_messages"}),
    "fact": frozenset({"changed_at"}),
}
Effects = Mapping[str, frozenset[tuple[Any, ...]]]


class Ledger:
    """Looks at the tables that commands change, those of all plugins included."""

    def __init__(self, storage: Storage) -> None:
        self._raw = sqlite3.connect(storage.file)
        self._queries: dict[str, tuple[str, bool]] = {}
        here = {row[0] for row in self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in Base.metadata.sorted_tables:  # of every plugin that any test has loaded
            if table.name in here - TALK:
                left_out = LEFT_OUT.get(table.name, frozenset())
                listed = ", ".join(f'"{one.name}"' for one in table.columns if one.name not in left_out)
                self._queries[table.name] = (
                    f'SELECT {listed} FROM "{table.name}"',
                    "room_id" in table.columns,
                )

    def effects(self, room: int | None = None) -> Effects:
        """Everything that commands can have changed; with `room`, only what is about that room."""
        if room is None:
            return {name: self._rows(query) for name, (query, _) in self._queries.items()}
        return {
            name: self._rows(f"{query} WHERE room_id = {room:d}")
            for name, (query, has_room) in self._queries.items()
            if has_room
        }

    def close(self) -> None:
        self._raw.close()

    def _rows(self, query: str) -> frozenset[tuple[Any, ...]]:
        return frozenset(self._raw.execute(query).fetchall())


def changed(before: Effects, after: Effects) -> list[str]:
    """The tables in which something is different."""
    return sorted(name for name in after if before.get(name) != after[name])


def deeds_since(session: Session, last: int, place: tuple[int | None, int | None]) -> list[str]:
    """What the bot set out to do that is more than a kind word at `place` (room, or member in private)."""
    room, member = place
    rows = session.scalars(select(Outgoing).where(Outgoing.id > last))
    return [
        f"outgoing {row.kind} by {row.plugin} because of {row.reason}"
        for row in rows
        if not (
            row.kind == "text"
            and row.urgency == "answer"
            and (row.room_id == room if room is not None else row.member_id == member)
        )
    ]


def in_haste(storage: Storage) -> None:
    """No waiting for the disk: for experiments that are about something else."""
    storage.write_now(lambda session: None)
    storage._line.raw.execute("PRAGMA synchronous=OFF")
