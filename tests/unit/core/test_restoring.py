"""`qunxing restore` and `qunxing unpair`, as whoever looks after the machine meets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.authority import may_command, new_code, owners_of_all, try_pair
from bot.cli import EXIT_CODES, run_command_line
from bot.storage.backup import back_up
from bot.storage.engine import open_storage
from bot.storage.facts import fact, set_fact
from bot.storage.lock import only_one
from bot.storage.tables import AuditRow, Member, Room

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a backup in which the word is 早; since then it is 晚."""
    (folder.parent / "config.yaml").touch()
    monkeypatch.chdir(folder.parent)
    written(folder, lambda session: set_fact(session, "word", "早", NOW))
    back_up(folder, NOW)
    written(folder, lambda session: set_fact(session, "word", "晚", NOW))
    return folder


def written(folder: Path, do: Callable[[Session], T]) -> T:
    storage = open_storage(folder)
    try:
        return storage.write_now(do)
    finally:
        storage.close()


def word(folder: Path) -> object:
    return written(folder, lambda session: fact(session, "word"))


def set_aside(folder: Path) -> list[Path]:
    return sorted((folder / "backups").glob("replaced-*"))


def test_the_newest_backup_is_put_back_and_what_stood_there_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["restore", "--yes"]) == EXIT_CODES["fine"]
    assert word(here) == "早"
    (aside,) = set_aside(here)
    assert aside.name in capsys.readouterr().out
    assert aside.stat().st_mode & 0o777 == 0o600
    assert run_command_line(["restore", aside.name, "--yes"]) == EXIT_CODES["fine"]
    assert word(here) == "晚"


@pytest.mark.parametrize(("answer", "left"), [("y", "早"), ("n", "晚")])
def test_it_asks_first(here: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: str) -> None:
    asked: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return answer == "y"

    monkeypatch.setattr("typer.confirm", confirm)
    assert run_command_line(["restore"]) == EXIT_CODES["fine" if answer == "y" else "unexpected"]
    assert len(asked) == 1 and "daily-20260301.sqlite3" in asked[0] and "忘记我" in asked[0]
    assert word(here) == left
    assert len(set_aside(here)) == (answer == "y")


def test_a_backup_that_does_not_hold_changes_nothing(here: Path) -> None:
    bad = here / "backups" / "daily-20260302.sqlite3"
    bad.write_bytes((here / "backups" / "daily-20260301.sqlite3").read_bytes()[:9_000])
    assert run_command_line(["restore", "--yes"]) == EXIT_CODES["storage"]
    assert word(here) == "晚"
    assert set_aside(here) == []


def test_a_broken_database_is_set_aside_as_it_is(here: Path) -> None:
    file = here / "qunxing.sqlite3"
    file.write_bytes(b"torn" * 1000)
    assert run_command_line(["restore", "--yes"]) == EXIT_CODES["fine"]
    assert word(here) == "早"
    (aside,) = set_aside(here)
    assert aside.read_bytes() == b"torn" * 1000


def test_not_while_a_bot_is_at_work(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one(here):
        assert run_command_line(["restore", "--yes"]) == EXIT_CODES["busy"]
    assert word(here) == "晚"


def test_a_backup_that_is_not_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["restore", "daily-19990101.sqlite3", "--yes"]) == EXIT_CODES["unexpected"]
    assert "daily-20260301.sqlite3" in capsys.readouterr().err
    (here / "backups" / "daily-20260301.sqlite3").unlink()
    assert run_command_line(["restore"]) == EXIT_CODES["unexpected"]
    assert "没什么可换的" in capsys.readouterr().err
    assert word(here) == "晚"


def test_unpairing_takes_rooms_and_codes_from_everybody(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)

    def pair(session: Session) -> str:
        session.add_all([
            Room(id=1, name="茶", status="live", found_at=now, status_at=now),
            Member(id=1, name="老周", found_at=now),
        ])  # fmt: skip
        session.flush()
        assert try_pair(session, 1, new_code(session, [], now), now) == "paired"
        return new_code(session, ["茶"], now)

    unused = written(here, pair)
    assert run_command_line(["unpair"]) == EXIT_CODES["fine"]
    assert "有 1 位" in capsys.readouterr().out

    def look(session: Session) -> tuple[bool, list[int], str, list[str]]:
        actions = list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))
        return may_command(session, 1, 1), owners_of_all(session), try_pair(session, 1, unused, now), actions

    assert written(here, look) == (False, [], "none", ["paired", "unpaired"])


def test_unpairing_without_any_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["unpair"]) == EXIT_CODES["fine"]
    assert "有 0 位" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()
