"""Ringing at a gateway once: is somebody there, does it know our token, does its puppet answer a ding?"""

from __future__ import annotations

import asyncio
from typing import Any

from grpclib.const import Cardinality, Status
from grpclib.exceptions import GRPCError

from bot.gateway.channel import Endpoint
from bot.gateway.failures import GatewayBusy, LineDead, failure
from bot.gateway.protobuf import RawAnswer, read_event
from bot.gateway.service_events import decode_event
from bot.gateway.service_puppet import PuppetStub

from wechaty_grpc.wechaty import puppet as protocol  # isort: skip  # after the shim

WITHIN_SECONDS = 8.0
AGAIN_SECONDS = 1.0


async def ring(endpoint: Endpoint, within: float = WITHIN_SECONDS) -> float:
    """Seconds from a ding to its dong; raises `GatewayError`.

    Only while no bot is attached: a gateway has one client, and old ones drop the first for a second.
    Nothing is started at the gateway, and nobody is sent away.
    """
    channel = endpoint.channel()
    try:
        async with asyncio.timeout(within):
            return await _until_dong(channel)
    except TimeoutError:
        raise LineDead(f"no dong within {within:g} s") from None
    except GRPCError as error:
        if error.status is Status.ALREADY_EXISTS:
            raise GatewayBusy("another client is attached to the gateway") from None
        raise failure(error, "ding") from None
    except Exception as error:
        raise failure(error, "ding") from None
    finally:
        channel.close()


async def _until_dong(channel: Any) -> float:
    loop, events = asyncio.get_running_loop(), protocol.EventRequest
    async with channel.request(
        "/wechaty.Puppet/Event", Cardinality.UNARY_STREAM, events, RawAnswer
    ) as stream:
        await stream.send_message(events(), end=True)
        began = loop.time()
        dinging = asyncio.create_task(_ding(PuppetStub(channel)))
        try:
            async for raw in stream:
                if decode_event(*read_event(raw))[0] == "dong":
                    seconds = loop.time() - began
                    await stream.cancel()
                    return seconds
        finally:
            dinging.cancel()
            await asyncio.gather(dinging, return_exceptions=True)
    raise LineDead("the gateway closed the line")


async def _ding(stub: Any) -> None:
    """Again and again: the first may come before the gateway has taken notice of our stream."""
    while True:
        await stub.ding(data="doctor")
        await asyncio.sleep(AGAIN_SECONDS)
