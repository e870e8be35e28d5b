"""Reads and writes the three protobuf messages that come by the thousand.

wechaty's generated classes (betterproto 1) take ten times as long for these; everything else uses them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_SKIPPED = {FIXED64: 8, FIXED32: 4}


class RawRequest(bytes):
    """A request that is encoded already; the method is the name that grpclib calls."""

    def SerializeToString(self) -> bytes:  # noqa: N802
        """The bytes themselves."""
        return self


class RawAnswer(bytes):
    """An answer left undecoded, so that one malformed event does not end the whole stream."""

    @classmethod
    def FromString(cls, content: bytes) -> RawAnswer:  # noqa: N802
        """Keep the bytes."""
        return cls(content)


@dataclass(slots=True)
class MessageAnswer:
    """`MessagePayloadResponse`, with the names that wechaty gives its fields."""

    id: str = ""
    type: int = 0
    text: str = ""
    filename: str = ""
    timestamp: int = 0
    from_id: str = ""
    room_id: str = ""
    to_id: str = ""
    mention_ids: list[str] = field(default_factory=list)

    @classmethod
    def FromString(cls, content: bytes) -> MessageAnswer:  # noqa: N802
        """Decode. Raises `ValueError`."""
        found = cls()
        for number, value in fields(content):
            if number == 9 and isinstance(value, bytes):
                found.mention_ids.append(value.decode())
            elif number in _NUMBERS and isinstance(value, int):
                setattr(found, _NUMBERS[number], value)
            elif number in _TEXTS and isinstance(value, bytes):
                setattr(found, _TEXTS[number], value.decode())
        return found


_TEXTS = {1: "id", 2: "filename", 3: "text", 6: "from_id", 7: "room_id", 8: "to_id"}
_NUMBERS = {4: "timestamp", 5: "type"}


def id_request(id: str) -> RawRequest:
    """Any request whose only field is an id."""
    content = id.encode()
    return RawRequest(b"\x0a" + _varint(len(content)) + content)


def read_event(content: bytes) -> tuple[int, str]:
    """Type number and payload of an `EventResponse`. Raises `ValueError`."""
    kind, payload = 0, ""
    for number, value in fields(content):
        if number == 1 and isinstance(value, int):
            kind = value
        elif number == 2 and isinstance(value, bytes):
            payload = value.decode()
    return kind, payload


def fields(content: bytes) -> list[tuple[int, int | bytes]]:
    """Number and value of every field, in order; numbers as int, all else as bytes. Raises `ValueError`."""
    found: list[tuple[int, int | bytes]] = []
    place, end = 0, len(content)
    while place < end:
        key, place = _read_varint(content, place)
        wire = key & 7
        if wire == VARINT:
            value, place = _read_varint(content, place)
            found.append((key >> 3, value))
            continue
        if wire == LENGTH:
            size, place = _read_varint(content, place)
        elif wire in _SKIPPED:
            size = _SKIPPED[wire]
        else:
            raise ValueError(f"wire type {wire}")
        if place + size > end:
            raise ValueError("cut short")
        found.append((key >> 3, content[place : place + size]))
        place += size
    return found


def _read_varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        if place >= len(content):
            raise ValueError("cut short")
        byte = content[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
    raise ValueError("a number without end")


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
