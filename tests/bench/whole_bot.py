"""The whole bot at a real gateway, everything stored at synchronous=FULL, as `qunxing run` has it.

Started by `tests.bench.bursts` as a process of its own: `python -m tests.bench.whole_bot COUNT FOLDER ROOM`,
with the gateway's address and token in the environment. Done means: handled by every plugin and committed.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts import Alerts
from bot.app import App, build
from bot.clock import SystemClock
from bot.config import Config
from bot.gateway.service import service_gateway
from bot.host import find_plugins
from bot.messages import Texts
from bot.running import run
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade
from bot.storage.tables import EventRow, Message, Room
from bot.upkeep import Upkeep
from bot.watch import Watch
from tests.bench.report_lines import grown, peak, say


async def main(expected: int, folder: Path, room: str) -> None:
    """Attach, let the room be heard, count, tell."""
    upgrade(folder)
    storage, config, clock = open_storage(folder), Config(), SystemClock()
    gateway = service_gateway(
        os.environ["WECHATY_PUPPET_SERVICE_ENDPOINT"], os.environ["WECHATY_PUPPET_SERVICE_TOKEN"], clock
    )
    plugins, broken = find_plugins()
    app = build(config, gateway, clock, random.Random(1), storage, plugins, broken)
    watch = Watch(gateway, clock, Alerts(config.alerts), Texts(), lambda text: None, "")
    upkeep = Upkeep(storage, config.keeping, config.bot.zone, clock)
    running = asyncio.create_task(run(app, watch, upkeep))
    while not await storage.write(lambda session: _hear(app, session, room)):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    before = peak()
    say(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    began = time.perf_counter()
    while await storage.read(_handled) < expected:  # noqa: ASYNC110 - seen from outside, as it is committed
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - began
    say(seconds=seconds, grown=grown(before), ordered=await storage.read(_is_ordered))
    running.cancel()
    os._exit(0)


def _hear(app: App, session: Session, name: str) -> bool:
    """Listen to the room as soon as the gateway has told of it."""
    room = session.scalar(select(Room.id).where(Room.name == name))
    if room is not None:
        app.services.register.set_room_status(session, room, "live", app.clock.now())
    return room is not None


def _handled(session: Session) -> int:
    """Seen cheaply, so that looking costs the bot nothing: the last message, if no event is open."""
    if session.scalar(select(EventRow.id).where(EventRow.done_at.is_(None)).limit(1)) is not None:
        return 0
    return session.scalar(select(func.max(Message.id))) or 0


def _is_ordered(session: Session) -> bool:
    numbers = [int(text) for text in session.scalars(select(Message.text).order_by(Message.id))]
    return numbers == sorted(numbers)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
