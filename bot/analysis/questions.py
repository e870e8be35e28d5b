"""Whether a text asks something: in Chinese and English, mostly without a question mark."""

from __future__ import annotations

import json
import re
from pathlib import Path

MODEL_VERSION = 1
ASKS = 0.5
"""From this chance on a text is taken for a question."""

LONGEST = 400
_MARK = re.compile(r"[?？]")
_WORDS = re.compile(
    "|".join(json.loads(Path(__file__).with_name("questions.json").read_text(encoding="utf-8"))["words"]),
    re.IGNORECASE,
)


def question_chance(text: str) -> float:
    """The probability that a text asks something."""
    text = text[:LONGEST]
    if _MARK.search(text):
        return 0.9
    return 0.65 if _WORDS.search(text) else 0.1
