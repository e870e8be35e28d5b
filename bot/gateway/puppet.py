"""The seam to wechaty's puppet layer: its untyped names enter here once, with types of our own.

The adapter works on puppets and not on wechaty's `Message` and `Room`, whose caches and double fetches
lose messages and time. Everything else in this package imports wechaty's names from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.gateway import shim  # must come before every import of wechaty

import wechaty_puppet  # isort: skip

__all__ = ["FileBox", "PuppetBase", "PuppetOptions", "events", "shim"]

FileBox: Any = wechaty_puppet.FileBox
PuppetOptions: Any = wechaty_puppet.PuppetOptions
events: Any = wechaty_puppet.schemas.event

# The numbers of wechaty's gRPC `MessageType`, which puppets give in their payloads.
ATTACHMENT, AUDIO, CONTACT, EMOTICON, IMAGE, TEXT, VIDEO, CHAT_HISTORY = 1, 2, 3, 4, 5, 6, 7, 8
LOCATION, MINI_PROGRAM, TRANSFER, RED_ENVELOPE, RECALLED, URL = 9, 10, 11, 12, 13, 14

PERSONAL, OFFICIAL = 1, 2  # `ContactType`
CONFIRM, RECEIVE, VERIFY = 1, 2, 3  # `FriendshipType`
ROOM_PAYLOAD, MEMBER_PAYLOAD, CONTACT_PAYLOAD = 3, 4, 2  # `PayloadType`

PayloadType: Any = wechaty_puppet.PayloadType

# What an emitter of a puppet can say; "odd" and "dirty" are ours (wechaty drops both).
EVENT_NAMES = (
    "message", "room-join", "room-leave", "room-topic", "room-invite", "friendship",
    "login", "logout", "scan", "ready", "dong", "heartbeat", "error", "reset", "dirty", "odd",
)  # fmt: skip


class MessagePayload(Protocol):
    """What a puppet tells about a message. `timestamp` is in seconds or milliseconds, 0 if unknown."""

    id: str
    type: int
    text: str
    filename: str
    timestamp: int
    from_id: str
    room_id: str
    to_id: str
    mention_ids: list[str]


class ContactPayload(Protocol):
    """What a puppet tells about an account."""

    id: str
    name: str
    type: int
    friend: bool


class MemberPayload(Protocol):
    """What a puppet tells about somebody in a room; `room_alias` is the 群昵称."""

    id: str
    name: str
    room_alias: str


@dataclass(frozen=True, slots=True)
class DirtyReport:
    """Event "dirty": what is cached of this room, member list or contact no longer holds."""

    payload_type: int
    payload_id: str


@dataclass(frozen=True, slots=True)
class OddReport:
    """Event "odd": what came could not be decoded."""

    why: str
    raw: str


class PuppetBase(wechaty_puppet.Puppet):  # type: ignore[misc]
    """Wechaty's puppet, and what the adapter expects of one besides.

    `start()` returns or raises when the line ends; `stop()` forgets all listeners. While `room_for_more`
    is cleared a puppet that reads from a network stops reading.
    """

    room_for_more: asyncio.Event | None = None

    def on(self, event_name: str, caller: Callable[..., None]) -> None:
        """Call `caller` synchronously, in order, for every event of that name."""
        raise NotImplementedError

    async def download(self, message_id: str, limit: int) -> tuple[str, bytes]:
        """Name and content of what a message carries; raises if it is larger than `limit` bytes."""
        raise NotImplementedError

    async def knock(self) -> bool:
        """Whether somebody would answer the door, without entering."""
        return True


PuppetFactory = Callable[[], PuppetBase]
Sleep = Callable[[float], Awaitable[None]]
