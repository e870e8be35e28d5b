"""`python -m tests.covered`: how much of the bot the tests have been through, by package.

    make coverage                     all tests, then this table
    python -m tests.covered bot       of the last run, the lines and branches of one place that nobody took

The core is `bot/` without the demo: nine of ten of its branches are taken, or the exit code is 1.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coverage import Coverage

ENOUGH = 0.90
LEFT_OUT = ("bot/demo/",)


def main(arguments: list[str]) -> int:
    """Print the table, or what is missing in files that begin so."""
    files = _measured()
    if arguments:
        _tell_missing({name: found for name, found in files.items() if name.startswith(tuple(arguments))})
        return 0
    core = {name: found for name, found in files.items() if is_core(name)}
    packages: dict[str, list[Any]] = defaultdict(list)
    for name, found in files.items():
        packages[package_of(name)].append(found["summary"])
    print(f"{'':24} {'branches':>15} {'%':>6}   {'lines':>15} {'%':>6}")
    for package in sorted(packages):
        _row(package, packages[package])
    _row("THE CORE", [found["summary"] for found in core.values()])
    taken, branches = _sum([found["summary"] for found in core.values()], "branches")
    return 0 if branches and taken / branches >= ENOUGH else 1


def is_core(file: str) -> bool:
    """Whether the file is the core's."""
    return file.startswith("bot/") and not file.startswith(LEFT_OUT)


def package_of(file: str) -> str:
    """The folder below `bot/` or `plugins/` that a file stands in."""
    parts = Path(file).parts
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def _measured() -> dict[str, Any]:
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    return files


def _row(name: str, summaries: Iterable[Any]) -> None:
    taken, branches = _sum(summaries, "branches")
    run, lines = _sum(summaries, "lines")
    print(
        f"{name:24} {taken:>7}/{branches:>7} {_percent(taken, branches):>6}"
        f"   {run:>7}/{lines:>7} {_percent(run, lines):>6}"
    )


def _sum(summaries: Iterable[Any], what: str) -> tuple[int, int]:
    whole = "num_statements" if what == "lines" else "num_branches"
    rows = list(summaries)
    return sum(row[f"covered_{what}"] for row in rows), sum(row[whole] for row in rows)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _tell_missing(files: dict[str, Any]) -> None:
    by_missing = sorted(files, key=lambda name: -len(files[name]["missing_branches"]))
    for name in by_missing:
        found = files[name]
        if not found["missing_branches"] and not found["missing_lines"]:
            continue
        jumps = ", ".join(f"{begin}→{end}" for begin, end in found["missing_branches"])
        print(f"{name}: {len(found['missing_branches'])} branches: {jumps}")
        print(f"    lines {found['missing_lines']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
