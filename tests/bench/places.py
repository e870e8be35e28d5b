"""(d) Search and history at 50,000 messages, start to ready, memory at rest."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.storage import measure as measure_storage

ROWS = 50_000

_START = """
import json, resource, sys, time
began = time.perf_counter()
import pathlib
from bot.testing import Stage
imported = time.perf_counter()
with Stage(pathlib.Path(sys.argv[1])):
    print(json.dumps({"import": imported - began, "ready": time.perf_counter() - began,
                      "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def measure() -> Iterator[str]:
    """Lines of absolute figures; the start includes importing wechaty, its slow part."""
    for name, value in measure_storage(ROWS, 1).items():
        yield f"{name}: {value:,.3f}"
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            [sys.executable, "-c", _START, str(Path(folder) / "data")], capture_output=True, text=True,
            check=True,
        )  # fmt: skip
    found = json.loads(told.stdout.splitlines()[-1])
    yield (
        f"start to ready {found['ready']:.2f} s, of which imports {found['import']:.2f} s; "
        f"memory at rest {found['rss']:.0f} MiB"
    )
