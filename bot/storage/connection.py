"""How a connection to our database is opened, and what its errors mean."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import ConfigError, StorageBroken, StorageError, StorageFull

DATABASE = "qunxing.sqlite3"
BUSY_MS = 5_000
WRITER_CACHE_KIB = 16_384
READER_CACHE_KIB = 8_192
CHECKPOINT_PAGES = 1_000
WAL_LIMIT_BYTES = 16 * 1024 * 1024

_FULL = {sqlite3.SQLITE_FULL}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNUSABLE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


class PlainDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect with savepoints said straight to the connection, at a third of the time."""

    driver = "plain"
    supports_statement_cache = True

    def do_savepoint(self, connection: Connection, name: str) -> None:
        """Begin a savepoint; SQLAlchemy numbers their names."""
        _say(connection, f"SAVEPOINT {name}")

    def do_release_savepoint(self, connection: Connection, name: str) -> None:
        """Keep what was done since."""
        _say(connection, f"RELEASE {name}")

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        """Undo what was done since."""
        _say(connection, f"ROLLBACK TO {name}")


registry.register("sqlite.plain", __name__, "PlainDialect")


def _say(connection: Connection, statement: str) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute(statement)


def database_file(folder: Path) -> Path:
    """The database's path in the data folder, existing and private."""
    file = folder / DATABASE
    try:
        make_private(file)
    except OSError as error:
        raise_disk_error(error)
    return file


def require_sqlite(url: str) -> None:
    """Raise `ConfigError`, without the password in it, if a database URL is not SQLite's."""
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError:
        kind = url.partition(":")[0][:20]
    if kind != "sqlite":
        raise ConfigError("database_unsupported", url=kind)


def make_private(file: Path) -> None:
    """Create the file (0600) and its folder (0700) if need be, and take others' rights away.

    SQLite gives its side files (WAL, shared memory) the rights of the database.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.parent.chmod(0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)


def connect(file: Path, *, writable: bool) -> sqlite3.Connection:
    """A connection with our settings, in autocommit until somebody says BEGIN."""
    settings = (
        f"PRAGMA busy_timeout={BUSY_MS}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA secure_delete=ON",
        "PRAGMA temp_store=MEMORY",  # nobody's words in temporary files
        f"PRAGMA cache_size=-{WRITER_CACHE_KIB if writable else READER_CACHE_KIB}",
        f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}",
        f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
        f"PRAGMA query_only={'OFF' if writable else 'ON'}",
    )
    try:
        raw = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for setting in settings:
            raw.execute(setting).fetchall()
    except sqlite3.Error as error:
        raise_translated(error)
    return raw


def raise_translated(error: sqlite3.Error | DBAPIError) -> NoReturn:
    """Raise the error as ours if it is about the disk or the file, else as it was."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # extended codes keep the plain one in the low byte
    if code in _FULL:
        raise StorageFull("storage_full") from error
    if code in _BROKEN:
        raise StorageBroken("storage_broken") from error
    if code in _UNUSABLE:
        raise StorageError("storage_unusable", reason=str(cause)) from error
    raise error


def raise_disk_error(error: OSError) -> NoReturn:
    """Raise what went wrong with a file as an error of ours."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise StorageFull("storage_full") from error
    raise StorageError("storage_unusable", reason=error.strerror or type(error).__name__) from error
