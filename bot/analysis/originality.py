"""Whether words are somebody's own, and whether they held: echoes, repetitions, replies that deny. Pure."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.analysis.lines import Line
from bot.analysis.text import words_of
from bot.words import normalised

SHORTEST = 16
ECHOES_WITHIN = timedelta(days=1)
ECHOES_SHARE = 0.1
LEAST_PHRASES, SAME_PHRASES = 4, 0.3
"""An answer that shares so much of its sequences of three words with one earlier message is its echo."""

SAME_AS_OWN = 80.0
LEAST_OWN, OWN_AGAIN = 6, 0.5
"""A text of which so much is in what one has said before is the same form, filled in anew."""

REPEATS, REPEATS_SHARE = 3, 0.3
LOOKED_AT = 200
"""Of somebody's longer texts, the last ones."""

REMEMBERED = 256
"""People of whom it is remembered whether they repeat themselves: most say nothing new by the next night."""

KEPT = 1 << 13
"""Texts whose bare form is kept: the same people are looked at again the next night."""


Phrases = set[tuple[str, str, str]]


@dataclass(slots=True)
class Told:
    """What somebody was told: its sequences of three words are made once, when they are first asked for."""

    line: Line
    _phrases: Phrases | None = None

    @property
    def phrases(self) -> Phrases:
        """The sequences of three words."""
        if self._phrases is None:
            self._phrases = phrases(self.line)
        return self._phrases


def is_echo(answer: Line, told: Sequence[Told]) -> bool:
    """Whether an answer mostly says what somebody else had told the asker that day.

    `told` is what was said to the asker, in order.
    """
    own = phrases(answer)
    if len(own) < LEAST_PHRASES:
        return False
    first = bisect_left(told, answer.at - ECHOES_WITHIN, key=_moment)
    for earlier in told[first : bisect_left(told, answer.at, key=_moment)]:
        theirs = earlier.phrases
        if own.isdisjoint(theirs) or earlier.line.member == answer.member:
            continue
        if len(own & theirs) >= SAME_PHRASES * len(own):
            return True
    return False


def _moment(told: Told) -> datetime:
    return told.line.at


def phrases(line: Line) -> Phrases:
    """The sequences of three words of a line."""
    return _phrases_in(line.text) if line.kind == "text" else set()


def _phrases_in(text: str) -> Phrases:
    words = words_of(text)
    return set(zip(words, words[1:], words[2:], strict=False))


def parrots(texts: Mapping[int, Sequence[str]]) -> set[int]:
    """Who says nearly the same longer things again and again; `texts` are the bare ones of each, in order."""
    return {member for member, said in texts.items() if _repeats(tuple(said[-LOOKED_AT:]))}


@lru_cache(REMEMBERED)
def _repeats(texts: tuple[str, ...]) -> bool:
    twins, said = 0, Phrases()
    for at, text in enumerate(texts):
        own = _phrases_in(text)
        is_form = len(own) >= LEAST_OWN and len(own & said) >= OWN_AGAIN * len(own)
        twins += is_form or _has_twin(text, texts[:at], SAME_AS_OWN)
        said |= own
    return twins >= REPEATS and twins >= REPEATS_SHARE * len(texts)


@lru_cache(KEPT)
def denies(text: str) -> bool:
    """Whether a reply says that an answer was no help."""
    return _denials(only_ascii=text.isascii()).search(text.lower()) is not None


def _has_twin(text: str, others: Sequence[str], alike: float) -> bool:
    return process.extractOne(text, others, scorer=fuzz.ratio, score_cutoff=alike) is not None


@lru_cache(KEPT)
def bare_text(text: str) -> str:
    """A text in the form in which repetitions are found; "" for one that is too short to tell."""
    bare = normalised(text)
    return bare if len(bare) >= SHORTEST else ""


@cache
def _denials(*, only_ascii: bool) -> re.Pattern[str]:
    """What is said then; a text without any Chinese is searched only for what it can hold."""
    lists = json.loads(Path(__file__).with_name("denials.json").read_text(encoding="utf-8"))
    words = (one for alternatives in lists.values() for one in alternatives)
    return re.compile("|".join(one for one in words if one.isascii() or not only_ascii))
