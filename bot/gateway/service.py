"""A gateway of the configuration: the adapter, the service puppet and the login code, put together."""

from __future__ import annotations

from collections.abc import Callable

from bot.clock import Clock
from bot.errors import ConfigError
from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import Gateway
from bot.gateway.channel import Endpoint, EndpointMistake
from bot.gateway.service_puppet import Door
from bot.gateway.settings import GatewaySettings


def service_gateway(
    address: str,
    token: str,
    clock: Clock,
    *,
    tls: bool = False,
    request_timeout: float = 15.0,
    ding_every: float = 30.0,
    take_over: bool = False,
    show_code: Callable[[str], None] = lambda code: None,
) -> Gateway:
    """The gateway at `host:port`; `take_over` sends away whoever is attached to it.

    Raises ConfigError if the address or the token cannot be right.
    """
    try:
        endpoint = Endpoint.read(address, token, tls=tls)
    except EndpointMistake as error:
        raise ConfigError("endpoint_mistake", reason=str(error)) from error
    settings = GatewaySettings(call_timeout=request_timeout, ding_every=ding_every)
    return WechatyGateway(Door(endpoint, take_over).puppet, clock, settings, show_code=show_code)
