"""Wechaty's service puppet, made to survive: the line to a gateway over gRPC."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grpclib.const import Cardinality, Status
from grpclib.exceptions import GRPCError

from bot.gateway.base import Refused
from bot.gateway.channel import Endpoint
from bot.gateway.failures import GatewayBusy
from bot.gateway.protobuf import MessageAnswer, RawAnswer, RawRequest, id_request, read_event
from bot.gateway.puppet import OddReport, PuppetBase, PuppetOptions
from bot.gateway.service_events import decode_event
from bot.gateway.wire import (
    NODE_TYPES,
    DownloadRequest,
    DownloadResponse,
    FileRefused,
    RoomText,
    read_file_box,
)

# Only after the shim, which `bot.gateway.puppet` imports first.
from wechaty_grpc.wechaty import PuppetStub as PuppetStub, puppet as protocol  # isort: skip
from wechaty_puppet_service.puppet import PuppetService  # isort: skip

CONNECT_SECONDS = 10.0
FIRST_EVENT_SECONDS = 5.0  # gateways say hello at once; old ones stay silent
START_SECONDS = 30.0  # a gateway itself waits 15 s for its puppet
FETCH_SECONDS = 50.0


@dataclass(slots=True)
class Door:
    """What is remembered from one connection to the next.

    A gateway has one client. `ghost` is true after our line broke without a farewell: then the client that
    keeps the gateway busy is our own former self, and is asked to go. A stranger is never sent away unless
    `take_over` says so.
    """

    endpoint: Endpoint
    take_over: bool = False
    ghost: bool = False

    def puppet(self) -> ServicePuppet:
        """A puppet for the next connection."""
        return ServicePuppet(self)


class ServicePuppet(PuppetService, PuppetBase):
    """The published puppet with a start, a stop and an event loop of our own.

    Unlike the published one it asks no web service for the address, opens the event stream before it
    starts the gateway's puppet (so nothing is missed in between), does not log the account out when it
    goes, decodes every event by itself, and talks to today's gateways where their protocol has moved on.
    """

    def __init__(self, door: Door) -> None:
        endpoint = door.endpoint
        options = PuppetOptions(token=endpoint.token, end_point=f"{endpoint.host}:{endpoint.port}")
        super().__init__(options, name="service")
        self.channel: Any = None
        self._door = door
        self._first_event = asyncio.Event()

    async def start(self) -> None:
        """Hold the line; returns when the gateway ends it, raises when it breaks."""
        self.channel = self._door.endpoint.channel()
        self._puppet_stub = PuppetStub(self.channel)
        try:
            await self._attend()
        except GRPCError as error:
            if error.status is not Status.ALREADY_EXISTS:
                raise
            if not (self._door.ghost or self._door.take_over):
                raise GatewayBusy("another client is attached to the gateway") from None
            self._door.ghost = False
            async with asyncio.timeout(START_SECONDS):
                await self.puppet_stub.stop()
            await self._attend()

    async def stop(self) -> None:
        """Let go of the line. The account stays logged in at the gateway."""
        self._event_stream.remove_all_listeners()
        if self.channel is not None:
            self.channel.close()
        self._puppet_stub = self.channel = None

    async def knock(self) -> bool:
        """Whether the gateway accepts connections."""
        return await self._door.endpoint.answers()

    async def _attend(self) -> None:
        reading = asyncio.create_task(self._listen_for_event())
        starting = asyncio.create_task(self._start_puppet())
        try:
            done, _ = await asyncio.wait((reading, starting), return_when=asyncio.FIRST_COMPLETED)
            if reading not in done:
                starting.result()
            await reading
        finally:
            for task in (reading, starting):
                task.cancel()
            await asyncio.gather(reading, starting, return_exceptions=True)

    async def _start_puppet(self) -> None:
        """The stream comes first: a gateway that is busy with somebody else must not be touched."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS + FIRST_EVENT_SECONDS):
                await self._first_event.wait()
        except TimeoutError:
            self._first_event.set()
        async with asyncio.timeout(START_SECONDS):
            await self.puppet_stub.start()

    async def _listen_for_event(self) -> None:
        """Read the event stream to its end; each event is emitted before the next one is read."""
        request = self.channel.request(
            "/wechaty.Puppet/Event", Cardinality.UNARY_STREAM, protocol.EventRequest, RawAnswer
        )
        async with request as stream:
            async with asyncio.timeout(CONNECT_SECONDS):
                await stream.send_message(protocol.EventRequest(), end=True)
            async for raw in stream:
                if not self._first_event.is_set():
                    self._first_event.set()
                    self._door.ghost = True
                if self.room_for_more is not None and not self.room_for_more.is_set():
                    await self.room_for_more.wait()
                self._emit(raw)
        # Ended politely: somebody at the gateway wanted it so, and whoever is there then is no ghost.
        self._door.ghost = False

    def _emit(self, raw: bytes) -> None:
        try:
            name, payload = decode_event(*read_event(raw))
        except ValueError as error:  # bytes that are no event at all
            text = raw.decode("utf-8", "backslashreplace")
            name, payload = "odd", OddReport(why=f"undecodable event: {type(error).__name__}", raw=text)
        if name == "login":
            self.login_user_id = payload.contact_id
        self._event_stream.emit(name, payload)

    # -- where the protocol has moved on since wechaty's classes were generated

    async def message_payload(self, message_id: str) -> Any:
        """A message, its type as a gRPC `MessageType`; 0 if it is a newer one."""
        request = self.channel.request(
            "/wechaty.Puppet/MessagePayload", Cardinality.UNARY_UNARY, RawRequest, MessageAnswer
        )
        async with request as stream:
            await stream.send_message(id_request(message_id), end=True)
            payload = await stream.recv_message()
        payload.type = NODE_TYPES.get(payload.type, 0)
        return payload

    async def friendship_payload(self, friendship_id: str, payload: Any = None) -> Any:
        """A friend request; the published call also sends a null, which old gateways would store."""
        return await self.puppet_stub.friendship_payload(id=friendship_id)

    async def room_invitation_payload(self, room_invitation_id: str, payload: Any = None) -> Any:
        """An invitation; the published call fails over its own field names."""
        return await self.puppet_stub.room_invitation_payload(id=room_invitation_id)

    async def room_topic(self, room_id: str, new_topic: str) -> None:
        """Rename a room."""
        await self._set_text("RoomTopic", room_id, new_topic, protocol.RoomTopicResponse)

    async def room_announce(self, room_id: str, announcement: str | None = None) -> str:
        """Set a room's announcement."""
        text = announcement or ""
        await self._set_text("RoomAnnounce", room_id, text, protocol.RoomAnnounceResponse)
        return text

    async def _set_text(self, call: str, room_id: str, text: str, answer: Callable[[], Any]) -> None:
        request = RoomText(id=room_id, old_text=text, text=text)
        await self.puppet_stub._unary_unary(f"/wechaty.Puppet/{call}", request, answer)

    # -- files

    async def download(self, message_id: str, limit: int) -> tuple[str, bytes]:
        """Name and content of a file message; raises `Refused` if there is none or it is too large."""
        response = await self.puppet_stub.message_file(id=message_id)
        try:
            source = read_file_box(response.filebox, limit)
            if source.content is not None:
                return source.name, source.content
            if source.uuid:
                return source.name, await self._fetch_uuid(source.uuid, limit)
            return source.name, await asyncio.to_thread(fetch_url, source.url, limit)
        except (FileRefused, ValueError) as error:
            raise Refused(f"download: {error}") from None

    async def _fetch_uuid(self, uuid: str, limit: int) -> bytes:
        pieces = bytearray()
        request = self.channel.request(
            "/wechaty.Puppet/Download", Cardinality.UNARY_STREAM, DownloadRequest, DownloadResponse
        )
        async with request as stream:
            await stream.send_message(DownloadRequest(id=uuid), end=True)
            async for piece in stream:
                pieces += piece.chunk
                if len(pieces) > limit:
                    await stream.cancel()
                    raise FileRefused(f"more than {limit} bytes")
        return bytes(pieces)


def fetch_url(url: str, limit: int) -> bytes:
    """Content from the web. Raises `FileRefused`, or what `urllib` raises."""
    if not url.startswith(("http://", "https://")):
        raise FileRefused("an address that is not of the web")
    with urllib.request.urlopen(url, timeout=FETCH_SECONDS) as answer:
        content: bytes = answer.read(limit + 1)
    if len(content) > limit:
        raise FileRefused(f"more than {limit} bytes")
    return content
