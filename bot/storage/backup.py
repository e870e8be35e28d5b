"""Copies of the database that are known to work: made whole, tried out, rotated, put back.

A backup is made beside a running bot, from one snapshot, without stopping the writer. These functions wait
for the disk: call them in a worker.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import StorageBroken
from bot.storage.connection import DATABASE, connect, make_private, raise_disk_error, raise_translated
from bot.storage.migrate import BACKUPS, copy_database, upgrade, version_of

TRIAL = "trial"
MAX_PROBLEMS = 20
COUNTED = ("message", "member", "membership", "room", "event", "outgoing", "audit")

_DAILY = re.compile(r"daily-\d{8}\.sqlite3")
_UPGRADE = re.compile(r"before-\w+-\d{8}T\d{6}Z\.sqlite3")
_ASIDE = re.compile(r"(?:before-\w+|replaced)-(\d{8}T\d{6})Z\.sqlite3")
_TAKEN_AT = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and tried. `rows` counts what it holds, by table."""

    file: Path
    bytes: int
    rows: Mapping[str, int]


def back_up(folder: Path, now: datetime, *, keep: int = 7, keep_upgrades: int = 3) -> Backup:
    """Make the backup of the day `now`, try it out, and delete all but the newest `keep` of them.

    A second one on the same day (UTC) takes the place of the first. Of the copies made before upgrades, the
    newest `keep_upgrades` stay. Raises `StorageFull`, or `StorageBroken` if the copy cannot be used: then
    no older backup is deleted.
    """
    file = folder / BACKUPS / f"daily-{now:%Y%m%d}.sqlite3"
    with _opened(folder / DATABASE) as raw:
        before = count_rows(raw)
        copy_database(raw, file)
        after = count_rows(raw)
    rows = try_out(file)
    if any(not _between(count, before[table], after[table]) for table, count in rows.items()):
        file.unlink()
        raise StorageBroken("storage_broken")
    _rotate(file.parent, _DAILY, keep)
    _rotate(file.parent, _UPGRADE, keep_upgrades)
    return Backup(file, file.stat().st_size, rows)


def try_out(backup: Path) -> dict[str, int]:
    """Restore a backup into a folder of its own, check it throughout, and count its rows.

    Raises `StorageBroken` if it does not hold, and leaves nothing behind.
    """
    folder = backup.parent / TRIAL
    try:
        shutil.rmtree(folder, ignore_errors=True)
        put_back(folder, backup)
        with _opened(folder / DATABASE) as raw:
            if version_of(raw) is None:
                raise StorageBroken("storage_broken")
        upgrade(folder)
        if integrity(folder):
            raise StorageBroken("storage_broken")
        with _opened(folder / DATABASE) as raw:
            return count_rows(raw)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_back(folder: Path, backup: Path) -> None:
    """Make a backup the database of a data folder; nobody may be using it (see `bot.storage.lock`).

    What stood there is replaced at one stroke, its side files are removed. Keep a copy of it first if it
    is worth one. The next start upgrades the schema if the backup is old.
    """
    file = folder / DATABASE
    part = file.with_suffix(".part")
    try:
        make_private(part)
        shutil.copyfile(backup, part)
        for side in ("-wal", "-shm"):
            file.with_name(file.name + side).unlink(missing_ok=True)
        part.replace(file)
    except OSError as error:
        raise_disk_error(error)
    finally:
        with suppress(OSError):
            part.unlink()


def age_out(folder: Path, before: datetime) -> int:
    """Delete copies made before upgrades and restores that are older than that; how many there were.

    What members had forgotten must not live on in them.
    """
    count = 0
    for file in (folder / BACKUPS).glob("*.sqlite3"):
        found = _ASIDE.fullmatch(file.name)
        if found and datetime.strptime(found[1], _TAKEN_AT).replace(tzinfo=UTC) < before:
            file.unlink()
            count += 1
    return count


def restore(folder: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup back that holds, and set aside what stood there: where to, None if nothing did.

    Raises `StorageBroken` and changes nothing if the backup does not hold.
    """
    try_out(backup)
    aside = _set_aside(folder, now) if (folder / DATABASE).exists() else None
    put_back(folder, backup)
    return aside


def _set_aside(folder: Path, now: datetime) -> Path:
    """A copy of the database; of a broken one the bytes, which may still be worth something."""
    taken_at = now.astimezone(UTC)
    while (aside := folder / BACKUPS / f"replaced-{taken_at:{_TAKEN_AT}}Z.sqlite3").exists():
        taken_at += timedelta(seconds=1)
    try:
        with _opened(folder / DATABASE) as raw:
            copy_database(raw, aside)
    except StorageBroken:
        make_private(aside)
        shutil.copyfile(folder / DATABASE, aside)
    return aside


def integrity(folder: Path) -> list[str]:
    """What is wrong with the database, in SQLite's words (for logs); nothing if all is well.

    Reads all of it, beside a running bot if need be. Raises `StorageBroken` if it cannot be opened at all.
    """
    with _opened(folder / DATABASE) as raw:
        found = [str(row[0]) for row in raw.execute(f"PRAGMA integrity_check({MAX_PROBLEMS})")]
        problems = [line for line in found if line != "ok"]
        for table, row, parent, _ in raw.execute("PRAGMA foreign_key_check").fetchmany(MAX_PROBLEMS):
            problems.append(f"row {row} of {table} refers to a missing row of {parent}")
        lost = "SELECT count(*) FROM message_search_docsize WHERE id NOT IN (SELECT id FROM message)"
        if leftover := raw.execute(lost).fetchone()[0]:
            problems.append(f"{leftover} entries of message_search have no message")
    return problems


def backups(folder: Path) -> list[Path]:
    """The daily backups, newest first."""
    found = (path for path in (folder / BACKUPS).glob("*.sqlite3") if _DAILY.fullmatch(path.name))
    return sorted(found, reverse=True)


def is_whole(backup: Path) -> bool:
    """Whether a backup can be read throughout, looked at where it lies."""
    try:
        with closing(sqlite3.connect(f"{backup.as_uri()}?mode=ro", uri=True)) as raw:
            answer = raw.execute("PRAGMA integrity_check(1)").fetchone()
            return answer == ("ok",) and version_of(raw) is not None
    except sqlite3.Error:
        return False


def count_rows(raw: sqlite3.Connection) -> dict[str, int]:
    """How many rows the chief tables hold."""
    return {table: int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in COUNTED}


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    if not file.exists():
        raise StorageBroken("storage_broken")
    try:
        with closing(connect(file, writable=True)) as raw:
            yield raw
    except sqlite3.Error as error:
        raise_translated(error)


def _between(count: int, one: int, other: int) -> bool:
    """Whether a count taken meanwhile can be right: the bot goes on writing."""
    return min(one, other) <= count <= max(one, other)


def _rotate(folder: Path, names: re.Pattern[str], keep: int) -> None:
    """Delete all but the newest; their names sort by time."""
    ours = [path for path in folder.iterdir() if names.fullmatch(path.name)]
    for old in sorted(ours, key=lambda path: path.name.rsplit("-", 1)[1], reverse=True)[keep:]:
        old.unlink()
