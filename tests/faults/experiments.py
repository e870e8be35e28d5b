"""All experiments, how much of each the short run does and how much the long one."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from tests.faults.authority import authority
from tests.faults.connection import connection
from tests.faults.delivery import delivery
from tests.faults.doors import doors
from tests.faults.durability import durability
from tests.faults.ending import ending
from tests.faults.figures import Report
from tests.faults.forgetting import forgetting
from tests.faults.full_disk import full_disk
from tests.faults.fuzz import fuzz
from tests.faults.hostile import hostile
from tests.faults.memory import memory
from tests.faults.real_gateway import real_gateway
from tests.faults.slots import slots
from tests.faults.traffic import traffic

SEED = 20260302
"""The short run's; the long run draws one and prints it."""

Sizes = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is run, and how much of it."""

    run: Callable[..., Report]
    short: Sizes
    long: Sizes

    def __call__(self, folder: Path, seed: int, *, is_long: bool) -> Report:
        return self.run(folder, seed, **(self.long if is_long else self.short))


# The longest ones first: two are at work at a time.
EXPERIMENTS: dict[str, Experiment] = {
    "memory": Experiment(memory, {"messages": 4_000}, {"messages": 1_000_000}),
    "traffic": Experiment(traffic, {"messages": 1_500, "restarts": 4}, {"messages": 100_000, "restarts": 40}),
    "hostile": Experiment(hostile, {"strings": 320}, {"strings": 5_000}),
    "delivery": Experiment(delivery, {"kills": 10, "lies": 15}, {"kills": 500, "lies": 500}),
    "durability": Experiment(durability, {"kills": 12}, {"kills": 500}),
    "fuzz": Experiment(fuzz, {"events": 800}, {"events": 20_000}),
    "connection": Experiment(connection, {"kills": 12, "freezes": 2}, {"kills": 200, "freezes": 20}),
    "authority": Experiment(authority, {"attempts": 300}, {"attempts": 10_000}),
    "real_gateway": Experiment(real_gateway, {"kills": 1, "freezes": 0}, {"kills": 15, "freezes": 2}),
    "slots": Experiment(slots, {"days": 45}, {"days": 366}),
    "ending": Experiment(ending, {"ends": 1, "messages": 1_100}, {"ends": 10, "messages": 1_200}),
    "full_disk": Experiment(full_disk, {"cycles": 3}, {"cycles": 20}),
    "doors": Experiment(doors, {"demo": 0}, {"demo": 1}),
    "forgetting": Experiment(forgetting, {}, {}),
}


def run_one(name: str, seed: int, is_long: bool) -> dict[str, Any]:
    """One experiment in a folder of its own, which is thrown away if all went well."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger().addHandler(logging.NullHandler())  # libraries need not say what goes wrong here
    folder, begun = Path(tempfile.mkdtemp(prefix=f"faults-{name}-")), time.monotonic()
    try:
        told = EXPERIMENTS[name](folder, seed, is_long=is_long).as_json()
    except Exception as error:
        told = {"experiment": name, "seed": seed, "kept": False,
                "broken": [f"it did not end: {type(error).__name__}"], "promises": {}, "figures": {},
                "remarks": [f"{type(error).__name__}: {error}", *_places(error)]}  # fmt: skip
    if told["kept"]:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        told["remarks"].append(f"left for looking at: {folder}")
    return told | {"seconds": round(time.monotonic() - begun)}


def _places(error: Exception) -> list[str]:
    """Where it happened, the innermost place of ours last."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(one.filename).name}:{one.lineno} {one.line}" for one in frames if "tests" in one.filename]
