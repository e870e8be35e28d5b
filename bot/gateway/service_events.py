"""Decodes the events of a gateway's stream, forgivingly: what is missing is empty, what is wrong is odd."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.gateway.puppet import DirtyReport, OddReport, events

Fields = dict[str, Any]


class Malformed(Exception):
    """An event without what makes it one."""


def decode_event(number: int, payload: str) -> tuple[str, Any]:
    """Name and payload for the emitter. Never raises: ("odd", `OddReport`) if nothing else fits."""
    name, build = _EVENTS.get(number, ("odd", None))
    if build is None:
        return "odd", OddReport(why=f"event of unknown type {number}", raw=payload)
    try:
        fields = json.loads(payload) if payload else {}
        if not isinstance(fields, dict):
            raise Malformed("payload is no object")
        return name, build(fields)
    except Malformed as error:
        return "odd", OddReport(why=f"{name}: {error}", raw=payload)
    except Exception as error:  # whatever a gateway writes must not end reception
        return "odd", OddReport(why=f"{name}: {type(error).__name__}", raw=payload)


def _id(fields: Fields, key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value:
        raise Malformed(f"without {key}")
    return _storable(value)


def _text(fields: Fields, key: str) -> str:
    value = fields.get(key)
    return _storable(value) if isinstance(value, str) else ""


def _ids(fields: Fields, key: str) -> list[str]:
    value = fields.get(key)
    values = value if isinstance(value, list) else []
    return [_storable(one) for one in values if isinstance(one, str) and one]


def _storable(text: str) -> str:
    """JSON can spell half a surrogate pair, which no database and no file takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _stamp(fields: Fields) -> Any:
    return fields.get("timestamp") or 0


def _number(fields: Fields, key: str) -> int:
    value = fields.get(key)
    return value if isinstance(value, int) else 0


def _join(fields: Fields) -> Any:
    return events.EventRoomJoinPayload(
        invited_ids=_ids(fields, "inviteeIdList"),
        inviter_id=_text(fields, "inviterId"),
        room_id=_id(fields, "roomId"),
        timestamp=_stamp(fields),
    )


def _leave(fields: Fields) -> Any:
    return events.EventRoomLeavePayload(
        removed_ids=_ids(fields, "removeeIdList"),
        remover_id=_text(fields, "removerId"),
        room_id=_id(fields, "roomId"),
        timestamp=_stamp(fields),
    )


def _topic(fields: Fields) -> Any:
    return events.EventRoomTopicPayload(
        changer_id=_text(fields, "changerId"),
        new_topic=_text(fields, "newTopic"),
        old_topic=_text(fields, "oldTopic"),
        room_id=_id(fields, "roomId"),
        timestamp=_stamp(fields),
    )


def _scan(fields: Fields) -> Any:
    status = _number(fields, "status")
    known = status if 0 <= status <= 5 else 0
    return events.EventScanPayload(status=events.ScanStatus(known), qrcode=_text(fields, "qrcode"))


def _dirty(fields: Fields) -> DirtyReport:
    return DirtyReport(_number(fields, "payloadType"), _id(fields, "payloadId"))


def _error(fields: Fields) -> Any:
    return events.EventErrorPayload(data=_text(fields, "data") or _text(fields, "gerror"))


_EVENTS: dict[int, tuple[str, Callable[[Fields], Any] | None]] = {
    1: ("heartbeat", lambda fields: events.EventHeartbeatPayload(data=_text(fields, "data"))),
    2: ("message", lambda fields: events.EventMessagePayload(message_id=_id(fields, "messageId"))),
    3: ("dong", lambda fields: events.EventDongPayload(data=_text(fields, "data"))),
    16: ("error", _error),
    17: (
        "friendship",
        lambda fields: events.EventFriendshipPayload(friendship_id=_id(fields, "friendshipId")),
    ),
    18: (
        "room-invite",
        lambda fields: events.EventRoomInvitePayload(room_invitation_id=_id(fields, "roomInvitationId")),
    ),
    19: ("room-join", _join),
    20: ("room-leave", _leave),
    21: ("room-topic", _topic),
    22: ("scan", _scan),
    23: ("ready", lambda fields: events.EventReadyPayload(data=_text(fields, "data"))),
    24: ("reset", lambda fields: events.EventResetPayload(data=_text(fields, "data"))),
    25: ("login", lambda fields: events.EventLoginPayload(contact_id=_id(fields, "contactId"))),
    26: (
        "logout",
        lambda fields: events.EventLogoutPayload(
            contact_id=_text(fields, "contactId"), data=_text(fields, "data")
        ),
    ),
    27: ("dirty", _dirty),
}
