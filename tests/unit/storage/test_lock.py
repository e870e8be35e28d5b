"""One process for one data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.lock import AlreadyRunning, holder, only_one

HOLD = """
import sys
from pathlib import Path
from bot.storage.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_the_second_process_is_told_who_is_first(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        for _ in range(2):  # asking does not wipe the answer
            with pytest.raises(AlreadyRunning) as refusal, only_one(folder):
                pass
            assert (refusal.value.key, refusal.value.values) == ("already_running", {"pid": first.pid})
        first.kill()
    with only_one(folder):  # a killed process holds nothing
        assert holder(folder) == os.getpid()


def test_the_lock_comes_back_after_release_and_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(LookupError), only_one(tmp_path):
            raise LookupError
    with only_one(tmp_path):
        assert (tmp_path / "qunxing.lock").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(StorageError) as refusal, only_one(tmp_path / "data"):
        pass
    assert refusal.value.key == "storage_unusable"


def test_an_error_of_the_work_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), only_one(tmp_path):
        (tmp_path / "missing").read_text(encoding="utf-8")


def test_nobody_has_held_a_new_folder(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
