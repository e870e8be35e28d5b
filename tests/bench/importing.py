"""How fast logs are imported: both readings, the rows, the search index, the commit at `synchronous=FULL`.

    python -m tests.bench.importing [LOG …] [--data FOLDER] [--rounds 5] [--copies 1]

Without logs, those under `gitter/` of the data folder. `--copies` strings a log together several times, each
copy some years later, which makes one that is written in chunks.
"""

from __future__ import annotations

import argparse
import gzip
import re
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.importing import Import, examine
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = 4
_YEAR = re.compile(rb"^\[(\d{4})-", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Round:
    """One import into a new database, and a second one that adds nothing."""

    messages: int
    examining: float
    importing: float
    processor: float
    again: float

    @property
    def rate(self) -> float:
        """Messages a second for everything that a person waits for."""
        return self.messages / (self.examining + self.importing)


def measure(log: Path) -> Round:
    """Import a log once and again."""
    with tempfile.TemporaryDirectory() as folder:
        upgrade(Path(folder))
        storage = open_storage(Path(folder))
        try:
            began, work = time.perf_counter(), time.process_time()
            sound = examine(log, "bench", SHANGHAI)
            examined = time.perf_counter()
            done = Import(storage, sound, "bench", datetime.now(UTC)).run()
            ended, worked = time.perf_counter(), time.process_time()
            again = Import(storage, sound, "bench", datetime.now(UTC)).run()
        finally:
            storage.close()
    if (done.added, again.added) != (sound.survey.messages, 0):
        raise AssertionError(f"{log.name}: added {done.added}, then {again.added}")
    return Round(done.added, examined - began, ended - examined, worked - work, again.seconds)


def strung(log: Path, copies: int, folder: Path) -> Path:
    """The log several times over, in order of time."""
    if copies == 1:
        return log
    raw = gzip.decompress(log.read_bytes()) if log.suffix == ".gz" else log.read_bytes()
    path = folder / f"{log.name.split('.')[0]}-{copies}.txt"
    with path.open("wb") as file:
        for copy in range(copies):
            file.write(_YEAR.sub(lambda found, later=copy * YEARS: b"[%d-" % (int(found[1]) + later), raw))  # type: ignore[misc]
    return path


def lines(logs: list[Path], rounds: int, copies: int) -> Iterator[str]:
    """The best of some rounds for each log, with the whole span of rates."""
    for log in logs:
        with tempfile.TemporaryDirectory() as folder:
            path = strung(log, copies, Path(folder))
            measured = [measure(path) for _ in range(rounds)]
        best = max(measured, key=lambda one: one.rate)
        rates = sorted(one.rate for one in measured)
        yield (
            f"{path.name:<16} {best.messages:>7} messages in {best.examining + best.importing:.2f} s "
            f"(examining {best.examining:.2f}, storing {best.importing:.2f}; processor {best.processor:.2f}; "
            f"again {best.again:.2f}): {best.rate:,.0f}/s, "
            f"of {rounds} rounds {rates[0]:,.0f} to {rates[-1]:,.0f}"
        )
    yield f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.importing")
    parser.add_argument("logs", type=Path, nargs="*")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=1, help=f"{YEARS} years apart; at most 19")
    chosen = parser.parse_args()
    logs = chosen.logs or sorted((chosen.data / "gitter").glob("*.txt.gz"))
    if not logs:
        print("skipped: no logs, and no data folder (--data)")
    for line in lines(logs, chosen.rounds, chosen.copies) if logs else ():
        print(line, flush=True)


if __name__ == "__main__":
    main()
