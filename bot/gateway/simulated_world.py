"""What people do in a simulated chat network, and how the puppet reports it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from pyee.base import EventEmitter

from bot.clock import Clock
from bot.events import MessageKind
from bot.gateway import puppet as wechat
from bot.gateway.cast import Said, SimulatedPerson, SimulatedRoom
from bot.gateway.decode import KINDS
from bot.gateway.puppet import DirtyReport, PuppetBase, PuppetOptions, events

TYPES: dict[MessageKind, int] = {kind: number for number, kind in KINDS.items()} | {"unknown": 0}


@dataclass(slots=True)
class SimulatedMessage:
    """A message payload with the fields of wechaty's, without the cost of building one of those."""

    id: str
    type: int
    text: str
    timestamp: int
    from_id: str
    room_id: str
    to_id: str
    mention_ids: list[str]
    filename: str = ""
    content: bytes = field(default=b"", repr=False)


class SimulatedWorld(PuppetBase):
    """People, rooms and messages. Only the last `keep` messages can still be fetched.

    What happens while nobody listens is lost, as on a real network; `lost_events` counts it.
    """

    def __init__(self, clock: Clock, *, bot_name: str = "群星", keep: int = 20_000) -> None:
        super().__init__(PuppetOptions(), name="simulated")
        self.clock = clock
        self.people: dict[str, SimulatedPerson] = {}
        self.rooms: dict[str, SimulatedRoom] = {}
        self.messages: OrderedDict[str, SimulatedMessage] = OrderedDict()
        self.requests: dict[str, tuple[SimulatedPerson, str, int]] = {}
        self.invitations: dict[str, tuple[SimulatedPerson, str]] = {}
        self.lost_events = 0
        self.listening = False
        self._keep = keep
        self._numbers = count(1)
        self._emitter = EventEmitter()
        self.me = self.person(bot_name)

    def person(
        self, name: str, *, friend: bool = False, official: bool = False, id: str = ""
    ) -> SimulatedPerson:
        """Somebody new; the id is made up if not given."""
        one = SimulatedPerson(self, id or self._next("wxid_"), name, friend, official)
        self.people[one.id] = one
        return one

    def room(self, topic: str, members: Iterable[SimulatedPerson] = (), *, id: str = "") -> SimulatedRoom:
        """A room with `members` and the bot; the first of them owns it."""
        room = SimulatedRoom(self, id or f"{self._next('')}@chatroom", topic)
        room.members = {one.id: one for one in (*members, self.me)}
        room.owner_id = next(iter(room.members))
        self.rooms[room.id] = room
        return room

    def speak(
        self,
        talker: SimulatedPerson,
        room: SimulatedRoom | None,
        text: str,
        *,
        kind: MessageKind = "text",
        mention_ids: Sequence[str] = (),
        content: bytes = b"",
        file_name: str = "",
        to: SimulatedPerson | None = None,
    ) -> Said:
        """Put a message into the network and report it."""
        message = SimulatedMessage(
            id=self._next("m"),
            type=TYPES[kind],
            text=text,
            timestamp=self._stamp(),
            from_id=talker.id,
            room_id=room.id if room else "",
            to_id="" if room else (to or self.me).id,
            mention_ids=list(mention_ids),
            filename=file_name,
            content=content,
        )
        self.messages[message.id] = message
        if len(self.messages) > self._keep:
            self.messages.popitem(last=False)
        self.replay(message.id)
        return Said(message.id, talker, message.room_id, text, kind)

    def replay(self, message_id: str) -> None:
        """Report a message (again, as gateways do after a restart)."""
        self.report("message", events.EventMessagePayload(message_id=message_id))

    def take_back(self, said: Said) -> None:
        """The talker recalls their message."""
        room = self.rooms.get(said.room)
        self.speak(said.talker, room, said.id, kind="recalled")

    def report_join(
        self, room: SimulatedRoom, people: Iterable[SimulatedPerson], inviter: SimulatedPerson | None
    ) -> None:
        """Event "room-join"."""
        payload = events.EventRoomJoinPayload(
            invited_ids=[one.id for one in people],
            inviter_id=inviter.id if inviter else "",
            room_id=room.id,
            timestamp=self._stamp(),
        )
        self.report("room-join", payload)

    def report_leave(
        self, room: SimulatedRoom, people: Iterable[SimulatedPerson], remover: SimulatedPerson | None
    ) -> None:
        """Event "room-leave"."""
        payload = events.EventRoomLeavePayload(
            removed_ids=[one.id for one in people],
            remover_id=remover.id if remover else "",
            room_id=room.id,
            timestamp=self._stamp(),
        )
        self.report("room-leave", payload)

    def report_topic(self, room: SimulatedRoom, old: str, by: SimulatedPerson | None) -> None:
        """Event "room-topic"."""
        payload = events.EventRoomTopicPayload(
            changer_id=by.id if by else "",
            new_topic=room.topic,
            old_topic=old,
            room_id=room.id,
            timestamp=self._stamp(),
        )
        self.report("room-topic", payload)

    def request_friendship(self, person: SimulatedPerson, greeting: str) -> str:
        """Event "friendship" that asks; the id of the request."""
        return self._friendship(person, greeting, wechat.RECEIVE)

    def confirm_friendship(self, person: SimulatedPerson) -> str:
        """`person` and the bot are friends from now on."""
        person.friend = True
        return self._friendship(person, "", wechat.CONFIRM)

    def invite_bot(self, person: SimulatedPerson, topic: str) -> str:
        """Event "room-invite"; the id of the invitation."""
        invitation = self._next("invitation_")
        self.invitations[invitation] = (person, topic)
        self.report("room-invite", events.EventRoomInvitePayload(room_invitation_id=invitation))
        return invitation

    def contact_changed(self, person: SimulatedPerson) -> None:
        """Event "dirty" for a contact."""
        self.report("dirty", DirtyReport(wechat.CONTACT_PAYLOAD, person.id))

    def room_changed(self, room: SimulatedRoom) -> None:
        """Event "dirty" for a room's members."""
        self.report("dirty", DirtyReport(wechat.MEMBER_PAYLOAD, room.id))

    def report(self, name: str, payload: Any) -> None:
        """Emit an event, if anybody is attached to hear it."""
        if self.listening:
            self._emitter.emit(name, payload)
        else:
            self.lost_events += 1

    def _friendship(self, person: SimulatedPerson, greeting: str, kind: int) -> str:
        request = self._next("friendship_")
        self.requests[request] = (person, greeting, kind)
        self.report("friendship", events.EventFriendshipPayload(friendship_id=request))
        return request

    def _stamp(self) -> int:
        return int(self.clock.now().timestamp())

    def _next(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"
