"""`python -m tests.mutation`: are the tests of the dangerous parts able to fail?

    python -m tests.mutation                      40 mutants of each target, drawn by the seed
    python -m tests.mutation --sample 0           all of them
    python -m tests.mutation --only outbox --json

Every mutant is a small mistake in one module; a mutant that no test notices has survived. Exit code 1 if
less than 80 % of a target's mutants were noticed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from typing import Any

from tests.mutation.running import run_target
from tests.mutation.targets import TARGETS

SEED, SAMPLE, JOBS = 7, 40, 2
LEAST_NOTICED = 0.8


def main() -> int:
    """Try what was asked for."""
    wanted = _arguments()
    results = []
    for name in wanted.only or TARGETS:
        # A process for each target: what it imports must not linger for the next.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results.append(pool.apply(run_target, (name, wanted.seed, wanted.sample, wanted.jobs)))
        if not wanted.json:
            _tell(results[-1])
    if wanted.json:
        print(json.dumps({"seed": wanted.seed, "targets": results}, ensure_ascii=False, indent=1))
    return 0 if all(one["noticed"] >= LEAST_NOTICED for one in results) else 1


def _tell(one: dict[str, Any]) -> None:
    print(
        f"\n{one['target']} ({one['file']}, {one['seconds']} s): {one['tried']} of {one['mutants']} mutants,"
        f" {one['noticed']:.0%} noticed ({one['endless']} of them by running for ever)"
    )
    for survivor in one["survivors"]:
        print(f"  survived  {survivor}")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.mutation")
    parser.add_argument("--only", action="append", choices=list(TARGETS), help="just these")
    parser.add_argument(
        "--sample", type=int, default=SAMPLE, help=f"mutants of each target, 0: all (default {SAMPLE})"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"which ones (default {SEED})")
    parser.add_argument("--jobs", type=int, default=JOBS, help="how many at a time")
    parser.add_argument("--json", action="store_true", help="print figures as JSON and nothing else")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
