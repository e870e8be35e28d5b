"""All mutants of one target, some at a time."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.mutation import trial
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.targets import ROOT, TARGETS

AT_LEAST_CPU_SECONDS = 10


def run_target(name: str, seed: int, sample: int, jobs: int) -> dict[str, Any]:
    """What became of the mutants of this target; 0 takes all of them."""
    file, tests = TARGETS[name]
    mutants = mutants_of((ROOT / file).read_text(encoding="utf-8"))
    total = len(mutants)
    if 0 < sample < total:
        mutants = sorted(random.Random(seed).sample(mutants, sample), key=lambda one: one.line)
    begun = time.monotonic()
    verdicts = _try_all(file, tests, mutants, jobs)
    survivors = [str(mutant) for mutant, verdict in verdicts if verdict == trial.SURVIVED]
    tried = len(verdicts)
    return {
        "target": name, "file": file, "mutants": total, "tried": tried,
        "killed": sum(verdict == trial.KILLED for _, verdict in verdicts),
        "endless": sum(verdict == trial.ENDLESS for _, verdict in verdicts),
        "survived": len(survivors), "noticed": round(1 - len(survivors) / tried, 3),
        "seconds": round(time.monotonic() - begun), "survivors": survivors,
    }  # fmt: skip


def _try_all(file: str, tests: tuple[str, ...], mutants: list[Mutant], jobs: int) -> list[tuple[Mutant, str]]:
    trial.load_libraries(tests)
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        cpu_seconds = _healthy(file, tests, Path(scratch))
        waiting = list(enumerate(mutants))
        running: dict[int, int] = {}
        starts: dict[int, float] = {}
        verdicts: dict[int, str] = {}
        while waiting or running:
            while waiting and len(running) < jobs:
                number, mutant = waiting.pop(0)
                process = trial.begin(
                    file, mutant.source, tests, cpu_seconds, Path(scratch) / str(number % jobs)
                )
                running[process], starts[process] = number, time.monotonic()
            ended, verdict = trial.wait_for_any(starts)
            verdicts[running.pop(ended)] = verdict
            del starts[ended]
    return [(mutant, verdicts[number]) for number, mutant in enumerate(mutants)]


def _healthy(file: str, tests: tuple[str, ...], scratch: Path) -> int:
    """Raise if the tests fail without any mutant; how much time of the processor a trial is given."""
    before = _cpu_of_children()
    process = trial.begin(file, None, tests, 600, scratch / "healthy")
    _, verdict = trial.wait_for_any({process: time.monotonic()})
    if verdict != trial.SURVIVED:
        raise RuntimeError(f"the tests of {file} fail as they are")
    return AT_LEAST_CPU_SECONDS + 3 * round(_cpu_of_children() - before)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
