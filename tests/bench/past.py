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
        count, seconds = _reading(log)
        reading, at_once = count / seconds, count / _import_seconds(log)
        core, whole = _replay_rate(log, with_plugins=False), _replay_rate(log, with_plugins=True)
        yield (
            f"{log.name:<16} {count:>6} messages: replay core only {core:,.0f}/s, all plugins {whole:,.0f}/s "
            f"({core / whole:.2f}x); import {at_once:,.0f}/s; reading alone {reading:,.0f}/s "
            f"({reading / at_once:.1f}x import, {reading / core:.1f}x core, {reading / whole:.1f}x plugins)"
        )


def _reading(log: Path) -> tuple[int, float]:
    began = time.perf_counter()
    entries = read_log(open_source(log), Format.GITTER, UTC)
    count = sum(isinstance(entry, Record) for entry in entries)
    return count, time.perf_counter() - began


def _replay_rate(log: Path, *, with_plugins: bool) -> float:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text("", encoding="utf-8")
        out = Path(folder) / "out"
        return replay_files([log], Format.GITTER, "bench", config, out, with_plugins=with_plugins).rate


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
