"""What was said to be stored is stored: after `kill -9` in the middle of writing, and after a full disk."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.backup import integrity
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade
from bot.storage.tables import EventRow, Message
from tests.faults import apart
from tests.faults.figures import Report
from tests.faults.still_gateway import login, message, still_app
from tests.faults.witness import FIRST, SECOND, heard

KILLS_A_DATABASE = 25
LARGEST_BATCH = 40
WRITES_FOR = 0.12
STARTS_WITHIN = 20.0


def durability(folder: Path, seed: int, *, kills: int) -> Report:
    """Kill processes that write as fast as they can; look at what is left each time."""
    report, dice = Report("durability", seed), random.Random(seed)
    lost = damaged = acknowledged = unhandled = twice = 0
    for number in range(-(-kills // KILLS_A_DATABASE)):
        place = folder / f"data{number}"
        upgrade(place)
        last = 0
        for _ in range(min(KILLS_A_DATABASE, kills - number * KILLS_A_DATABASE)):
            last = _one_life(place, last, dice)
            damaged += bool(integrity(place))
            missing, open_ = _left(place, last)
            lost, unhandled = lost + missing, unhandled + open_
        acknowledged += last
        twice += _handled_twice(place)
    report.figure("kills under write load", kills)
    report.figure("messages acknowledged", acknowledged)
    report.at_most("acknowledged messages lost", lost)
    report.at_most("acknowledged messages not handled", unhandled)
    report.at_most("handled twice", twice)
    report.at_most("integrity checks failed", damaged)
    report.at_least("messages acknowledged in a life, mean", acknowledged / kills, 1)
    return report


def write_on(place: Path, acks: Connection, start: int, seed: int) -> None:
    """Store and handle message after message; tell the number of the last one after each commit."""
    asyncio.run(_write_on(place, acks, start, random.Random(seed)))


async def _write_on(place: Path, acks: Connection, start: int, dice: random.Random) -> None:
    app = still_app(place, dice.randrange(10**6))
    await app.begin()
    now = app.clock.now()
    await app.receive(login(now))
    number = start
    while True:
        for _ in range(dice.randint(1, LARGEST_BATCH)):
            number += 1
            await app.receive(message(number, now))
        while await app.handle_inbox():
            continue
        acks.send(number)


def _one_life(place: Path, start: int, dice: random.Random) -> int:
    """The number of the last message that a process acknowledged before it was killed."""
    ours, theirs = apart.pipe()
    process = apart.begin(write_on, place, theirs, start, dice.randrange(10**6))
    theirs.close()
    last = start
    if ours.poll(STARTS_WITHIN):
        last = ours.recv()
    time.sleep(dice.uniform(0, WRITES_FOR))
    apart.kill(process)
    with contextlib.suppress(EOFError):
        while True:
            last = ours.recv()
    ours.close()
    return last


def _left(place: Path, last: int) -> tuple[int, int]:
    """How many of the messages up to `last` are missing, and how many were not handled."""

    def look(session: Session) -> tuple[int, int]:
        stored = set(session.scalars(select(Message.puppet_id)))
        open_ = set(
            session.scalars(
                select(Message.puppet_id)
                .join(EventRow, EventRow.message_id == Message.id)
                .where(EventRow.done_at.is_(None))
            )
        )
        said = {f"m{number}" for number in range(1, last + 1)}
        return len(said - stored), len(said & open_)

    storage = open_storage(place)
    try:
        return storage.read_now(look)
    finally:
        storage.close()


def _handled_twice(place: Path) -> int:
    def look(session: Session) -> int:
        marks = (heard(session, name) for name in (FIRST, SECOND))
        return sum(count > 1 for one in marks for count in one.values())

    storage = open_storage(place)
    try:
        return storage.read_now(look)
    finally:
        storage.close()
