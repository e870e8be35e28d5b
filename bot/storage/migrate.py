"""The database's schema, brought up to date when the bot starts: backup, then all or nothing.

Every step of an upgrade, the version number included, is in one transaction, so that a bot killed at any
moment finds either the old schema or the new one. Foreign keys are off meanwhile, because rebuilding a
table would delete its children; they are checked before the end.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from bot.errors import StorageBroken, StorageError
from bot.storage.connection import connect, database_file, make_private, raise_disk_error, raise_translated
from bot.storage.tables import Base

MIGRATIONS = Path(__file__).parents[2] / "migrations"  # beside `bot`, in a checkout and in a wheel
BACKUPS = "backups"
UNMODELLED = ("message_search", "alembic_version")


def upgrade(folder: Path, now: datetime | None = None) -> str:
    """Bring the database in the data folder to the newest version, making it if there is none.

    Returns the version. Before an existing database is changed, a copy goes to `backups/`. Raises
    `StorageError` with key `database_newer` if the database was made by a newer bot, and `StorageBroken`
    if it is not a database of ours.
    """
    file = database_file(folder)
    raw = connect(file, writable=True)
    try:
        return _upgrade(raw, folder, now or datetime.now(UTC))
    except (sqlite3.Error, DBAPIError) as error:
        raise_translated(error)
    finally:
        raw.close()


def newest_version() -> str:
    """The version that this program's tables are at."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError(f"no versions in {MIGRATIONS}")
    return head


def version_of(raw: sqlite3.Connection) -> str | None:
    """The version that a database is at; None if it has no tables of ours yet."""
    known = raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    found = raw.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return None if found is None else str(found[0])


def copy_database(raw: sqlite3.Connection, target: Path) -> None:
    """Write a complete, compact, private copy of the database; `target` appears only when it is whole."""
    part = target.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        make_private(part)
        raw.execute("VACUUM INTO ?", (str(part),))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise_disk_error(error)
    finally:
        with suppress(OSError):
            part.unlink()


def configure(context: Any) -> None:
    """Tell alembic how; called by `migrations/env.py`."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        include_name=is_modelled,
        render_as_batch=True,
        transactional_ddl=True,
    )


def is_modelled(name: str | None, kind: str, parents: object) -> bool:
    """Whether alembic should compare this with `Base`: not the full-text index and its shadow tables."""
    return kind != "table" or not (name or "").startswith(UNMODELLED)


def _upgrade(raw: sqlite3.Connection, folder: Path, now: datetime) -> str:
    version, newest = version_of(raw), newest_version()
    if version == newest:
        return newest
    if version is None:
        _require_empty(raw)
    else:
        _require_known(version, newest)
        copy_database(raw, folder / BACKUPS / f"before-{newest}-{now:%Y%m%dT%H%M%SZ}.sqlite3")
    raw.execute("PRAGMA foreign_keys=OFF")
    engine = create_engine("sqlite+plain://", creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: raw.execute("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        apply(connection)
        if raw.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageBroken("storage_broken")
    return newest


def apply(connection: Connection) -> None:
    """Run the versions that are missing, inside the connection's transaction."""
    command.upgrade(_config(connection), "head")


def _require_empty(raw: sqlite3.Connection) -> None:
    """Tables without a version are not ours to touch."""
    if raw.execute("SELECT 1 FROM sqlite_master").fetchone() is not None:
        raise StorageBroken("storage_broken")


def _require_known(version: str, newest: str) -> None:
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    if version not in {script.revision for script in known}:
        raise StorageError("database_newer", version=version, newest=newest)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
