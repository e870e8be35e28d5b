"""From exchanges to help: each answer that helped a person, and what in the talk speaks against somebody."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from bot.analysis.credence import answers_like_a_machine
from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.lines import Line
from bot.analysis.standing import Helped
from bot.analysis.text import words_of
from bot.analysis.thanks import thanks_in

LEAST_WORDS = 4
"""An answer with fewer words helps only whoever thanks for it."""

SAME_WORDS = 3
ADS_FROM = 2
ADS_SHARE = 0.2
SHORTEST_AD = 12
KEPT = 1 << 16
"""Verdicts on texts that are kept: in a replay the same twelve weeks are read every night."""


def helped_in(exchanges: Iterable[Exchange]) -> list[Helped]:
    """One fact for each person who answered a question of somebody else."""
    found = []
    for exchange in exchanges:
        by_helper: dict[int, list[Answer]] = defaultdict(list)
        for answer in exchange.answers:
            if answer.member != exchange.asker:
                by_helper[answer.member].append(answer)
        found += [_helped(exchange, answers) for answers in by_helper.values()]
    return sorted(found, key=lambda one: (one.at, one.answer or 0))


def _helped(exchange: Exchange, answers: list[Answer]) -> Helped:
    best = max(answers, key=lambda one: (one.message == exchange.closed_by, one.confidence))
    return Helped(
        helper=best.member, asker=exchange.asker, question=exchange.question, answer=best.message,
        at=best.at, confidence=max(one.confidence for one in answers),
        thanked=best.member in exchange.thanked,
        closed=any(one.message == exchange.closed_by for one in answers),
        seconds=(answers[0].at - exchange.asked_at).total_seconds(),
    )  # fmt: skip


def empty(helped: Iterable[Helped], lines: Iterable[Line]) -> set[int]:
    """The answers that hold nothing: thanks and praise, and a word or two for which nobody gave thanks."""
    thanked = {one.answer for one in helped if one.thanked}
    answers = {one.answer for one in helped}
    said = [line for line in lines if line.id in answers and line.kind == "text"]
    return {
        line.id
        for line in said
        if thanks_in(line.text) is not None
        or (line.id not in thanked and len(words_of(line.text)) < LEAST_WORDS)
    }


def machines(helped: Iterable[Helped]) -> set[int]:
    """Who answers faster or more evenly than people can."""
    delays: dict[int, list[float]] = defaultdict(list)
    for one in helped:
        if one.seconds is not None:
            delays[one.helper].append(one.seconds)
    return {member for member, all_of in delays.items() if answers_like_a_machine(all_of)}


def sellers(lines: Iterable[Line]) -> set[int]:
    """Who posts advertisements, by the words that only those have, or says the same long thing again."""
    said: Counter[int] = Counter()
    sold: Counter[int] = Counter()
    again: dict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line.kind != "text":
            continue
        said[line.member] += 1
        if len(line.text) < SHORTEST_AD:
            continue
        if sells(line.text):
            sold[line.member] += 1
            again[line.member][_bare(line.text)] += 1
    often = {member for member, texts in again.items() if max(texts.values()) >= SAME_WORDS}
    return often | {
        member for member, count in sold.items() if count >= ADS_FROM and count >= ADS_SHARE * said[member]
    }


@lru_cache(KEPT)
def sells(text: str) -> bool:
    """Whether a text offers goods or asks to be added privately, as advertisements do."""
    return sum(1 for words in _selling() if words.search(text)) >= ADS_FROM


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text)


@cache
def _selling() -> tuple[re.Pattern[str], ...]:
    """Different signs of an advertisement; two of them make one."""
    words = json.loads(Path(__file__).with_name("selling.json").read_text(encoding="utf-8"))
    return tuple(re.compile("|".join(alternatives), re.IGNORECASE) for alternatives in words.values())
