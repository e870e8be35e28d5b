"""Whether a text asks something: in Chinese and English, mostly without a question mark.

A linear model over sequences of one to three units (a Chinese character, a word of another language, a mark)
and over some patterns. The weights stand in `questions.json` and are made by `tests/eval/train_questions.py`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path

from bot.analysis.text import normalised, words_of

ASKS = 0.5
"""From this chance on a text is taken for a question."""

LONGEST = 160
"""Units of a text that are looked at: its last ones, for a question stands at the end."""

SAYS, KEPT = 5, 1 << 12
"""Whoever says so many words without asking says something beside the question; so many verdicts are kept."""

COPIED_ON = ("#接龙", "#jielong")
"""So WeChat begins a list that members copy on; whatever its title asks, nobody waits for an answer."""

START, END = "^", "$"
_NOISE = re.compile(r"https?://\S+|www\.\S+|@[^\s\u2005]+|\[[^\[\]\s]{1,6}\]|^\s*[\w\-|\[\]]{2,20}[:,] ")
_CLAUSE = re.compile(r"(?<=？)|(?<=\?)(?![\w*])|[。；！!;\n]|[，,.:](?=\D)")
_UNIT = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u2e80-\u9fff\uf900-\ufaff]|[?!.…~]")

_MODEL = json.loads(Path(__file__).with_name("questions.json").read_text(encoding="utf-8"))
MODEL_VERSION: int = _MODEL["version"]
_UNITS: dict[str, float] = {
    gram: float(weight) for weight, grams in _MODEL["units"].items() for gram in grams.split("\t")
}
_PATTERNS: list[tuple[re.Pattern[str], float]] = [
    (re.compile(pattern), weight) for pattern, weight in _MODEL["patterns"]
]
_LATIN_PATTERNS = [one for one in _PATTERNS if one[0].pattern.isascii()]
"""The others look for Chinese, which a text in ASCII has not: most of the time would go there."""

_INTERCEPT: dict[str, float] = _MODEL["intercept"]


def question_chance(text: str) -> float:
    """The probability that a text asks something."""
    plain = plainly(text)
    units = units_of(plain)
    if not units or plain.startswith(COPIED_ON):
        return 0.0
    grams = grams_of(units)
    known = _UNITS.get
    score = sum(known(gram, 0.0) for gram in grams) / sqrt(len(grams))
    is_latin = plain.isascii()
    patterns = _LATIN_PATTERNS if is_latin else _PATTERNS
    score += sum([weight for pattern, weight in patterns if pattern.search(plain)])
    score += _INTERCEPT["latin" if is_latin else "chinese"]
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


@lru_cache(KEPT)
def only_asks(text: str) -> bool:
    """Whether a text that asks something says nothing beside it: clause by clause.

    "Is port 80 open? The challenge comes there first" answers, "which version, and since when" does not.
    """
    clauses = (one for one in _CLAUSE.split(_NOISE.sub(" ", text)) if one.strip())
    return sum(len(words_of(one)) for one in clauses if question_chance(one) < ASKS) < SAYS


def plainly(text: str) -> str:
    """A text without addresses, mentions and the names of stickers, in small letters of ordinary width."""
    return _NOISE.sub(" ", normalised(text)).replace("。", ".").strip()


def units_of(plain: str) -> list[str]:
    """The units of a text that are looked at."""
    return _UNIT.findall(plain)[-LONGEST:]


def grams_of(units: list[str]) -> set[str]:
    """Sequences of one to three units, with the text's beginning and end among them."""
    marked = [START, *units, END]
    grams = set(marked)
    grams.update(map(" ".join, pairwise(marked)))
    grams.update(map(" ".join, zip(marked, marked[1:], marked[2:], strict=False)))
    return grams
