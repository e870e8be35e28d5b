"""The commands of whoever looks after the machine, as typed: what they say, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import EXIT_CODES, run_command_line
from bot.pairing import print_code
from bot.storage.engine import open_storage
from bot.storage.tables import Room
from bot.testing.stage import MORNING

Printed = pytest.CaptureFixture[str]
FINE, WRONG, USAGE = (EXIT_CODES[name] for name in ("fine", "unexpected", "usage"))


@pytest.fixture
def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty config.yaml and a data folder."""
    (folder.parent / "config.yaml").touch()
    monkeypatch.chdir(folder.parent)
    return folder.parent


def said(printed: Printed) -> str:
    found = printed.readouterr()
    return found.out + found.err


def rooms(place: Path, *names: str) -> None:
    storage = open_storage(place / "data")
    found = [Room(name=name, found_at=MORNING, status_at=MORNING) for name in names]
    storage.write_now(lambda session: session.add_all(found))
    storage.close()


def test_the_version(place: Path, capsys: Printed) -> None:
    assert run_command_line(["version"]) == FINE
    assert said(capsys).strip() == __version__


@pytest.mark.parametrize("arguments", [["--help"], ["pair", "--help"], ["import", "--help"], []])
def test_help_is_in_chinese(place: Path, capsys: Printed, arguments: list[str]) -> None:
    run_command_line(arguments)
    page = said(capsys)
    assert "选项" in page and "Usage" not in page and "Options" not in page and "[required]" not in page


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["check", "--nonsense"], "--nonsense"),
        (["import"], "file"),
        (["report"], "--room"),
        (["report", "--room", "岩茶", "--days", "soon"], "--days"),
        (["nonsense"], ""),
    ],
)
def test_a_mistake_on_the_command_line_is_one_sentence(
    place: Path, capsys: Printed, arguments: list[str], word: str
) -> None:
    assert run_command_line(arguments) == USAGE
    told = said(capsys)
    assert word.lower() in told.lower() and len(told.strip().splitlines()) == 1
    assert "Traceback" not in told and "Error" not in told


def test_a_configuration_that_is_right_and_one_that_is_not(place: Path, capsys: Printed) -> None:
    assert run_command_line(["check"]) == FINE
    assert "config.yaml" in said(capsys)
    (place / "config.yaml").write_text("sending:\n  split_at: 很多\n", encoding="utf-8")
    assert run_command_line(["check"]) == EXIT_CODES["config"]
    assert "第 2 行" in said(capsys)


def test_doctor_says_what_is_wrong_and_so_does_its_exit_code(place: Path, capsys: Printed) -> None:
    assert run_command_line(["doctor"]) == WRONG
    told = said(capsys)
    assert "integrity" not in told and "数据库" in told


def test_status_of_a_bot_that_does_not_run(place: Path, capsys: Printed) -> None:
    assert run_command_line(["status"]) == WRONG
    assert said(capsys).strip()
    assert run_command_line(["status", "--json"]) == WRONG
    found = json.loads(said(capsys))
    assert (found["good"], found["alive"]) == (False, False)
    assert found["outgoing"] == {"planned": 0, "claimed": 0, "unknown": 0}


def test_the_pages_are_up_to_date_or_it_says_so(capsys: Printed) -> None:
    assert run_command_line(["docs", "--check"]) == FINE
    assert said(capsys).strip()
    assert run_command_line(["docs", "--texts"]) == FINE
    assert "`greeting_lost`" in said(capsys)
    assert run_command_line(["docs", "--example"]) == FINE
    assert "keeping:" in said(capsys)


# Pairing codes


def codes(place: Path, *names: str) -> str:
    told: list[str] = []
    print_code(place / "config.yaml", list(names), told.append)
    return "\n".join(told)


def test_a_code_says_what_it_covers(place: Path) -> None:
    assert "岩茶" not in codes(place)  # no group yet: it will cover those that come
    rooms(place, "岩茶同好会", "白茶小院")
    every = codes(place)
    assert "岩茶同好会" in every and "白茶小院" in every
    one = codes(place, "岩茶同好会", "没这个群")
    assert "岩茶同好会" in one and "白茶小院" not in one and "没这个群" in one


def test_no_code_for_groups_that_nobody_knows(place: Path, capsys: Printed) -> None:
    rooms(place, "岩茶同好会")
    assert run_command_line(["pair", "--room", "没这个群"]) != FINE
    assert "没这个群" in said(capsys)


def test_a_code_can_be_had_before_there_is_any_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    (tmp_path / "config.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["unpair"]) == FINE
    assert run_command_line(["pair"]) == FINE
    assert (tmp_path / "data" / "qunxing.sqlite3").stat().st_mode & 0o777 == 0o600
