"""The line to the real gateway: what breaks it, what does not, who else may be on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.gateway.base import LineChanged, LoggedIn, MessageArrived, NotSent, OddArrived
from bot.gateway.channel import Endpoint
from bot.gateway.service_puppet import Door, PuppetStub
from tests.contract.node_gateway import NodeGateway
from tests.contract.node_side import NodeSide
from tests.contract.sides import QUICK, ROOM, TEA, Bot, attached, running
from tests.contract.test_contract_events import tell

pytestmark = pytest.mark.node

WATCHFUL = replace(QUICK, ding_every=0.6, dong_within=0.3)


@pytest.fixture
def own_gateway() -> Iterator[NodeGateway]:
    """One that a test may kill."""
    with NodeGateway() as gateway:
        yield gateway


def door(gateway: NodeGateway, token: str | None = None, **how: bool) -> Door:
    return Door(Endpoint.read(gateway.endpoint, token or gateway.token), **how)


async def back(bot: Bot) -> None:
    """The line was lost and is there again."""
    while not (await bot.inbox.next(LineChanged)).connected:
        pass
    await bot.inbox.next(LoggedIn)


# -- events that no puppet should send


@pytest.mark.parametrize(
    ("type", "payload"),
    [
        (99, {"x": 1}),
        (4, {"postId": "p"}),
        (2, {}),
        (2, "{not json"),
        (2, ""),
        (19, {"inviteeIdList": "u-new"}),
        (20, {"removeeIdList": ["u-tea"]}),
        (25, {"contactId": 5}),
        (27, {}),
    ],
)
def test_a_malformed_event_does_not_end_reception(node: NodeSide, type: int, payload: object) -> None:
    async def story(bot: Bot) -> None:
        await node.node.ask("emit_raw", type=type, payload=payload)
        await node.say(TEA, "还在")
        assert (await bot.inbox.next(MessageArrived)).text == "还在"
        (odd,) = [one for one in bot.inbox.all if isinstance(one, OddArrived)]
        assert odd.raw == (
            payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))
        )
        assert bot.gateway.state().odd_events == 1

    tell(node, story)


def test_a_logout_without_data_does_not_end_reception(node: NodeSide) -> None:
    async def story(bot: Bot) -> None:
        await node.node.ask("emit_raw", type=26, payload={"contactId": "u-bot"})
        assert not (await bot.inbox.next(LineChanged)).connected
        await node.node.ask("emit_raw", type=25, payload={"contactId": "u-bot"})
        await back(bot)
        await node.say(TEA, "还在")
        assert (await bot.inbox.next(MessageArrived)).text == "还在"

    tell(node, story)


@pytest.mark.parametrize("type", [10, 16, 99])
def test_a_newer_type_of_message_is_unknown_and_not_lost(node: NodeSide, type: int) -> None:
    async def story(bot: Bot) -> None:
        await node.node.ask("message", room=ROOM, sender=TEA, type=type, text="接龙")
        assert (await bot.inbox.next(MessageArrived)).kind == "unknown"

    tell(node, story)


def test_a_login_code_is_shown(node: NodeSide) -> None:
    codes: list[str] = []

    async def main() -> None:
        async with running(node.factory(), show_code=codes.append) as bot:
            await bot.inbox.next(LoggedIn)
            await node.node.ask("scan", qrcode="https://login.example/x")
            await node.say(TEA, "一")
            await bot.inbox.next(MessageArrived)

    asyncio.run(main())
    assert codes == ["https://login.example/x"]


# -- a line that dies


def test_a_black_holed_line_is_noticed_and_comes_back(own_gateway: NodeGateway) -> None:
    side = NodeSide(own_gateway)

    async def main() -> None:
        async with attached(side, WATCHFUL) as bot:
            await bot.gateway.ping()
            own_gateway.freeze()
            lost = await bot.inbox.next(LineChanged)
            assert "no sign of life" in lost.reason
            own_gateway.thaw()
            await back(bot)
            await side.say(TEA, "还在")
            assert (await bot.inbox.next(MessageArrived)).text == "还在"

    asyncio.run(main())


def test_a_killed_gateway_is_a_lost_line_and_its_return_a_restored_one(own_gateway: NodeGateway) -> None:
    side = NodeSide(own_gateway)

    async def main() -> None:
        async with attached(side) as bot:
            own_gateway.kill()
            assert not (await bot.inbox.next(LineChanged)).connected
            with pytest.raises(NotSent):
                await bot.gateway.send_text(ROOM, "在吗")
            await asyncio.to_thread(own_gateway.start)
            own_gateway.call("contact", contact={"id": "u-bot", "name": "群星"})
            own_gateway.call("login", contact="u-bot")
            await back(bot)
            assert bot.gateway.state().connected

    asyncio.run(main())


def test_the_gateway_may_be_down_at_start(own_gateway: NodeGateway) -> None:
    own_gateway.kill()

    async def main() -> None:
        async with running(door(own_gateway).puppet) as bot:
            down = await bot.inbox.next(LineChanged)
            assert not down.connected
            await asyncio.to_thread(own_gateway.start)
            own_gateway.call("contact", contact={"id": "u-bot", "name": "群星"})
            own_gateway.call("login", contact="u-bot")
            await back(bot)

    asyncio.run(main())


def test_nothing_is_missed_from_the_moment_of_attaching(node: NodeSide) -> None:
    async def main() -> None:
        async with running(node.factory()) as bot:
            await node.node.ask("wait", attached=True)
            words = [str(number) for number in range(20)]
            for word in words:
                await node.say(TEA, word)
            assert await bot.inbox.texts(20) == words

    asyncio.run(main())


def test_a_long_burst_with_slow_and_failing_payloads_keeps_its_order(node: NodeSide) -> None:
    async def story(bot: Bot) -> None:
        await node.fault("message_payload", delay=0.3, times=5)
        await node.fault("message_payload", error=True, times=20)
        await node.node.ask("burst", room=ROOM, senders=[TEA, "u-lin"], text="", count=500)
        assert await bot.inbox.texts(500) == [str(number) for number in range(500)]

    tell(node, story)


def test_the_account_stays_logged_in_when_the_bot_goes(node: NodeSide) -> None:
    async def main() -> dict[str, object]:
        async with attached(node):
            pass
        await node.node.ask("wait", attached=False)
        return await node.node.ask("stats")

    assert asyncio.run(main())["logged_in"]


# -- who else is on the line


def test_another_client_is_not_kicked_by_us(node: NodeSide) -> None:
    async def main() -> None:
        async with attached(node) as first, running(door(node.node).puppet) as second:
            refused = await second.inbox.next(LineChanged)
            assert not refused.connected
            assert "another client" in refused.reason
            await node.say(TEA, "还在")
            assert (await first.inbox.next(MessageArrived)).text == "还在"
            assert sum(isinstance(one, LineChanged) for one in first.inbox.all) == 1

    asyncio.run(main())


def test_another_client_that_kicks_us_is_noticed_and_not_fought(node: NodeSide) -> None:
    async def main() -> None:
        async with attached(node) as bot:
            channel = Endpoint.read(node.node.endpoint, node.node.token).channel()
            other = PuppetStub(channel)
            await other.stop()  # this is how wechaty's own client begins
            events = other.event()
            listening = asyncio.ensure_future(anext(events))
            assert not (await bot.inbox.next(LineChanged)).connected
            await listening
            while "another client" not in bot.gateway.state().reason:
                attempts = (await node.calls())["event"]
                await node.node.ask("wait", method="event", count=attempts + 1)
            await other.start()
            channel.close()
            await back(bot)

    asyncio.run(main())


@pytest.mark.parametrize("how", ["ghost", "take_over"])
def test_our_own_ghost_is_sent_away(node: NodeSide, how: str) -> None:
    async def main() -> None:
        again = door(node.node, ghost=how == "ghost", take_over=how == "take_over")
        async with attached(node) as former, running(again.puppet) as bot:
            await bot.inbox.next(LoggedIn)
            assert not (await former.inbox.next(LineChanged)).connected

    asyncio.run(main())


def test_a_wrong_token_is_refused_and_not_repeated_in_the_reason(node: NodeSide) -> None:
    async def main() -> None:
        async with running(door(node.node, "insecure_wrong-and-secret").puppet) as bot:
            refused = await bot.inbox.next(LineChanged)
            assert "UNAUTHENTICATED" in refused.reason
            assert "secret" not in refused.reason

    asyncio.run(main())
