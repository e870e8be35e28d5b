"""(f) The nightly reckoning of who helps: 500 people and 100,000 messages, in a process of its own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.apart import work_apart
from bot.storage.engine import open_storage
from bot.storage.history import History
from bot.storage.migrate import upgrade
from plugins.contributors.reading import reckon
from tests.bench.report import DAYS, MESSAGES, NOW, PEOPLE, fill, seconds_to_read

ORDER = {"room": 1, "zone": "Asia/Shanghai", "owners": [1]}


def measure() -> Iterator[str]:
    """The same made-up talk as for the report; reading alone, and with the process that does it."""
    with tempfile.TemporaryDirectory() as folder:
        upgrade(Path(folder))
        storage = open_storage(Path(folder))
        try:
            storage.write_now(fill)
            reading = seconds_to_read(storage)
            began = time.perf_counter()
            found = storage.read_now(lambda session: reckon(History(session, NOW), ORDER))
            read = time.perf_counter()
            there = asyncio.run(work_apart(Path(folder), "contributors", "reckon", ORDER, NOW))
            done = time.perf_counter()
        finally:
            storage.close()
    same = "the same" if there == found else "NOT the same"
    yield (
        f"night     {PEOPLE} people, {MESSAGES:,} messages in {DAYS} days: reckoned in {read - began:.2f} s "
        f"({(read - began) / reading:.1f}x reading lines and links alone, {reading:.2f} s), "
        f"apart in {done - read:.2f} s with {same} result; {len(found['levels'])} have a standing"
    )
