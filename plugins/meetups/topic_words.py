"""The words of a text that could be what people meet for: one form of each, nothing that fits any topic."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

from bot.analysis.topics import keywords

SHORTEST_PLURAL = 5
KEPT = 8_192


@lru_cache(KEPT)
def topic_words(text: str) -> frozenset[str]:
    """The words, in the singular; `error`, `idea` and the like stand in questions about anything."""
    return frozenset(one for one in map(_singular, keywords(text)) if one not in _no_topics())


def _singular(word: str) -> str:
    is_plural = word.isascii() and len(word) >= SHORTEST_PLURAL and word.endswith("s")
    if is_plural and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if is_plural and not word.endswith(("ss", "us", "is", "ios", "js")) else word


@cache
def _no_topics() -> frozenset[str]:
    file = Path(__file__).with_name("no_topics.json")
    return frozenset(map(_singular, json.loads(file.read_text(encoding="utf-8"))))
