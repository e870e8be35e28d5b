"""`qunxing run`: the bot at a real gateway."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.alerts import Alerts
from bot.app import build
from bot.clock import SystemClock
from bot.config import Config, write_schema
from bot.errors import QunxingError
from bot.gateway.base import Gateway
from bot.messages import CORE, Texts
from bot.opening import opened
from bot.running import run
from bot.upkeep import Upkeep
from bot.watch import Watch


async def serve(path: Path, tell: Callable[[str], None]) -> None:
    """Run until told to stop. Raises QunxingError with what the person at the terminal has to do."""
    with opened(path) as house:
        config, clock = house.config, SystemClock()
        with suppress(OSError):  # a comfort for editors, no reason not to start
            write_schema(house.storage.file.parent, house.plugins)
        gateway = make_gateway(config, tell)
        app = build(
            config, gateway, clock, random.Random(config.bot.seed), house.storage, house.plugins, house.broken
        )
        folder, endpoint = house.storage.file.parent, config.gateway.endpoint
        watch = Watch(gateway, clock, Alerts(config.alerts, folder), Texts(), tell, endpoint, folder)
        await run(app, watch, Upkeep(house.storage, config.keeping, config.bot.zone, clock))


def make_gateway(config: Config, tell: Callable[[str], None]) -> Gateway:
    """The gateway that the configuration and the environment name; imports wechaty, which takes a while."""
    token = config.token.get_secret_value()
    if not config.gateway.endpoint:
        raise QunxingError("no_endpoint")
    if not token:
        raise QunxingError("no_token")
    from bot.gateway.service import service_gateway

    def show_code(code: str) -> None:
        tell(Texts().render(CORE, "run.scan_code", None))
        tell(code)

    return service_gateway(
        config.gateway.endpoint,
        token,
        SystemClock(),
        tls=config.gateway.tls,
        request_timeout=config.gateway.request_timeout_seconds,
        ding_every=config.gateway.ping_seconds,
        take_over=config.gateway.take_over,
        show_code=show_code,
    )
