"""The short run of every experiment. `make soak` does them at full length."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.experiments import EXPERIMENTS, SEED

MARKS = {"real_gateway": [pytest.mark.node]}


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=MARKS.get(name, [])) for name in EXPERIMENTS])
def test_promises_are_kept(name: str, tmp_path: Path) -> None:
    report = EXPERIMENTS[name](tmp_path, SEED, is_long=False)
    report.require()
