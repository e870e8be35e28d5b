"""Backups: whole, tried, rotated, and put back."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.errors import StorageBroken, StorageError
from bot.storage.backup import age_out, back_up, backups, integrity, is_whole, put_back, try_out
from bot.storage.engine import Storage, open_storage
from bot.storage.search import index_message, remove_messages, search
from bot.storage.tables import Member, Message, Room

NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)


def tell(session: Session, text: str = "泡茶用多少度的水") -> None:
    """One more message in the only room."""
    if session.get(Room, 1) is None:
        session.add_all(
            [Room(id=1, name="茶", found_at=NOW, status_at=NOW), Member(id=1, name="安", found_at=NOW)]
        )
        session.flush()
    row = Message(room_id=1, member_id=1, at=NOW, text=text)
    session.add(row)
    session.flush()
    index_message(session, row.id, text)


def test_a_backup_holds_everything_and_can_be_searched(storage: Storage, tmp_path: Path) -> None:
    for _ in range(3):
        storage.write_now(tell)
    made = back_up(storage.file.parent, NOW)
    assert made.file.name == "daily-20260301.sqlite3"
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.bytes == made.file.stat().st_size
    assert (made.rows["message"], made.rows["room"], made.rows["event"]) == (3, 1, 0)
    assert [path.name for path in made.file.parent.iterdir()] == [made.file.name]
    put_back(tmp_path / "elsewhere", made.file)
    restored = open_storage(tmp_path / "elsewhere")
    assert len(restored.read_now(lambda session: search(session, "多少度"))) == 3
    restored.close()


def test_the_newest_backups_stay_and_foreign_files_too(storage: Storage) -> None:
    folder = storage.file.parent
    for day in range(5):
        back_up(folder, NOW + timedelta(days=day), keep=3)
    for hour in range(4):
        (folder / "backups" / f"before-000{9 - hour}-20260301T0{hour}0000Z.sqlite3").touch()
    (folder / "backups" / "mine.sqlite3").touch()
    back_up(folder, NOW + timedelta(days=4, hours=1), keep=3, keep_upgrades=2)
    assert [path.name[6:14] for path in backups(folder)] == ["20260305", "20260304", "20260303"]
    others = sorted(path.name for path in (folder / "backups").iterdir() if not path.name.startswith("daily"))
    assert others == [
        "before-0006-20260301T030000Z.sqlite3",
        "before-0007-20260301T020000Z.sqlite3",
        "mine.sqlite3",
    ]


def test_a_backup_beside_a_busy_writer(storage: Storage) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            storage.write_now(tell)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        sizes = [back_up(storage.file.parent, NOW).rows["message"] for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    assert sizes == sorted(sizes)
    assert integrity(storage.file.parent) == []


def test_what_is_put_back_takes_the_place_of_what_was(storage: Storage) -> None:
    folder = storage.file.parent
    storage.write_now(tell)
    made = back_up(folder, NOW)
    storage.write_now(lambda session: tell(session, "后来的话"))
    storage.checkpoint()
    storage.write_now(lambda session: tell(session, "还在 WAL 里的话"))
    torn = folder / "torn"
    torn.mkdir()
    for file in folder.glob("qunxing.sqlite3*"):  # as a crash leaves them: a WAL with newer pages
        (torn / file.name).write_bytes(file.read_bytes())
    put_back(torn, made.file)
    restored = open_storage(torn)
    assert restored.read_now(lambda s: list(s.scalars(select(Message.text)))) == ["泡茶用多少度的水"]
    restored.close()
    assert integrity(torn) == []


def test_a_bad_backup_is_found_out_and_the_older_ones_stay(storage: Storage, tmp_path: Path) -> None:
    for _ in range(300):
        storage.write_now(tell)
    made = back_up(storage.file.parent, NOW)
    content = bytearray(made.file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8_192] = b"\x5a" * 8_192
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(content)
    with pytest.raises(StorageBroken):
        try_out(damaged)
    damaged.write_bytes(content[: len(content) // 2])
    with pytest.raises(StorageBroken):
        try_out(damaged)
    damaged.write_bytes(b"")
    with pytest.raises(StorageBroken):
        try_out(damaged)
    with sqlite3.connect(damaged) as raw:
        raw.execute("CREATE TABLE somebody_elses (x)")
    raw.close()
    with pytest.raises(StorageBroken):
        try_out(damaged)
    assert not (tmp_path / "trial").exists()
    assert try_out(made.file)["message"] == 300


def test_a_place_that_cannot_be_written_is_told(storage: Storage) -> None:
    (storage.file.parent / "backups").write_text("a file where a folder should be")
    with pytest.raises(StorageError) as refusal:
        back_up(storage.file.parent, NOW)
    assert refusal.value.key == "storage_unusable"


def test_integrity_names_what_is_wrong(storage: Storage) -> None:
    folder = storage.file.parent
    storage.write_now(tell)
    assert integrity(folder) == []
    with sqlite3.connect(storage.file) as raw:  # foreign keys are off here
        raw.execute("DELETE FROM member")
        raw.execute("INSERT INTO message_search(rowid, text) VALUES (77, 'a b')")
    raw.close()
    problems = integrity(folder)
    assert len(problems) == 2
    assert "refers to a missing row of member" in problems[0]
    assert "1 entries of message_search" in problems[1]
    with pytest.raises(StorageBroken):
        integrity(folder / "nowhere")


def test_a_deleted_message_is_gone_from_every_file(storage: Storage) -> None:
    canary = "金丝雀canary9731"

    def forget(session: Session) -> None:
        remove_messages(session, [2])
        message = session.get(Message, 2)
        session.delete(message)

    storage.write_now(tell)
    storage.write_now(lambda session: tell(session, canary))
    storage.write_now(forget)
    assert storage.checkpoint()
    made = back_up(storage.file.parent, NOW)
    assert storage.read_now(lambda s: s.scalar(select(func.count()).select_from(Message))) == 1
    for file in [*storage.file.parent.glob("qunxing*"), made.file]:
        assert canary.encode() not in file.read_bytes()
        assert b"canary9731" not in file.read_bytes()


def test_copies_of_before_upgrades_and_restores_age_out(storage: Storage) -> None:
    folder = storage.file.parent
    back_up(folder, NOW - timedelta(days=30))
    kept = folder / "backups"
    for name in ("before-0007-20260221T030000Z", "before-0008-20260223T030000Z", "replaced-20260220T000000Z"):
        (kept / f"{name}.sqlite3").touch()
    (kept / "mine.sqlite3").touch()
    assert age_out(folder, NOW - timedelta(days=7)) == 2
    assert sorted(path.name for path in kept.iterdir()) == [
        "before-0008-20260223T030000Z.sqlite3", "daily-20260130.sqlite3", "mine.sqlite3",
    ]  # fmt: skip
    assert age_out(folder / "nowhere", NOW) == 0


def test_a_backup_is_looked_at_where_it_lies(storage: Storage, tmp_path: Path) -> None:
    for _ in range(300):
        storage.write_now(tell)
    made = back_up(storage.file.parent, NOW).file
    assert is_whole(made)
    content = made.read_bytes()
    bad = tmp_path / "bad.sqlite3"
    for wrong in (b"", b"no database", content[: len(content) // 2]):
        bad.write_bytes(wrong)
        assert not is_whole(bad)
    assert not is_whole(tmp_path / "nowhere.sqlite3")
