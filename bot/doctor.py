"""`qunxing doctor`: everything that can be wrong, looked at one by one, without disturbing a running bot.

A gateway serves one client, and a second one may push out the first: it is rung at only while our own bot is
not running. A running bot is asked by its health file.
"""

from __future__ import annotations

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
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot import __version__
from bot.config import Config
from bot.errors import QunxingError
from bot.health import read_health
from bot.messages import CORE, Texts, first
from bot.opening import data_folder, read_config
from bot.storage.backup import backups, is_whole
from bot.storage.engine import open_storage
from bot.storage.lock import holder, is_held
from bot.storage.migrate import newest_version, version_of
from bot.storage.tables import EventMark, EventRow, Gap, Outgoing
from bot.storage.tables.ledger import FAILED

SLOW_FSYNC = 0.1
LEAST_FREE = 200 * 1024 * 1024
OLD_BACKUP = timedelta(days=2)
RECENT = timedelta(days=7)
MOST_SKEW = timedelta(minutes=2)
CLOCK_SAMPLE = 50


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
    found.append(await _gateway(texts, config, folder))
    if not folder.is_dir():
        fits = not folder.exists() and _can_be_made(folder)
        return [*found, _said(texts, fits, "no_data_yet" if fits else "no_place", folder=folder.name)]
    found += [*_folder(texts, folder), *_disk(texts, folder), *_database(texts, folder)]
    return found


def _can_be_made(folder: Path) -> bool:
    """Whether the nearest folder above it that is there lets us write; one of the system's own does not."""
    above = next(one for one in folder.absolute().parents if one.exists())
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK)


def _said(texts: Texts, good: bool, key: str, **values: object) -> Finding:
    return Finding(good, str(texts.render(CORE, f"doctor.{key}", None, first, **values)))


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "?"


async def _gateway(texts: Texts, config: Config, folder: Path) -> Finding:
    endpoint, token = config.gateway.endpoint, config.token.get_secret_value()
    if not endpoint:
        return _said(texts, False, "no_endpoint")
    if not token:
        return _said(texts, False, "no_token")
    if is_held(folder):
        return _line_of_running_bot(texts, folder, endpoint)
    from bot.gateway.base import GatewayError  # wechaty takes a while to import
    from bot.gateway.channel import Endpoint, EndpointMistake
    from bot.gateway.failures import trouble
    from bot.gateway.ring import ring

    try:
        seconds = await ring(Endpoint.read(endpoint, token, tls=config.gateway.tls))
    except EndpointMistake as error:
        return Finding(False, str(texts.render(CORE, "endpoint_mistake", None, first, reason=str(error))))
    except GatewayError as error:
        return _line_trouble(texts, trouble(error), endpoint)
    return _said(texts, True, "gateway_dong", endpoint=endpoint, milliseconds=round(seconds * 1000))


def _line_of_running_bot(texts: Texts, folder: Path, endpoint: str) -> Finding:
    alive, health = read_health(folder, datetime.now(UTC))
    if not alive:
        return _said(texts, False, "health_stale")
    if health.get("connected"):
        return _said(texts, True, "gateway_held", endpoint=endpoint)
    return _line_trouble(texts, str(health.get("trouble")) or "broken", endpoint)


def _line_trouble(texts: Texts, why: str, endpoint: str) -> Finding:
    """In the words in which the running bot says it."""
    return Finding(False, str(texts.render(CORE, f"run.{why}", None, first, endpoint=endpoint)))


def _folder(texts: Texts, folder: Path) -> Iterator[Finding]:
    pid = holder(folder)
    if is_held(folder):
        yield _said(texts, True, "running", pid=pid or "?")
    else:
        yield _said(texts, True, "not_running") if pid else _said(texts, True, "never_ran")
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
    yield from _backups(texts, folder)
    if is_whole and version == newest:
        storage = open_storage(folder)
        try:
            yield from storage.read_now(lambda session: list(_rows(texts, session)))
        finally:
            storage.close()


def _backups(texts: Texts, folder: Path) -> Iterator[Finding]:
    """When the last one was made, and whether all of them can still be read."""
    found = backups(folder)
    if not found:
        yield _said(texts, True, "no_backup_yet")
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(found[0].stat().st_mtime, UTC)
    yield _said(texts, age < OLD_BACKUP, "backup", hours=int(age.total_seconds() // 3600))
    broken = [one.name for one in found if not is_whole(one)]
    if broken:
        yield _said(texts, False, "backups_broken", names="、".join(broken[:5]))
    else:
        yield _said(texts, True, "backups_whole", count=len(found))


def _rows(texts: Texts, session: Session) -> Iterator[Finding]:
    now = datetime.now(UTC)
    since = now - RECENT
    yield _clock(texts, session, now)
    unknown = session.scalar(select(func.count()).where(Outgoing.status == "unknown"))
    yield _said(texts, not unknown, "unknown_rows", count=unknown or 0)
    gaps = session.scalar(select(func.count()).select_from(Gap).where(Gap.lost_at > since))
    yield _said(texts, True, "gaps", count=gaps or 0)
    failed = session.scalar(select(func.count()).select_from(EventMark).where(sql(FAILED)))
    yield _said(texts, not failed, "failed_handlers", count=failed or 0)


def _clock(texts: Texts, session: Session, now: datetime) -> Finding:
    """Our clock against WeChat's, which stamps every message; and against itself."""
    last = session.execute(
        select(EventRow.at, EventRow.received_at)
        .where(EventRow.message_id.is_not(None), EventRow.received_at > now - RECENT)
        .order_by(EventRow.id.desc())
        .limit(CLOCK_SAMPLE)
    ).all()
    if not last:
        return _said(texts, True, "clock_unknown", now=f"{now:%Y-%m-%d %H:%M:%S}")
    # What was delivered late says nothing about clocks: the promptest messages do.
    skew = min((row.received_at - row.at for row in last), key=abs)
    if max(row.received_at for row in last) > now + MOST_SKEW:
        return _said(texts, False, "clock_went_back", now=f"{now:%Y-%m-%d %H:%M:%S}")
    return _said(texts, abs(skew) < MOST_SKEW, "clock", seconds=round(skew.total_seconds()))
