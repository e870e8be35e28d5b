"""Whether an answer is somebody's own, and whether it held: copies, echoes, repetitions, answers refuted."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.analysis.lines import Line, Link
from bot.analysis.standing import Helped
from bot.analysis.text import words_of
from bot.words import normalised

SHORTEST = 16
ECHOES_WITHIN = timedelta(days=1)
ECHOES_SHARE = 0.1
LEAST_PHRASES, SAME_PHRASES = 4, 0.3
"""An answer that shares so much of its sequences of three words with one earlier message is its echo."""

SAME_AS_OWN = 80.0
REPEATS, REPEATS_SHARE = 3, 0.3
REFUTED, REFUTED_SHARE = 2, 0.25
LINKED = 0.4
KEPT = 1 << 15
"""Texts whose bare form is kept: the same weeks are read every night."""


def copied(helped: Sequence[Helped], lines: Sequence[Line], links: Iterable[Link]) -> set[int]:
    """The answers that mostly say what somebody else had told the asker that day, whatever is around it."""
    by_id = {line.id: line for line in lines}
    told = _told({one.asker for one in helped}, by_id, links)
    return {
        one.answer
        for one in helped
        if one.answer is not None and one.answer in by_id
        and _is_echo(by_id[one.answer], told.get(one.asker, ()))
    }  # fmt: skip


def _told(
    whom: Collection[int], lines: Mapping[int, Line], links: Iterable[Link]
) -> Mapping[int, list[Line]]:
    """By person, what others said to them, in order."""
    linked = {
        link.message: lines[link.answers].member
        for link in links
        if link.answers is not None and link.answers in lines
    }
    told: dict[int, list[Line]] = defaultdict(list)
    for line in lines.values():
        above = linked.get(line.id)
        if above is not None and above in whom and above not in line.mentions and above != line.member:
            told[above].append(line)
        for one in dict.fromkeys(line.mentions):
            if one in whom and one != line.member:
                told[one].append(line)
    return told


def _is_echo(answer: Line, told: Sequence[Line]) -> bool:
    own = _phrases(answer)
    if len(own) < LEAST_PHRASES:
        return False
    first = bisect_left(told, answer.at - ECHOES_WITHIN, key=_moment)
    for earlier in told[first : bisect_left(told, answer.at, key=_moment)]:
        if earlier.member == answer.member:
            continue
        theirs = _phrases(earlier)
        if not own.isdisjoint(theirs) and len(own & theirs) >= SAME_PHRASES * len(own):
            return True
    return False


def _moment(line: Line) -> datetime:
    return line.at


def echoers(helped: Iterable[Helped], copies: Collection[int]) -> set[int]:
    """Who says again what others have said as a habit, not by a chance."""
    given = {(one.helper, one.answer) for one in helped if one.answer is not None}
    count = Counter(helper for helper, _ in given)
    echoes = Counter(helper for helper, answer in given if answer in copies)
    return {member for member, number in echoes.items() if number >= ECHOES_SHARE * count[member]}


@lru_cache(KEPT)
def _phrases_of(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def _phrases(line: Line) -> frozenset[str]:
    return _phrases_of(line.text) if line.kind == "text" else frozenset()


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
