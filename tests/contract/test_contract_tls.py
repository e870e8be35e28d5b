"""A gateway with TLS as published: verified, and refused for every reason there is."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.gateway.base import LineChanged, LoggedIn, MessageArrived
from bot.gateway.channel import Endpoint
from bot.gateway.service_puppet import Door
from tests.contract.node_gateway import NodeGateway
from tests.contract.node_side import NodeSide
from tests.contract.sides import ROOM, TEA, running

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def tls_gateway() -> Iterator[NodeGateway]:
    with NodeGateway(tls=True) as gateway:
        yield gateway


def reason_of(endpoint: Endpoint) -> str:
    """Why no line came about."""

    async def main() -> str:
        async with running(Door(endpoint).puppet) as bot:
            refused = await bot.inbox.next(LineChanged)
            assert not refused.connected
            return refused.reason

    return asyncio.run(main())


def test_a_gateway_with_tls_as_published_is_verified_and_spoken_to(tls_gateway: NodeGateway) -> None:
    side = NodeSide(tls_gateway)

    async def main() -> None:
        endpoint = Endpoint.read(tls_gateway.endpoint, tls_gateway.token, tls=True)
        async with running(Door(endpoint).puppet) as bot:
            await bot.inbox.next(LoggedIn)
            await side.say(TEA, "加密的")
            assert (await bot.inbox.next(MessageArrived)).text == "加密的"
            assert await bot.gateway.send_text(ROOM, "收到")

    asyncio.run(main())


def test_a_certificate_of_another_root_is_refused(tls_gateway: NodeGateway, tmp_path: Path) -> None:
    context = ssl.create_default_context()
    other = tmp_path / "other.pem"
    other.write_text(ssl.DER_cert_to_PEM_cert(context.get_ca_certs(binary_form=True)[0]))
    endpoint = Endpoint.read(tls_gateway.endpoint, tls_gateway.token, tls=True, ca_file=other)
    assert "CERTIFICATE_VERIFY_FAILED" in reason_of(endpoint)


def test_a_certificate_for_another_name_is_refused(tls_gateway: NodeGateway) -> None:
    endpoint = Endpoint.read(tls_gateway.endpoint, tls_gateway.token, tls=True, server_name="somebody-else")
    assert "mismatch" in reason_of(endpoint)


def test_plain_speech_to_a_tls_gateway_is_a_lost_line(tls_gateway: NodeGateway) -> None:
    assert reason_of(Endpoint.read(tls_gateway.endpoint, tls_gateway.token))


def test_tls_to_a_plain_gateway_is_a_lost_line(node: NodeSide) -> None:
    assert reason_of(Endpoint.read(node.node.endpoint, node.node.token, tls=True))
