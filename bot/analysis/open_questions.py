"""Which words ask something of whoever knows. Pure."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from bot.analysis.questions import question_chance

LEAST_CHANCE = 0.6
SHORTEST, SHORTEST_LATIN, LONGEST = 6, 20, 400
NOT_MEANT = ("rhetorical", "joking", "small_talk")


def is_for_everybody(text: str) -> bool:
    """Whether these words ask something of whoever knows: no joke, no exclamation, no small talk."""
    return is_earnest(text) and question_chance(_readable(text)) >= LEAST_CHANCE


def is_earnest(text: str) -> bool:
    """Whether these words, if they ask something, ask it in earnest, and say enough to be answered."""
    said = _readable(text)
    least = SHORTEST_LATIN if said.isascii() else SHORTEST
    if not least <= len(said) <= LONGEST:
        return False
    return not any(_words()[name].search(said) for name in NOT_MEANT)


def says_nothing(text: str) -> bool:
    """Whether a question holds nothing that could be found again: can anybody help?"""
    return _words()["small_talk"].search(_readable(text)) is not None


def _readable(text: str) -> str:
    return _words()["unreadable"].sub(" ", text).strip()


@cache
def _words() -> dict[str, re.Pattern[str]]:
    lists = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {name: re.compile("|".join(words), re.IGNORECASE) for name, words in lists.items()}
