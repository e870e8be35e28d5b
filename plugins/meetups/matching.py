"""Which earlier answers belong to a topic, who could answer a question, which questions belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.analysis.topics import keywords, rarity
from bot.storage.history import History

SINCE = timedelta(weeks=16)
SHORTEST = 6
TOGETHER = 2
"""So many questions with a word in common make a topic of the sheet."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the answer that settled it, and everybody who answered."""

    question: str
    answer: str
    answerer: int
    helpers: tuple[int, ...]
    is_settled: bool


def words_for(text: str) -> frozenset[str]:
    """The words of a text that may be a topic."""
    return frozenset(keywords(text))


def answered(history: History, room: int, topic: str) -> list[Answered]:
    """The answers of the last months to questions on a topic ("": on any), the surest first."""
    since, words = history.now - SINCE, words_for(topic)
    said = {line.id: line.text for line in history.lines(room, since)}
    found = []
    for one in history.exchanges(room, since):
        best = next((answer for answer in one.answers if answer.message == one.closed_by), None)
        best = best or next((answer for answer in one.answers if answer.member in one.thanked), None)
        chosen = best or (one.answers[0] if one.answers else None)
        if chosen is None or len(said.get(chosen.message, "")) < SHORTEST:
            continue
        if not words or words & words_for(f"{one.text} {said[chosen.message]}"):
            text = said[chosen.message]
            found.append(Answered(one.text, text, chosen.member, one.helpers, best is not None))
    return sorted(found, key=lambda one: not one.is_settled)


def who_may_answer(question: str, known: Sequence[Answered]) -> list[int]:
    """Those who answered questions with the same words, most of them first."""
    words = words_for(question)
    helped = Counter(helper for one in known if words & words_for(one.question) for helper in one.helpers)
    return [helper for helper, _ in helped.most_common(4)]


def by_topic(questions: Sequence[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    """The questions by the word that most of them share; the rest together at the end, under no name."""
    left = {key: words_for(text) for key, text in questions}
    groups: list[tuple[str, list[int]]] = []
    while left:
        counts = Counter(word for words in left.values() for word in words)
        best = max(counts, key=lambda word: (counts[word], rarity(word), word), default=None)
        if best is None or counts[best] < TOGETHER:
            break
        keys = [key for key, words in left.items() if best in words]
        groups.append((best, keys))
        for key in keys:
            del left[key]
    return groups + ([("", list(left))] if left else [])
