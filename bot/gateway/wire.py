"""What today's gateways say on the wire and wechaty's generated classes do not know."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Optional

import betterproto

from bot.gateway import puppet as wechat

# The numbers of the Node puppets, which gateways pass on, to those of the gRPC `MessageType`.
NODE_TYPES = {
    1: wechat.ATTACHMENT,
    2: wechat.AUDIO,
    3: wechat.CONTACT,
    4: wechat.CHAT_HISTORY,
    5: wechat.EMOTICON,
    6: wechat.IMAGE,
    7: wechat.TEXT,
    8: wechat.LOCATION,
    9: wechat.MINI_PROGRAM,
    11: wechat.TRANSFER,
    12: wechat.RED_ENVELOPE,
    13: wechat.RECALLED,
    14: wechat.URL,
    15: wechat.VIDEO,
}
BASE64, REMOTE, UUID = 1, 2, 7  # kinds of file boxes that can carry content


class FileRefused(Exception):
    """A file box that we do not open: too large, or of a kind without content."""


@dataclass(eq=False, repr=False)
class RoomText(betterproto.Message):
    """`RoomTopicRequest` and `RoomAnnounceRequest`.

    wechaty fills field 2, which today's gateways ignore and take for a question; old ones know no field 3.
    """

    id: str = betterproto.string_field(1)
    old_text: Optional[str] = betterproto.message_field(2, wraps=betterproto.TYPE_STRING)  # noqa: UP045 - betterproto reads no other form
    text: str = betterproto.string_field(3)


@dataclass(eq=False, repr=False)
class DownloadRequest(betterproto.Message):
    """Asks for the content behind a file box of kind "uuid"."""

    id: str = betterproto.string_field(1)


@dataclass(eq=False, repr=False)
class DownloadResponse(betterproto.Message):
    """A piece of that content."""

    chunk: bytes = betterproto.bytes_field(1)


@dataclass(frozen=True, slots=True)
class FileSource:
    """Where a file's content is: in `content`, or behind the `uuid` or the `url`."""

    name: str
    content: bytes | None = None
    uuid: str = ""
    url: str = ""


def read_file_box(text: str, limit: int) -> FileSource:
    """A serialised file box. Raises `FileRefused`."""
    box: Any = json.loads(text)
    kind, name = box.get("type") or box.get("boxType"), str(box.get("name") or "")
    if kind == BASE64:
        encoded = str(box.get("base64") or "")
        if len(encoded) > limit * 4 // 3 + 4:
            raise FileRefused(f"more than {limit} bytes")
        return FileSource(name, content=base64.b64decode(encoded))
    if kind == UUID:
        return FileSource(name, uuid=str(box.get("uuid") or ""))
    if kind == REMOTE:
        return FileSource(name, url=str(box.get("url") or box.get("remoteUrl") or ""))
    raise FileRefused(f"a file box of kind {kind}")
