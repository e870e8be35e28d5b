"""Questions at the door, what counts as an answer, and the ways that an application can go. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from bot.words import normalised, number_said, plain

MOST_TRIES = 3
LONGEST_ANSWER = 200
LONGEST_OPTION = 30
MOST_OPTIONS = 8

MOVES: dict[str, frozenset[str]] = {
    "knocking": frozenset({"choosing", "asking", "joined", "lapsed"}),
    "choosing": frozenset({"asking", "joined", "lapsed"}),
    "asking": frozenset({"waiting", "fits", "declined", "joined", "lapsed"}),
    "waiting": frozenset({"fits", "declined", "joined", "lapsed"}),
    "fits": frozenset({"inviting", "joined", "lapsed"}),
    "inviting": frozenset({"fits", "invited", "stuck", "unsure", "joined", "lapsed"}),
    "stuck": frozenset({"invited", "joined", "lapsed"}),
    "unsure": frozenset({"invited", "stuck", "joined", "lapsed"}),
    "invited": frozenset({"joined", "lapsed"}),
    "declined": frozenset({"fits"}),
    "lapsed": frozenset({"fits"}),
    "joined": frozenset(),
}
"""From where an application may go where. Only from `fits` is anybody ever invited."""

CLOSED = frozenset({"joined", "declined", "lapsed"})
GIVES_UP = frozenset({"算了", "不进了", "不用了", "不进群了", "取消", "先不进了", "不了", "退出"})
_BETWEEN_OPTIONS = re.compile(r"[|｜]")
_BETWEEN_WORDS = re.compile(r"[\s,，、;；/|｜]+")
_DENIED = re.compile(r"[不没别非未](?:怎么|太|大|是|想|要|会|爱|喜欢|喝|玩|做|学|有)*过?$")
_NUMBER_OF_OPTION = re.compile(r"^(?:第|选|我选)?\s*(.+?)\s*(?:个|项|号|[.。、)）])?$")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; with `options` one of these is the answer. `fits` are words, none if anything fits."""

    text: str
    options: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()


def question_of(said: str, fits: str) -> Question:
    """`你来做什么？｜学冲泡｜卖茶` is a question with two options."""
    text, *options = (part.strip() for part in _BETWEEN_OPTIONS.split(said))
    kept = tuple(plain(one, LONGEST_OPTION) for one in options if one)[:MOST_OPTIONS]
    return Question(plain(text), kept if len(kept) > 1 else (), words_of(fits))


def words_of(said: str) -> tuple[str, ...]:
    """The words of a list, normalised, each once."""
    return tuple(dict.fromkeys(filter(None, _BETWEEN_WORDS.split(normalised(said)))))


def answer_to(question: Question, said: str) -> str | None:
    """The answer as it is kept: the option that is meant, or the words; None if it is no answer."""
    words = plain(said, LONGEST_ANSWER)
    if not question.options:
        return words if any(letter.isalnum() for letter in words) else None
    found = _options_meant(question.options, normalised(words))
    return found[0] if len(found) == 1 else None


def _options_meant(options: Sequence[str], said: str) -> list[str]:
    match = _NUMBER_OF_OPTION.match(said)
    number = number_said(match[1]) if match else None
    if number is not None:
        return [options[int(number) - 1]] if number in range(1, len(options) + 1) else []
    known = {one: normalised(one) for one in options}
    exact = [one for one, name in known.items() if name == said]
    return exact or [one for one, name in known.items() if name in said or (len(said) > 1 and said in name)]


def fits(question: Question, answer: str) -> bool:
    """Whether an answer has one of the wished words, and does not say 不 right before it."""
    said = normalised(answer)
    return not question.fits or any(_says(said, word) for word in question.fits)


def _says(said: str, word: str) -> bool:
    at = said.find(word)
    while at >= 0:
        if not _DENIED.search(said[:at]):
            return True
        at = said.find(word, at + 1)
    return False


def room_meant(said: str, rooms: Sequence[tuple[int, str, str]]) -> int | None:
    """The one room (key, name, theme) that a text names; None if it names none, or several."""
    words = normalised(said)
    if not words:
        return None
    named = [key for key, name, _ in rooms if normalised(name) and normalised(name) in words]
    if len(named) == 1:
        return named[0]
    near = [key for key, name, theme in rooms if words in normalised(name) or words in normalised(theme)]
    return near[0] if len(near) == 1 and not named else None


def may_go(status: str, to: str) -> bool:
    """Whether there is such a move."""
    return to in MOVES[status]


def day_start(now: datetime, zone: tzinfo) -> datetime:
    """The local midnight before a moment, in UTC."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def free_seats(most: int, present: int, underway: int) -> int:
    """How many more may be invited into a room; who is invited and not there yet holds a seat."""
    return max(most - present - underway, 0)


def is_stale(touched_at: datetime, now: datetime, after: timedelta) -> bool:
    """Whether nothing has happened for so long."""
    return now - touched_at >= after


def numbered(options: Iterable[str]) -> str:
    """The options, one a line, by number."""
    return "\n".join(f"{number}. {one}" for number, one in enumerate(options, start=1))
