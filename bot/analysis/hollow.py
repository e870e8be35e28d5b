"""Words that answer nothing, however kindly they are thanked for: wishes, nods, promises, calls away."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from bot.analysis.text import words_of

LONGEST = 30
"""Words: whoever says more says something beside them."""

KEPT = 1 << 14


@lru_cache(KEPT)
def is_hollow(text: str) -> bool:
    """Whether a text is only a wish, a nod to somebody else's answer, a promise, or leads away from here."""
    return _words().search(text.lower()) is not None and len(words_of(text)) <= LONGEST


@cache
def _words() -> re.Pattern[str]:
    lists = json.loads(Path(__file__).with_name("hollow.json").read_text(encoding="utf-8"))
    return re.compile("|".join(one for words in lists.values() for one in words))
