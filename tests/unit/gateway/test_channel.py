"""Addresses and tokens, right and wrong."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest

from bot.gateway.channel import WECHATY_ROOT, Endpoint, EndpointMistake

TOKEN = "insecure_0a1b2c"


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("127.0.0.1:18788", "127.0.0.1", 18788),
        ("gateway:18788", "gateway", 18788),
        ("http://gateway:80", "gateway", 80),
        ("https://gateway.example:443/", "gateway.example", 443),
        ("[::1]:18788", "::1", 18788),
    ],
)
def test_addresses(address: str, host: str, port: int) -> None:
    endpoint = Endpoint.read(address, TOKEN)
    assert (endpoint.host, endpoint.port) == (host, port)


@pytest.mark.parametrize(
    "address",
    ["", "gateway", "127.0.0.1", "gateway:", "gateway:port", "gateway:0", "gateway:70000", "::1", ":1"],
)
def test_wrong_addresses(address: str) -> None:
    with pytest.raises(EndpointMistake, match="address"):
        Endpoint.read(address, TOKEN)


@pytest.mark.parametrize("token", [None, "", "  ", "two words", "令牌_1"])
def test_a_token_must_be_given_with_the_endpoint(token: str | None) -> None:
    with pytest.raises(EndpointMistake, match="token"):
        Endpoint.read("127.0.0.1:1", token)


def test_the_servers_name_is_the_tokens_prefix() -> None:
    assert Endpoint.read("h:1", "Puppet_PadLocal_123", tls=True).server_name == "puppet_padlocal"
    assert Endpoint.read("h:1", TOKEN, tls=True, server_name="mine").server_name == "mine"
    with pytest.raises(EndpointMistake, match="TLS"):
        Endpoint.read("h:1", "uuid-without-prefix", tls=True)


def test_a_token_shows_in_no_repr() -> None:
    assert "0a1b2c" not in repr(Endpoint.read("h:1", TOKEN))


def test_wechatys_root_certificate_is_the_one_that_is_trusted() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=WECHATY_ROOT)
    (root,) = context.get_ca_certs()
    assert (("commonName", "wechaty-root-ca"),) in root["subject"]


def test_knocking_tells_an_open_door_from_a_shut_one() -> None:
    async def main() -> tuple[bool, bool]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            is_open = await Endpoint.read(f"127.0.0.1:{port}", TOKEN).answers()
        return is_open, await Endpoint.read(f"127.0.0.1:{port}", TOKEN).answers()

    assert asyncio.run(main()) == (True, False)
