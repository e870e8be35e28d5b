"""`qunxing replay` killed in the middle and run again: rows and reports are those of one run."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import run_command_line
from bot.importing.formats import Format
from bot.storage.connection import DATABASE
from tests.unit.importing.storing import data_file

ROOT = Path(__file__).parents[2]
KILLED = 9
# A replay whose folder can be looked at; it dies without a word after so many writes, if it is to die.
SCRIPT = """
import os, shutil, sys, tempfile
from types import SimpleNamespace
from pathlib import Path
from bot.cli import run_command_line
from bot.importing.formats import Format
from bot.replay import command, engine

log, folder, log_format, deaths = Path(sys.argv[1]), Path(sys.argv[2]), Format(sys.argv[3]), int(sys.argv[4])
config, writes, part = folder / "config.yaml", 0, engine.Replay._part
config.write_text("", encoding="utf-8")

class Kept:
    def __init__(self, prefix):
        self.name = tempfile.mkdtemp(prefix=prefix, dir=folder)
    def __enter__(self):
        return self.name
    def __exit__(self, *raised):
        shutil.move(self.name, folder / "kept")

def counted(self, arrivals, session):
    global writes
    part(self, arrivals, session)
    writes += 1
    if writes == deaths:
        os._exit(9)

command.tempfile = SimpleNamespace(TemporaryDirectory=Kept)
engine.Replay._part = counted
command.replay_files([log], log_format, "茶友会", config, folder / "out")
"""


def run(log: Path, folder: Path, log_format: Format, deaths: int = 0) -> int:
    """A replay in a process of its own; its exit code."""
    folder.mkdir(exist_ok=True)
    arguments = [str(log), str(folder), log_format.value, str(deaths)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=ROOT, check=False, env=environment
    ).returncode


def everything(folder: Path) -> dict[str, object]:
    """Every row of every table, and both reports."""
    with sqlite3.connect(folder / "kept" / DATABASE) as raw:
        tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, object] = {
            table: sorted(raw.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables
        }
    raw.close()
    for report in ("replay.md", "replay.jsonl"):
        found[report] = (folder / "out" / report).read_text(encoding="utf-8")
    return found


def killed_and_run_again(tmp_path: Path, log: Path, log_format: Format, deaths: int) -> None:
    """One run beside one that was killed and run again."""
    assert run(log, tmp_path / "one", log_format) == 0
    assert run(log, tmp_path / "two", log_format, deaths) == KILLED
    assert not (tmp_path / "two" / "out").exists()
    assert run(log, tmp_path / "two", log_format) == 0
    one, two = everything(tmp_path / "one"), everything(tmp_path / "two")
    assert one["message"] and one["outgoing"]
    assert one == two


def test_killed_in_the_middle_and_run_again(tmp_path: Path) -> None:
    begin = datetime(2026, 3, 1, 9, tzinfo=UTC)
    times = (begin + timedelta(minutes=7 * n) for n in range(1_500))
    lines = (
        f"{at:%Y-%m-%d %H:%M:%S} 茶友{n % 97}\n第{n}句，{'好喝' if n % 9 else '怎么泡？'}\n"
        for n, at in enumerate(times)
    )
    log = tmp_path / "log.txt"
    log.write_text("\n".join(lines), encoding="utf-8")
    killed_and_run_again(tmp_path, log, Format.TXT, 2)


def test_a_broken_log_is_told_by_its_name_and_line(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(b"[2020-01-01 10:00:00] <a> hi\n\xff\xfe\x81 broken \xc3\n")
    arguments = [sys.executable, "-m", "bot", "replay", str(log), "--config", str(tmp_path / "config.yaml")]
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(arguments, cwd=tmp_path, check=False, env=environment, capture_output=True)
    told = (done.stdout + done.stderr).decode()
    assert "log.txt 第 2 行" in told and "Traceback" not in told
    assert done.returncode


def test_reports_that_cannot_be_written_are_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").touch()
    Path("here").write_text("not a folder", encoding="utf-8")
    assert run_command_line(["replay", "none.txt", "--out", "here/deep"])
    assert "报告放不进 here/deep" in capsys.readouterr().err
    assert run_command_line(["replay", "none.txt", "--out", "new"])
    assert "找不到 none.txt" in capsys.readouterr().err
    assert not Path("new").exists()


@pytest.mark.slow
@pytest.mark.skipif("QUNXING_DATA" not in os.environ, reason="half an hour of replays: set QUNXING_DATA")
@pytest.mark.parametrize("name", ["docker", "appium"])
def test_real_logs_killed_in_the_middle(tmp_path: Path, name: str) -> None:
    killed_and_run_again(tmp_path, data_file("gitter", f"{name}.txt.gz"), Format.GITTER, 30)
