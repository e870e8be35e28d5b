"""`qunxing import` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import run_command_line
from bot.storage.lock import only_one
from tests.unit.importing.logs import chatlab, written


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty configuration and a log."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "config.yaml").touch()
    return written(tmp_path, chatlab({}, {"content": "在"}), "log.json")


def test_a_dry_run_leaves_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["import", "log.json", "--room", "茶友会", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "2 条消息，1 个人" in said
    assert "什么也没有存" in said
    assert not Path("data").exists()


def test_importing_twice(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["import", "log.json", "--room", "茶友会", "--format", "chatlab"]) == 0
    assert "新建了「茶友会」，先关着。" in capsys.readouterr().out
    assert run_command_line(["import", "log.json", "--room", "茶友会"]) == 0
    said = capsys.readouterr().out
    assert "新存 0 条" in said
    assert "2 条以前就有" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["log.json"], "--room 要写上"), (["none.txt", "--room", "x"], "找不到 none.txt"),
     (["log.json", "--room", "x", "--format", "xlsx"], "没有 xlsx 这种格式"),
     (["log.json", "--room", "x", "--format", "csv"], "log.json 第 1 行"),
     ([".", "--room", "x"], "是一个文件夹")],
)  # fmt: skip
def test_mistakes_are_one_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert run_command_line(["import", *arguments]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.strip().count("\n") == 0
    assert said.out == ""
    assert not Path("data", "qunxing.sqlite3").exists()


def test_a_running_bot_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one(Path("data")):
        assert run_command_line(["import", "log.json", "--room", "x"]) == 6
    assert "已经有一个群星" in capsys.readouterr().err
