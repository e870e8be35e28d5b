"""Whose key is whose: WeChat's ids of today to our own room and member keys.

WeChat's ids are aliases, because web-protocol puppets hand out new ones at every login. Runs on the
writer thread only; the caches are dropped when a transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.gateway.base import Person, RoomRef
from bot.privacy import hashed_id
from bot.storage.engine import plain_connection
from bot.storage.facts import fact
from bot.storage.tables import Member, PuppetAlias, Room
from bot.storage.tables.base import milliseconds

HEARD_STATUSES = frozenset({"watching", "live"})

# Everybody who comes or speaks passes here, so that these speak SQL directly.
_ALIAS = "SELECT key FROM puppet_alias WHERE scope = ? AND puppet_id = ?"
_NEW_ALIAS = "INSERT INTO puppet_alias (scope, puppet_id, key, seen_at) VALUES (?, ?, ?, ?)"
_NEW_MEMBER = (
    "INSERT INTO member (name, kind, is_friend, is_self, found_at, uncounted) VALUES (?, ?, ?, 0, ?, 0)"
)
_MEMBERSHIP = "SELECT alias, first_spoke_at, left_at FROM membership WHERE room_id = ? AND member_id = ?"
_NEW_MEMBERSHIP = (
    "INSERT INTO membership (room_id, member_id, alias, first_joined_at, joined_at, join_known)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_HERE = " WHERE room_id = ? AND member_id = ?"
_BACK = "UPDATE membership SET left_at = NULL, joined_at = ?" + _HERE
_CALLED = "UPDATE membership SET alias = ?" + _HERE
_LEFT = "UPDATE membership SET left_at = ?" + _HERE
_SPOKE = "UPDATE membership SET first_spoke_at = ?" + _HERE


@dataclass(slots=True)
class _Seen:
    """What the cache knows of one member in one room."""

    alias: str
    has_spoken: bool
    present: bool


class Register:
    """Finds or makes the key of a room or a person, and keeps names and memberships up to date."""

    def __init__(self) -> None:
        self.self_key: int | None = None
        self.changed: Callable[[], None] = lambda: None
        """Called when a room's name or status has changed."""
        self.reloaded: Callable[[], None] = lambda: None
        """Called when everything was read anew, after a start or a forgetting."""
        self._knows_hashes = False
        self.forgotten: set[int] = set()
        """Members who asked to be forgotten: nothing of theirs is stored any more."""
        self._names: dict[int, str] = {}
        self._rooms: dict[str, int] = {}
        self._room_facts: dict[int, tuple[str, str]] = {}
        self._members: dict[str, int] = {}
        self._member_facts: dict[int, tuple[str, bool]] = {}
        self._memberships: dict[tuple[int, int], _Seen] = {}

    def forget_caches(self) -> None:
        """After a rollback, a forgetting or an outside change, read everything anew."""
        for cache in (self._rooms, self._room_facts, self._members, self._member_facts, self._memberships):
            cache.clear()

    def load(self, session: Session) -> None:
        """Learn who the bot is from the database."""
        self.forget_caches()
        self._names = {row.id: row.name for row in session.execute(select(Room.id, Room.name))}
        self._knows_hashes = fact(session, "forgotten_salt") is not None
        self.forgotten = set(session.scalars(select(Member.id).where(Member.forgotten_at.is_not(None))))
        self.self_key = session.scalar(select(Member.id).where(Member.is_self).order_by(Member.id.desc()))
        self.reloaded()

    # Rooms

    def room_key(self, session: Session, ref: RoomRef, now: datetime) -> tuple[int, bool]:
        """The room's key and whether it was made just now."""
        key = self._rooms.get(ref.id) or _alias_key(session, "room", ref.id)
        is_new = key is None
        if key is None:
            row = Room(name=ref.topic, found_at=now, status_at=now)
            session.add(row)
            session.flush()
            key = row.id
            session.add(PuppetAlias(scope="room", puppet_id=ref.id, key=key, seen_at=now))
            session.flush()
            self._names[key] = ref.topic
        self._rooms[ref.id] = key
        return key, is_new

    def known_room(self, session: Session, ref: RoomRef) -> int | None:
        """The room's key if it has one."""
        key = self._rooms.get(ref.id) or _alias_key(session, "room", ref.id)
        if key is not None:
            self._rooms[ref.id] = key
        return key

    def room_status(self, session: Session, room: int) -> str:
        """The room's status; see `Room`."""
        return self._facts_of_room(session, room)[1]

    def room_name(self, room: int) -> str:
        """The room's name as last seen; "" for a room that does not exist."""
        return self._names.get(room, "")

    def rename_room(self, session: Session, room: int, name: str) -> str:
        """Store the new name; the old one."""
        old, status = self._facts_of_room(session, room)
        if name != old:
            session.execute(update(Room).where(Room.id == room).values(name=name))
            self._room_facts[room] = (name, status)
            self._names[room] = name
            self.changed()
        return old

    def set_room_status(self, session: Session, room: int, status: str, now: datetime) -> None:
        """Watching, live, off or left from now on."""
        session.execute(update(Room).where(Room.id == room).values(status=status, status_at=now))
        self._room_facts.pop(room, None)
        self.changed()

    def lose_rooms(self, session: Session, now: datetime) -> None:
        """All ids are new: no room can be reached any more. Owners may regain them; see `bot.regaining`."""
        heard = Room.status.in_(HEARD_STATUSES)
        session.execute(update(Room).where(heard).values(status="left", status_at=now))
        self._room_facts.clear()
        self.changed()

    def _facts_of_room(self, session: Session, room: int) -> tuple[str, str]:
        facts = self._room_facts.get(room)
        if facts is None:
            row = session.execute(select(Room.name, Room.status).where(Room.id == room)).one()
            facts = self._room_facts[room] = (row.name, row.status)
        return facts

    # People

    def member_key(self, session: Session, person: Person, now: datetime) -> int:
        """The person's key; the name and the friendship are brought up to date."""
        key = self._members.get(person.id) or self._stored_key(session, person.id, now)
        if key is None:
            key = _add_member(session, person, now)
            self._member_facts[key] = (person.name, bool(person.is_friend))
        self._members[person.id] = key
        if key not in self.forgotten:
            self._refresh_member(session, key, person)
        return key

    def _stored_key(self, session: Session, puppet_id: str, now: datetime) -> int | None:
        """The key behind an id, also that of somebody forgotten, of whom only a hash is kept."""
        key = _alias_key(session, "member", puppet_id)
        if key is None and self._knows_hashes:
            key = _alias_key(session, "member", hashed_id(session, puppet_id, now))
            if key is not None and key not in self.forgotten:  # came back of their own will
                session.add(PuppetAlias(scope="member", puppet_id=puppet_id, key=key, seen_at=now))
                session.flush()
        return key

    def known_member(self, session: Session, puppet_id: str) -> int | None:
        """The key behind an id, if there is one (mentions carry only ids)."""
        return self._members.get(puppet_id) or _alias_key(session, "member", puppet_id)

    def become(self, session: Session, account: Person, now: datetime) -> int:
        """This account is the bot itself."""
        key = self.member_key(session, account, now)
        session.execute(update(Member).where(Member.id == key).values(is_self=True))
        self.self_key = key
        return key

    def mark_friend(self, session: Session, member: int) -> None:
        """The bot can write to this member privately."""
        name, is_friend = self._facts_of_member(session, member)
        if not is_friend:
            session.execute(update(Member).where(Member.id == member).values(is_friend=True))
            self._member_facts[member] = (name, True)

    def _facts_of_member(self, session: Session, member: int) -> tuple[str, bool]:
        facts = self._member_facts.get(member)
        if facts is None:
            row = session.execute(select(Member.name, Member.is_friend).where(Member.id == member)).one()
            facts = self._member_facts[member] = (row.name, row.is_friend)
        return facts

    def _refresh_member(self, session: Session, key: int, person: Person) -> None:
        name, is_friend = self._facts_of_member(session, key)
        new_name = person.name or name
        new_friend = is_friend if person.is_friend is None else person.is_friend
        if (new_name, new_friend) != (name, is_friend):
            session.execute(
                update(Member).where(Member.id == key).values(name=new_name, is_friend=new_friend)
            )
            self._member_facts[key] = (new_name, new_friend)

    # Memberships

    def enter(
        self, session: Session, room: int, member: int, alias: str, at: datetime, *, join_known: bool
    ) -> str:
        """Note that a member is in the room: "new", "returning" or "present" (was there already)."""
        alias = "" if member in self.forgotten else alias
        seen = self._membership(session, room, member)
        if seen is None:
            moment = milliseconds(at)
            row = (room, member, alias, moment, moment, join_known)
            plain_connection(session).execute(_NEW_MEMBERSHIP, row)
            self._memberships[room, member] = _Seen(alias, has_spoken=False, present=True)
            return "new"
        was_present = seen.present
        if not was_present:
            plain_connection(session).execute(_BACK, (milliseconds(at), room, member))
            seen.present = True
        if alias and alias != seen.alias:
            plain_connection(session).execute(_CALLED, (alias, room, member))
            seen.alias = alias
        return "present" if was_present else "returning"

    def is_present(self, session: Session, room: int, member: int) -> bool:
        """Whether a member is in the room as far as we know."""
        seen = self._membership(session, room, member)
        return seen is not None and seen.present

    def leave(self, session: Session, room: int, member: int, at: datetime) -> bool:
        """Note that a member left; False if it was not there."""
        seen = self._membership(session, room, member)
        if seen is None or not seen.present:
            return False
        plain_connection(session).execute(_LEFT, (milliseconds(at), room, member))
        seen.present = False
        return True

    def speaks(self, session: Session, room: int, member: int, at: datetime) -> bool:
        """Note that a present member spoke; True if these are the first words ever in this room."""
        seen = self._membership(session, room, member)
        if seen is None or seen.has_spoken:
            return False
        plain_connection(session).execute(_SPOKE, (milliseconds(at), room, member))
        seen.has_spoken = True
        return True

    def _membership(self, session: Session, room: int, member: int) -> _Seen | None:
        seen = self._memberships.get((room, member))
        if seen is None:
            row = plain_connection(session).execute(_MEMBERSHIP, (room, member)).fetchone()
            if row is not None:
                alias, first_spoke_at, left_at = row
                seen = _Seen(alias, has_spoken=first_spoke_at is not None, present=left_at is None)
                self._memberships[room, member] = seen
        return seen


def _add_member(session: Session, person: Person, now: datetime) -> int:
    raw, found_at = plain_connection(session), milliseconds(now)
    row = (person.name, person.kind, bool(person.is_friend), found_at)
    key = raw.execute(_NEW_MEMBER, row).lastrowid
    assert key is not None  # SQLite gives every inserted row a key
    raw.execute(_NEW_ALIAS, ("member", person.id, key, found_at))
    return key


def _alias_key(session: Session, scope: str, puppet_id: str) -> int | None:
    session.flush()
    row = plain_connection(session).execute(_ALIAS, (scope, puppet_id)).fetchone()
    return None if row is None else int(row[0])
