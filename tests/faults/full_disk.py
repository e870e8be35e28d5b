"""The disk fills up while people talk: nothing is damaged, nothing lost, and it goes on once there is space.

The same loops run as in `qunxing run`; only the pause between two attempts is shorter.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import running
from bot.alerts import Alerts
from bot.app import App
from bot.clock import SystemClock
from bot.config_sections import AlertSettings
from bot.messages import Texts
from bot.storage.backup import integrity
from bot.storage.migrate import upgrade
from bot.storage.tables import EventRow, Message, Outgoing
from bot.watch import Watch
from tests.faults import apart
from tests.faults.figures import Report
from tests.faults.rig import until
from tests.faults.small_disk import SmallDisk, mount
from tests.faults.still_gateway import StillGateway, login, message, still_app
from tests.faults.witness import FIRST, REPEAT, SECOND, heard

DISK = 24 * 2**20
SPARE = 400_000
WORDS = "茶" * 600
PAUSE = 0.02
PATIENCE = 30.0


def full_disk(folder: Path, seed: int, *, cycles: int) -> Report:
    """Fill the disk and free it again, so many times."""
    return apart.wait_for(_in_its_own_place, folder, seed, cycles)


def _in_its_own_place(folder: Path, seed: int, cycles: int) -> Report:
    report = Report("full disk", seed)
    place = folder / "data"
    place.mkdir(parents=True, exist_ok=True)
    is_real = mount(place, DISK)
    report.remark("a file system without space" if is_real else "a database that may not grow")
    upgrade(place)
    running.FULL_DISK_PAUSE = PAUSE
    asyncio.run(_experiment(place, random.Random(seed), cycles, report, is_real))
    report.at_most("problems found by integrity_check", len(integrity(place)))
    return report


class Talk:
    """What is put in, and what the bot has said about its disk."""

    def __init__(self, app: App, dice: random.Random) -> None:
        self.app = app
        self.gateway = cast(StillGateway, app.gateway)
        self.dice = dice
        self.number = 0
        self.asked: list[str] = []
        self.told: list[str] = []
        self.loops: list[asyncio.Task[None]] = []
        self.watch = Watch(app.gateway, SystemClock(), Alerts(AlertSettings()), Texts(), self.told.append, "")

    async def speak(self, count: int) -> None:
        for _ in range(count):
            self.number += 1
            await self.app.receive(message(self.number, SystemClock().now(), WORDS))

    async def ask(self) -> None:
        self.number += 1
        self.asked.append(f"答{self.number}。")
        said = f"{REPEAT} {self.asked[-1]}"
        await self.app.receive(message(self.number, SystemClock().now(), said, in_room=False))

    def times_sent(self, words: str) -> int:
        """How often the network got these words; what is for one person may travel together."""
        return sum(words in text for text in self.gateway.sent)

    async def wait(self, condition: Callable[[], bool]) -> None:
        """Until that is so; raises what has ended one of the bot's loops."""
        await until(lambda: condition() or any(loop.done() for loop in self.loops), PATIENCE)
        for loop in self.loops:
            if loop.done():
                loop.result()


async def _experiment(place: Path, dice: random.Random, cycles: int, report: Report, is_real: bool) -> None:
    app = still_app(place, dice.randrange(10**6))
    await app.begin()
    await app.receive(login(SystemClock().now()))
    disk, talk = SmallDisk(place, app.storage, is_real=is_real), Talk(app, dice)
    ticker = running.Ticker()
    loops = talk.loops = [
        asyncio.create_task(running._inbox(app, ticker, talk.watch)),
        asyncio.create_task(running._again_and_again(ticker, talk.watch, app.send_next)),
    ]
    full = kept = 0
    for _ in range(cycles):
        found = await _cycle(disk, talk)
        full, kept = full + found[0], kept + found[1]
    report.figure("full-disk cycles", cycles)
    report.at_least("cycles in which the disk was full", full, cycles)
    report.at_least("messages kept in the inbox meanwhile", kept, cycles)
    report.at_most("bot parts that ended", sum(loop.done() for loop in loops))
    report.at_least("told at the terminal", len(talk.told), 1)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    ticker.stop()
    app.storage.read_now(lambda session: _told(report, session, talk))
    app.storage.close()


async def _cycle(disk: SmallDisk, talk: Talk) -> tuple[bool, int]:
    """Fill the disk under talk or while something is being sent; whether it was full, and what was kept."""
    if talk.dice.random() < 0.5:
        talk.gateway.sending = lambda: _fill_while_sending(disk, talk)
    else:
        disk.fill(talk.dice.randrange(SPARE))
    await talk.ask()
    size = _stored(talk)
    while len(talk.app._inbox) < 100 and _stored(talk) - size < 20_000:
        await talk.speak(20)
        await asyncio.sleep(PAUSE)
    await asyncio.sleep(5 * PAUSE)
    kept = len(talk.app._inbox) + len(talk.app._unhandled)
    talk.gateway.sending = None
    disk.free()
    await talk.speak(1)
    await talk.wait(lambda: not talk.app._inbox and not talk.app._unhandled)
    await talk.wait(lambda: talk.times_sent(talk.asked[-1]) > 0 and talk.app._unsettled is None)
    return kept > 0, kept


async def _fill_while_sending(disk: SmallDisk, talk: Talk) -> None:
    """The words go out, and then there is no space to write down that they did."""
    talk.gateway.sending = None
    await asyncio.to_thread(talk.app.storage.checkpoint)
    await asyncio.to_thread(disk.fill)


def _stored(talk: Talk) -> int:
    return talk.app.storage.read_now(lambda session: session.scalar(select(func.count(Message.id))) or 0)


def _told(report: Report, session: Session, talk: Talk) -> None:
    stored = set(session.scalars(select(Message.puppet_id)))
    report.figure("messages", talk.number)
    report.at_most("messages lost", len({f"m{n}" for n in range(1, talk.number + 1)} - stored))
    marks = [heard(session, FIRST), heard(session, SECOND)]
    keys = session.scalars(select(Message.id).where(Message.origin == "live")).all()
    report.at_most("not handled once", sum(one[str(key)] != 1 for key in keys for one in marks))
    left = session.scalar(select(func.count()).where(EventRow.done_at.is_(None)))
    report.at_most("events left open", left or 0)
    sent = [talk.times_sent(words) for words in talk.asked]
    report.at_most("answers not sent once", sum(count != 1 for count in sent))
    rows = session.scalars(select(Outgoing.status).where(Outgoing.text.in_(talk.asked))).all()
    report.at_most("answers whose end was forgotten", sum(status != "sent" for status in rows))
