"""Events that no gateway should send, made from a seed: of every type there is, and of some there are not.

Left out are only events that say something true and grave about the account itself, such as another one
logging in: what those mean is tested elsewhere.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.faults.wire import event_bytes, protocol

# The fields of each type's payload, as gateways name them.
FIELDS: dict[int, tuple[str, ...]] = {
    1: ("data",),
    2: ("messageId",),
    3: ("data",),
    16: ("data", "gerror"),
    17: ("friendshipId",),
    18: ("roomInvitationId",),
    19: ("inviteeIdList", "inviterId", "roomId", "timestamp"),
    20: ("removeeIdList", "removerId", "roomId", "timestamp"),
    21: ("changerId", "newTopic", "oldTopic", "roomId", "timestamp"),
    22: ("status", "qrcode", "data"),
    23: ("data",),
    24: ("data",),
    25: ("contactId",),
    26: ("contactId", "data"),
    27: ("payloadType", "payloadId"),
}
UNKNOWN = (0, 4, 5, 15, 28, 99, 1000, 2**31 - 1)
LOGIN = 25
STRANGE_TEXT = (
    "", " ", "\x00", "\ud800", "\udfff\ud800", "a\nb\r\nc", "\u202e\u200b", "$name {0} %s",
    "'; DROP TABLE message;--", "../../etc/passwd", "\x1b[2J", "=1+1",
    "「甲：乙」\n------\n", "@所有人", "💥" * 50, "长" * 3000,
)  # fmt: skip
STRANGE_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**30, -(10**30), 1e308, 0.1, [], {}, [[]], [None, 1, {}, "x"],
    {"a": {"b": []}}, [""] * 20, 253402300800, 253402300800000, "2026-03-02", "NaN",
)  # fmt: skip
BROKEN_JSON = (
    "{", "}", "[", "null", "true", "[]", "0", '"text"', "{'a': 1}", '{"a":}', "NaN", "undefined", "\ufeff{}",
    "{}{}", "<xml/>", "\x00", '{"messageId": "\\ud800"}', '{"messageId": "\\u0000"}', "{" * 3000,
    "[" * 100_000,
)  # fmt: skip
HUGE = 2_000_000


class Fuzz:
    """`made` counts what was made. `known` are ids that exist, which fuzz may name (never the bot's own)."""

    def __init__(self, dice: random.Random, known: tuple[str, ...], room: str) -> None:
        self._dice = dice
        self._known = known
        self._room = room
        self.made = 0
        self._ways: tuple[Callable[[int], bytes], ...] = (
            self._broken_json, self._missing, self._wrong_types, self._wrong_types, self._strange_text,
            self._unknown_type, self._garbage, self._cut,
        )  # fmt: skip

    def event(self) -> bytes:
        """The next one."""
        self.made += 1
        if self.made % 500 == 0:
            return self._huge(self._number())
        return self._dice.choice(self._ways)(self._number())

    def _number(self) -> int:
        return self._dice.choice(tuple(FIELDS))

    def _broken_json(self, number: int) -> bytes:
        return event_bytes(number, self._dice.choice(BROKEN_JSON))

    def _missing(self, number: int) -> bytes:
        fields = self._sound(number)
        for name in self._dice.sample(sorted(fields), self._dice.randint(1, len(fields))):
            del fields[name]
        return event_bytes(number, json.dumps(fields))

    def _wrong_types(self, number: int) -> bytes:
        fields = self._sound(number)
        for name in self._dice.sample(sorted(fields), self._dice.randint(1, len(fields))):
            fields[name] = self._dice.choice(STRANGE_VALUES[:-2] if number == LOGIN else STRANGE_VALUES)
        return event_bytes(number, json.dumps(fields))

    def _strange_text(self, number: int) -> bytes:
        fields = self._sound(number)
        for name in fields:
            if self._dice.random() < 0.5 and number != LOGIN:
                strange = self._dice.choice(STRANGE_TEXT)
                fields[name] = [strange] if name.endswith("List") else strange
        return event_bytes(number, json.dumps(fields))

    def _unknown_type(self, number: int) -> bytes:
        return event_bytes(self._dice.choice(UNKNOWN), json.dumps(self._sound(number)))

    def _garbage(self, number: int) -> bytes:
        return self._dice.randbytes(self._dice.randint(0, 300))

    def _cut(self, number: int) -> bytes:
        whole = bytes(protocol.EventResponse(type=number, payload=json.dumps(self._sound(number))))
        return whole[: self._dice.randrange(len(whole))]

    def _huge(self, number: int) -> bytes:
        fields: dict[str, Any] = self._sound(number)
        for name in fields:
            fields[name] = ["x" * 100] * (HUGE // 100) if name.endswith("List") else "x" * HUGE
        if number == LOGIN:
            fields = {"contactId": ["x" * HUGE]}
        return event_bytes(number, json.dumps(fields))

    def _sound(self, number: int) -> dict[str, Any]:
        """Well-formed fields about things that may exist."""
        fields: dict[str, Any] = {}
        for name in FIELDS[number]:
            if name.endswith("List"):
                fields[name] = [self._id() for _ in range(self._dice.randint(0, 3))]
            elif name == "roomId":
                fields[name] = self._dice.choice((self._room, "nowhere@chatroom"))
            elif name in ("timestamp", "status", "payloadType"):
                fields[name] = self._dice.randint(0, 10)
            else:
                fields[name] = self._id()
        if number == LOGIN:
            fields["contactId"] = None
        return fields

    def _id(self) -> str:
        return self._dice.choice((*self._known, "nobody", "m999999999", "x" * 200))
