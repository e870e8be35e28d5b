"""A bare gRPC client for the Node gateway, and a small tea group behind it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import betterproto
from grpclib.client import Channel
from grpclib.exceptions import GRPCError, StreamTerminatedError
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty.puppet import EventType

from tests.contract.node_gateway import NodeGateway

BOT, TEA, NEW = "u-bot", "u-tea", "u-new"
ROOM = "room@chatroom"
SECONDS = 8.0
# On the wire stand the numbers of the Node puppets, not those of the protocol's own enumeration.
IMAGE, TEXT, RECALLED = 6, 7, 13
Event = tuple[int, Any]


class Client:
    """Just enough of a gRPC client to watch what the server does."""

    def __init__(self, port: int, token: str, tls: ssl.SSLContext | None = None) -> None:
        self.channel = Channel("127.0.0.1", port, ssl=tls)
        self.channel._authority = token
        self.stub = PuppetStub(self.channel)
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.ended: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        end: BaseException | None = None
        try:
            async for event in self.stub.event():
                self.events.put_nowait((int(event.type), event.payload))
        except (GRPCError, StreamTerminatedError, OSError) as error:
            end = error
        self.ended.set_result(end)

    async def next(self, kind: int) -> Any:
        """The next event of that kind; others before it are passed over."""
        while True:
            found, payload = await asyncio.wait_for(self.events.get(), SECONDS)
            if found == kind:
                return json.loads(payload)

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self.channel.close()


@dataclass
class RoomText(betterproto.Message):
    """RoomTopicRequest and RoomAnnounceRequest as today's server reads them: the text in field 3."""

    id: str = betterproto.string_field(1)
    text: str = betterproto.string_field(3)


@dataclass
class TextAnswer(betterproto.Message):
    text: str = betterproto.string_field(2)


async def write(stub: PuppetStub, method: str, text: str | None) -> TextAnswer:
    request = RoomText(id=ROOM) if text is None else RoomText(id=ROOM, text=text)
    answer: TextAnswer = await stub._unary_unary(f"/wechaty.Puppet/{method}", request, TextAnswer)
    return answer


def populate(gateway: NodeGateway) -> None:
    """Whatever was there before is forgotten."""
    gateway.call("logout")
    gateway.call("reset")
    for contact, name in ((BOT, "小星"), (TEA, "阿茶"), (NEW, "新来的")):
        gateway.call("contact", contact={"id": contact, "name": name})
    gateway.call("room", room={"id": ROOM, "topic": "茶友", "members": [BOT, TEA], "owner": TEA})
    gateway.call("member_alias", room=ROOM, contact=TEA, alias="老茶客")
    gateway.call("login", contact=BOT)


@asynccontextmanager
async def attached(gateway: NodeGateway, tls: ssl.SSLContext | None = None) -> AsyncIterator[Client]:
    client = Client(gateway.port, gateway.token, tls)
    try:
        await client.next(EventType.EVENT_TYPE_HEARTBEAT)
        yield client
    finally:
        await client.close()
        await gateway.ask("wait", attached=False)


def talk(gateway: NodeGateway, scenario: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    async def go() -> None:
        async with attached(gateway) as client:
            await scenario(client)

    asyncio.run(go())
