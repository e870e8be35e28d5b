"""What goes on which page of a talk: the speaker's points first, with what was answered about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.words import plain
from plugins.meetups.paper.deck import Idea, Quote

HEADING, WORDS = 40, 300
MOST_QUOTES = 2
_CLAUSE = re.compile(r"(.{4,30}?)[，,：:。！!？?；;]\s*(.+)", re.DOTALL)

WordsOf = Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody in the group answered to a question."""

    question: str
    text: str
    name: str


def drafted(
    topic: str, points: Sequence[str], shares: Sequence[tuple[str, str]], answers: Sequence[Answer],
    words_of: WordsOf,
) -> list[Idea]:  # fmt: skip
    """One idea a page. An answer stands with the point that it belongs to, else under its own question."""
    about, left = words_of(topic), list(answers)
    ideas = []
    for point in points:
        words = words_of(point) - about
        quoted = [one for one in left if words & words_of(f"{one.question} {one.text}")][:MOST_QUOTES]
        left = [one for one in left if one not in quoted]
        heading, text = headed(point)
        ideas.append(Idea(heading, text, tuple(map(_quote, quoted))))
    ideas += [Idea(plain(title, HEADING), text) for title, text in shares]
    return ideas + [Idea(plain(one.question, HEADING), quotes=(_quote(one),)) for one in left]


def headed(point: str) -> tuple[str, str]:
    """A point as a heading with what follows; a short one is all heading."""
    if len(point) <= HEADING:
        return plain(point, HEADING), ""
    match = _CLAUSE.fullmatch(point)
    return (plain(match[1], HEADING), match[2]) if match else (plain(point, HEADING), point)


def _quote(answer: Answer) -> Quote:
    return Quote(plain(answer.text, WORDS), answer.name)
