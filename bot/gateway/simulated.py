"""A puppet whose network lives in memory, so that the whole gateway path runs without WeChat."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError

from bot.clock import Clock
from bot.events import MessageKind
from bot.gateway.cast import Done, Sent, SimulatedPerson, SimulatedRoom
from bot.gateway.puppet import events
from bot.gateway.simulated_answers import SimulatedAnswers

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class SimulatedPuppet(SimulatedAnswers):
    """The bot's side of the simulated network. `sent` and `done` are what the bot did, in order.

    `on_sent` is called at once with each thing sent. `reachable` False is a gateway that is down,
    `logged_in` False one that waits for its account.
    """

    def __init__(self, clock: Clock, *, bot_name: str = "群星", keep: int = 20_000) -> None:
        super().__init__(clock, bot_name=bot_name, keep=keep)
        self.sent: list[Sent] = []
        self.done: list[Done] = []
        self.on_sent: Callable[[Sent], None] | None = None
        self.reachable = True
        self.logged_in = True
        self._line: asyncio.Future[None] | None = None

    # -- the line

    def on(self, event_name: str, caller: Callable[..., None]) -> None:
        """Call `caller` for every event of that name."""
        self._emitter.on(event_name, caller)

    def listener_count(self, event_name: str) -> int:
        """How many listen to that event."""
        return len(self._emitter.listeners(event_name))

    async def start(self) -> None:
        """Be attached until `stop` or `drop_line`; logs in at once unless told to wait."""
        if not self.reachable:
            raise ConnectionRefusedError("the simulated gateway is down")
        self._line = asyncio.get_running_loop().create_future()
        self.listening = True
        if self.logged_in:
            self.log_in()
        try:
            await self._line
        finally:
            self.listening = False

    async def stop(self) -> None:
        """Let go of the line and of all listeners."""
        self.listening = False
        self._emitter.remove_all_listeners()
        self.drop_line()

    async def knock(self) -> bool:
        """Whether the simulated gateway is up."""
        return self.reachable

    def drop_line(self, error: Exception | None = None) -> None:
        """End the connection: politely, or with `error`."""
        if self._line is None or self._line.done():
            return
        if error is None:
            self._line.set_result(None)
        else:
            self._line.set_exception(error)

    def log_in(self, account: SimulatedPerson | None = None) -> None:
        """The account is in; another one if given."""
        self.me = account or self.me
        self.logged_in = True
        self.report("login", events.EventLoginPayload(contact_id=self.me.id))

    def log_out(self, why: str = "kicked out by the phone") -> None:
        """The account is out while the line holds."""
        self.logged_in = False
        self.report("logout", events.EventLogoutPayload(contact_id=self.me.id, data=why))

    def self_id(self) -> str:
        """The account's id."""
        return self.me.id

    # -- deeds

    async def message_send_text(
        self, conversation_id: str, message: str, mention_ids: list[str] | None = None
    ) -> str:
        """Say something; echoed like a real puppet does."""
        await self._before("message_send_text", conversation_id, message)
        sent = self._send(conversation_id, text=message, mention_ids=tuple(mention_ids or ()))
        await self._after("message_send_text", conversation_id, message)
        return sent.message_id

    async def message_send_file(self, conversation_id: str, file: Any) -> str:
        """Send a file."""
        await self._before("message_send_file", conversation_id, file.name)
        sent = self._send(conversation_id, file_name=file.name, content=base64.b64decode(file.base64))
        await self._after("message_send_file", conversation_id, file.name)
        return sent.message_id

    async def message_recall(self, message_id: str) -> bool:
        """Take back; only the bot's own messages."""
        await self._before("message_recall", message_id)
        message = self.messages.get(message_id)
        if message is None or message.from_id != self.me.id:
            return False
        self._did("recall", room=message.room_id, text=message_id)
        to = self.people.get(message.to_id)
        self.speak(self.me, self.rooms.get(message.room_id), message_id, kind="recalled", to=to)
        await self._after("message_recall", message_id)
        return True

    async def room_add(self, room_id: str, contact_id: str) -> None:
        """Invite a friend, who joins at once."""
        await self._before("room_add", room_id, contact_id)
        room, person = self._found(self.rooms.get(room_id)), self._found(self.people.get(contact_id))
        if not person.friend:
            raise GRPCError(Status.PERMISSION_DENIED, "not a friend")
        self._did("invite", room=room_id, person=contact_id)
        room.join(person, inviter=self.me)
        await self._after("room_add", room_id, contact_id)

    async def room_delete(self, room_id: str, contact_id: str) -> None:
        """Remove somebody; needs the role."""
        await self._before("room_delete", room_id, contact_id)
        room = self._room_with_role(room_id)
        person = self._found(room.members.get(contact_id))
        self._did("remove", room=room_id, person=contact_id)
        room.leave(person, remover=self.me)
        await self._after("room_delete", room_id, contact_id)

    async def room_announce(self, room_id: str, announcement: str | None = None) -> str:
        """Set the announcement; needs the role."""
        await self._before("room_announce", room_id, announcement)
        room = self._room_with_role(room_id)
        room.announcement = announcement or ""
        self._did("announce", room=room_id, text=room.announcement)
        await self._after("room_announce", room_id, announcement)
        return room.announcement

    async def room_topic(self, room_id: str, new_topic: str) -> None:
        """Rename the room; needs the role."""
        await self._before("room_topic", room_id, new_topic)
        room = self._room_with_role(room_id)
        self._did("rename", room=room_id, text=new_topic)
        room.rename(new_topic, by=self.me)
        await self._after("room_topic", room_id, new_topic)

    async def room_create(self, contact_ids: list[str], topic: str | None = None) -> str:
        """Make a room with friends."""
        await self._before("room_create", contact_ids, topic)
        room = self.room(topic or "", [self._found(self.people.get(one)) for one in contact_ids])
        self._did("create", room=room.id, text=room.topic)
        await self._after("room_create", contact_ids, topic)
        return room.id

    async def friendship_accept(self, friendship_id: str) -> None:
        """Accept a friend request."""
        await self._before("friendship_accept", friendship_id)
        person, _, _ = self._found(self.requests.get(friendship_id))
        self._did("accept_friend", person=person.id)
        self.confirm_friendship(person)
        await self._after("friendship_accept", friendship_id)

    async def room_invitation_accept(self, room_invitation_id: str) -> None:
        """Accept an invitation: the bot comes into a new room."""
        await self._before("room_invitation_accept", room_invitation_id)
        person, topic = self._found(self.invitations.get(room_invitation_id))
        room = self.room(topic, [person])
        self._did("accept_invitation", room=room.id, person=person.id)
        self.report_join(room, [self.me], person)
        await self._after("room_invitation_accept", room_invitation_id)

    # -- inside

    def _send(
        self,
        conversation: str,
        *,
        text: str = "",
        mention_ids: tuple[str, ...] = (),
        file_name: str = "",
        content: bytes = b"",
    ) -> Sent:
        room, person = self.rooms.get(conversation), self.people.get(conversation)
        if room is None and (person is None or not person.friend):
            raise GRPCError(Status.PERMISSION_DENIED, "neither a room nor a friend")
        if room is not None and self.me.id not in room.members:
            raise GRPCError(Status.PERMISSION_DENIED, "not in that room")
        kind = _kind_of(file_name)
        said = self.speak(
            self.me,
            room,
            text,
            kind=kind,
            mention_ids=mention_ids,
            content=content,
            file_name=file_name,
            to=person,
        )
        now = self.clock.now()
        sent = Sent(said.id, now, conversation, room, person, text, mention_ids, file_name, content)
        self.sent.append(sent)
        if self.on_sent is not None:
            self.on_sent(sent)
        return sent

    def _did(self, act: str, *, room: str = "", person: str = "", text: str = "") -> None:
        self.done.append(Done(act, self.clock.now(), room, person, text))

    def _room_with_role(self, room_id: str) -> SimulatedRoom:
        room = self._found(self.rooms.get(room_id))
        if not room.bot_may:
            raise GRPCError(Status.PERMISSION_DENIED, "the bot has no role in this room")
        return room

    async def _after(self, call: str, *arguments: Any) -> None:
        if self.after_call is not None:
            await self.after_call(call, arguments)


def _kind_of(file_name: str) -> MessageKind:
    if not file_name:
        return "text"
    return "image" if file_name.lower().endswith(PICTURES) else "file"
