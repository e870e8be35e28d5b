"""Messages that the bot has heard itself and that a log tells again: they are kept once, the live one."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from bot.importing.entries import Record
from bot.words import normalised

WITHIN_MS = 60_000
"""Exporters tell when WeChat's servers had a message, we when it reached us."""

_ANY = "SELECT 1 FROM message WHERE room_id = ? AND origin != 'import' LIMIT 1"
_HEARD = """
SELECT message.id, message.at, message.kind, message.text, member.name, membership.alias
FROM message JOIN member ON member.id = message.member_id
  LEFT JOIN membership ON membership.member_id = member.id AND membership.room_id = message.room_id
WHERE message.room_id = ? AND message.origin != 'import' AND message.at BETWEEN ? AND ?
ORDER BY message.at, message.id
"""


class Overlap:
    """Finds the live message that a record tells of. Each live message is found once."""

    def __init__(self, raw: sqlite3.Connection, room: int) -> None:
        self._room = room
        self._is_possible = raw.execute(_ANY, (room,)).fetchone() is not None
        self._taken: set[int] = set()
        self._heard: dict[tuple[str, str, str], list[tuple[int, int]]] = {}

    def look(self, raw: sqlite3.Connection, moments: Iterable[int]) -> None:
        """Read what was heard around these moments."""
        self._heard = defaultdict(list)
        moments = list(moments) if self._is_possible else []
        if not moments:
            return
        span = (self._room, min(moments) - WITHIN_MS, max(moments) + WITHIN_MS)
        for key, at, kind, text, name, alias in raw.execute(_HEARD, span):
            for called in {normalised(name), normalised(alias or "")} - {""}:
                self._heard[called, kind, text.strip()].append((at, key))

    def find(self, record: Record, at: int) -> int | None:
        """The live message's key; None if the bot did not hear this one."""
        if not self._heard:
            return None
        for called in (normalised(record.alias), normalised(record.name)):
            for heard_at, key in self._heard.get((called, record.kind, record.text.strip()), ()):
                if abs(heard_at - at) <= WITHIN_MS and key not in self._taken:
                    self._taken.add(key)
                    return key
        return None
