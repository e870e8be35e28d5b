"""A time of planned shares with crashes, restarts and clocks that are set: nothing twice, no miss unsaid.

What should have been posted is counted by `dateutil`, which knows nothing of our rules.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.rrule import FR, MO, TU, WE, WEEKLY, rrule
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.host import find_plugins
from bot.testing import MORNING, Stage, StageRoom
from plugins.knowledge.tables import Issue, Material
from tests.faults.figures import Report

ZONE = ZoneInfo("Asia/Shanghai")
PLANS = {"每周一、二、三 20:30 茶识": (MO, TU, WE), "每周五 09:15 周报": (FR,)}
CLOCKS = {"茶识": (20, 30), "周报": (9, 15)}
TOLD = re.compile(r"《(?P<title>[^》]+)》.*?错过了(?: (?P<count>\d+) 次)?")
MATERIAL = re.compile(r"第\d+份")
NEVER_MORE_THAN = 10_000
ACCIDENTS = 0.2
"""The share of due moments at which something goes wrong."""


@dataclass(slots=True)
class Year:
    """The run: the stage, and what was heard in it."""

    stage: Stage
    room: StageRoom
    dice: random.Random
    begun_at: datetime
    posted: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    set_clocks: int = 0
    made: int = 0

    def listen(self) -> None:
        """Read what the bot said in the group and to its owner."""
        for sent in self.room.unread:
            self.posted.update(MATERIAL.findall(sent.text))
        self.room.unread.clear()
        owner = self.stage.person("老周")
        for sent in owner.unread:
            for match in TOLD.finditer(sent.text):
                self.told[match["title"]] += int(match["count"] or 1)
        owner.unread.clear()

    def fill(self) -> None:
        """There is always something to post, and no two are alike."""

        def add(session: Session) -> None:
            waiting = session.scalars(select(Material.id).where(Material.status == "waiting")).all()
            for _ in range(20 - len(waiting)):
                self.made += 1
                session.add(
                    Material(
                        room_id=self.room.key, kind="text", text=f"第{self.made}份", status="waiting",
                        added_at=self.stage.clock.now(),
                    )
                )  # fmt: skip

        self.stage.write(add)

    def pass_time(self, until: datetime) -> None:
        """Go from one due moment to the next, with an accident now and then."""
        for _ in range(NEVER_MORE_THAN):
            self.stage.settle()
            self.listen()
            wake = self.stage.app.agenda.now.next_at
            if wake is None or wake >= until:
                self.stage.clock.move_to(max(until, self.stage.clock.now()))
                return
            if self.dice.random() < ACCIDENTS:
                self.accident(wake)
            else:
                self.stage.clock.move_to(max(wake, self.stage.clock.now() + timedelta(milliseconds=1)))
            self.fill()

    def accident(self, wake: datetime) -> None:
        """The bot is gone for seconds or days, at a due moment or before; or somebody sets the clock."""
        kind = self.dice.choice(("crash", "crash", "away", "back", "forth"))
        if kind == "back":
            self.set_clocks += 1
            back = timedelta(minutes=self.dice.randint(1, 180))
            self.stage.clock._now -= back  # a test's clock only goes forward by itself
            return
        if kind == "forth":
            self.set_clocks += 1
            self.stage.clock.move_by(timedelta(minutes=self.dice.randint(1, 180)))
            return
        self.crashes += 1
        if self.dice.random() < 0.5:
            self.stage.clock.move_to(max(wake, self.stage.clock.now()))
        self.stage.end()
        if kind == "away":
            self.stage.clock.move_by(timedelta(minutes=self.dice.choice((5, 60, 240, 1500, 6000))))
        self.stage.begin()


def slots(folder: Path, seed: int, *, days: int) -> Report:
    """The whole experiment."""
    report = Report("slots", seed)
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "knowledge")]
    with Stage(folder, plugins=plugins, start=MORNING) as stage:
        room = stage.room("岩茶同好会", owner="老周", members=["小林"])
        owner = stage.person("老周")
        for said in PLANS:
            owner.asks(f"分享计划 {said}")
            owner.asks("对")
        year = Year(stage, room, random.Random(seed), stage.clock.now())
        year.fill()
        year.pass_time(year.begun_at + timedelta(days=days))
        stage.restart()
        stage.advance(hours=3)
        year.listen()
        _judge(report, year)
    return report


def _judge(report: Report, year: Year) -> None:
    now = year.stage.clock.now()
    rows = year.stage.read(
        lambda session: session.execute(select(Issue.title, Issue.due_at, Issue.status)).all()
    )
    settled = {(title, due_at): status for title, due_at, status in rows if due_at <= now}
    wanted = _wanted(year.begun_at, now)
    missed = Counter(title for (title, _), status in settled.items() if status == "missed")
    report.at_most("posted twice", sum(count - 1 for count in year.posted.values()))
    report.at_most("due and not on record", len(wanted - settled.keys()))
    report.at_most("on record and never due", len(settled.keys() - wanted))
    unsaid = sum(max(missed[title] - year.told[title], 0) for title in missed)
    report.at_most("misses that the owner did not hear of", unsaid)
    unposted = [key for key, status in settled.items() if status not in ("posted", "missed")]
    report.at_most("due and neither posted nor missed", len(unposted))
    posted = sum(status == "posted" for status in settled.values())
    report.at_most("on record as posted and not heard", max(posted - sum(year.posted.values()), 0))
    report.at_least("posted", posted, 1)
    report.figure("due", len(wanted))
    report.figure("posted", posted)
    report.figure("missed and told", sum(missed.values()))
    report.figure("crashes and restarts", year.crashes)
    report.figure("clocks set", year.set_clocks)


def _wanted(since: datetime, until: datetime) -> set[tuple[str, datetime]]:
    """What was due, as dateutil counts it."""
    found = set()
    for said, weekdays in PLANS.items():
        title = said.split()[-1]
        hour, minute = CLOCKS[title]
        start = since.astimezone(ZONE).replace(tzinfo=None)
        rule = rrule(WEEKLY, byweekday=weekdays, byhour=hour, byminute=minute, bysecond=0, dtstart=start)
        last = until.astimezone(ZONE).replace(tzinfo=None)
        for local in rule.between(start, last, inc=True):
            found.add((title, local.replace(tzinfo=ZONE).astimezone(since.tzinfo)))
    return found
