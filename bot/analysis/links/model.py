"""The weights of the linker, as `tests/eval/train_links.py` made them.

score(candidate) = person · x_person + candidate · x_candidate, score(new thread) = opening · x_message;
the probabilities are the softmax over all of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).with_name("links.json")


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the three blocks of features."""

    version: int
    person: tuple[float, ...]
    candidate: tuple[float, ...]
    opening: tuple[float, ...]


def load(told: dict[str, Any]) -> Model:
    """A model from what the training wrote."""
    return Model(
        int(told["version"]), tuple(told["person"]), tuple(told["candidate"]), tuple(told["opening"])
    )


MODEL = load(json.loads(WEIGHTS.read_text("utf-8")))
MODEL_VERSION = MODEL.version
