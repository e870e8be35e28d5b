"""What the house may do on the network; every call has a timeout and raises only `GatewayError`."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from itertools import count

import structlog

from bot.clock import Clock
from bot.gateway import decode
from bot.gateway import puppet as wechat
from bot.gateway.base import GatewayError, MembersListed, NotSent, Person, Refused, RoomRef, Uncertain
from bot.gateway.calls import Calls
from bot.gateway.people import People
from bot.gateway.puppet import FileBox, PayloadType
from bot.gateway.settings import GatewaySettings

log = structlog.get_logger(__name__)

LARGEST_SENT = 2 * 1024 * 1024  # bytes; beyond this the message it travels in is refused by gateways
LARGEST_FETCHED = 20 * 1024 * 1024


class Actions:
    """The outgoing half of a gateway.

    A message that was sent is never fetched afterwards: that fails with today's gateways although the
    message is out.
    """

    def __init__(self, calls: Calls, people: People, clock: Clock, settings: GatewaySettings) -> None:
        self._calls = calls
        self._people = people
        self._clock = clock
        self._settings = settings
        self._pings: dict[str, asyncio.Future[None]] = {}
        self._ping_numbers = count(1)

    async def send_text(self, conversation: str, text: str, mention_ids: tuple[str, ...] = ()) -> str | None:
        """Send text with real mentions; the network's message id if it tells one."""
        if not conversation or not text.strip():
            raise NotSent("message_send_text: nothing to send, or nowhere to send it")
        sent = await self._calls.act("message_send_text", conversation, text, list(mention_ids))
        return sent or None

    async def send_file(self, conversation: str, name: str, content: bytes) -> str | None:
        """Send a picture or file of at most 2 MB; it travels as base64 inside one message."""
        if not content or len(content) > LARGEST_SENT:
            raise NotSent(f"message_send_file: {len(content)} bytes, allowed are 1 to {LARGEST_SENT}")
        box = FileBox.from_base64(base64.b64encode(content), name)
        sent = await self._calls.act(
            "message_send_file", conversation, box, timeout=self._settings.file_timeout
        )
        return sent or None

    async def recall(self, puppet_id: str) -> None:
        """Take back one of our own messages."""
        if not await self._calls.act("message_recall", puppet_id):
            raise Refused("message_recall: the gateway could not take it back")

    async def invite(self, room_id: str, person_id: str) -> None:
        """Invite a friend into a room."""
        await self._calls.act("room_add", room_id, person_id)

    async def remove(self, room_id: str, person_id: str) -> None:
        """Remove a person from a room."""
        await self._calls.act("room_delete", room_id, person_id)

    async def announce(self, room_id: str, text: str) -> None:
        """Set the room's announcement."""
        if not text:
            raise NotSent("room_announce: an empty announcement")
        await self._calls.act("room_announce", room_id, text)

    async def rename(self, room_id: str, topic: str) -> None:
        """Change the room's name."""
        if not topic:
            raise NotSent("room_topic: an empty name")
        await self._calls.act("room_topic", room_id, topic)

    async def create_room(self, person_ids: tuple[str, ...], topic: str) -> str:
        """Create a room; its network id."""
        room_id = await self._calls.act("room_create", list(person_ids), topic)
        if not room_id:
            raise Uncertain("room_create: the gateway named no room")
        return str(room_id)

    async def accept_friend(self, request_id: str) -> None:
        """Accept a friend request."""
        await self._calls.act("friendship_accept", request_id)

    async def accept_invitation(self, invitation_id: str) -> None:
        """Accept an invitation into a room."""
        await self._calls.act("room_invitation_accept", invitation_id)

    async def list_rooms(self) -> tuple[RoomRef, ...]:
        """Every room the account is in."""
        ids = await self._calls.act("room_list")
        return tuple([await self._people.room(room_id) for room_id in ids])

    async def list_members(self, room_id: str) -> MembersListed:
        """The members of a room past every cache: the gateway's is marked dirty first."""
        await self._forget(wechat.ROOM_PAYLOAD, room_id)
        await self._forget(wechat.MEMBER_PAYLOAD, room_id)
        ids = await self._calls.act("room_members", room_id)
        payload = await self._calls.act("room_payload", room_id)
        room = RoomRef(id=room_id, topic=(payload.topic or "")[: decode.LONGEST_NAME])
        places = asyncio.Semaphore(self._settings.concurrency)

        async def fresh(person_id: str) -> Person:
            async with places:
                return await self._fresh_member(room_id, person_id)

        people = await asyncio.gather(*(fresh(person_id) for person_id in dict.fromkeys(ids)))
        self._people.learn(room, people)
        now = self._clock.now()
        key = decode.fact_key("members", room_id, now.timestamp())
        return MembersListed(key=key, at=now, received_at=now, room=room, people=tuple(people))

    async def _forget(self, kind: int, room_id: str) -> None:
        """Some gateways cannot be told to forget; their list is as fresh as it gets."""
        try:
            await self._calls.act("dirty_payload", PayloadType(kind), room_id)
        except GatewayError as error:
            log.info("dirty_not_possible", reason=str(error))

    async def _fresh_member(self, room_id: str, person_id: str) -> Person:
        """Contacts may come from the cache, the 群昵称 may not. Whoever cannot be fetched stays listed."""
        contact = await self._people.contact(person_id)
        try:
            payload = await self._calls.ask("room_member_payload", room_id, person_id)
        except GatewayError:
            return self._people.known(room_id, person_id) or contact
        return replace(contact, name=payload.name or contact.name, room_alias=payload.room_alias or "")

    async def download(self, puppet_id: str) -> tuple[str, bytes]:
        """Name and content of a picture or file message of at most 20 MB."""
        name, content = await self._calls.act(
            "download", puppet_id, LARGEST_FETCHED, timeout=self._settings.file_timeout
        )
        return str(name), bytes(content)

    async def ping(self) -> float:
        """Seconds from a ding to its dong."""
        loop = asyncio.get_running_loop()
        name = f"ping-{next(self._ping_numbers)}"
        self._pings[name] = loop.create_future()
        began = loop.time()
        try:
            await self._calls.act("ding", name)
            async with asyncio.timeout(self._settings.dong_within):
                await self._pings[name]
        except TimeoutError:
            raise Uncertain(f"ding: no dong within {self._settings.dong_within:g} s") from None
        finally:
            del self._pings[name]
        return loop.time() - began

    def dong(self, data: str) -> None:
        """Some puppets return the ding's text, some nothing: then the oldest ping is meant."""
        waiting = self._pings.get(data) or next(iter(self._pings.values()), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
