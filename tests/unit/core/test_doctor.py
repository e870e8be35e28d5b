"""`qunxing doctor` and `qunxing status`: each finding is seen to be good, and seen to be bad."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.cli import EXIT_CODES, run_command_line
from bot.clock import SystemClock
from bot.doctor import examine
from bot.gateway.base import GatewayState, Trouble
from bot.gateway.simulated import SimulatedPuppet
from bot.health import write_health
from bot.storage.backup import back_up
from bot.storage.engine import open_storage
from bot.storage.lock import only_one
from bot.storage.tables import EventMark, EventRow, Gap, Member, Message, Outgoing
from tests.contract.node_gateway import SERVER, NodeGateway
from tests.faults.gateway import FaultyGateway

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

has_node = pytest.mark.skipif(
    shutil.which("node") is None or not (SERVER / "node_modules").is_dir(), reason="Node is not installed"
)


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder beside a config.yaml, and no gateway."""
    (folder.parent / "config.yaml").touch()
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "insecure_t")
    monkeypatch.delenv("WECHATY_PUPPET_SERVICE_ENDPOINT", raising=False)
    folder.chmod(0o700)
    return folder


def findings(about: str = "") -> list[tuple[bool, str]]:
    """What the doctor says about something, and whether it is well."""
    found = asyncio.run(examine(Path("config.yaml")))
    return [(one.good, one.text) for one in found if about in one.text]


def verdict(about: str) -> bool:
    """Whether the one finding about something is good."""
    ((good, _),) = findings(about)
    return good


def written(folder: Path, do: Callable[[Session], object]) -> None:
    storage = open_storage(folder)
    try:
        storage.write_now(do)
    finally:
        storage.close()


# The line


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def test_what_is_missing_of_the_gateways_address(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not verdict("还没有网关地址")
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", "127.0.0.1:1")
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "")
    assert not verdict("还没有网关令牌")
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "no good\ttoken")
    assert not verdict("网关的地址或令牌不对")


def test_nobody_answers(here: Path, monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", nobody)
    assert not verdict(f"敲不开网关 {nobody}")


def test_a_ding_and_its_dong(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_a_gateway() -> list[tuple[bool, str]]:
        async with FaultyGateway(SimulatedPuppet(SystemClock())) as gateway:
            monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", f"127.0.0.1:{gateway.port}")
            return [(one.good, one.text) for one in await examine(Path("config.yaml"))]

    assert [good for good, text in asyncio.run(at_a_gateway()) if "咚" in text] == [True]


@has_node
@pytest.mark.node
def test_the_real_gateway_dongs_is_busy_and_refuses(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.gateway.base import LoggedIn
    from bot.gateway.channel import Endpoint
    from bot.gateway.service_puppet import Door
    from tests.contract.sides import running

    with NodeGateway() as gateway:
        gateway.call("contact", contact={"id": "bot", "name": "小群星"})
        gateway.call("login", contact="bot")
        monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", gateway.endpoint)
        monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", gateway.token)
        assert verdict("咚")
        assert verdict("咚")  # it let go of the line
        monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "insecure_wrong")
        assert not verdict("不认这个令牌")
        monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", gateway.token)

        async def beside_another_client() -> list[tuple[bool, str]]:
            endpoint = Endpoint.read(gateway.endpoint, gateway.token)
            async with running(Door(endpoint).puppet) as bot:
                await bot.inbox.next(LoggedIn)
                found = [(one.good, one.text) for one in await examine(Path("config.yaml"))]
                assert bot.gateway.state().connected  # it was not pushed out
                return found

        assert [good for good, text in asyncio.run(beside_another_client()) if "另一个机器人" in text] == [
            False
        ]


def test_a_gateway_that_never_dongs(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gateway.ring.ring.__defaults__", (0.3,))

    async def at_a_mute_gateway() -> list[tuple[bool, str]]:
        async with FaultyGateway(SimulatedPuppet(SystemClock())) as gateway:

            async def swallow(call: str, request: object) -> None:
                if call == "Ding":
                    await asyncio.sleep(60)

            gateway.before = swallow
            monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", f"127.0.0.1:{gateway.port}")
            return [(one.good, one.text) for one in await examine(Path("config.yaml"))]

    assert [good for good, text in asyncio.run(at_a_mute_gateway()) if "不应声" in text] == [False]


@pytest.mark.parametrize(
    ("connected", "trouble", "says", "good"),
    [
        (True, "", "线是好的", True),
        (False, "scan", "在等人扫码", False),
        (False, "busy", "另一个机器人", False),
    ],
)
def test_a_running_bot_is_asked_and_not_pushed_out(
    here: Path, monkeypatch: pytest.MonkeyPatch, nobody: str,
    connected: bool, trouble: Trouble, says: str, good: bool,
) -> None:  # fmt: skip
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", nobody)
    with only_one(here):
        assert not verdict("一分钟没报过平安")
        write_health(here, GatewayState(connected=connected, trouble=trouble), datetime.now(UTC))
        assert verdict(says) == good
        assert findings("机器人正在跑（进程")[0][0]


# The machine


def test_whether_it_ever_ran(here: Path) -> None:
    assert findings("还没有跑过") and not findings("?")
    with only_one(here):
        pass
    assert findings("现在没有在跑") and not findings("还没有跑过")


def test_others_can_look(here: Path) -> None:
    assert verdict("只有你自己能看")
    (here / "qunxing.sqlite3").chmod(0o644)
    ((good, text),) = findings("别的用户也能看到这些")
    assert not good and "qunxing.sqlite3" in text


def test_disk_and_versions_are_measured(here: Path) -> None:
    assert findings("磁盘还剩") and findings("磁盘落盘一次要")
    ((good, text),) = findings("SQLite")
    assert good and sqlite3.sqlite_version in text
    assert not list(here.glob(".probe*"))


def test_before_the_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert verdict("data 还没有")
    (tmp_path / "data").mkdir(mode=0o700)
    assert verdict("还没有数据库")


# The database


def test_a_data_folder_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").touch()
    (tmp_path / "data").touch()
    monkeypatch.chdir(tmp_path)
    assert not verdict("data 建不了")


def test_a_broken_database(here: Path) -> None:
    assert verdict("数据库完好")
    (here / "qunxing.sqlite3").write_bytes(b"torn" * 5_000)
    assert not verdict("数据库坏了")


def test_a_database_of_another_version(here: Path) -> None:
    assert verdict("数据库版本")
    with sqlite3.connect(here / "qunxing.sqlite3") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()
    assert not verdict("数据库版本")


def test_backups_their_age_and_their_wholeness(here: Path) -> None:
    import os

    assert verdict("还没有备份")
    made = back_up(here, datetime.now(UTC)).file
    assert verdict("最近的备份") and verdict("1 份每天的备份都读得通")
    old = (datetime.now(UTC) - 2 * DAY - HOUR).timestamp()
    os.utime(made, (old, old))
    assert not verdict("最近的备份")
    made.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    ((good, text),) = findings("备份坏了")
    assert not good and made.name in text


def test_rows_that_need_somebody(here: Path) -> None:
    assert verdict("不知道送到没有") and verdict("次处理出过错") and verdict("断线")

    def trouble(session: Session) -> None:
        now = datetime.now(UTC)
        session.add_all([
            Outgoing(plugin="core", kind="text", urgency="answer", text="茶", mentions=[], payload={},
                     status="unknown", created_at=now, not_before=now, expires_at=now + HOUR),
            EventRow(id=1, key="k", kind="RoomFound", at=now, received_at=now, payload={}),
            Gap(lost_at=now, reason="x"), Gap(lost_at=now - 8 * DAY, restored_at=now - 8 * DAY, reason="x"),
        ])  # fmt: skip
        session.flush()
        session.add(EventMark(event_id=1, handler="x.y", outcome="failed"))

    written(here, trouble)
    assert not verdict("1 条消息不知道送到没有")
    assert not verdict("1 次处理出过错")
    assert findings("断线 1 次")


@pytest.mark.parametrize(
    ("ours_ahead", "received_ago", "says", "good"),
    [
        (timedelta(seconds=3), HOUR, "时钟和微信差 3 秒", True),
        (timedelta(minutes=-3), HOUR, "时钟和微信差 -180 秒", False),
        (timedelta(minutes=15), HOUR, "时钟和微信差 900 秒", False),
        (timedelta(0), -HOUR, "时钟倒退过", False),
        (timedelta(0), 8 * DAY, "没有消息可以对一对", True),
    ],
)
def test_the_clock(here: Path, ours_ahead: timedelta, received_ago: timedelta, says: str, good: bool) -> None:
    def heard(session: Session) -> None:
        received_at = datetime.now(UTC) - received_ago
        session.add(Member(id=1, name="茶", found_at=received_at))
        session.flush()
        for number, late in ((1, timedelta(0)), (2, 3 * HOUR)):  # one of them was told again much later
            at = received_at - ours_ahead - late
            session.add(Message(id=number, member_id=1, at=at, text="茶", kind="text", origin="live"))
            session.flush()
            session.add(EventRow(key=f"m{number}", kind="MessagePosted", at=at, received_at=received_at,
                                 message_id=number, payload={}))  # fmt: skip

    assert verdict("没有消息可以对一对")
    written(here, heard)
    assert verdict(says) == good


# The commands


def test_doctor_ends_with_a_code(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["doctor"]) == EXIT_CODES["unexpected"]
    out = capsys.readouterr().out
    assert "✓ " in out and "✗ 还没有网关地址" in out


def test_status_for_people_and_machines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["status"]) == EXIT_CODES["unexpected"]
    capsys.readouterr()
    with only_one(here):
        write_health(here, GatewayState(connected=True), datetime.now(UTC))
        assert run_command_line(["status", "--json"]) == EXIT_CODES["fine"]
        told = json.loads(capsys.readouterr().out)
        assert told["good"] and told["alive"] and told["connected"]
        assert told["outgoing"] == {"planned": 0, "claimed": 0, "unknown": 0}
        assert (told["owner_items"], told["open_gaps"], told["rooms"]) == (0, 0, {})
        assert run_command_line(["status"]) == EXIT_CODES["fine"]
        assert len(capsys.readouterr().out.splitlines()) == 2
        write_health(here, GatewayState(connected=False, trouble="scan"), datetime.now(UTC))
        assert run_command_line(["status"]) == EXIT_CODES["unexpected"]
        write_health(here, GatewayState(connected=True), datetime.now(UTC) - HOUR)
        assert run_command_line(["status"]) == EXIT_CODES["unexpected"]
        assert json.loads(_json(capsys))["alive"] is False
        write_health(here, GatewayState(connected=True), datetime.now(UTC))
    assert run_command_line(["status"]) == EXIT_CODES["unexpected"]  # it has stopped since


def _json(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run_command_line(["status", "--json"])
    return capsys.readouterr().out


def test_status_without_any_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert json.loads(_json(capsys)) == {"good": False, "alive": False}
