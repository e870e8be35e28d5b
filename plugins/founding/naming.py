"""Names for a group out of its word: plain ones from patterns, others by a turn of a known phrase. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

PUNS = Path(__file__).with_name("puns.json")
LONGEST = 14
_NUMBERED = re.compile(r"^\s*(?:[-*·•]|\d+\s*[.、)）:：])\s*")
_AROUND = " 「」《》“”\"'。，,."
_NO_NAME = re.compile(r"[，。！？；：,.!?;:@＠/\\]")
Pick = Callable[[Sequence[str]], str]


@cache
def puns() -> Mapping[str, tuple[str, ...]]:
    """For a character the phrases in which it stands for another that sounds alike."""
    return {key: tuple(phrases) for key, phrases in json.loads(PUNS.read_text(encoding="utf-8")).items()}


def turned(word: str) -> list[str]:
    """The phrases for each character of a word, those of the last ones first: they carry the meaning."""
    return [phrase for letter in reversed(word) for phrase in puns().get(letter, ())]


def names(
    plain: Sequence[str], funny: Sequence[str], count: int, taken: Sequence[str], pick: Pick
) -> list[str]:
    """So many names, about half of each kind and none offered before; fewer if there are no more."""
    kinds = [_fresh(plain, taken), _fresh(funny, taken)]
    chosen: list[str] = []
    while len(chosen) < count and any(kinds):
        for names in kinds:
            if names and len(chosen) < count:
                name = pick(names)
                names.remove(name)
                chosen.append(name)
    return chosen


def usable(lines: Sequence[str]) -> list[str]:
    """What of a list of names, numbered or not, can be a name."""
    bare = (_NUMBERED.sub("", line).strip(_AROUND) for line in lines)
    return [name for name in dict.fromkeys(bare) if 2 <= len(name) <= LONGEST and not _NO_NAME.search(name)]


def _fresh(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name not in taken and len(name) <= LONGEST]
