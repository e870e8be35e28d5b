"""(b) Replaying and (c) importing whole logs: messages a second, beside plain reading of the same file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.importing.entries import Record
from bot.importing.formats import Format, read_log
from bot.importing.importer import Import, examine
from bot.importing.source import open_source
from bot.replay.command import replay_files
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade


def measure(data: Path | None) -> Iterator[str]:
    """A line for each log; one that says so if there is no data."""
    logs = sorted((data / "gitter").glob("*.txt.gz")) if data else []
    if not logs:
        yield "skipped: no data folder (make bench DATA=…)"
    for log in logs:
        count, reading = _reading(log)
        replayed, at_once = _replay_rate(log), count / _import_seconds(log)
        yield (
            f"{log.name:<16} {count:>6} messages: replay {replayed:,.0f}/s, import {at_once:,.0f}/s, "
            f"reading alone {count / reading:,.0f}/s "
            f"(import costs {count / at_once / reading:.1f}x, replay {count / replayed / reading:.1f}x of it)"
        )


def _reading(log: Path) -> tuple[int, float]:
    began = time.perf_counter()
    entries = read_log(open_source(log), Format.GITTER, UTC)
    count = sum(isinstance(entry, Record) for entry in entries)
    return count, time.perf_counter() - began


def _replay_rate(log: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text("", encoding="utf-8")
        return replay_files([log], Format.GITTER, "bench", config, Path(folder) / "out").rate


def _import_seconds(log: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        upgrade(Path(folder))
        storage = open_storage(Path(folder))
        try:
            began = time.perf_counter()
            sound = examine(log, "bench", UTC, Format.GITTER)
            Import(storage, sound, "bench", datetime.now(UTC)).run()
            return time.perf_counter() - began
        finally:
            storage.close()
