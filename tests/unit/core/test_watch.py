"""The watch over the line and the nightly round: what they say, alert, and hand on to the owners."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import Alerts
from bot.clock import MovableClock
from bot.config_sections import AlertSettings, KeepingSettings
from bot.errors import QunxingError, StorageFull
from bot.gateway.base import Gateway, GatewayState, Person, Trouble
from bot.health import read_health
from bot.messages import Texts
from bot.storage.backup import backups
from bot.storage.engine import Storage, open_storage
from bot.storage.tables import AuditRow, Member, Message, Room
from bot.upkeep import Upkeep
from bot.watch import Watch

START = datetime(2026, 3, 1, 3, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Line:
    """A gateway of which only the state is looked at."""

    now: GatewayState = field(default_factory=lambda: GatewayState(connected=False, trouble="starting"))

    def state(self) -> GatewayState:
        return self.now

    def up(self) -> None:
        self.now = GatewayState(connected=True, since=START, account=Person("bot", "小群星"))

    def down(self, trouble: Trouble = "unreachable") -> None:
        self.now = GatewayState(connected=False, trouble=trouble)


@dataclass
class Scene:
    """A watch, the hand on its line and its clock, and everything that it said."""

    watch: Watch
    line: Line
    clock: MovableClock
    said: list[str]
    alerted: Callable[[], str]

    def look(self, **later: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**later))
        asyncio.run(self.watch.look())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    said: list[str] = []
    heard = tmp_path / "alerts"
    heard.touch()
    line, clock = Line(), MovableClock(START)
    alerts = Alerts(AlertSettings(command=f"tee -a {heard}"))
    watch = Watch(cast(Gateway, line), clock, alerts, Texts(), said.append, "gateway:1", tmp_path)
    return Scene(watch, line, clock, said, lambda: heard.read_text(encoding="utf-8"))


def test_a_change_of_the_line_is_said_once(scene: Scene) -> None:
    scene.look()
    scene.look(seconds=1)
    scene.line.up()
    scene.look(seconds=1)
    scene.look(seconds=1)
    assert [line[:4] for line in scene.said] == ["正在连网", "连上了，"]
    assert "小群星" in scene.said[-1]


@pytest.mark.parametrize(
    "trouble", ["starting", "unreachable", "busy", "token", "tls", "silent", "broken", "logged_out", "scan"]
)
def test_every_trouble_has_its_words(scene: Scene, trouble: Trouble) -> None:
    scene.line.down(trouble)
    scene.look()
    assert "gateway:1" in scene.said[0]


def test_a_line_that_is_down_for_five_minutes_is_alerted_once_an_hour(scene: Scene) -> None:
    scene.line.down()
    scene.look()
    scene.look(minutes=4, seconds=59)
    assert scene.alerted() == ""
    scene.look(seconds=1)
    scene.look(minutes=30)
    assert scene.alerted().count("gateway:1") == 1
    scene.look(minutes=30)
    assert scene.alerted().count("gateway:1") == 2
    scene.line.up()
    scene.look(minutes=61)
    scene.line.down()
    scene.look(minutes=1)
    scene.look(minutes=4)
    assert scene.alerted().count("gateway:1") == 2


def test_the_health_file_follows_the_line(scene: Scene) -> None:
    assert scene.watch.folder is not None
    folder = scene.watch.folder
    scene.look()
    assert read_health(folder, START) == (
        True,
        {
            "at": START.isoformat(), "pid": os.getpid(), "connected": False, "since": None,
            "trouble": "starting", "odd_events": 0, "payloads_lost": 0,
        },
    )  # fmt: skip
    assert (folder / "health.json").stat().st_mode & 0o777 == 0o600
    scene.look(seconds=14)
    assert read_health(folder, START)[1]["at"] == START.isoformat()
    scene.line.up()
    scene.look(seconds=0.5)
    assert read_health(folder, START)[1]["connected"] is True
    scene.look(seconds=15)
    last = scene.clock.now()
    assert read_health(folder, last + timedelta(seconds=59))[0]
    assert not read_health(folder, last + timedelta(seconds=60))[0]


def test_a_health_file_that_cannot_be_written_stops_nothing(scene: Scene) -> None:
    assert scene.watch.folder is not None
    (scene.watch.folder / "health.json").mkdir()
    scene.look()
    assert scene.said


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"at": 5}', '{"at": "noon"}'])
def test_a_spoilt_health_file_is_none(tmp_path: Path, spoilt: str) -> None:
    assert read_health(tmp_path, START) == (False, {})
    (tmp_path / "health.json").write_text(spoilt)
    assert read_health(tmp_path, START) == (False, {})


def test_a_trouble_is_said_alerted_and_handed_on_to_the_owners_when_it_can_be(scene: Scene) -> None:
    reported: list[str] = []
    failures = [StorageFull("storage_full")]

    async def report(what: str) -> None:
        if failures:
            raise failures.pop()
        reported.append(what)

    scene.watch.report = report
    scene.line.down()
    for _ in range(3):
        asyncio.run(scene.watch.trouble("storage_full_waiting"))
    assert len([line for line in scene.said if "磁盘满了" in line]) == 1
    assert scene.alerted().count("磁盘满了") == 1
    scene.look()
    assert reported == []  # nobody can be told while the line is down
    scene.line.up()
    scene.look()
    assert reported == []  # the disk was still full
    scene.look()
    scene.look()
    assert reported == ["storage_full_waiting"]


def test_an_ending_is_alerted(scene: Scene) -> None:
    asyncio.run(scene.watch.ending(QunxingError("other_account", name="别人", before="小群星")))
    asyncio.run(scene.watch.ending(KeyError("secret words")))
    alerted = scene.alerted()
    assert "别人" in alerted and "KeyError" in alerted and "secret words" not in alerted


# The nightly round


@pytest.fixture
def storage(folder: Path) -> Iterator[Storage]:
    opened = open_storage(folder)
    yield opened
    opened.close()


def upkeep(storage: Storage, **keeping: int) -> Upkeep:
    return Upkeep(storage, KeepingSettings(**keeping), SHANGHAI, MovableClock(START))


def test_the_round_is_at_four_by_the_groups_clock(storage: Storage) -> None:
    keeper = upkeep(storage)
    clock = cast(MovableClock, keeper.clock)
    assert keeper.next_night() == datetime(2026, 3, 1, 20, tzinfo=UTC)
    clock.move_to(datetime(2026, 3, 1, 19, 59, 59, tzinfo=UTC))
    assert keeper.next_night() == datetime(2026, 3, 1, 20, tzinfo=UTC)
    clock.move_to(datetime(2026, 3, 1, 20, tzinfo=UTC))
    assert keeper.next_night() == datetime(2026, 3, 2, 20, tzinfo=UTC)


def test_a_round_backs_up_and_lets_go(storage: Storage) -> None:
    folder = storage.file.parent
    old, new = START - timedelta(days=61), START - timedelta(days=59)
    (folder / "media").mkdir()
    for name, at in (("old.png", old), ("new.png", new)):
        (folder / "media" / name).touch()
        os.utime(folder / "media" / name, (at.timestamp(), at.timestamp()))
    (folder / "backups").mkdir()
    (folder / "backups" / "before-0002-20260201T000000Z.sqlite3").touch()
    rows = [AuditRow(at=START - timedelta(days=days), action="x", subject="y") for days in (366, 364)]
    storage.write_now(lambda session: session.add_all(rows))
    asyncio.run(upkeep(storage).round())
    assert [file.name for file in (folder / "media").iterdir()] == ["new.png"]
    assert [file.name for file in (folder / "backups").iterdir()] == ["daily-20260301.sqlite3"]
    assert storage.read_now(lambda session: session.query(AuditRow).count()) == 1


@pytest.mark.parametrize(("counts_days", "left"), [(0, ["", "新茶"]), (365, ["新茶"])])
def test_that_somebody_spoke_is_kept_as_long_as_is_wished(
    storage: Storage, counts_days: int, left: list[str]
) -> None:
    def talk(session: Session) -> None:
        session.add(Room(id=1, name="群", found_at=START, status_at=START))
        session.add(Member(id=1, name="安", found_at=START))
        session.flush()
        for days, text in ((366, "旧茶"), (364, "新茶")):
            session.add(Message(room_id=1, member_id=1, at=START - timedelta(days=days), text=text))

    storage.write_now(talk)
    asyncio.run(upkeep(storage, counts_days=counts_days).round())
    found = storage.read_now(lambda session: list(session.scalars(select(Message.text).order_by(Message.at))))
    assert found == left


def test_without_backups_there_are_none(storage: Storage) -> None:
    asyncio.run(upkeep(storage, backups=0).round())
    assert backups(storage.file.parent) == []


def test_a_part_that_fails_is_told_and_leaves_the_others(storage: Storage) -> None:
    told: list[str] = []

    async def trouble(key: str) -> None:
        told.append(key)

    keeper = upkeep(storage)
    keeper.trouble = trouble
    folder = storage.file.parent
    (folder / "backups").write_text("a file where a folder should be")
    storage.write_now(
        lambda session: session.add(AuditRow(at=START - timedelta(days=366), action="x", subject="y"))
    )
    asyncio.run(keeper.round())
    assert told == ["upkeep_failed"]
    assert storage.read_now(lambda session: session.query(AuditRow).count()) == 0


def test_every_night_is_for_ever(storage: Storage) -> None:
    async def two_nights() -> list[str]:
        keeper = upkeep(storage)
        clock = cast(MovableClock, keeper.clock)
        made: list[str] = []
        for day in (1, 2):
            clock.move_to(datetime(2026, 3, day, 19, 59, 59, 950_000, tzinfo=UTC))
            nights = asyncio.create_task(keeper.every_night())
            async with asyncio.timeout(20):
                while len(backups(storage.file.parent)) < day:  # noqa: ASYNC110 - made in a thread
                    await asyncio.sleep(0.02)
            nights.cancel()
            made = [file.name for file in backups(storage.file.parent)]
        return made

    assert asyncio.run(two_nights()) == ["daily-20260302.sqlite3", "daily-20260301.sqlite3"]
