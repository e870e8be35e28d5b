"""What a gateway answers: the simulated network's answers in wechaty's gRPC messages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from bot.gateway import shim
from bot.gateway.simulated import SimulatedPuppet
from bot.gateway.wire import NODE_TYPES, RoomText

from wechaty_grpc.wechaty import puppet as protocol  # isort: skip  # after the shim

__all__ = ["CALLS", "Answers", "protocol", "shim"]

# On the wire stand the numbers of the Node puppets.
WIRE_TYPES = {ours: theirs for theirs, ours in NODE_TYPES.items()}

CALLS: dict[str, Any] = {
    "Start": protocol.StartRequest,
    "Stop": protocol.StopRequest,
    "Ding": protocol.DingRequest,
    "DirtyPayload": protocol.DirtyPayloadRequest,
    "ContactPayload": protocol.ContactPayloadRequest,
    "MessagePayload": protocol.MessagePayloadRequest,
    "RoomList": protocol.RoomListRequest,
    "RoomPayload": protocol.RoomPayloadRequest,
    "RoomMemberList": protocol.RoomMemberListRequest,
    "RoomMemberPayload": protocol.RoomMemberPayloadRequest,
    "FriendshipPayload": protocol.FriendshipPayloadRequest,
    "FriendshipAccept": protocol.FriendshipAcceptRequest,
    "RoomInvitationPayload": protocol.RoomInvitationPayloadRequest,
    "RoomInvitationAccept": protocol.RoomInvitationAcceptRequest,
    "MessageSendText": protocol.MessageSendTextRequest,
    "MessageSendFile": protocol.MessageSendFileRequest,
    "MessageRecall": protocol.MessageRecallRequest,
    "RoomAdd": protocol.RoomAddRequest,
    "RoomDel": protocol.RoomDelRequest,
    "RoomTopic": RoomText,
    "RoomAnnounce": RoomText,
}


class Answers:
    """Asks the simulated network and writes what it says as gRPC messages."""

    def __init__(self, world: SimulatedPuppet) -> None:
        self._world = world
        self._made: dict[str, Callable[[Any], Awaitable[Any]]] = {
            "Ding": self._ding,
            "DirtyPayload": self._dirty,
            "ContactPayload": self._contact,
            "MessagePayload": self._message,
            "RoomList": self._rooms,
            "RoomPayload": self._room,
            "RoomMemberList": self._members,
            "RoomMemberPayload": self._member,
            "FriendshipPayload": self._friendship,
            "FriendshipAccept": self._accept_friend,
            "RoomInvitationPayload": self._invitation,
            "RoomInvitationAccept": self._accept_invitation,
            "MessageSendText": self._send_text,
            "MessageSendFile": self._send_file,
            "MessageRecall": self._recall,
            "RoomAdd": self._add,
            "RoomDel": self._remove,
            "RoomTopic": self._topic,
            "RoomAnnounce": self._announce,
        }

    async def to(self, name: str, request: Any) -> Any:
        """The answer to a call."""
        return await self._made[name](request)

    async def _ding(self, request: Any) -> Any:
        await self._world.ding(request.data)
        return protocol.DingResponse()

    async def _dirty(self, request: Any) -> Any:
        return protocol.DirtyPayloadResponse()

    async def _contact(self, request: Any) -> Any:
        one = await self._world.contact_payload(request.id)
        return protocol.ContactPayloadResponse(id=one.id, name=one.name, type=one.type, friend=one.friend)

    async def _message(self, request: Any) -> Any:
        one = await self._world.message_payload(request.id)
        return protocol.MessagePayloadResponse(
            id=one.id, filename=one.filename, text=one.text, timestamp=one.timestamp,
            type=WIRE_TYPES.get(one.type, one.type), from_id=one.from_id, room_id=one.room_id,
            to_id=one.to_id, mention_ids=one.mention_ids,
        )  # fmt: skip

    async def _rooms(self, request: Any) -> Any:
        return protocol.RoomListResponse(ids=await self._world.room_list())

    async def _room(self, request: Any) -> Any:
        one = await self._world.room_payload(request.id)
        return protocol.RoomPayloadResponse(
            id=one.id, topic=one.topic, owner_id=one.owner_id, member_ids=one.member_ids
        )

    async def _members(self, request: Any) -> Any:
        return protocol.RoomMemberListResponse(member_ids=await self._world.room_members(request.id))

    async def _member(self, request: Any) -> Any:
        one = await self._world.room_member_payload(request.id, request.member_id)
        return protocol.RoomMemberPayloadResponse(id=one.id, name=one.name, room_alias=one.room_alias)

    async def _friendship(self, request: Any) -> Any:
        one = await self._world.friendship_payload(request.id)
        return protocol.FriendshipPayloadResponse(
            id=one.id, contact_id=one.contact_id, hello=one.hello, type=one.type
        )

    async def _accept_friend(self, request: Any) -> Any:
        await self._world.friendship_accept(request.id)
        return protocol.FriendshipAcceptResponse()

    async def _invitation(self, request: Any) -> Any:
        one = await self._world.room_invitation_payload(request.id)
        return protocol.RoomInvitationPayloadResponse(
            id=one.id, inviter_id=one.inviter_id, topic=one.topic, timestamp=one.timestamp
        )

    async def _accept_invitation(self, request: Any) -> Any:
        await self._world.room_invitation_accept(request.id)
        return protocol.RoomInvitationAcceptResponse()

    async def _send_text(self, request: Any) -> Any:
        sent = await self._world.message_send_text(
            request.conversation_id, request.text, list(request.mentonal_ids)
        )
        return protocol.MessageSendTextResponse(id=sent)

    async def _send_file(self, request: Any) -> Any:
        box = json.loads(request.filebox)
        file = SimpleNamespace(name=box.get("name", ""), base64=box.get("base64", ""))
        return protocol.MessageSendFileResponse(
            id=await self._world.message_send_file(request.conversation_id, file)
        )

    async def _recall(self, request: Any) -> Any:
        return protocol.MessageRecallResponse(success=await self._world.message_recall(request.id))

    async def _add(self, request: Any) -> Any:
        await self._world.room_add(request.id, request.contact_id)
        return protocol.RoomAddResponse()

    async def _remove(self, request: Any) -> Any:
        await self._world.room_delete(request.id, request.contact_id)
        return protocol.RoomDelResponse()

    async def _topic(self, request: Any) -> Any:
        await self._world.room_topic(request.id, request.text)
        return protocol.RoomTopicResponse()

    async def _announce(self, request: Any) -> Any:
        await self._world.room_announce(request.id, request.text)
        return protocol.RoomAnnounceResponse()
