"""The short way through protobuf gives what wechaty's generated classes give."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway import puppet as wechat
from bot.gateway.protobuf import MessageAnswer, fields, id_request, read_event

from wechaty_grpc.wechaty import puppet as generated  # isort: skip  # only after the shim

TEXT = st.text(max_size=300)
FIELDS = ("id", "type", "text", "filename", "timestamp", "from_id", "room_id", "to_id", "mention_ids")


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("id", "text", "filename", "from_id", "room_id", "to_id"), TEXT)
        | {"timestamp": st.integers(0, 2**64 - 1), "type": st.integers(0, 40)}
        | {"mention_ids": st.lists(TEXT.filter(bool), max_size=5)}
    )
)
def test_a_message_is_what_the_generated_class_wrote(given_fields: dict[str, object]) -> None:
    found = MessageAnswer.FromString(bytes(generated.MessagePayloadResponse(**given_fields)))
    assert {name: getattr(found, name) for name in FIELDS} == given_fields


@given(st.integers(0, 2**31), TEXT)
def test_an_event_is_what_the_generated_class_wrote(number: int, payload: str) -> None:
    assert read_event(bytes(generated.EventResponse(type=number, payload=payload))) == (number, payload)


@given(TEXT.filter(bool))
def test_a_request_is_what_the_generated_class_writes(id: str) -> None:
    request = id_request(id)
    assert request.SerializeToString() == bytes(generated.MessagePayloadRequest(id=id))


def test_fields_of_newer_gateways_are_passed_over() -> None:
    newer = b"\x52\x06\x08\x80\xe2\xcf\xaa\x06" + b"\x99\x06" + b"x" * 8 + b"\x9d\x06" + b"x" * 4
    content = bytes(generated.MessagePayloadResponse(id="m1", type=wechat.TEXT)) + newer
    found = MessageAnswer.FromString(content)
    assert (found.id, found.type) == ("m1", wechat.TEXT)


@given(st.binary(max_size=200))
def test_garbage_raises_nothing_but_a_value_error(content: bytes) -> None:
    for read in (MessageAnswer.FromString, read_event, fields):
        with suppress(ValueError):
            read(content)


@pytest.mark.parametrize("content", [b"\xff" * 20, b"\x0a\x05abc", b"\x0b", b"\x08", b"\x0a\x02\xff\xff"])
def test_what_is_cut_short_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError):
        read_event(content + b"\x12\x01\xff")
