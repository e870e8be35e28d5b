"""Events as a gateway writes them."""

from __future__ import annotations

from bot.gateway import shim

from wechaty_grpc.wechaty import puppet as protocol  # isort: skip  # after the shim

__all__ = ["EVENTS", "Raw", "event_bytes", "protocol", "shim"]

# The number of each event, and for each field of its JSON the attribute of wechaty's payload.
EVENTS: dict[str, tuple[int, dict[str, str]]] = {
    "message": (2, {"messageId": "message_id"}),
    "dong": (3, {"data": "data"}),
    "error": (16, {"data": "data"}),
    "friendship": (17, {"friendshipId": "friendship_id"}),
    "room-invite": (18, {"roomInvitationId": "room_invitation_id"}),
    "room-join": (
        19,
        {
            "inviteeIdList": "invited_ids",
            "inviterId": "inviter_id",
            "roomId": "room_id",
            "timestamp": "timestamp",
        },
    ),
    "room-leave": (
        20,
        {
            "removeeIdList": "removed_ids",
            "removerId": "remover_id",
            "roomId": "room_id",
            "timestamp": "timestamp",
        },
    ),
    "room-topic": (
        21,
        {
            "changerId": "changer_id",
            "newTopic": "new_topic",
            "oldTopic": "old_topic",
            "roomId": "room_id",
            "timestamp": "timestamp",
        },
    ),
    "login": (25, {"contactId": "contact_id"}),
    "logout": (26, {"contactId": "contact_id", "data": "data"}),
    "dirty": (27, {"payloadType": "payload_type", "payloadId": "payload_id"}),
}


class Raw(bytes):
    """Bytes that are a message already, for grpclib's codec."""

    def SerializeToString(self) -> bytes:  # noqa: N802 - the name that grpclib calls
        return bytes(self)

    @classmethod
    def FromString(cls, content: bytes) -> Raw:  # noqa: N802 - the name that grpclib calls
        return cls(content)


def event_bytes(number: int, payload: str) -> bytes:
    """One event of the stream. The payload must be text that UTF-8 can write."""
    return bytes(protocol.EventResponse(type=number, payload=payload))
