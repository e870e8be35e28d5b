"""Whether an answer is somebody's own, and whether it held: copies, echoes, repetitions, answers refuted."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.analysis.lines import Line, Link
from bot.analysis.standing import Helped
from bot.words import normalised

LOOKS_BACK = 3_000
SHORTEST = 16
SAME_AS_OTHERS = 92.0
SAME_AS_OWN = 80.0
REPEATS, REPEATS_SHARE = 3, 0.3
REFUTED, REFUTED_SHARE = 2, 0.25
LINKED = 0.4
KEPT = 8_192
"""Texts whose bare form is kept: the same weeks are read every night."""


def copied(helped: Sequence[Helped], lines: Sequence[Line]) -> set[int]:
    """The answers that say what somebody else had said shortly before."""
    place = {line.id: at for at, line in enumerate(lines)}
    bare = [_bare(line) for line in lines]
    found = set()
    for one in helped:
        at = place.get(one.answer or 0)
        if at is None or len(bare[at]) < SHORTEST:
            continue
        first = max(0, at - LOOKS_BACK)
        earlier = [bare[i] if lines[i].member != one.helper else "" for i in range(first, at)]
        if _has_twin(bare[at], earlier, SAME_AS_OTHERS):
            found.add(lines[at].id)
    return found


def parrots(lines: Iterable[Line], of: Iterable[int]) -> set[int]:
    """Those of these people who say nearly the same longer things again and again."""
    wanted = set(of)
    said: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        if line.member in wanted and len(text := _bare(line)) >= SHORTEST:
            said[line.member].append(text)
    return {member for member, texts in said.items() if _repeats(texts[-200:])}


def _repeats(texts: list[str]) -> bool:
    twins = sum(_has_twin(text, texts[:at], SAME_AS_OWN) for at, text in enumerate(texts))
    return twins >= REPEATS and twins >= REPEATS_SHARE * len(texts)


def refuted(helped: Sequence[Helped], lines: Iterable[Line], links: Iterable[Link]) -> dict[int, int]:
    """The answers that somebody said did not help, with whose they were."""
    answers = {one.answer: one.helper for one in helped if one.answer is not None}
    linked: Mapping[int, Link] = {link.message: link for link in links}
    found = {}
    for line in lines:
        link = linked.get(line.id)
        if link is None or link.confidence < LINKED or link.answers not in answers:
            continue
        if line.member != answers[link.answers] and denies(line.text):
            found[link.answers] = answers[link.answers]
    return found


def unreliable(helped: Sequence[Helped], wrong: Mapping[int, int]) -> set[int]:
    """Whose answers did not hold too often."""
    given = Counter(one.helper for one in helped)
    return {
        member
        for member, count in Counter(wrong.values()).items()
        if count >= REFUTED and count >= REFUTED_SHARE * given[member]
    }


def denies(text: str) -> bool:
    """Whether a reply says that an answer was no help."""
    return any(words.search(text) for words in _denials())


def _has_twin(text: str, others: Sequence[str], alike: float) -> bool:
    return process.extractOne(text, others, scorer=fuzz.ratio, score_cutoff=alike) is not None


def _bare(line: Line) -> str:
    return _bare_text(line.text) if line.kind == "text" else ""


@lru_cache(KEPT)
def _bare_text(text: str) -> str:
    return normalised(text)


@cache
def _denials() -> tuple[re.Pattern[str], ...]:
    words = json.loads(Path(__file__).with_name("denials.json").read_text(encoding="utf-8"))
    return tuple(re.compile("|".join(alternatives), re.IGNORECASE) for alternatives in words.values())
