"""The numbers of `retrieval.json`: how features are weighed, and from which chance on to speak.

Made by `tests/eval/train_retrieval.py`. `rank` orders candidates (a linear score), `chance` turns the best
one's features into the probability that it asks the same (a logistic regression). `common` lists single
characters by the share of questions that hold them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STORED: dict[str, Any] = json.loads(Path(__file__).with_name("retrieval.json").read_text(encoding="utf-8"))
MODEL_VERSION: int = STORED["version"]
ASKING: tuple[str, ...] = tuple(STORED["asking"])
DENYING: tuple[str, ...] = tuple(STORED["denying"])
COMMON: dict[str, float] = {unit: float(share) for share, units in STORED["common"].items() for unit in units}
"""Common units and the share of questions that hold each."""


def linear(weights: Sequence[float], values: Sequence[float]) -> float:
    """A weighted sum."""
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def probability(score: float) -> float:
    """A logistic score as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
