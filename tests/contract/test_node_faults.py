"""The ways in which the test gateway can be made to misbehave."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from wechaty_grpc.wechaty.puppet import EventType

from tests.contract.node_client import BOT, NEW, ROOM, SECONDS, TEA, Client, attached, populate, talk
from tests.contract.node_gateway import NodeGateway

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def running() -> Iterator[NodeGateway]:
    with NodeGateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(running: NodeGateway) -> NodeGateway:
    """A tea group with two people in it and the bot logged in."""
    populate(running)
    return running


def test_calls_fail_hang_and_lie_on_request(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        send = client.stub.message_send_text
        said = await gateway.ask("message", sender=TEA, room=ROOM, text="慢", emit=False)
        await gateway.ask(
            "fault", method="message_payload", id=said["message_id"], times=2, error="try again"
        )
        for _ in range(2):
            with pytest.raises(GRPCError, match="try again"):
                await client.stub.message_payload(id=said["message_id"])
        assert (await client.stub.message_payload(id=said["message_id"])).text == "慢"
        await gateway.ask("fault", method="message_send_text", id=TEA, hang=True)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(send(conversation_id=TEA, text="没有回音"), 0.2)
        assert (await gateway.ask("stats"))["sent"] == []
        lie = {
            "error": "deadline",
            "code": Status.DEADLINE_EXCEEDED.value,
            "after": True,
            "skip": 1,
            "times": 1,
        }
        await gateway.ask("fault", method="message_send_text", id=ROOM, **lie)
        await send(conversation_id=ROOM, text="一")
        with pytest.raises(GRPCError, match="deadline") as lied:
            await send(conversation_id=ROOM, text="二")
        assert lied.value.status is Status.DEADLINE_EXCEEDED
        assert [sent["text"] for sent in (await gateway.ask("stats"))["sent"]] == ["一", "二"]
        await gateway.ask("clear_faults")
        await send(conversation_id=TEA, text="好了")

    talk(gateway, scenario)


def test_a_slow_answer_lets_others_pass(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        await gateway.ask("fault", method="contact_payload", id=TEA, times=1, delay_ms=300)
        order: list[str] = []

        async def fetch(contact: str) -> None:
            await client.stub.contact_payload(id=contact)
            order.append(contact)

        await asyncio.gather(fetch(TEA), fetch(NEW))
        assert order == [NEW, TEA]

    talk(gateway, scenario)


def test_the_stream_ends_politely_and_rudely(gateway: NodeGateway) -> None:
    async def end_of(how: dict[str, Any]) -> BaseException | None:
        async with attached(gateway) as client:
            assert await gateway.ask("end_stream", **how) == {"ended": 1}
            return await asyncio.wait_for(client.ended, SECONDS)

    assert asyncio.run(end_of({})) is None
    broken = asyncio.run(end_of({"error": "gone", "code": Status.UNAVAILABLE.value}))
    assert isinstance(broken, GRPCError)
    assert broken.status is Status.UNAVAILABLE


def test_a_second_client_is_turned_away(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        second = Client(gateway.port, gateway.token)
        refused = await asyncio.wait_for(second.ended, SECONDS)
        await second.close()
        assert isinstance(refused, GRPCError)
        assert refused.status is Status.ALREADY_EXISTS
        assert not client.ended.done()

    talk(gateway, scenario)


def test_the_server_goes_down_and_comes_back(gateway: NodeGateway) -> None:
    async def scenario() -> None:
        async with attached(gateway) as client:
            await gateway.ask("server_down")
            assert await asyncio.wait_for(client.ended, SECONDS) is not None
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", gateway.port)
            await gateway.ask("server_up")
        async with attached(gateway) as client:
            said = await gateway.ask("message", sender=TEA, room=ROOM, text="回来了")
            assert await client.next(EventType.EVENT_TYPE_MESSAGE) == {"messageId": said["message_id"]}

    asyncio.run(scenario())


def test_stop_and_start_bring_the_same_account_back(gateway: NodeGateway) -> None:
    async def scenario() -> None:
        async with attached(gateway) as client:
            await client.stub.stop()
            assert await asyncio.wait_for(client.ended, SECONDS) is None
            await client.stub.start()
            await gateway.ask("wait", logged_in=True)
        async with attached(gateway) as client:
            assert await client.next(EventType.EVENT_TYPE_LOGIN) == {"contactId": BOT}

    asyncio.run(scenario())


def test_tls_as_published() -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])

    async def scenario(gateway: NodeGateway) -> None:
        async with attached(gateway, context) as client:
            assert await client.next(EventType.EVENT_TYPE_LOGIN) == {"contactId": BOT}

    with NodeGateway(tls=True) as gateway:
        populate(gateway)
        asyncio.run(scenario(gateway))


def test_a_frozen_process_answers_nothing(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        gateway.freeze()
        try:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.stub.version(), 0.3)
            assert not client.ended.done()
        finally:
            gateway.thaw()
        await client.stub.version()

    talk(gateway, scenario)
