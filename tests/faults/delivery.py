"""Killed at every point of sending, and lied to: nothing is posted twice, and no doubt goes unseen."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.authority import new_code
from bot.clock import SystemClock
from bot.gateway.cast import SimulatedPerson
from bot.gateway.simulated import SimulatedPuppet
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade
from bot.storage.tables import Outgoing, OwnerItem
from tests.faults import apart
from tests.faults.bot_process import MOMENTS, Life, live
from tests.faults.figures import Report
from tests.faults.gateway import FaultyGateway
from tests.faults.rig import until
from tests.faults.witness import REPEAT

ON_THE_WIRE = ("before the network", "after the network")
ANY_TIME = "any time"
LIES = (Status.INTERNAL, Status.UNKNOWN, Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.ABORTED)
DIES_WITHIN = 20.0
SETTLES_WITHIN = 1.5
TOLD_WITHIN = 60.0
FRIENDS = 10
HANGS, RESETS = 0.02, 0.01
LONGEST_PAUSE = 90.0
"""A line that was cut again and again is tried again after a minute and some jitter."""
MARK = "词"
WORD = re.compile(f"{MARK}\\d+。")


@dataclass(slots=True)
class Field:
    """The network and whoever asks in it; `pid` is the bot of the moment."""

    folder: Path
    gateway: FaultyGateway
    world: SimulatedPuppet
    dice: random.Random
    friends: list[SimulatedPerson]
    owner: SimulatedPerson
    asked: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    moment: str = ""
    process: ForkServerProcess | None = None
    starts: list[datetime] = field(default_factory=list)
    exits: int = 0

    def ask(self) -> None:
        """Somebody asks to have a word repeated that nobody else asks for."""
        self.asked.append(f"{MARK}{len(self.asked)}。")
        said = self.dice.choice(self.friends).say(f"{REPEAT} {self.asked[-1]}")
        self.recent = [*self.recent, said.id][-20:]

    def tell_again(self) -> None:
        """To whoever comes back, a gateway tells its last messages once more."""
        for message in self.recent:
            self.world.replay(message)

    async def before(self, call: str, request: Any) -> None:
        if call == "MessageSendText" and self.moment == "before the network":
            self._kill()
            raise GRPCError(Status.UNAVAILABLE, "nobody to answer to")

    async def after(self, call: str, request: Any) -> None:
        if call == "MessageSendText" and self.moment == "after the network":
            self._kill()

    def _kill(self) -> None:
        if self.process is not None:
            self.process.kill()

    # -- lives

    async def live_and_die(self) -> None:
        """One life of a bot, from its start to its death at one of the moments."""
        self.moment = self.dice.choice((*MOMENTS, *ON_THE_WIRE, ANY_TIME))
        await self.start(self.moment if self.moment in MOMENTS else "")
        self.ask()
        if self.moment == ANY_TIME:
            await asyncio.sleep(self.dice.uniform(0, 0.2))
            self._kill()
        await self.end(DIES_WITHIN)

    async def start(self, dies_at: str = "") -> None:
        """A bot that is attached to the gateway (or has died on the way there)."""
        streams = self.gateway.streams
        self.starts.append(datetime.now(UTC))
        life = Life(self.folder, self.gateway.port, self.dice.randrange(10**6), dies_at)
        self.process = process = apart.begin(live, life)
        await until(lambda: self.gateway.streams > streams or not process.is_alive(), DIES_WITHIN)

    async def end(self, limit: float) -> None:
        """Wait for the bot's death, and help in the end."""
        process = self.process
        assert process is not None
        try:
            await until(lambda: not process.is_alive(), limit)
        except TimeoutError:
            process.kill()
        await asyncio.to_thread(process.join)
        self.exits += process.exitcode not in (-9, 0)
        self.process, self.moment = None, ""
        await until(lambda: not self.gateway.is_attached, limit)

    async def finish(self) -> None:
        """A last life without any fault, long enough for all that waits, ended in an orderly way."""
        if self.process is None:
            await self.start()
        self.ask()
        last = self.asked[-1]
        await until(lambda: any(last in sent.text for sent in self.world.sent), DIES_WITHIN)
        await asyncio.sleep(SETTLES_WITHIN)
        assert self.process is not None
        self.process.terminate()
        await self.end(DIES_WITHIN)


def delivery(folder: Path, seed: int, *, kills: int, lies: int) -> Report:
    """Kill bots while they send; then let one bot send to a network that lies about it."""
    report = Report("delivery", seed)
    asyncio.run(_experiment(folder, random.Random(seed), kills, lies, report))
    return report


async def _experiment(folder: Path, dice: random.Random, kills: int, lies: int, report: Report) -> None:
    world = SimulatedPuppet(SystemClock())
    friends = [world.person(f"友{number}", friend=True) for number in range(FRIENDS)]
    owner = world.person("老周", friend=True)
    world.room("茶友会", [owner, *friends])
    async with FaultyGateway(world) as gateway:
        ground = Field(folder, gateway, world, dice, friends, owner)
        gateway.before, gateway.after, gateway.attached = ground.before, ground.after, ground.tell_again
        await _pair(ground)
        for _ in range(kills):
            await ground.live_and_die()
        await ground.finish()
        killed = len(ground.asked)
        await _lie(ground, lies)
        report.figure("kills", kills)
        report.figure("successes reported as errors, or not at all", len(ground.asked) - killed)
        report.at_most("exits of its own accord", ground.exits)
    storage = open_storage(folder / "data")
    storage.read_now(lambda session: _told(report, session, ground))
    storage.close()


async def _pair(ground: Field) -> None:
    """The owner is paired by the way that owners take."""
    upgrade(ground.folder / "data")
    storage = open_storage(ground.folder / "data")
    code = storage.write_now(lambda session: new_code(session, [], datetime.now(UTC)))
    storage.close()
    await ground.start()
    ground.owner.say(code)
    await until(lambda: bool(ground.world.sent))
    assert ground.process is not None
    ground.process.terminate()
    await ground.end(DIES_WITHIN)


async def _lie(ground: Field, lies: int) -> None:
    """The network does as it is told and says that it failed, or says nothing."""
    await ground.start()
    ground.gateway.before = None

    async def deny(call: str, request: Any) -> None:
        if call != "MessageSendText" or MARK not in request.text:
            return
        way = ground.dice.random()
        if way < HANGS:
            await asyncio.sleep(3600)
        elif way < HANGS + RESETS:
            ground.gateway.reset_line()
        raise GRPCError(ground.dice.choice(LIES), "it went out all the same")

    ground.gateway.after = deny
    for _ in range(lies):
        ground.ask()
        await until(
            lambda: any(ground.asked[-1] in sent.text for sent in ground.world.sent[-5:]), LONGEST_PAUSE
        )
    ground.gateway.after = None
    await ground.finish()


def _told(report: Report, session: Session, ground: Field) -> None:
    rows = {row.text: row for row in session.scalars(select(Outgoing).where(Outgoing.text.startswith(MARK)))}
    found = Counter(session.scalars(select(Outgoing.text).where(Outgoing.text.startswith(MARK))))
    friends = {friend.id for friend in ground.friends}
    posts = Counter(
        word for sent in ground.world.sent if sent.conversation in friends for word in WORD.findall(sent.text)
    )
    report.at_most("posted twice", sum(count > 1 for count in posts.values()))
    report.at_most("planned twice", sum(count > 1 for count in found.values()))
    report.at_most("questions lost", len(set(ground.asked) - rows.keys()))
    report.at_most("unflagged", sum(not _is_honest(row, posts[row.text]) for row in rows.values()))
    for status, count in Counter(row.status for row in rows.values()).items():
        report.figure(f"rows {status}", count)
    doubtful = [row for row in rows.values() if row.status == "unknown"]
    listed = {item.key: item for item in session.scalars(select(OwnerItem))}
    known = [(row, listed[f"outgoing:{row.id}"]) for row in doubtful if f"outgoing:{row.id}" in listed]
    report.at_most("doubtful and not on the owner's list", len(doubtful) - len(known))
    waits = [_wait(ground, row, item) for row, item in known]
    report.at_most("on the list after a restart, worst (s)", max(waits, default=0.0), TOLD_WITHIN)
    told = sum(sent.conversation == ground.owner.id for sent in ground.world.sent)
    report.figure("messages to the owner", told)
    report.at_least("doubtful rows, so that the question was put", len(doubtful), 1)
    report.at_least("messages to the owner", told, 2)


def _is_honest(row: Outgoing, posts: int) -> bool:
    """Whether what the row says about itself can be true, as far as the network knows."""
    if row.status == "sent":
        return posts == 1
    return row.status == "unknown" or (row.status in ("expired", "refused", "planned") and posts == 0)


def _wait(ground: Field, row: Outgoing, item: OwnerItem) -> float:
    """How long after the bot was there (again) its owner could see that the row is in doubt."""
    since = row.settled_at or item.created_at
    claimed = row.claimed_at or since
    start = next((moment for moment in ground.starts if moment > claimed), claimed)
    return max((item.created_at - start).total_seconds(), 0.0)
