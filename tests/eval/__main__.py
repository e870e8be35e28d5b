"""`python -m tests.eval`: how well the clever parts do, with plain baselines in the same run.

    python -m tests.eval                          all of them on the data folder, as in `make eval`
    python -m tests.eval links                    one of them
    python -m tests.eval links DIR --mentions 0.1 one of them on any folder of the same format
    python -m tests.eval links --json             figures for machines, nothing else

Exit code 0 if everything ran (whether or not a target was reached), 2 if an evaluation asked for by name
found no data or there is none of that name.
"""

from __future__ import annotations

import argparse
import json
import pkgutil
import sys
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests import eval as package
from tests.eval.frame import DRAWS, SEED, Missing, Options

DATA = Path(__file__).parents[3] / "shared" / "data"


def evaluations() -> dict[str, ModuleType]:
    """Every module of this package that is one, by its name. Scripts that train are none."""
    names = sorted(
        info.name
        for info in pkgutil.iter_modules(package.__path__)
        if not info.name.startswith(("_", "train_"))
    )
    modules = (import_module(f"{package.__name__}.{name}") for name in names)
    return {module.NAME: module for module in modules if hasattr(module, "NAME") and hasattr(module, "run")}


def main() -> int:
    """Run what was asked for."""
    asked = _arguments()
    known = evaluations()
    if asked.name and asked.name not in known:
        print(f"no evaluation {asked.name!r}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    options = Options(asked.data, asked.mentions, asked.seed, asked.draws)
    found, missing = [], []
    for name in [asked.name] if asked.name else known:
        folder = asked.folder or options.data / known[name].FOLDER
        begun = time.perf_counter()
        try:
            result = known[name].run(folder, options)
        except Missing as error:
            missing.append({"evaluation": name, "skipped": str(error)})
            print(f"\n{name}: SKIPPED, {error}", file=sys.stderr if asked.json else sys.stdout, flush=True)
            continue
        seconds = round(time.perf_counter() - begun, 1)
        found.append(result.as_json() | {"seconds": seconds})
        if not asked.json:
            print(f"{result.as_text()}\n({seconds} s)", flush=True)
    if asked.json:
        print(json.dumps(_told(asked.name, found, missing), ensure_ascii=False, indent=1))
    elif missing:
        print(f"\nSKIPPED for want of data: {', '.join(one['evaluation'] for one in missing)}")
    return 2 if asked.name and missing else 0


def _told(name: str | None, found: list[dict[str, Any]], missing: list[dict[str, Any]]) -> Any:
    if name:
        return (found or missing)[0]
    return {"evaluations": found, "skipped": missing}


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share of messages, between 0 and 1")
    return share


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval")
    parser.add_argument("name", nargs="?", help="which evaluation; all without it")
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of the same format")
    parser.add_argument("--data", type=Path, default=DATA, help="the data folder")
    parser.add_argument("--mentions", type=_share, help="links, people: share of messages that name somebody")
    parser.add_argument("--json", action="store_true", help="figures for machines, nothing else")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of the bootstrap")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
