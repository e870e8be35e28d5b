"""What a simulated puppet answers when the bot asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, TypeVar

from grpclib.const import Status
from grpclib.exceptions import GRPCError

from bot.clock import Clock
from bot.gateway.puppet import OFFICIAL, PERSONAL, events
from bot.gateway.simulated_world import SimulatedMessage, SimulatedWorld

CallHook = Callable[[str, tuple[Any, ...]], Awaitable[None]]
Thing = TypeVar("Thing")


class SimulatedAnswers(SimulatedWorld):
    """The questions of a puppet, answered from the simulated network.

    `before_call` and `after_call` get every call's name and arguments and may delay it or raise: before it
    has its effect, or although it had it. `answers_dings` False is a line that died without closing.
    """

    def __init__(self, clock: Clock, *, bot_name: str = "群星", keep: int = 20_000) -> None:
        super().__init__(clock, bot_name=bot_name, keep=keep)
        self.before_call: CallHook | None = None
        self.after_call: CallHook | None = None
        self.answers_dings = True

    async def ding(self, data: str | None = "") -> None:
        """Answered by a dong."""
        await self._before("ding", data)
        if self.answers_dings:
            self.report("dong", events.EventDongPayload(data=data))

    async def message_payload(self, message_id: str) -> SimulatedMessage:
        """A message by its id."""
        if self.before_call is not None:
            await self._before("message_payload", message_id)
        return self._found(self.messages.get(message_id))

    async def contact_payload(self, contact_id: str) -> Any:
        """Somebody by id."""
        await self._before("contact_payload", contact_id)
        one = self._found(self.people.get(contact_id))
        kind = OFFICIAL if one.official else PERSONAL
        return SimpleNamespace(id=one.id, name=one.name, type=kind, friend=one.friend)

    async def room_list(self) -> list[str]:
        """The rooms the bot is in."""
        await self._before("room_list")
        return [room.id for room in self.rooms.values() if self.me.id in room.members]

    async def room_payload(self, room_id: str) -> Any:
        """A room by id."""
        await self._before("room_payload", room_id)
        room = self._found(self.rooms.get(room_id))
        return SimpleNamespace(
            id=room.id, topic=room.topic, owner_id=room.owner_id, member_ids=list(room.members)
        )

    async def room_members(self, room_id: str) -> list[str]:
        """Ids of a room's members."""
        await self._before("room_members", room_id)
        return list(self._found(self.rooms.get(room_id)).members)

    async def room_member_payload(self, room_id: str, contact_id: str) -> Any:
        """Somebody as a room's member."""
        await self._before("room_member_payload", room_id, contact_id)
        room = self._found(self.rooms.get(room_id))
        one = self._found(room.members.get(contact_id))
        return SimpleNamespace(id=one.id, name=one.name, room_alias=room.aliases.get(one.id, ""))

    async def friendship_payload(self, friendship_id: str, payload: Any = None) -> Any:
        """A friend request by id."""
        await self._before("friendship_payload", friendship_id)
        one, greeting, kind = self._found(self.requests.get(friendship_id))
        return SimpleNamespace(id=friendship_id, contact_id=one.id, hello=greeting, type=kind)

    async def room_invitation_payload(self, room_invitation_id: str, payload: Any = None) -> Any:
        """An invitation by id."""
        await self._before("room_invitation_payload", room_invitation_id)
        one, topic = self._found(self.invitations.get(room_invitation_id))
        return SimpleNamespace(id=room_invitation_id, inviter_id=one.id, topic=topic, timestamp=self._stamp())

    async def dirty_payload(self, payload_type: Any, payload_id: str) -> None:
        """Nothing is cached here."""
        await self._before("dirty_payload", payload_type, payload_id)

    async def download(self, message_id: str, limit: int) -> tuple[str, bytes]:
        """Name and content of a file message."""
        await self._before("download", message_id)
        message = self._found(self.messages.get(message_id))
        if not message.content or len(message.content) > limit:
            raise GRPCError(Status.FAILED_PRECONDITION, "no content, or too much of it")
        return message.filename, message.content

    async def _before(self, call: str, *arguments: Any) -> None:
        if self.before_call is not None:
            await self.before_call(call, arguments)

    def _found(self, thing: Thing | None) -> Thing:
        if thing is None:
            raise GRPCError(Status.NOT_FOUND, "no such thing in the simulated network")
        return thing
