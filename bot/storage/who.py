"""Who is who, in plain SQL: the statements behind history's questions, and rows as its answers."""

from __future__ import annotations

from typing import Any

from bot.storage.records import Person, RoomMember
from bot.storage.tables.base import moment, moment_of

PERSON = """
SELECT id, name, kind, is_friend, is_self, uncounted, found_at, forgotten_at FROM member WHERE id = ?
"""
ROOM_MEMBERS = """
SELECT member.id, member.name, membership.alias, member.kind, member.is_friend, member.is_self,
  member.uncounted, membership.first_joined_at, membership.joined_at, membership.join_known,
  membership.left_at, membership.first_spoke_at
FROM membership JOIN member ON member.id = membership.member_id
WHERE membership.room_id = ? ORDER BY membership.member_id
"""
NAMES = (
    "SELECT alias, name FROM member LEFT JOIN membership ON member_id = member.id AND room_id = ?"
    " WHERE member.id = ?"
)
PRESENT = (
    "SELECT member_id FROM membership WHERE room_id = ? AND left_at IS NULL"
    " AND member_id IN (SELECT value FROM json_each(?))"
)
EVERYBODY_CALLED = """
SELECT membership.member_id, membership.alias, member.name
FROM membership JOIN member ON member.id = membership.member_id
WHERE membership.room_id = ? ORDER BY membership.left_at IS NOT NULL, membership.member_id
"""
CALLED = """
SELECT member_id, left_at IS NOT NULL AS gone FROM membership WHERE room_id = :room AND alias = :name
UNION
SELECT membership.member_id, membership.left_at IS NOT NULL
FROM member CROSS JOIN membership ON membership.member_id = member.id AND membership.room_id = :room
WHERE member.name = :name
ORDER BY gone, member_id
"""
"""Both halves find their rows by an index, whatever the size of the room."""


def person(row: tuple[Any, ...]) -> Person:
    """A row of `PERSON`."""
    key, name, kind, is_friend, is_self, uncounted, found_at, forgotten_at = row
    return Person(
        key, name, kind, bool(is_friend), bool(is_self), bool(uncounted), moment(found_at),
        moment_of(forgotten_at),
    )  # fmt: skip


def room_member(row: tuple[Any, ...]) -> RoomMember:
    """A row of `ROOM_MEMBERS`."""
    key, name, alias, kind, is_friend, is_self, uncounted, first, joined, known, left, spoke = row
    return RoomMember(
        key, alias or name, name, alias, kind, bool(is_friend), bool(is_self), bool(uncounted), moment(first),
        moment(joined), bool(known), moment_of(left), moment_of(spoke),
    )  # fmt: skip
