"""SQLite with one writer: every change is a small function that is handed a session.

All writes run one after the other in one thread, on the only writing connection, each in its own
transaction. Reads run beside them on connections that cannot write and see one unmoving snapshot each.

The connections are in Python's autocommit mode, so that nothing but the BEGIN here begins a transaction. The
writer keeps one session for good, because making one costs more than a small write.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.errors import StorageFull
from bot.storage.connection import DATABASE, connect, database_file, raise_translated

READERS = 4

T = TypeVar("T")


class WriteSession(Session):
    """A session inside a write. The write ends the transaction, not the function that runs in it."""

    def commit(self) -> NoReturn:
        """Refused: what is written is committed when the function returns."""
        raise RuntimeError("a write commits when its function returns")

    def rollback(self) -> NoReturn:
        """Refused: raise an exception to undo the write, or use `savepoint` for a part of it."""
        raise RuntimeError("a write is rolled back by raising; use savepoint() for a part of it")


class _Line:
    """One connection and its long-lived session, used by one thread at a time."""

    def __init__(self, file: Path, *, writable: bool) -> None:
        self.raw = connect(file, writable=writable)
        engine = create_engine(
            "sqlite+plain://", creator=lambda: self.raw, poolclass=StaticPool, pool_reset_on_return=None
        )
        begin = "BEGIN IMMEDIATE" if writable else "BEGIN"
        event.listen(engine, "begin", lambda connection: self.raw.execute(begin))
        self.session = (WriteSession if writable else Session)(engine.connect(), expire_on_commit=False)
        self.session.info["raw"] = self.raw

    def run(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a transaction of its own; whatever it raises undoes the whole of it."""
        try:
            with self.session.begin():
                self.session.connection()  # begins now: a write must not wait for its first statement
                result = fn(self.session)
                self.session.flush()
                _require_transaction(self.raw)
        except (sqlite3.Error, DBAPIError) as error:
            raise_translated(error)
        finally:
            self.session.close()  # forgets every object, so that memory stays flat
        return result

    def close(self) -> None:
        """Close the connection."""
        self.session.close()
        self.raw.close()


class Storage:
    """The database of one running bot. Open it with `open_storage`."""

    def __init__(self, file: Path, readers: int = READERS) -> None:
        self.file = file
        self._line = _Line(file, writable=True)
        self._writer = ThreadPoolExecutor(1, "storage-writer", initializer=self._remember_writer)
        self._readers = ThreadPoolExecutor(readers, "storage-reader")
        self._idle: queue.LifoQueue[_Line | None] = queue.LifoQueue()
        for _ in range(readers):
            self._idle.put(None)  # opened when first wanted
        self._writer_thread = 0
        self._closed = False

    async def write(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` on the writer and commit; its result, or its exception after a full rollback.

        `fn` must be short and must not wait for anything. Being cancelled does not stop a write that has
        begun. Raises `StorageFull` and `StorageBroken` when the disk or the file gives way.
        """
        return await asyncio.wrap_future(self._submit(fn))

    def write_now(self, fn: Callable[[Session], T]) -> T:
        """`write` for tools and tests without an event loop: waits for the commit."""
        if threading.get_ident() == self._writer_thread:
            raise RuntimeError("write_now inside a write would wait for itself")
        return self._submit(fn).result()

    async def read(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a worker on a snapshot that cannot be written; for anything that takes long."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, fn)

    def read_now(self, fn: Callable[[Session], T]) -> T:
        """`read` in the calling thread."""
        if self._closed:
            raise RuntimeError("the storage is closed")
        line = self._idle.get()
        try:
            if line is None:
                line = _Line(self.file, writable=False)
            return line.run(fn)
        finally:
            self._idle.put(line)

    def close(self) -> None:
        """Finish what was submitted, empty the WAL into the database and close. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._writer.shutdown()
        self._readers.shutdown()
        while not self._idle.empty():
            line = self._idle.get()
            if line is not None:
                line.close()
        try:
            self._line.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise_translated(error)
        finally:
            self._line.close()

    def checkpoint(self) -> bool:
        """Empty the WAL now, so that what was deleted is gone from every file.

        False if a reader or another process was in the way: then ask again later.
        """

        def truncate() -> bool:
            busy, _, _ = self._line.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

        return self._writer.submit(truncate).result()

    def _submit(self, fn: Callable[[Session], T]) -> Future[T]:
        return self._writer.submit(self._line.run, fn)

    def _remember_writer(self) -> None:
        self._writer_thread = threading.get_ident()


def open_storage(folder: Path, *, readers: int = READERS) -> Storage:
    """Open the database in the data folder, creating both for their owner's eyes only.

    The tables must be there: `bot.storage.migrate.upgrade(folder)` comes first.
    """
    return Storage(database_file(folder), readers)


def read_apart(folder: Path, fn: Callable[[Session], T]) -> T:
    """Read from the database of a bot that another process runs, on one snapshot."""
    line = _Line(folder / DATABASE, writable=False)
    try:
        return line.run(fn)
    finally:
        line.close()


def plain_connection(session: Session) -> sqlite3.Connection:
    """The connection under a session, for statements whose cost counts. It is inside the write already.

    Flush first if the statement needs what the session still holds.
    """
    raw: sqlite3.Connection = session.info["raw"]
    return raw


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A part of a write that can fail alone: what raises inside is undone, and the exception goes on.

    After a failure the session works as before: what was changed is read anew when next touched, and
    objects made inside are outside the session. Savepoints nest. `StorageError` is not for catching: the
    whole write is lost then.
    """
    raw: sqlite3.Connection = session.info["raw"]
    try:
        with session.begin_nested():
            session.connection()  # begins now: SQLAlchemy would wait for its own first statement
            yield
            session.flush()
    except (sqlite3.Error, DBAPIError) as error:
        _require_transaction(raw)
        raise_translated(error)
    except Exception:
        _require_transaction(raw)
        raise


class Part:
    """A savepoint that begins when its session is first asked for, so that nothing is paid for nothing.

    To be entered as often as wanted. Outside of `with` it only hands out the session.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_open = False
        self._savepoint: AbstractContextManager[None] | None = None

    @property
    def session(self) -> Session:
        """The session, inside the savepoint if this part is open."""
        if self._is_open and self._savepoint is None:
            self._savepoint = savepoint(self._session)
            self._savepoint.__enter__()
        return self._session

    @property
    def raw(self) -> sqlite3.Connection:
        """The plain connection, for a look at what was flushed: it begins nothing and must change nothing."""
        return plain_connection(self._session)

    def __enter__(self) -> None:
        self._is_open = True

    def __exit__(self, *raised: Any) -> None:
        begun, self._savepoint, self._is_open = self._savepoint, None, False
        if begun is not None:
            begun.__exit__(*raised)


def _require_transaction(raw: sqlite3.Connection) -> None:
    """Raise if SQLite gave up the transaction by itself, which it may do when the disk is full."""
    if not raw.in_transaction:
        raise StorageFull("storage_full")
