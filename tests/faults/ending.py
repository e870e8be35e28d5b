"""An orderly end amid a burst: all that the network has handed over is stored and handled first."""

from __future__ import annotations

import asyncio
import random
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.gateway.simulated import SimulatedPuppet
from bot.storage.engine import open_storage
from bot.storage.tables import EventRow, Message
from tests.faults import apart
from tests.faults.bot_process import Life, live_slowly
from tests.faults.figures import Report
from tests.faults.gateway import FaultyGateway
from tests.faults.rig import until
from tests.faults.witness import FIRST, heard

WITHIN = 30.0
PAUSE = 0.2


def ending(folder: Path, seed: int, *, ends: int, messages: int) -> Report:
    """Send a burst, then SIGTERM; so many times."""
    report = Report("orderly end", seed)
    asyncio.run(_experiment(folder, random.Random(seed), ends, messages, report))
    return report


async def _experiment(folder: Path, dice: random.Random, ends: int, messages: int, report: Report) -> None:
    world = SimulatedPuppet(SystemClock())
    friends = [world.person(f"友{number}", friend=True) for number in range(10)]
    codes = []
    async with FaultyGateway(world) as gateway:
        for number in range(ends):
            life = Life(folder, gateway.port, dice.randrange(10**6))
            process = apart.begin(live_slowly, life, PAUSE)
            await until(partial(_has_begun, gateway, number + 1), WITHIN)
            for place in range(messages):
                dice.choice(friends).say(f"第{number * messages + place}句")
            await until(partial(_has_fetched, gateway, (number + 1) * messages), WITHIN)
            process.terminate()
            await asyncio.to_thread(process.join, WITHIN)
            codes.append(process.exitcode)
            apart.kill(process)
            await until(lambda: not gateway.is_attached, WITHIN)
    said = ends * messages
    report.figure("ends amid a burst", ends)
    report.figure("messages", said)
    report.at_most("ends that were not orderly", sum(code != 0 for code in codes))
    storage = open_storage(folder / "data")
    storage.read_now(lambda session: _told(report, session, said))
    storage.close()


def _has_begun(gateway: FaultyGateway, number: int) -> bool:
    return gateway.streams >= number and gateway.calls["Start"] >= number


def _has_fetched(gateway: FaultyGateway, messages: int) -> bool:
    return gateway.calls["MessagePayload"] >= messages


def _told(report: Report, session: Session, said: int) -> None:
    stored = session.scalars(select(Message.id).where(Message.text.startswith("第"))).all()
    report.at_most("messages missing", said - len(stored))
    left = session.scalar(select(func.count()).where(EventRow.done_at.is_(None)))
    report.at_most("events left open", left or 0)
    marks = heard(session, FIRST)
    report.at_most("not handled once", sum(marks[str(key)] != 1 for key in stored))
