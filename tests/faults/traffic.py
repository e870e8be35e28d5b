"""Much talk in many rooms over a bad line, and a bot that is stopped and crashes on the way.

Of every hundred messages five cannot be fetched at first, five come twice and one comes late. After a crash
the gateway tells its last messages again, as gateways do. Every message must be stored once, in the order of
its room, and handled once by each handler; every question answered once, and none that came late.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.gateway.cast import SimulatedPerson, SimulatedRoom
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from bot.storage.tables import EventRow, Message
from tests.faults.figures import Report
from tests.faults.gateway import FaultyGateway
from tests.faults.rig import Rig, until
from tests.faults.witness import FIRST, REPEAT, SECOND, heard, make_witness

ROOMS, PEOPLE = 8, 12
TRANSIENT, TWICE, LATE, QUESTIONS, LATE_QUESTIONS = 0.05, 0.05, 0.01, 0.03, 0.15
LATE_BY = 3600
TOLD_AGAIN = 2_000
AT_ONCE = 250
SETTINGS = GatewaySettings(payload_pauses=(0.0, 0.01, 0.05), backoff=(0.05, 0.1))
FAILURES = (Status.INTERNAL, Status.UNAVAILABLE, Status.UNKNOWN, Status.DEADLINE_EXCEEDED)


@dataclass(slots=True)
class Talk:
    """What is said, by message id; `failing` says how often a message cannot be fetched yet."""

    world: SimulatedPuppet
    dice: random.Random
    rooms: list[SimulatedRoom]
    people: list[SimulatedPerson]
    said: dict[str, str] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    questions: dict[str, str] = field(default_factory=dict)
    failing: Counter[str] = field(default_factory=Counter)
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=TOLD_AGAIN))
    doubled: int = 0
    failures: int = 0

    def speak(self) -> None:
        """One message, with its faults."""
        room, talker = self.dice.choice(self.rooms), self.dice.choice(self.people)
        is_question = self.dice.random() < QUESTIONS
        text = f"{REPEAT} 答{len(self.said)}" if is_question else f"第{len(self.said)}句话"
        listening, self.world.listening = self.world.listening, False
        said = room.say(talker, text, mention=[self.world.me] if is_question else [])
        self.world.listening = listening
        self.said[said.id] = room.id
        if is_question:
            self.questions[said.id] = text.removeprefix(f"{REPEAT} ")
        if self.dice.random() < (LATE_QUESTIONS if is_question else LATE):
            self.world.messages[said.id].timestamp -= LATE_BY
            self.late.add(said.id)
        if self.dice.random() < TRANSIENT:
            self.failing[said.id] = self.dice.randint(1, len(SETTINGS.payload_pauses))
            self.failures += 1
        self.recent.append(said.id)
        self.world.replay(said.id)
        if self.dice.random() < TWICE:
            self.doubled += 1
            self.world.replay(self.dice.choice(self.recent))

    def tell_again(self) -> None:
        """What a gateway does when somebody comes back to it."""
        for message in self.recent:
            self.world.replay(message)

    async def fail(self, call: str, request: Any) -> None:
        """The fault of the gateway."""
        if call == "MessagePayload" and self.failing[request.id] > 0:
            self.failing[request.id] -= 1
            raise GRPCError(self.dice.choice(FAILURES), "try again")


def traffic(folder: Path, seed: int, *, messages: int, restarts: int) -> Report:
    """Let people talk while the line is bad and the bot is restarted."""
    report = Report("traffic", seed)
    asyncio.run(_experiment(folder, random.Random(seed), messages, restarts, report))
    return report


async def _experiment(
    folder: Path, dice: random.Random, messages: int, restarts: int, report: Report
) -> None:
    world = SimulatedPuppet(SystemClock(), keep=10**9)
    people = [world.person(f"友{number}") for number in range(PEOPLE)]
    rooms = [world.room(f"群{number}", people) for number in range(ROOMS)]
    talk = Talk(world, dice, rooms, people)
    breaks = sorted(dice.sample(range(1, max(messages // AT_ONCE, restarts + 2)), restarts))
    async with FaultyGateway(world) as gateway:
        gateway.before = talk.fail
        rig = Rig(folder, gateway.door().puppet, plugins=[make_witness()], settings=SETTINGS)
        rig.hear(rooms)
        await rig.start()
        await until(lambda: rig.gateway.state().connected)
        for part in range(-(-messages // AT_ONCE)):
            for _ in range(min(AT_ONCE, messages - len(talk.said))):
                talk.speak()
            if part in breaks:
                await _break(rig, gateway, talk, crash=breaks.index(part) % 3 > 0)
            else:
                await _caught_up(rig, talk)
        talk.speak()
        await _caught_up(rig, talk)
        report.at_most("bot parts that ended", len(rig.failed()))
        await rig.stop()
    report.figure("restarts", restarts)
    report.figure("crashes among them", sum(number % 3 > 0 for number in range(restarts)))
    report.figure("came twice", talk.doubled)
    report.figure("could not be fetched at first", talk.failures)
    report.figure("came late", len(talk.late))
    rig.read(lambda session: _told(report, session, talk))


async def _break(rig: Rig, gateway: FaultyGateway, talk: Talk, *, crash: bool) -> None:
    """End the bot amid its work and start it again. Before an orderly end, what was sent has arrived."""
    if crash:
        await asyncio.sleep(talk.dice.uniform(0.0, 0.3))
        await rig.crash()
    else:
        await until(lambda: gateway.calls["MessagePayload"] >= len(talk.said))
        await rig.stop()
    await until(lambda: not gateway.is_attached)
    await rig.start()
    await until(lambda: rig.gateway.state().connected)
    talk.tell_again()
    await _caught_up(rig, talk)


async def _caught_up(rig: Rig, talk: Talk) -> None:
    """Wait until the last message is stored and everything before it is handled."""
    last = talk.recent[-1]
    await until(lambda: bool(rig.failed()) or rig.read_live(lambda session: _has(session, last)))
    await rig.quiet()


def _has(session: Session, puppet_id: str) -> bool:
    return session.scalar(select(Message.id).where(Message.puppet_id == puppet_id)) is not None


def _told(report: Report, session: Session, talk: Talk) -> None:
    rows = session.execute(
        select(Message.id, Message.puppet_id, Message.room_id)
        .where(Message.origin == "live")
        .order_by(Message.id)
    ).all()
    stored = Counter(row.puppet_id for row in rows)
    report.figure("messages", len(talk.said))
    report.at_most("missing", len(talk.said.keys() - stored.keys()))
    report.at_most("stored twice", sum(count > 1 for count in stored.values()))
    place = {puppet_id: number for number, puppet_id in enumerate(talk.said)}
    by_room: dict[int | None, list[int]] = defaultdict(list)
    for row in rows:
        by_room[row.room_id].append(place[row.puppet_id])
    inverted = sum(a > b for order in by_room.values() for a, b in pairwise(order))
    report.at_most("order inversions in a room", inverted)
    handled = [heard(session, FIRST), heard(session, SECOND)]
    wrong = sum(one[str(row.id)] != 1 for row in rows for one in handled)
    report.at_most("handled other than once by a handler", wrong)
    report.at_most("events left open", _open_events(session))
    _told_answers(report, talk)


def _told_answers(report: Report, talk: Talk) -> None:
    """Answers, as the network got them. An answer that a crash kept from going out is no fault here."""
    answers = Counter(sent.text.rpartition("\u2005")[2] for sent in talk.world.sent)
    report.figure("questions", len(talk.questions))
    report.figure("answers", answers.total())
    report.at_most("answered twice", sum(count > 1 for count in answers.values()))
    late = {talk.questions[one] for one in talk.late if one in talk.questions}
    report.at_least("late questions", len(late), 1)
    report.at_most("late questions answered", sum(answers[words] for words in late))


def _open_events(session: Session) -> int:
    return session.scalar(select(func.count()).where(EventRow.done_at.is_(None))) or 0
