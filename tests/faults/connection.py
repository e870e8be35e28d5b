"""The gateway goes away and comes back, again and again, for a second or for half an hour.

Virtual time, real sockets: what passes is the bot's own waiting, what happens on the line happens.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import select

from bot.gateway.simulated import SimulatedPuppet
from bot.storage.tables import Gap, Message
from tests.faults.figures import Report, percentile
from tests.faults.gateway import FaultyGateway
from tests.faults.rig import Rig
from tests.faults.virtual_time import LoopClock, haste, run
from tests.faults.witness import make_witness

BACK_WITHIN = 15.0
NOTICED_WITHIN = 60.0
LONGEST = 1800.0
GIVE_UP = 3600.0
SAME = timedelta(seconds=1)


@dataclass(slots=True)
class Outage:
    """When the gateway went and came, when the bot noticed and was back."""

    kind: str
    gone: datetime
    returned: datetime | None = None
    noticed: datetime | None = None
    back: datetime | None = None

    def back_after(self) -> float:
        return (
            math.inf
            if self.back is None or self.returned is None
            else (self.back - self.returned).total_seconds()
        )

    def noticed_after(self) -> float:
        return math.inf if self.noticed is None else (self.noticed - self.gone).total_seconds()


@dataclass(slots=True)
class Story:
    """One bot and what befalls its gateway."""

    rig: Rig
    gateway: FaultyGateway
    world: SimulatedPuppet
    dice: random.Random
    outages: list[Outage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def talk(self) -> None:
        """Some time in which all is well, and somebody speaks."""
        await asyncio.sleep(self.dice.uniform(15, 120))
        room = next(iter(self.world.rooms.values()))
        speaker = next(one for one in room.members.values() if one is not self.world.me)
        self.said.append(f"第{len(self.said)}句")
        room.say(speaker, self.said[-1])
        await asyncio.sleep(5)

    async def kill(self) -> None:
        """The gateway's process ends in one of several ways, and starts again some time later."""
        kind = self.dice.choice(("killed", "ended", "broken", "slow to return"))
        outage = self._begin(kind)
        if kind == "ended":
            self.gateway.end_stream()
        elif kind == "broken":
            self.gateway.end_stream(GRPCError(Status.UNAVAILABLE, "going down"))
        await asyncio.sleep(0)
        await self.gateway.kill()
        await self._until(outage, connected=False)
        await asyncio.sleep(math.exp(self.dice.uniform(0, math.log(LONGEST))))
        await self.gateway.open()
        if kind == "slow to return":
            self.gateway.before = _not_ready
            await asyncio.sleep(self.dice.uniform(1, 10))
            self.gateway.before = None
        outage.returned = self.rig.clock.now()
        await self._until(outage, connected=True)

    async def freeze(self) -> None:
        """The gateway's process stops answering without closing anything, and wakes up later."""
        outage = self._begin("frozen")
        self.gateway.freeze()
        await self._until(outage, connected=False)
        await asyncio.sleep(self.dice.uniform(1, 600))
        self.gateway.thaw()
        outage.returned = self.rig.clock.now()
        await self._until(outage, connected=True)

    def _begin(self, kind: str) -> Outage:
        self.outages.append(Outage(kind, self.rig.clock.now()))
        return self.outages[-1]

    async def _until(self, outage: Outage, *, connected: bool) -> None:
        limit = self.rig.clock.now() + timedelta(seconds=GIVE_UP)
        while self.rig.gateway.state().connected is not connected:
            if self.rig.clock.now() > limit:
                return
            await asyncio.sleep(0.1)
        if connected:
            outage.back = self.rig.clock.now()
        else:
            outage.noticed = self.rig.clock.now()


async def _not_ready(call: str, request: object) -> None:
    raise GRPCError(Status.UNAVAILABLE, "the puppet is not ready")


def connection(folder: Path, seed: int, *, kills: int, freezes: int) -> Report:
    """Kill and freeze a gateway: when is the bot back, is the gap on record, has it ended meanwhile?"""
    report = Report("connection", seed)
    run(_experiment(folder, seed, kills, freezes, report))
    return report


async def _experiment(folder: Path, seed: int, kills: int, freezes: int, report: Report) -> None:
    clock, dice = LoopClock(haste()), random.Random(seed)
    world = SimulatedPuppet(clock)
    room = world.room("岩茶同好会", [world.person("阿茶", friend=True), world.person("小林")])
    async with FaultyGateway(world) as gateway:
        rig = Rig(folder, gateway.door().puppet, plugins=[make_witness()], clock=clock, seed=seed, tick=5.0)
        rig.hear([room])
        await rig.start()
        story = Story(rig, gateway, world, dice)
        troubles: list[Callable[[], Coroutine[Any, Any, None]]] = [story.kill] * kills + [
            story.freeze
        ] * freezes
        dice.shuffle(troubles)
        for trouble in troubles:
            await story.talk()
            await trouble()
        await story.talk()
        ended = len(rig.failed())
        await rig.stop()
        report.at_most("bot parts that ended", ended)
        _told(report, story, clock.now())


def _told(report: Report, story: Story, now: datetime) -> None:
    killed = [one for one in story.outages if one.kind != "frozen"]
    frozen = [one for one in story.outages if one.kind == "frozen"]
    report.figure("gateway kills", len(killed))
    report.figure("hours simulated", (now - story.outages[0].gone).total_seconds() / 3600)
    report.at_most(
        "back after a kill, p95 (s)", percentile([one.back_after() for one in killed], 0.95), BACK_WITHIN
    )
    report.figure("back after a kill, worst (s)", max(one.back_after() for one in killed))
    report.at_most("never back", sum(one.back is None for one in story.outages))
    if frozen:
        report.figure("freezes", len(frozen))
        worst = max(one.noticed_after() for one in frozen)
        report.at_most("dead line noticed after, worst (s)", worst, NOTICED_WITHIN)
        report.figure("back after a freeze, worst (s)", max(one.back_after() for one in frozen))
    gaps = story.rig.read(lambda session: list(session.scalars(select(Gap).order_by(Gap.id))))
    report.at_most("gaps not recorded with start and end", _unmatched(story.outages, gaps))
    report.at_most("gaps that were none", len(gaps) - len(story.outages))
    stored = story.rig.read(lambda session: set(session.scalars(select(Message.text))))
    report.at_most("messages missing while the line was up", len(set(story.said) - stored))


def _unmatched(outages: list[Outage], gaps: list[Gap]) -> int:
    def fits(outage: Outage, gap: Gap) -> bool:
        if gap.restored_at is None or outage.noticed is None or outage.back is None:
            return False
        starts = outage.gone - SAME <= gap.lost_at <= outage.noticed + SAME
        return starts and outage.back - SAME <= gap.restored_at <= outage.back + SAME

    return sum(not any(fits(outage, gap) for gap in gaps) for outage in outages)
