"""Who is who: contacts, 群昵称 and room names, fetched once and kept until told otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from bot.gateway import decode
from bot.gateway.base import GatewayError, Person, RoomRef
from bot.gateway.calls import Calls

MOST_CONTACTS = 50_000  # beyond this the oldest are forgotten; a large account knows about 10,000
ASK_AGAIN_AFTER = 60.0  # seconds for which somebody who could not be fetched is not asked for again

Found = TypeVar("Found")


class People:
    """A cache whose entries leave it when people join or leave, names change or lists are refreshed.

    A person who cannot be fetched is known by the bare id for a minute: better a message without a name
    than no message. `failed` counts those.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._contacts: dict[str, Person] = {}
        self._members: dict[str, dict[str, Person]] = {}
        self._rooms: dict[str, RoomRef] = {}
        self._locks: dict[tuple[str, ...], asyncio.Lock] = {}
        self._unknown_until: dict[tuple[str, ...], float] = {}
        self.failed = 0

    def known(self, room_id: str, person_id: str) -> Person | None:
        """The person if no call is needed; `room_id` is "" for a private conversation."""
        if not room_id:
            return self._contacts.get(person_id)
        members = self._members.get(room_id)
        return members.get(person_id) if members else None

    def known_room(self, room_id: str) -> RoomRef | None:
        """The room if no call is needed."""
        return self._rooms.get(room_id)

    def names_in(self, room_id: str) -> list[str]:
        """Every name and 群昵称 known of a room's members."""
        members = self._members.get(room_id, {}).values()
        return [name for one in members for name in (one.name, one.room_alias) if name]

    async def contact(self, person_id: str) -> Person:
        """The contact, fetched if not known."""
        return await self._once(
            ("contact", person_id),
            lambda: self._contacts.get(person_id),
            lambda: self._fetch_contact(person_id),
            Person(id=person_id, name="", kind="unknown"),
        )

    async def member(self, room_id: str, person_id: str) -> Person:
        """The contact with the 群昵称 in that room, fetched if not known."""
        if not room_id:
            return await self.contact(person_id)
        contact = await self.contact(person_id)
        return await self._once(
            ("member", room_id, person_id),
            lambda: self._members.get(room_id, {}).get(person_id),
            lambda: self._fetch_member(room_id, contact),
            contact,
        )

    async def room(self, room_id: str) -> RoomRef:
        """The room with its name, fetched if not known."""
        return await self._once(
            ("room", room_id),
            lambda: self._rooms.get(room_id),
            lambda: self._fetch_room(room_id),
            RoomRef(id=room_id, topic=""),
        )

    def learn(self, room: RoomRef, people: Iterable[Person]) -> None:
        """A fresh member list: who is not on it is forgotten for that room."""
        self._rooms[room.id] = room
        self._members[room.id] = {one.id: one for one in people}

    def rename_room(self, room: RoomRef) -> None:
        """The room's new name is known."""
        self._rooms[room.id] = room

    def forget_contact(self, person_id: str) -> None:
        """The contact changed."""
        self._contacts.pop(person_id, None)
        self._unknown_until.clear()
        for members in self._members.values():
            members.pop(person_id, None)

    def forget_members(self, room_id: str, person_ids: Iterable[str]) -> None:
        """These came or went."""
        members = self._members.get(room_id, {})
        for person_id in person_ids:
            members.pop(person_id, None)

    def forget_room(self, room_id: str) -> None:
        """The room's name or its members changed."""
        self._rooms.pop(room_id, None)
        self._members.pop(room_id, None)

    def forget_all(self) -> None:
        """Another account, or a gateway that was away: nothing is certain any more."""
        for known in (self._contacts, self._members, self._rooms, self._unknown_until):
            known.clear()

    async def _once(
        self,
        key: tuple[str, ...],
        known: Callable[[], Found | None],
        fetch: Callable[[], Awaitable[Found]],
        otherwise: Found,
    ) -> Found:
        """What is known, else one fetch however many ask at the same time."""
        found = known()
        if found is not None:
            return found
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                found = known()
                if found is not None:
                    return found
                now = asyncio.get_running_loop().time()
                if self._unknown_until.get(key, 0.0) > now:
                    return otherwise
                try:
                    return await fetch()
                except GatewayError:
                    self.failed += 1
                    self._unknown_until[key] = now + ASK_AGAIN_AFTER
                    return otherwise
        finally:
            if not lock.locked():
                self._locks.pop(key, None)

    async def _fetch_contact(self, person_id: str) -> Person:
        found = replace(decode.person(await self._calls.ask("contact_payload", person_id)), id=person_id)
        if len(self._contacts) >= MOST_CONTACTS:
            del self._contacts[next(iter(self._contacts))]
        self._contacts[person_id] = found
        return found

    async def _fetch_member(self, room_id: str, contact: Person) -> Person:
        payload = await self._calls.ask("room_member_payload", room_id, contact.id)
        name = contact.name or payload.name or ""
        found = replace(contact, name=name, room_alias=payload.room_alias or "")
        if contact.kind != "unknown" or contact.name:
            self._members.setdefault(room_id, {})[contact.id] = found
        return found

    async def _fetch_room(self, room_id: str) -> RoomRef:
        payload = await self._calls.ask("room_payload", room_id)
        found = RoomRef(id=room_id, topic=(payload.topic or "")[: decode.LONGEST_NAME])
        self._rooms[room_id] = found
        return found
