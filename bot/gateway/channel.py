"""Where the gateway is and how to speak to it: plain on loopback, or TLS verified as wechaty does it."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grpclib.client import Channel
from grpclib.config import Configuration

WECHATY_ROOT = Path(__file__).with_name("wechaty-root-ca.pem")
KNOCK_SECONDS = 2.0
LARGEST_MESSAGE = 2**25  # bytes of flow-control window: a picture as base64 must not stall the line


class EndpointMistake(ValueError):
    """The address or the token of a gateway cannot be right; the text says why, in English."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A gateway's address and key. Make it with `Endpoint.read`.

    `server_name` is the name on the gateway's certificate; by default the token's prefix before `_`.
    """

    host: str
    port: int
    token: str = field(repr=False)
    tls: bool = False
    ca_file: Path = WECHATY_ROOT
    server_name: str = ""

    @classmethod
    def read(
        cls,
        address: str,
        token: str | None,
        *,
        tls: bool = False,
        ca_file: Path | None = None,
        server_name: str = "",
    ) -> Endpoint:
        """From `host:port` and a token. Raises `EndpointMistake`."""
        host, port = _host_and_port(address)
        if not token or not token.strip():
            raise EndpointMistake("a token must be given together with the gateway's address")
        if not token.isascii() or any(character.isspace() for character in token):
            raise EndpointMistake("the token has characters that a token cannot have")
        name = server_name or token.rpartition("_")[0].lower()
        if tls and not name:
            raise EndpointMistake("with TLS the token must begin with the certificate's name and `_`")
        return cls(host, port, token, tls, ca_file or WECHATY_ROOT, name)

    def channel(self) -> Any:
        """A channel that connects at its first call; needs a running loop."""
        config = Configuration(
            http2_connection_window_size=LARGEST_MESSAGE,
            http2_stream_window_size=LARGEST_MESSAGE,
            ssl_target_name_override=self.server_name or None,
        )
        channel = Channel(self.host, self.port, ssl=self._context(), config=config)
        # Gateways read the token from here, with TLS and without; grpclib has no public way to set it.
        channel._authority = self.token
        return channel

    async def answers(self) -> bool:
        """Whether somebody accepts connections there."""
        try:
            async with asyncio.timeout(KNOCK_SECONDS):
                _, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:  # a timeout is one as well
            return False
        writer.close()
        return True

    def _context(self) -> ssl.SSLContext | None:
        """Wechaty's certificates are X.509 v1 and have a common name only: strictness would refuse them."""
        if not self.tls:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=self.ca_file)
        context.hostname_checks_common_name = True
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["h2"])
        return context


def _host_and_port(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise EndpointMistake(f"the gateway's address is not host:port ({error})") from None
    if not host or port is None or not 0 < port < 65536:
        raise EndpointMistake("the gateway's address must be host:port, for example 127.0.0.1:18788")
    return host, port
