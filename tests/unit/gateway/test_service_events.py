"""Events from the wire: the ones that are right, the ones that miss something, and garbage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.puppet import EVENT_NAMES, DirtyReport
from bot.gateway.service_events import decode_event


def decoded(number: int, **fields: Any) -> tuple[str, dict[str, Any]]:
    name, payload = decode_event(number, json.dumps(fields))
    return name, vars(payload)


@pytest.mark.parametrize(
    ("number", "fields", "name", "expected"),
    [
        (1, {"data": "hello", "timeout": 60}, "heartbeat", {"data": "hello"}),
        (2, {"messageId": "m1"}, "message", {"message_id": "m1"}),
        (3, {"data": "ping-1"}, "dong", {"data": "ping-1"}),
        (16, {"gerror": "boom"}, "error", {"data": "boom"}),
        (17, {"friendshipId": "f1"}, "friendship", {"friendship_id": "f1"}),
        (18, {"roomInvitationId": "i1"}, "room-invite", {"room_invitation_id": "i1"}),
        (22, {"status": 2, "qrcode": "https://x"}, "scan", {"qrcode": "https://x"}),
        (23, {"data": "ready"}, "ready", {"data": "ready"}),
        (25, {"contactId": "u1"}, "login", {"contact_id": "u1"}),
    ],
)
def test_events(number: int, fields: dict[str, Any], name: str, expected: dict[str, Any]) -> None:
    found, payload = decoded(number, **fields)
    assert found == name
    assert expected.items() <= payload.items()


def test_a_logout_without_data_is_a_logout() -> None:
    name, payload = decoded(26, contactId="u1")
    assert (name, payload["contact_id"], payload["data"]) == ("logout", "u1", "")


def test_a_leave_without_remover_is_a_leave() -> None:
    name, payload = decoded(20, roomId="r", removeeIdList=["u1"], timestamp=5)
    assert (name, payload["removed_ids"], payload["remover_id"]) == ("room-leave", ["u1"], "")


def test_a_join_without_invitees_is_a_join() -> None:
    name, payload = decoded(19, roomId="r")
    assert (name, payload["invited_ids"], payload["timestamp"]) == ("room-join", [], 0)


def test_what_is_dirty() -> None:
    assert decode_event(27, '{"payloadType": 3, "payloadId": "r"}') == ("dirty", DirtyReport(3, "r"))


@pytest.mark.parametrize("number", [0, 4, 5, 15, 28, 999, -1])
def test_an_unknown_type_number_is_odd(number: int) -> None:
    name, payload = decode_event(number, '{"postId": "p"}')
    assert name == "odd"
    assert payload.raw == '{"postId": "p"}'
    assert str(number) in payload.why


@pytest.mark.parametrize("number", [2, 17, 18, 19, 20, 21, 25, 27])
@pytest.mark.parametrize("payload", ["", "{}", "[]", "null", "{", "\x00", '"text"', "1e999", "[" * 100_000])
def test_an_event_without_what_makes_it_one_is_odd(number: int, payload: str) -> None:
    name, report = decode_event(number, payload)
    assert name == "odd"
    assert report.raw == payload


IDS = ["messageId", "roomId", "contactId", "friendshipId", "roomInvitationId", "payloadId"]
OTHERS = [
    "inviteeIdList",
    "removeeIdList",
    "timestamp",
    "data",
    "status",
    "qrcode",
    "payloadType",
    "newTopic",
]
KEYS = st.sampled_from(IDS + OTHERS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.integers(-5, 40), st.dictionaries(KEYS, VALUES, max_size=6))
def test_no_event_raises(number: int, fields: dict[str, Any]) -> None:
    name, _ = decode_event(number, json.dumps(fields))
    assert name in EVENT_NAMES


@given(st.integers(-5, 40), st.text(max_size=200))
def test_no_garbage_raises(number: int, payload: str) -> None:
    name, _ = decode_event(number, payload)
    assert name in EVENT_NAMES


def test_half_a_surrogate_pair_is_made_storable() -> None:
    _, payload = decode_event(21, '{"roomId": "r\\ud800", "newTopic": "茶\\udfff", "oldTopic": "x"}')
    assert (payload.room_id, payload.new_topic) == ("r?", "茶?")
