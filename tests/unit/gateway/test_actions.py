"""What the house does on a simulated network, in virtual time: every failure says what is known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError

from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import (
    MessageArrived,
    NotSent,
    Refused,
    Uncertain,
)
from tests.unit.gateway.group import Group
from tests.unit.gateway.virtual_time import run


def test_without_a_line_nothing_is_sent() -> None:
    async def main() -> None:
        group = Group()
        with pytest.raises(NotSent):
            await group.gateway.send_text(group.room.id, "在吗")
        assert group.puppet.sent == []

    run(main())


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (ConnectionRefusedError(), NotSent),
        (GRPCError(Status.PERMISSION_DENIED, "no"), Refused),
        (GRPCError(Status.UNKNOWN, "操作太频繁"), Refused),
        (StreamTerminatedError("Connection lost"), Uncertain),
        (GRPCError(Status.UNKNOWN, "something"), Uncertain),
        (3600.0, Uncertain),
    ],
)
def test_a_send_that_fails_says_what_is_known(trouble: Exception | float, kind: type[Exception]) -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_send_text", trouble)
            with pytest.raises(kind):
                await group.gateway.send_text(group.room.id, "早")
            assert group.puppet.sent == []
            assert group.calls.count("message_send_text") == 1

    run(main())


def test_an_error_after_the_message_is_out_is_uncertain() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_send_text", GRPCError(Status.INTERNAL, "late"), after=True)
            with pytest.raises(Uncertain):
                await group.gateway.send_text(group.room.id, "早")
            assert [one.text for one in group.puppet.sent] == ["早"]

    run(main())


@pytest.mark.parametrize("size", [0, 2 * 1024 * 1024 + 1])
def test_a_file_over_two_megabytes_is_not_sent(size: int) -> None:
    async def main() -> None:
        async with Group() as group:
            with pytest.raises(NotSent, match="bytes"):
                await group.gateway.send_file(group.room.id, "茶.png", b"x" * size)
            assert group.puppet.sent == []

    run(main())


def test_a_call_of_any_kind_never_hangs() -> None:
    async def main() -> None:
        async with Group() as group:
            gateway = group.gateway

            async def hang(name: str, arguments: tuple[Any, ...]) -> None:
                await asyncio.Event().wait()

            group.puppet.before_call = hang
            calls = [
                gateway.send_text("r", "x"), gateway.send_file("r", "x.png", b"x"), gateway.recall("m"),
                gateway.invite("r", "u"), gateway.remove("r", "u"), gateway.announce("r", "x"),
                gateway.rename("r", "x"), gateway.create_room(("u",), "x"), gateway.accept_friend("f"),
                gateway.accept_invitation("i"), gateway.list_rooms(), gateway.list_members("r"),
                gateway.download("m"), gateway.ping(),
            ]  # fmt: skip
            for call in calls:
                with pytest.raises(Uncertain):
                    await call

    run(main())


def test_a_member_list_goes_past_every_cache() -> None:
    async def main() -> None:
        async with Group() as group:
            group.room.say(group.tea, "一")
            await group.inbox.next(MessageArrived)
            group.room.aliases[group.tea.id] = "茶博士"
            group.room.members.pop(group.lin.id)
            group.spoil("nothing")
            listed = await group.gateway.list_members(group.room.id)
            assert {one.id: one.room_alias for one in listed.people} == {
                group.tea.id: "茶博士",
                group.puppet.me.id: "",
            }
            assert group.calls[:2] == ["dirty_payload", "dirty_payload"]
            group.room.say(group.tea, "二")
            assert (await group.inbox.next(MessageArrived)).talker.room_alias == "茶博士"

    run(main())


def test_members_are_fetched_with_bounded_concurrency() -> None:
    async def main() -> None:
        async with Group(concurrency=5) as group:
            group.room.join(*(group.puppet.person(f"人{number}") for number in range(60)), told=False)
            busy = busiest = 0

            async def count(name: str, arguments: tuple[Any, ...]) -> None:
                nonlocal busy, busiest
                busy += 1
                busiest = max(busiest, busy)
                await asyncio.sleep(0.1)
                busy -= 1

            group.puppet.before_call = count
            listed = await group.gateway.list_members(group.room.id)
            assert len(listed.people) == 63
            assert busiest == 5

    run(main())


def test_a_ping_is_answered_by_its_dong() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("ding", 0.25)
            assert await group.gateway.ping() == pytest.approx(0.25)
            group.puppet.answers_dings = False
            with pytest.raises(Uncertain):
                await group.gateway.ping()

    run(main())


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda gateway: gateway.send_text("r", " \n"), NotSent),
        (lambda gateway: gateway.send_text("", "早"), NotSent),
        (lambda gateway: gateway.announce("r", ""), NotSent),
        (lambda gateway: gateway.rename("r", ""), NotSent),
    ],
)
def test_what_is_empty_never_reaches_the_network(
    call: Callable[[WechatyGateway], Awaitable[object]], kind: type[Exception]
) -> None:
    async def main() -> None:
        async with Group() as group:
            with pytest.raises(kind):
                await call(group.gateway)
            assert group.puppet.sent == [] and group.puppet.done == []

    run(main())


@pytest.mark.parametrize(
    ("name", "answer", "call", "kind"),
    [
        ("message_recall", False, lambda gateway: gateway.recall("m"), Refused),
        ("room_create", "", lambda gateway: gateway.create_room(("u",), "茶会"), Uncertain),
    ],
)
def test_an_answer_that_says_nothing_is_no_success(
    name: str, answer: object, call: Callable[[WechatyGateway], Awaitable[object]], kind: type[Exception]
) -> None:
    """A gateway may answer without an error and without having done anything."""

    async def main() -> None:
        async with Group() as group:

            async def told(*_: object) -> object:
                return answer

            setattr(group.puppet, name, told)
            with pytest.raises(kind):
                await call(group.gateway)

    run(main())
