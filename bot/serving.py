"""`qunxing run`: the bot at a real gateway."""

from __future__ import annotations

import random
from pathlib import Path

from bot.app import build
from bot.clock import SystemClock
from bot.config import Config
from bot.errors import QunxingError
from bot.gateway.base import Gateway
from bot.opening import opened
from bot.running import run


async def serve(path: Path) -> None:
    """Run until told to stop. Raises QunxingError with what the person at the terminal has to do."""
    with opened(path) as house:
        gateway = make_gateway(house.config)
        dice = random.Random(house.config.bot.seed)
        app = build(house.config, gateway, SystemClock(), dice, house.storage, house.plugins, house.broken)
        await run(app)


def make_gateway(config: Config) -> Gateway:
    """The gateway that the configuration and the environment name; imports wechaty, which takes a while."""
    if not config.gateway.endpoint:
        raise QunxingError("no_endpoint")
    if not config.token.get_secret_value():
        raise QunxingError("no_token")
    from bot.gateway.service import service_gateway

    return service_gateway(config.gateway, config.token.get_secret_value(), SystemClock())
