"""`make bench`: everything in one run. Other work on the machine spoils the figures."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from tests.bench import bursts, nights, past, places, report

PARTS = ["bursts", "past", "places", "report", "nights"]


def main() -> None:
    """Run the parts and print their lines."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--data", type=Path, help="the folder with gitter/ in it")
    parser.add_argument("--rounds", type=int, default=3, help="how often each burst is measured")
    parser.add_argument("--bursts", type=int, nargs="*", default=[1_000, 5_000, 10_000])
    parser.add_argument("--only", choices=PARTS, action="append")
    chosen = parser.parse_args()
    parts = chosen.only or PARTS
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if "bursts" in parts:
        print("\n(a) through the real Node gateway, whole bot against bare wechaty")
        for line in bursts.compare(chosen.bursts, chosen.rounds):
            print(line, flush=True)
    if "past" in parts:
        print("\n(b) replay and (c) import of whole logs")
        for line in past.measure(chosen.data):
            print(line, flush=True)
    if "places" in parts:
        print("\n(d) search, start, memory")
        for line in places.measure():
            print(line, flush=True)
    if "report" in parts:
        print("\n(e) what would be left: the whole report")
        for line in report.measure():
            print(line, flush=True)
    if "nights" in parts:
        print("\n(f) the nightly reckoning")
        for line in nights.measure():
            print(line, flush=True)


if __name__ == "__main__":
    main()
