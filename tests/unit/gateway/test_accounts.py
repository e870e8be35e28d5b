"""Who is logged in, whose words are ours, and how a run ends. In virtual time."""

from __future__ import annotations

import asyncio

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError
from structlog.testing import capture_logs

from bot.gateway.base import (
    LineChanged,
    LoggedIn,
    MessageArrived,
    NotSent,
)
from bot.gateway.puppet import OddReport
from tests.unit.gateway.group import Group
from tests.unit.gateway.virtual_time import run


def test_a_logout_is_a_lost_line_and_a_login_brings_it_back() -> None:
    async def main() -> None:
        async with Group() as group:
            group.puppet.log_out("kicked by the phone")
            lost = await group.inbox.next(LineChanged)
            lost = lost if not lost.connected else await group.inbox.next(LineChanged)
            assert "kicked by the phone" in lost.reason
            with pytest.raises(NotSent):
                await group.gateway.send_text(group.room.id, "在吗")
            group.puppet.log_in()
            assert (await group.inbox.next(LineChanged)).connected
            await group.inbox.next(LoggedIn)
            await group.gateway.send_text(group.room.id, "回来了")

    run(main())


def test_another_account_is_delivered_for_the_house_to_decide() -> None:
    async def main() -> None:
        async with Group() as group:
            group.room.say(group.tea, "一")
            group.puppet.log_out()
            group.puppet.log_in(group.puppet.person("别人的号"))
            assert (await group.inbox.next(LoggedIn)).account.name == "别人的号"
            assert group.gateway.state().account is not None

    run(main())


def test_our_own_words_are_known_as_such() -> None:
    async def main() -> None:
        async with Group() as group:
            await group.gateway.send_text(group.room.id, "欢迎", (group.tea.id,))
            echo = await group.inbox.next(MessageArrived)
            assert (echo.from_self, echo.text, echo.mention_ids) == (True, "欢迎", (group.tea.id,))

    run(main())


def test_what_has_arrived_is_still_handed_on_at_stop() -> None:
    async def main() -> list[str]:
        group = Group()
        async with group:
            group.spoil("message_payload")
            for number in range(50):
                group.room.say(group.tea, str(number))
            await asyncio.sleep(0)
        return [one.text for one in group.inbox.all if isinstance(one, MessageArrived)]

    assert run(main()) == [str(number) for number in range(50)]


def test_an_error_of_the_house_ends_the_run() -> None:
    async def main() -> None:
        group = Group()

        async def broken(arrival: object) -> None:
            raise ZeroDivisionError

        await group.gateway.run(broken)

    with pytest.raises(ZeroDivisionError):
        run(main())


def test_at_stop_the_line_is_held_until_slow_payloads_are_in() -> None:
    async def main() -> list[str]:
        group = Group()
        async with group:
            group.spoil("message_payload", 2.0, 1.0, GRPCError(Status.INTERNAL))
            for number in range(30):
                group.room.say(group.tea, str(number))
        return [one.text for one in group.inbox.all if isinstance(one, MessageArrived)]

    assert run(main()) == [str(number) for number in range(30)]


def test_a_stop_does_not_wait_for_ever() -> None:
    async def main() -> float:
        group = Group(drain_timeout=5.0, payload_timeout=60.0)
        async with group:
            group.spoil("message_payload", 3600.0)
            group.room.say(group.tea, "一")
            began = asyncio.get_running_loop().time()
        return asyncio.get_running_loop().time() - began

    assert run(main()) == pytest.approx(5.0)


def test_no_words_reach_a_log() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_payload", *[ValueError("秘密")] * 4)
            group.room.say(group.tea, "秘密")
            group.room.say(group.lin, "秘密")
            group.puppet.report("odd", OddReport("odd", "秘密"))
            await group.gateway.send_text(group.room.id, "秘密")
            await group.gateway.settled()
            group.puppet.drop_line(StreamTerminatedError("reset"))
            await group.inbox.next(LoggedIn)

    with capture_logs() as lines:
        run(main())
    assert lines
    assert "秘密" not in str(lines)
