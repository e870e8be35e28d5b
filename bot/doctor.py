"""`qunxing doctor`: everything that can be wrong, looked at one by one, without disturbing a running bot.

The gateway is only knocked at: it serves one client, and a second one would silently push out the first.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import platform
import shutil
import sqlite3
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import __version__
from bot.config import Config
from bot.errors import QunxingError
from bot.messages import CORE, Texts, first
from bot.opening import data_folder, read_config
from bot.storage.engine import open_storage
from bot.storage.lock import holder, is_held
from bot.storage.migrate import newest_version, version_of
from bot.storage.tables import EventMark, Gap, Outgoing

KNOCK_SECONDS = 3.0
SLOW_FSYNC = 0.1
LEAST_FREE = 200 * 1024 * 1024
OLD_BACKUP = timedelta(days=2)
RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and the sentence that says so."""

    good: bool
    text: str


async def examine(path: Path) -> list[Finding]:
    """All findings, in the order in which one would mend them. Raises ConfigError if nothing can be read."""
    texts = Texts()
    config, _, broken = read_config(path)
    folder = data_folder(config, path)
    found = [_said(texts, True, "versions", bot=__version__, wechaty=_version("wechaty"),
                   python=platform.python_version(), sqlite=sqlite3.sqlite_version)]  # fmt: skip
    found += [_said(texts, False, "plugin_broken", name=name, why=why) for name, why in broken.items()]
    found.append(await _gateway(texts, config))
    if not folder.exists():
        return [*found, _said(texts, True, "no_data_yet", folder=folder.name)]
    found += [*_folder(texts, folder), *_disk(texts, folder), *_database(texts, folder)]
    return found


def _said(texts: Texts, good: bool, key: str, **values: object) -> Finding:
    return Finding(good, str(texts.render(CORE, f"doctor.{key}", None, first, **values)))


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "?"


async def _gateway(texts: Texts, config: Config) -> Finding:
    endpoint = config.gateway.endpoint
    if not endpoint:
        return _said(texts, False, "no_endpoint")
    if not config.token.get_secret_value():
        return _said(texts, False, "no_token")
    host, _, port = endpoint.rpartition(":")
    try:
        async with asyncio.timeout(KNOCK_SECONDS):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except (OSError, TimeoutError) as error:
        return _said(texts, False, "gateway_down", endpoint=endpoint, why=type(error).__name__)
    writer.close()
    return _said(texts, True, "gateway_up", endpoint=endpoint)


def _folder(texts: Texts, folder: Path) -> Iterator[Finding]:
    running = is_held(folder)
    yield _said(texts, True, "running" if running else "not_running", pid=holder(folder) or "?")
    open_to_others = [
        one.name
        for one in (folder, *folder.iterdir())
        if stat.S_IMODE(one.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        yield _said(texts, False, "permissions_open", names="、".join(sorted(open_to_others)[:5]))
    else:
        yield _said(texts, True, "permissions_fine")


def _disk(texts: Texts, folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    yield _said(texts, free > LEAST_FREE, "disk", free=free // 1024**2)
    seconds = _fsync_seconds(folder)
    yield _said(texts, seconds < SLOW_FSYNC, "fsync", milliseconds=f"{seconds * 1000:.1f}")


def _fsync_seconds(folder: Path) -> float:
    """How long the disk takes to promise that 4 kB are safe: the median of five."""
    probe = folder / f".probe-{os.getpid()}"
    times = []
    try:
        with probe.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            for _ in range(5):
                began = time.perf_counter()
                file.write(b"\0" * 4096)
                file.flush()
                os.fsync(file.fileno())
                times.append(time.perf_counter() - began)
    finally:
        probe.unlink(missing_ok=True)
    return sorted(times)[2]


def _database(texts: Texts, folder: Path) -> Iterator[Finding]:
    file = folder / "qunxing.sqlite3"
    if not file.exists():
        yield _said(texts, True, "no_database_yet")
        return
    try:
        yield from _database_findings(texts, folder, file)
    except QunxingError as error:
        yield Finding(False, str(texts.said(error)))


def _database_findings(texts: Texts, folder: Path, file: Path) -> Iterator[Finding]:
    raw = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        answer = raw.execute("PRAGMA integrity_check").fetchone()[0]
        version = version_of(raw)
    except sqlite3.DatabaseError as error:
        yield _said(texts, False, "integrity_bad", answer=str(error))
        return
    finally:
        raw.close()
    is_whole = answer == "ok"
    yield (
        _said(texts, True, "integrity_fine")
        if is_whole
        else _said(texts, False, "integrity_bad", answer=answer)
    )
    newest = newest_version()
    yield _said(texts, version == newest, "schema", version=version or "?", newest=newest)
    yield _backup(texts, folder)
    if is_whole and version == newest:
        storage = open_storage(folder)
        try:
            yield from storage.read_now(lambda session: list(_rows(texts, session)))
        finally:
            storage.close()


def _backup(texts: Texts, folder: Path) -> Finding:
    backups = sorted((folder / "backups").glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)
    if not backups:
        return _said(texts, True, "no_backup_yet")
    age = datetime.now(UTC) - datetime.fromtimestamp(backups[-1].stat().st_mtime, UTC)
    return _said(texts, age < OLD_BACKUP, "backup", hours=int(age.total_seconds() // 3600))


def _rows(texts: Texts, session: Session) -> Iterator[Finding]:
    since = datetime.now(UTC) - RECENT
    unknown = session.scalar(select(func.count()).where(Outgoing.status == "unknown"))
    yield _said(texts, not unknown, "unknown_rows", count=unknown or 0)
    gaps = session.scalar(select(func.count()).select_from(Gap).where(Gap.lost_at > since))
    yield _said(texts, True, "gaps", count=gaps or 0)
    failed = session.scalar(select(func.count()).select_from(EventMark).where(EventMark.outcome == "failed"))
    yield _said(texts, not failed, "failed_handlers", count=failed or 0)
