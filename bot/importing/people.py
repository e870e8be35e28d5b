"""Senders of a log as members: under aliases of their own, so that no live id can be mistaken for one.

Somebody imported and somebody seen live are two members until an owner says that they are one.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlalchemy.orm import Session

from bot.importing.rows import Rows, next_id
from bot.importing.survey import Survey
from bot.privacy import hashed_id
from bot.storage.engine import plain_connection
from bot.storage.tables import Member, PuppetAlias
from bot.storage.tables.base import EPOCH
from bot.words import normalised

_FOUND = """
SELECT puppet_alias.key, member.forgotten_at IS NOT NULL, puppet_alias.seen_at
FROM puppet_alias JOIN member ON member.id = puppet_alias.key WHERE scope = ? AND puppet_id = ?
"""
_ANY_FORGOTTEN = "SELECT 1 FROM member WHERE forgotten_at IS NOT NULL LIMIT 1"
# A second log of the same room may reach further back or forward; what a live join told stays as it is.
_MEMBERSHIP = """
INSERT INTO membership
  (room_id, member_id, alias, first_joined_at, joined_at, left_at, join_known, first_spoke_at)
VALUES (?, ?, ?, ?, ?, ?, 0, ?)
ON CONFLICT (room_id, member_id) DO UPDATE SET
  joined_at = CASE WHEN join_known THEN joined_at ELSE min(joined_at, excluded.joined_at) END,
  first_joined_at = min(first_joined_at, excluded.first_joined_at),
  first_spoke_at = min(coalesce(first_spoke_at, excluded.first_spoke_at), excluded.first_spoke_at),
  left_at = CASE WHEN left_at IS NULL THEN NULL ELSE max(left_at, coalesce(excluded.left_at, left_at)) END,
  alias = CASE WHEN alias = '' THEN excluded.alias ELSE alias END
"""
_NEWER_NAME = """
UPDATE member SET name = ? WHERE id = ?
  AND NOT EXISTS (SELECT 1 FROM puppet_alias WHERE scope = 'member' AND key = member.id)
"""
_NEWER_ALIAS = "UPDATE membership SET alias = ? WHERE room_id = ? AND member_id = ?"
_SEEN = "UPDATE puppet_alias SET seen_at = ? WHERE scope = ? AND puppet_id = ?"


class People:
    """Finds or makes the member behind a sender. Lives for one import; used inside writes only."""

    def __init__(
        self, session: Session, survey: Survey, room: int, now: datetime, *, is_real_room: bool
    ) -> None:
        self._session = session
        self._now = now
        self._survey = survey
        self._room = room
        self._is_real_room = is_real_room
        self._keys: dict[str, int] = {}
        self._gone: set[str] = set()
        self._old: dict[str, int] = {}
        self._by_name = _unique_names(survey)
        self._members = Rows(Member, ("id", "name", "found_at"))
        self._aliases = Rows(PuppetAlias, ("scope", "puppet_id", "key", "seen_at"))
        self._made: list[str] = []
        self._next = 0
        raw = plain_connection(session)
        self._has_forgotten = raw.execute(_ANY_FORGOTTEN).fetchone() is not None

    def begin(self, raw: sqlite3.Connection) -> None:
        """Before the first use in a write."""
        self._next = next_id(raw, Member)

    def key(self, raw: sqlite3.Connection, sender: str) -> int | None:
        """The member's key; None for somebody who asked to be forgotten."""
        key = self._keys.get(sender)
        if key is not None or sender in self._gone:
            return key
        found = raw.execute(_FOUND, (self._scope(sender), sender)).fetchone() or self._forgotten(raw, sender)
        if found is None:
            return self._make(sender)
        if found[1]:
            self._gone.add(sender)
            return None
        self._keys[sender] = found[0]
        self._old[sender] = found[2]
        return int(found[0])

    def named(self, name: str) -> str | None:
        """The sender whom this name can only mean, among those who speak in the log."""
        return self._by_name.get(normalised(name))

    def write(self, raw: sqlite3.Connection) -> None:
        """Insert the members that were made since the last time."""
        self._members.write(raw)
        self._aliases.write(raw)
        raw.executemany(_MEMBERSHIP, [self._membership(sender) for sender in self._made])
        self._made.clear()

    def finish(self, raw: sqlite3.Connection) -> None:
        """Bring those who had been known before the import up to date."""
        old = {sender: self._survey.people[sender] for sender in self._old}
        raw.executemany(_MEMBERSHIP, [self._membership(sender) for sender in old])
        for sender, speaker in old.items():
            last_at = _milliseconds(speaker.last_at)
            if last_at > self._old[sender]:
                raw.execute(_NEWER_NAME, (speaker.name, self._keys[sender]))
                if speaker.alias:
                    raw.execute(_NEWER_ALIAS, (speaker.alias, self._room, self._keys[sender]))
                raw.execute(_SEEN, (last_at, self._scope(sender), sender))

    def _forgotten(self, raw: sqlite3.Connection, sender: str) -> tuple[int, int, int] | None:
        """Somebody of whom only a hash is kept, under the id of a log or the very same one seen live."""
        if not self._has_forgotten:
            return None
        hashed = hashed_id(self._session, sender, self._now)
        found = (raw.execute(_FOUND, (scope, hashed)).fetchone() for scope in (self._scope(sender), "member"))
        return next((row for row in found if row is not None), None)

    def _make(self, sender: str) -> int:
        speaker = self._survey.people[sender]
        key, self._next = self._next, self._next + 1
        self._members.add(key, speaker.name or sender, _milliseconds(speaker.first_at))
        self._aliases.add(self._scope(sender), sender, key, _milliseconds(speaker.last_at))
        self._keys[sender] = key
        self._made.append(sender)
        return key

    def _scope(self, sender: str) -> str:
        """Ids are the platform's, whatever the room; a bare name means somebody only within its room."""
        scope = f"import:{self._survey.platform}"
        return f"{scope}:{self._room}" if self._survey.people[sender].named_only else scope

    def _membership(self, sender: str) -> tuple[int, int, str, int, int, int | None, int]:
        """In a room that the bot is in, only WeChat's own list says who is there, so these are not."""
        speaker = self._survey.people[sender]
        first = _milliseconds(speaker.first_at)
        joined = _milliseconds(speaker.joined_at) if speaker.joined_at else first
        left = _milliseconds(speaker.last_at) if self._is_real_room else None
        return self._room, self._keys[sender], speaker.alias, joined, joined, left, first


def _unique_names(survey: Survey) -> dict[str, str]:
    bearers: dict[str, set[str]] = {}
    for sender, speaker in survey.people.items():
        for name in speaker.names:
            bearers.setdefault(normalised(name), set()).add(sender)
    return {name: senders.pop() for name, senders in bearers.items() if len(senders) == 1}


def _milliseconds(moment: datetime) -> int:
    return round((moment - EPOCH).total_seconds() * 1_000)
