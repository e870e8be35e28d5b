"""Pictures and files that are kept: under our own names, private, bounded, and nowhere else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage import media
from bot.storage.media import LARGEST, PREFIX, MediaRefused, delete, keep, store

NAME = f"{PREFIX}茶.png"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_what_is_kept_is_private_and_whole(tmp_path: Path) -> None:
    file = tmp_path / "media" / NAME
    store(file, b"tea")
    assert file.read_bytes() == b"tea"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in file.parent.iterdir()] == [NAME]


@pytest.mark.parametrize("size", [0, LARGEST + 1])
def test_nothing_empty_and_nothing_that_could_not_be_sent_again(tmp_path: Path, size: int) -> None:
    with pytest.raises(MediaRefused):
        store(tmp_path / "media" / NAME, b"x" * size)
    assert not (tmp_path / "media").exists()


def test_the_folder_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LARGEST_FOLDER", 10)
    store(tmp_path / f"{PREFIX}1", b"x" * 6)
    with pytest.raises(MediaRefused):
        store(tmp_path / f"{PREFIX}2", b"x" * 5)
    store(tmp_path / f"{PREFIX}3", b"x" * 4)
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"{PREFIX}1", f"{PREFIX}3"]


def test_what_is_still_needed_is_young_again(tmp_path: Path) -> None:
    store(tmp_path / NAME, b"tea")
    os.utime(tmp_path / NAME, (0, 0))
    assert keep(tmp_path, NAME, NOW)
    assert (tmp_path / NAME).stat().st_mtime == NOW.timestamp()
    assert not keep(tmp_path, f"{PREFIX}gone", NOW)


@pytest.mark.parametrize(
    "name", ["qunxing.sqlite3", f"../{PREFIX}x", f"{PREFIX}/../../x", "", f"a/{PREFIX}x"]
)
def test_no_name_leads_out_of_the_folder_or_to_what_is_not_ours(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    others = [tmp_path / f"{PREFIX}x", tmp_path / "x", folder / "qunxing.sqlite3"]
    for other in others:
        other.write_bytes(b"not to be touched")
        os.utime(other, (0, 0))
    assert not keep(folder, name, NOW)
    delete(folder, name)
    assert all(other.exists() and other.stat().st_mtime == 0 for other in others)


def test_what_is_deleted_is_gone_and_may_be_gone_already(tmp_path: Path) -> None:
    store(tmp_path / NAME, b"tea")
    delete(tmp_path, NAME)
    delete(tmp_path, NAME)
    assert list(tmp_path.iterdir()) == []
