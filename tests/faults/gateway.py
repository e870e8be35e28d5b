"""A gateway that misbehaves: wechaty's gRPC protocol, spoken in this process, before a simulated network.

    world = SimulatedPuppet(clock)
    async with FaultyGateway(world) as gateway:
        gateway.before = fail_now_and_then
        puppet = gateway.door().puppet()

Everything on the wire is as with a real one; what can be spoiled is when, whether and what it answers.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Any, Self

from grpclib.const import Cardinality, Handler, Status
from grpclib.exceptions import GRPCError
from grpclib.server import Server

from bot.gateway.channel import Endpoint
from bot.gateway.service_puppet import Door
from bot.gateway.simulated import SimulatedPuppet
from tests.faults.wire import EVENTS, Raw, event_bytes
from tests.faults.wire_calls import CALLS, Answers, protocol

TOKEN = "insecure_faults-0123456789abcdef"
Hook = Callable[[str, Any], Awaitable[None]]
Spoil = Callable[[str, Any, bytes], bytes]


class Mute(asyncio.Protocol):
    """A connection that was accepted and is never answered."""


class FaultyGateway:
    """`before` and `after` get each call's name and request: they may wait, raise, or hang. `spoil` may
    change the bytes of an answer. `attached` is called for each new client, before it is told anything.
    """

    def __init__(self, world: SimulatedPuppet) -> None:
        self.world = world
        self.port = 0
        self.before: Hook | None = None
        self.after: Hook | None = None
        self.spoil: Spoil | None = None
        self.attached: Callable[[], None] = lambda: None
        self.calls: Counter[str] = Counter()
        self.streams = 0
        self._answers = Answers(world)
        self._listener: asyncio.Server | None = None
        self._transports: set[asyncio.Transport] = set()
        self._events: asyncio.Queue[bytes | BaseException | None] | None = None
        self._thawed = asyncio.Event()
        self._thawed.set()
        for name in EVENTS:
            world.on(name, partial(self._tell, name))

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    def door(self) -> Door:
        """What a service puppet needs to come in."""
        return Door(Endpoint.read(f"127.0.0.1:{self.port}", TOKEN))

    # -- being there or not

    async def open(self) -> None:
        """Accept connections, after a kill on the same port as before."""
        server = Server([self])
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: self._accept(server), "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """Gone as a killed process is: the port refuses, what was open is reset."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._cut()

    def _cut(self) -> None:
        for transport in self._transports:
            transport.abort()
        self._transports.clear()
        self._detach()

    def freeze(self) -> None:
        """Still there, and answering nothing any more."""
        self._thawed.clear()
        for transport in self._transports:
            if not transport.is_closing():
                transport.pause_reading()

    def thaw(self) -> None:
        """The frozen process goes on; clients that gave up meanwhile are gone."""
        self._thawed.set()
        self._cut()

    def end_stream(self, error: BaseException | None = None) -> None:
        """End the event stream politely, or with an error."""
        if self._events is not None:
            self._events.put_nowait(error)

    def reset_line(self) -> None:
        """The connection breaks; the gateway itself stays."""
        self._cut()

    @property
    def is_attached(self) -> bool:
        return self._events is not None

    def write(self, raw: bytes) -> None:
        """Put these bytes into the event stream, whatever they are."""
        if self._events is not None:
            self._events.put_nowait(raw)

    def _accept(self, server: Server) -> asyncio.Protocol:
        if not self._thawed.is_set():
            return _Tracked(Mute(), self._transports)
        return _Tracked(server._protocol_factory(), self._transports)

    # -- the protocol

    def __mapping__(self) -> dict[str, Handler]:
        mapping = {
            f"/wechaty.Puppet/{name}": Handler(
                partial(self._answer, name), Cardinality.UNARY_UNARY, request, Raw
            )
            for name, request in CALLS.items()
        }
        listen = Handler(self._listen, Cardinality.UNARY_STREAM, protocol.EventRequest, Raw)
        return mapping | {"/wechaty.Puppet/Event": listen}

    async def _answer(self, name: str, stream: Any) -> None:
        request = await stream.recv_message()
        self.calls[name] += 1
        await self._thawed.wait()
        if self.before is not None:
            await self.before(name, request)
        answer = bytes(await self._do(name, request))
        if self.after is not None:
            await self.after(name, request)
        if self.spoil is not None:
            answer = self.spoil(name, request, answer)
        await stream.send_message(Raw(answer))

    async def _do(self, name: str, request: Any) -> Any:
        if name == "Start":
            if self.world.logged_in:
                self.world.log_in()
            return protocol.StartResponse()
        if name == "Stop":
            self.end_stream()
            return protocol.StopResponse()
        return await self._answers.to(name, request)

    async def _listen(self, stream: Any) -> None:
        await stream.recv_message()
        await self._thawed.wait()
        if self._events is not None:
            raise GRPCError(Status.ALREADY_EXISTS, "can not call event() before cancelling the one before")
        events: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue()
        events.put_nowait(event_bytes(1, json.dumps({"data": "Connected"})))
        self._events, self.world.listening = events, True
        self.streams += 1
        self.attached()
        try:
            while (told := await events.get()) is not None:
                if isinstance(told, BaseException):
                    raise told
                await self._thawed.wait()
                await stream.send_message(Raw(told))
        finally:
            if self._events is events:
                self._detach()

    def _detach(self) -> None:
        self._events, self.world.listening = None, False

    def _tell(self, name: str, payload: Any) -> None:
        number, fields = EVENTS[name]
        told = {ours: getattr(payload, theirs) for ours, theirs in fields.items()}
        self.write(event_bytes(number, json.dumps(told, ensure_ascii=False)))


class _Tracked(asyncio.Protocol):
    """Passes everything on to `inner` and remembers the transport, so that it can be cut."""

    def __init__(self, inner: Any, transports: set[asyncio.Transport]) -> None:
        self._inner = inner
        self._transports = transports
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._transports.add(transport)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._transports.discard(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        ended: bool | None = self._inner.eof_received()
        return ended

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
