"""A great deal of talk in large groups: memory, tasks and open files stay where they are."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from bot.host import find_plugins
from bot.storage.tables import Message
from tests.faults import apart
from tests.faults.effects import in_haste
from tests.faults.figures import Report, open_files, resident_mib
from tests.faults.rig import Rig, until

MOST_MIB = 250.0
GROWTH_MIB = 20.0
ROOMS, PEOPLE = 20, 500
KEPT_BY_THE_NETWORK = 2_000
AT_ONCE = 1_000
LOOKS = 10
WORDS = "岩茶白茶红茶普洱水仙肉桂今天昨天群里大家喝过泡了第几道水温香气回甘请教一下谁有经验谢谢分享周末见"


@dataclass(frozen=True, slots=True)
class Look:
    """What the process holds at one moment."""

    memory: float
    tasks: int
    files: int


def memory(folder: Path, seed: int, *, messages: int) -> Report:
    """So many messages in 20 rooms of 500 people, in a process that does nothing else."""
    return apart.wait_for(_alone, folder, seed, messages)


def _alone(folder: Path, seed: int, messages: int) -> Report:
    report = Report("memory", seed)
    asyncio.run(_experiment(folder, random.Random(seed), messages, report))
    return report


async def _experiment(folder: Path, dice: random.Random, messages: int, report: Report) -> None:
    world = SimulatedPuppet(SystemClock(), keep=KEPT_BY_THE_NETWORK)
    people = [world.person(f"茶友{number}") for number in range(PEOPLE)]
    rooms = [world.room(f"群{number}", people) for number in range(ROOMS)]
    settings = GatewaySettings(ding_every=None)
    rig = Rig(folder, lambda: world, plugins=find_plugins()[0], settings=settings, tick=0.5)
    rig.hear(rooms)
    await rig.start()
    in_haste(rig.storage)
    await until(lambda: rig.gateway.state().connected)
    looks: list[Look] = []
    for part in range(-(-messages // AT_ONCE)):
        for _ in range(min(AT_ONCE, messages - part * AT_ONCE)):
            dice.choice(rooms).say(dice.choice(people), "".join(dice.choices(WORDS, k=dice.randint(3, 30))))
        await rig.quiet(120)
        if part * LOOKS // -(-messages // AT_ONCE) >= len(looks):
            looks.append(Look(resident_mib(), len(asyncio.all_tasks()), open_files()))
    looks.append(Look(resident_mib(), len(asyncio.all_tasks()), open_files()))
    stored = rig.storage.read_now(lambda session: session.scalar(select(func.count(Message.id))))
    ended = len(rig.failed())
    await rig.stop()
    report.figure("messages stored", stored or 0)
    report.at_most("messages missing", messages - (stored or 0))
    report.at_most("bot parts that ended", ended)
    _told(report, looks)


def _told(report: Report, looks: list[Look]) -> None:
    """The first looks are of a bot that still fills its caches."""
    settled, last = looks[len(looks) // 3], looks[-1]
    report.at_most("memory at most (MiB)", max(look.memory for look in looks), MOST_MIB)
    report.at_most("memory gained after the first third (MiB)", last.memory - settled.memory, GROWTH_MIB)
    report.at_most("tasks gained", last.tasks - settled.tasks)
    report.at_most("files gained", last.files - settled.files)
    report.figure("memory at first (MiB)", looks[0].memory)
    report.figure("tasks", last.tasks)
    report.figure("open files", last.files)
