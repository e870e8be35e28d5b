"""`python -m tests.faults`: every experiment, its figures, and whether each promise was kept.

    python -m tests.faults                  the short run, as in `make test`
    python -m tests.faults --long           the long run, as in `make soak`
    python -m tests.faults --only fuzz      one of them
    python -m tests.faults --json           figures for machines, nothing else

Exit code 0 if every promise was kept, 1 if one was broken.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import secrets
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tests.faults.experiments import EXPERIMENTS, SEED, run_one

JOBS = 2


def main() -> int:
    """Run what was asked for."""
    wanted = _arguments()
    seed = wanted.seed if wanted.seed is not None else (secrets.randbelow(10**6) if wanted.long else SEED)
    names = wanted.only or list(EXPERIMENTS)
    if not wanted.json:
        print(f"seed {seed}, {'long' if wanted.long else 'short'} run: {', '.join(names)}", flush=True)
    begun, found = time.monotonic(), []
    # Spawned, because an experiment forks and makes name spaces of its own.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(wanted.jobs, mp_context=context, max_tasks_per_child=1) as pool:
        running = [pool.submit(run_one, name, seed, wanted.long) for name in names]
        for done in as_completed(running):
            found.append(done.result())
            if not wanted.json:
                _tell(found[-1])
    kept = all(one["kept"] for one in found)
    result = {"seed": seed, "long": wanted.long, "kept": kept, "seconds": round(time.monotonic() - begun)}
    if wanted.json:
        print(json.dumps(result | {"experiments": found}, ensure_ascii=False, indent=1))
    else:
        print(f"{'every promise kept' if kept else 'PROMISES BROKEN'}, {result['seconds']} s")
    return 0 if kept else 1


def _tell(told: dict[str, Any]) -> None:
    print(f"\n{told['experiment']} ({told['seconds']} s): {'kept' if told['kept'] else 'BROKEN'}")
    for what, found in [*told["promises"].items(), *told["figures"].items()]:
        print(f"  {found:>12}  {what}")
    for remark in told["remarks"]:
        print(f"  {remark}")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.faults")
    parser.add_argument("--long", action="store_true", help="as much as is promised: an hour and a half")
    parser.add_argument("--json", action="store_true", help="print figures as JSON and nothing else")
    parser.add_argument("--seed", type=int, help="repeat a run")
    parser.add_argument("--only", action="append", choices=list(EXPERIMENTS), help="just these")
    parser.add_argument("--jobs", type=int, default=JOBS, help="how many experiments at a time")
    parser.add_argument("--data", type=Path, help="not needed; every target of the Makefile takes it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
