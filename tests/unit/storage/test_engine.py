"""The one writer: transactions, savepoints, and what happens when the disk gives way."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import ConfigError, StorageBroken, StorageError, StorageFull
from bot.storage.connection import require_sqlite
from bot.storage.engine import Part, Storage, open_storage, plain_connection, savepoint
from bot.storage.tables import Member, Room

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@contextmanager
def failing_part(session: Session) -> Iterator[None]:
    """A savepoint whose part raises at its end."""
    with pytest.raises(LookupError), savepoint(session):  # noqa: PT012
        yield
        raise LookupError


def room(name: str) -> Room:
    """A new room."""
    return Room(name=name, found_at=NOW, status_at=NOW)


def names(storage: Storage) -> list[str]:
    """The stored rooms' names in order of their keys."""
    return storage.read_now(lambda session: list(session.scalars(select(Room.name).order_by(Room.id))))


def test_a_write_is_committed_when_its_function_returns(storage: Storage) -> None:
    def add(session: Session) -> int:
        session.add(room("茶"))
        session.flush()
        return session.scalars(select(Room.id)).one()

    assert storage.write_now(add) == 1
    with sqlite3.connect(storage.file) as other:
        assert other.execute("select name from room").fetchall() == [("茶",)]


def test_a_write_that_raises_is_undone_wholly_and_the_next_one_works(storage: Storage) -> None:
    def half(session: Session) -> None:
        session.add(room("甲"))
        session.flush()
        session.execute(text("insert into room (name,status,found_at,status_at,dropped_messages) "
                             "values ('乙','seen',0,0,0)"))  # fmt: skip
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        storage.write_now(half)
    storage.write_now(lambda session: session.add(room("丙")))
    assert names(storage) == ["丙"]


def test_async_write_and_read_hand_back_results_and_exceptions(storage: Storage) -> None:
    async def talk() -> int | None:
        await storage.write(lambda session: session.add(room("茶")))
        with pytest.raises(ZeroDivisionError):
            await storage.write(lambda session: 1 // 0)
        return await storage.read(lambda session: session.scalar(select(func.count()).select_from(Room)))

    assert asyncio.run(talk()) == 1


def test_writes_run_in_the_order_in_which_they_were_asked_for(storage: Storage) -> None:
    async def burst() -> None:
        await asyncio.gather(
            *(storage.write(partial(Session.add, instance=room(f"{n:02}"))) for n in range(50))
        )

    asyncio.run(burst())
    assert names(storage) == [f"{n:02}" for n in range(50)]


def test_a_failed_savepoint_undoes_its_own_part_only(storage: Storage) -> None:
    def work(session: Session) -> tuple[str, list[str]]:
        first = room("before")
        session.add(first)
        with failing_part(session):
            first.name = "changed inside"
            session.add(room("inside"))
            session.flush()
        with savepoint(session):
            session.add(room("good"))
        first.status = "live"
        return first.name, list(session.scalars(select(Room.name).order_by(Room.id)))

    assert storage.write_now(work) == ("before", ["before", "good"])
    assert storage.read_now(lambda s: s.scalar(select(Room.status).where(Room.name == "before"))) == "live"


def test_a_failed_savepoint_undoes_plain_statements_too(storage: Storage) -> None:
    insert = (
        "INSERT INTO room (name, status, found_at, status_at, dropped_messages) VALUES (?, 'seen', 0, 0, 0)"
    )

    def work(session: Session) -> None:
        plain_connection(session).execute(insert, ("before",))
        with failing_part(session):
            plain_connection(session).execute(insert, ("inside",))
        with savepoint(session):
            plain_connection(session).execute(insert, ("good",))

    storage.write_now(work)
    assert names(storage) == ["before", "good"]


def test_a_flush_that_fails_in_a_savepoint_leaves_the_session_usable(storage: Storage) -> None:
    def work(session: Session) -> None:
        session.add(room("kept"))
        for _ in range(3):
            with pytest.raises(IntegrityError), savepoint(session):
                session.add(Room(name=None, found_at=NOW, status_at=NOW))
        session.add(room("after"))

    storage.write_now(work)
    assert names(storage) == ["kept", "after"]


def test_a_part_is_a_savepoint_only_if_it_is_used(storage: Storage) -> None:
    def work(session: Session) -> list[bool]:
        part, were_begun = Part(session), []
        with part:
            were_begun.append(session.in_nested_transaction())
        with part:
            part.session.add(room("kept"))
            were_begun.append(session.in_nested_transaction())
        with pytest.raises(LookupError), part:  # noqa: PT012
            part.session.add(room("undone"))
            raise LookupError
        were_begun.append(session.in_nested_transaction())
        part.session.add(room("outside"))
        return were_begun

    assert storage.write_now(work) == [False, True, False]
    assert names(storage) == ["kept", "outside"]


def test_savepoints_nest(storage: Storage) -> None:
    def work(session: Session) -> None:
        kept = room("kept")
        session.add(kept)
        with failing_part(session):
            session.add(room("outer"))
            with savepoint(session):
                inner = room("inner")
                session.add(inner)
        assert inner not in session
        session.add(room("same key as outer"))
        with savepoint(session):
            session.add(room("a"))
            with failing_part(session):
                session.add(room("b"))
        kept.name += "!"

    storage.write_now(work)
    assert names(storage) == ["kept!", "same key as outer", "a"]


def test_a_function_cannot_end_the_transaction_it_runs_in(storage: Storage) -> None:
    with pytest.raises(RuntimeError, match="commits when"):
        storage.write_now(lambda session: session.commit())
    with pytest.raises(RuntimeError, match="savepoint"):
        storage.write_now(lambda session: session.rollback())


def test_writing_from_inside_a_write_is_refused_instead_of_hanging(storage: Storage) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        storage.write_now(lambda session: storage.write_now(lambda inner: None))


def test_readers_cannot_write_and_see_one_snapshot(storage: Storage) -> None:
    def read_twice(session: Session) -> tuple[int | None, int | None]:
        count = select(func.count()).select_from(Room)
        before = session.scalar(count)
        storage.write_now(lambda other: other.add(room("meanwhile")))
        return before, session.scalar(count)

    assert storage.read_now(read_twice) == (0, 0)
    with pytest.raises(StorageError, match="readonly"):
        storage.read_now(lambda session: session.execute(text("delete from room")))
    assert names(storage) == ["meanwhile"]


def test_the_session_forgets_its_objects_after_each_write(storage: Storage) -> None:
    kept: list[Room] = []

    def add(session: Session) -> None:
        kept.append(room("茶"))
        session.add(kept[-1])

    storage.write_now(add)
    assert storage.write_now(lambda session: len(list(session.identity_map.values()))) == 0
    assert (kept[0].id, kept[0].name) == (1, "茶")  # what was handed out stays readable


def test_connections_are_set_up_for_safety(storage: Storage) -> None:
    def settings(session: Session) -> list[object]:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
        return [session.execute(text(f"PRAGMA {name}")).scalar() for name in asked]

    assert storage.write_now(settings) == ["wal", 2, 1, 1, 2]
    assert storage.read_now(settings) == ["wal", 2, 1, 1, 2]


def test_nobody_else_can_read_the_files(storage: Storage) -> None:
    storage.write_now(lambda session: session.add(room("茶")))
    folder = storage.file.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert set(files) == {"qunxing.sqlite3", "qunxing.sqlite3-wal", "qunxing.sqlite3-shm"}
    assert set(files.values()) == {0o600}


def test_closing_empties_the_wal_and_may_be_repeated(storage: Storage) -> None:
    storage.write_now(lambda session: session.add(room("茶")))
    storage.close()
    storage.close()
    assert [file.name for file in storage.file.parent.iterdir()] == ["qunxing.sqlite3"]


def test_a_full_disk_is_told_and_survived(storage: Storage) -> None:
    def limit(session: Session, pages: int) -> int | None:
        return session.execute(text(f"PRAGMA max_page_count={pages}")).scalar()

    def flood(session: Session) -> None:
        for n in range(200):
            with savepoint(session):
                session.add(Member(name="x" * 4000 + str(n), found_at=NOW))

    storage.write_now(lambda session: session.add(room("before")))
    storage.write_now(lambda session: limit(session, 1))  # no page more than there are
    with pytest.raises(StorageFull):
        storage.write_now(flood)
    storage.write_now(lambda session: limit(session, 1_000_000))
    storage.write_now(lambda session: session.add(room("after")))
    assert names(storage) == ["before", "after"]
    assert storage.read_now(lambda s: s.scalar(select(func.count()).select_from(Member))) == 0


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "qunxing.sqlite3").write_bytes(b"this is not a database" * 1000)
    with pytest.raises(StorageBroken):
        open_storage(tmp_path)


@pytest.mark.parametrize("url", ["postgresql://u:secret@host/db", "mysql+pymysql://h/d", "nonsense", ""])
def test_another_database_is_refused_without_telling_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        require_sqlite(url)
    assert refusal.value.key == "database_unsupported"
    assert "secret" not in str(refusal.value)


def test_sqlite_is_what_we_take() -> None:
    require_sqlite("sqlite:///somewhere.db")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as refusal:
        open_storage(tmp_path / "data")
    assert refusal.value.key == "storage_unusable"


def test_a_closed_storage_says_so_instead_of_waiting(storage: Storage) -> None:
    storage.close()
    with pytest.raises(RuntimeError, match="closed"):
        names(storage)
    with pytest.raises(RuntimeError, match="shutdown"):
        storage.write_now(lambda session: None)
