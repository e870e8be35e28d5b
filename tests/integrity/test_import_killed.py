"""Killed in the middle and started again: the rows are those of one run."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.errors import QunxingError
from tests.integrity.test_import_once import talk
from tests.unit.importing.storing import chatlab, contents, data_file, house, imported, rows

ROOT = Path(__file__).parents[2]
KILLED = 9
# Dies without a word after some chunks, in the middle of whatever SQLite is doing.
SCRIPT = """
import os, sys
from pathlib import Path
from tests.unit.importing.storing import house, imported

folder, path, chunk, whole_up_to, deaths = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
chunks = 0

def after_chunk(written):
    global chunks
    chunks += 1
    if chunks == deaths:
        os._exit(9)

with house(folder) as storage:
    imported(storage, path, chunk=chunk, whole_up_to=whole_up_to, after_chunk=after_chunk)
"""


def run(folder: Path, path: Path, chunk: int, whole_up_to: int, deaths: int) -> int:
    """An import in a process of its own that kills itself after so many chunks; its exit code."""
    arguments = [str(folder), str(path), str(chunk), str(whole_up_to), str(deaths)]
    return subprocess.run([sys.executable, "-c", SCRIPT, *arguments], cwd=ROOT, check=False).returncode


@pytest.mark.parametrize("deaths", [1, 4, 9])
@pytest.mark.parametrize("whole_up_to", [0, 5_000])
def test_kill_and_run_again(tmp_path: Path, deaths: int, whole_up_to: int) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(200))
    with house(tmp_path / "one") as storage:
        imported(storage, path)
    assert run(tmp_path / "two", path, 20, whole_up_to, deaths) == KILLED
    with house(tmp_path / "two") as storage:
        stored = rows(storage, "SELECT count(*) FROM message")[0][0]
        assert stored == (0 if whole_up_to else 20 * deaths), (
            "nothing half-imported where it fits one transaction"
        )
        imported(storage, path)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_killed_again_and_again(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(200))
    with house(tmp_path / "one") as storage:
        imported(storage, path)
    for chunk, deaths, stored in ((37, 2, 74), (20, 1, 74), (11, 9, 99), (50, 3, 150)):
        assert run(tmp_path / "two", path, chunk, 0, deaths) == KILLED
        with house(tmp_path / "two") as storage:
            assert rows(storage, "SELECT count(*) FROM message") == [(stored,)]
    with house(tmp_path / "two") as storage:
        imported(storage, path, chunk=11, whole_up_to=0)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_full_disk_leaves_nothing_of_a_log_of_ordinary_size(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", *({"content": "茶" * 2_000} for _ in range(300)))
    with house(tmp_path / "data") as storage:
        pages = rows(storage, "PRAGMA page_count")[0][0]
        storage.write_now(lambda session: session.info["raw"].execute(f"PRAGMA max_page_count={pages + 50}"))
        with pytest.raises(QunxingError) as caught:
            imported(storage, path, chunk=20)
        assert caught.value.key == "storage_full"
        for table in ("message", "member", "room"):
            assert rows(storage, f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.parametrize("whole_up_to", [0, 5_000])
def test_control_c_stops_at_once(tmp_path: Path, whole_up_to: int) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(200))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts with it ignored

    def press(written: int) -> None:
        if written == 40:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            time.sleep(0.2)  # until the main thread has noticed

    with house(tmp_path / "data") as storage, pytest.raises(KeyboardInterrupt):
        imported(storage, path, chunk=20, whole_up_to=whole_up_to, after_chunk=press)
    with house(tmp_path / "data") as storage:
        assert rows(storage, "SELECT count(*) FROM message") == [(0 if whole_up_to else 40,)]
        assert imported(storage, path).added == (200 if whole_up_to else 160)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["docker", "appium"])
def test_real_logs_killed_in_the_middle(tmp_path: Path, name: str) -> None:
    path = data_file("gitter", f"{name}.txt.gz")
    with house(tmp_path / "one") as storage:
        imported(storage, path)
    assert run(tmp_path / "two", path, 5_000, 0, 3) == KILLED
    with house(tmp_path / "two") as storage:
        assert rows(storage, "SELECT count(*) FROM message") == [(15_000,)]
        assert imported(storage, path).known == 15_000
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
