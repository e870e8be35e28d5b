"""Reception goes on whatever the gateway writes: every good event in between is handled, in order."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.gateway.cast import SimulatedPerson, SimulatedRoom
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from bot.storage.tables import AuditRow, EventRow, Message
from tests.faults.figures import Report
from tests.faults.fuzzed_events import Fuzz
from tests.faults.gateway import FaultyGateway, Spoil
from tests.faults.rig import Rig, until
from tests.faults.wire import protocol
from tests.faults.witness import FIRST, make_witness
from tests.faults.witness import heard as heard_by

IMPATIENT = GatewaySettings(payload_pauses=(0.0, 0.0), payload_timeout=5.0, concurrency=32)
GOOD_WORDS = "好的第"
GOOD_ONE_IN = 4
AT_ONCE = 200
PATIENCE, TRIES = 15.0, 3
SPOILED = ("MessagePayload", "ContactPayload", "RoomMemberPayload", "RoomPayload", "FriendshipPayload")


class Good:
    """What people really do in between, and how often."""

    def __init__(self, world: SimulatedPuppet, room: SimulatedRoom, tea: SimulatedPerson) -> None:
        self._world = world
        self._room = room
        self._tea = tea
        self._guests: list[SimulatedPerson] = []
        self.said: list[str] = []
        self.done: Counter[str] = Counter()

    def happen(self) -> None:
        """The next good thing."""
        number = sum(self.done.values()) + len(self.said)
        kind = number % 10
        if kind == 0:
            self._guests.append(self._world.person(f"客人{number}"))
            self._room.join(self._guests[-1])
            self.done["MembersJoined"] += 1
        elif kind == 3 and self._guests:
            self._room.leave(self._guests.pop())
            self.done["MembersLeft"] += 1
        elif kind == 5:
            self._room.rename(f"茶友会{number}")
            self.done["RoomRenamed"] += 1
        elif kind == 7:
            self._world.person(f"路人{number}").request_friendship("你好")
            self.done["FriendRequested"] += 1
        elif kind == 8:
            self._tea.invite_bot(f"新群{number}")
            self.done["RoomInvited"] += 1
        else:
            self.speak(in_room=number % 3 > 0)

    def speak(self, *, in_room: bool = True) -> str:
        """Somebody says something new; what."""
        self.said.append(f"{GOOD_WORDS}{len(self.said)}")
        if in_room:
            self._room.say(self._tea, self.said[-1])
        else:
            self._tea.say(self.said[-1])
        return self.said[-1]


def fuzz(folder: Path, seed: int, *, events: int) -> Report:
    """Send fuzzed events with good ones between them, and answers that are spoiled."""
    report = Report("fuzz", seed)
    asyncio.run(_experiment(folder, random.Random(seed), events, report))
    return report


async def _experiment(folder: Path, dice: random.Random, events: int, report: Report) -> None:
    world = SimulatedPuppet(SystemClock())
    tea, lin, junk = world.person("阿茶", friend=True), world.person("小林"), world.person("怪人", id="junk")
    room = world.room("岩茶同好会", [tea, lin])
    spoiled = [world.speak(junk, room, f"坏的{number}").id for number in range(20)]
    async with FaultyGateway(world) as gateway:
        gateway.spoil = _spoiler(dice, {*spoiled, junk.id})
        rig = Rig(folder, gateway.door().puppet, plugins=[make_witness()], settings=IMPATIENT)
        rig.hear([room])
        await rig.start()
        await until(lambda: rig.gateway.state().connected)
        good, made = Good(world, room, tea), Fuzz(dice, (lin.id, room.id, *spoiled), room.id)
        while made.made < events:
            for _ in range(min(AT_ONCE, events - made.made)):
                gateway.write(made.event())
                if made.made % GOOD_ONE_IN == 0:
                    good.happen()
            world.log_in()  # some of it reads as a farewell of the account
            if not await _caught_up(rig, good):
                break  # reception has stopped: what is missing is told
        report.at_most("bot parts that ended", len(rig.failed()))
        report.at_most("stops of reception", gateway.streams - 1)
        report.figure("events not understood", rig.gateway.state().odd_events)
        await rig.stop()
    report.figure("fuzzed events", made.made)
    report.figure("good events between them", len(good.said) + sum(good.done.values()))
    rig.read(lambda session: _told(report, session, good))


def _spoiler(dice: random.Random, whose: set[str]) -> Spoil:
    """Spoils the answers about these ids: garbage, cut short, or with fields that make no sense."""

    def spoil(call: str, request: Any, answer: bytes) -> bytes:
        if call not in SPOILED or not whose & {getattr(request, "id", ""), getattr(request, "member_id", "")}:
            return answer
        way = dice.randrange(5)
        if way == 0:
            return dice.randbytes(dice.randint(0, 200))
        if way == 1:
            return answer[: dice.randrange(len(answer) + 1)]
        if way == 2 and call == "MessagePayload":
            return bytes(protocol.MessagePayloadResponse(id=request.id, text="长" * 300_000, type=2**31 - 1))
        if way == 3 and call == "MessagePayload":
            ids = ["x" * 50] * 5000
            odd = protocol.MessagePayloadResponse(
                id=request.id, from_id="junk", timestamp=2**63, type=7, mention_ids=ids, room_id="no@chatroom"
            )
            return bytes(odd)
        return answer

    return spoil


async def _caught_up(rig: Rig, good: Good) -> bool:
    """Wait until the last words are stored and everything before them is handled; False if they never are.

    Words that were lost must not look like reception that stopped: after a while others are said.
    """
    for _ in range(TRIES):
        last = good.speak()
        try:
            await until(partial(_is_there, rig, last), PATIENCE)
        except TimeoutError:
            continue
        await rig.quiet()
        return True
    return False


def _is_there(rig: Rig, text: str) -> bool:
    return bool(rig.failed()) or rig.read_live(lambda session: _has(session, text))


def _has(session: Session, text: str) -> bool:
    return session.scalar(select(Message.id).where(Message.text == text)) is not None


def _told(report: Report, session: Session, good: Good) -> None:
    stored = session.execute(select(Message.id, Message.text).order_by(Message.id)).all()
    said = [(row.id, row.text) for row in stored if row.text.startswith(GOOD_WORDS)]
    heard = heard_by(session, FIRST)
    noted = select(AuditRow.subject).where(AuditRow.action == FIRST).order_by(AuditRow.id)
    order = list(session.scalars(noted))
    report.at_most("good messages missing", len(set(good.said) - {text for _, text in said}))
    in_place = zip(good.said, said, strict=False)
    report.at_most("good messages out of order", sum(text != stored for text, (_, stored) in in_place))
    report.at_most("good messages not handled once", sum(heard[str(key)] != 1 for key, _ in said))
    report.at_most("handled out of order", sum(int(a) > int(b) for a, b in pairwise(order)))
    kinds = Counter(session.scalars(select(EventRow.kind)))
    handled = Counter(session.scalars(select(AuditRow.action)))
    for kind, count in good.done.items():
        report.at_most(f"good {kind} missing", max(count - kinds[kind], 0))
        report.at_most(f"{kind} not handled once", abs(kinds[kind] - handled[kind]))
