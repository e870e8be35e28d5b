"""What somebody helped with: the keywords of the questions and answers, by how many people they stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.analysis.dictionary import dictionary

LONGEST = 300
KEPT = 8_192
"""Texts whose keywords are kept: the same weeks are read every night."""

LOOKED_AT = 40
_WORD = re.compile(r"[\u3400-\u9fff]{2,8}|[a-z][a-z0-9+#.-]{1,19}")
_NUMBER = re.compile("[一二两三四五六七八九十百千万几半多每某这那哪]")
_UNREADABLE = re.compile(r"https?://\S+|www\.\S+|@\S+|\[[^\[\]]{1,6}\]")


@dataclass(frozen=True, slots=True)
class Said:
    """Words about something, and the person whose matter it was."""

    person: int
    message: int
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A keyword, the distinct people whose matter it was, and the messages it stands in."""

    word: str
    people: tuple[int, ...]
    messages: tuple[int, ...]


def topics(said: Iterable[Said], count: int = 5) -> tuple[Topic, ...]:
    """The topics that most people brought up, among those the rarer in ordinary language first."""
    people: dict[str, dict[int, None]] = {}
    messages: dict[str, dict[int, None]] = {}
    for one in said:
        for word in keywords(one.text):
            people.setdefault(word, {})[one.person] = None
            messages.setdefault(word, {})[one.message] = None
    ranked = sorted(people, key=lambda word: (-len(people[word]) * rarity(word), word))
    chosen: list[str] = []
    for word in ranked:
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == count:
            break
    return tuple(Topic(word, tuple(people[word]), tuple(messages[word])) for word in chosen)


def topics_of_help(asked: Sequence[Said], answers: Sequence[Said], count: int) -> tuple[Topic, ...]:
    """What somebody helped with: what their answers took up of the questions first, then what was asked.

    A word that stands in one answer only is how it was put, not what it was about.
    """
    questions = {word for one in asked for word in keywords(one.text)}
    said = {word for one in answers for word in keywords(one.text)}
    found = topics([*asked, *answers], LOOKED_AT)
    fitting = [one for one in found if one.word in questions or len(one.people) > 1]
    return tuple(sorted(fitting, key=lambda one: one.word not in questions & said)[:count])


@lru_cache(KEPT)
def keywords(text: str) -> tuple[str, ...]:
    """The words of a text that may be a topic, each once."""
    text = _UNREADABLE.sub(" ", text[:LONGEST].lower())
    words = (word for word in dictionary().cut(text) if _WORD.fullmatch(word) and not _NUMBER.match(word))
    return tuple(dict.fromkeys(word for word in words if word not in stop_words()))


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a text with jieba's word classes; slow to load, and never needed in a live group."""
    return dictionary().tagged(text)


def rarity(word: str) -> float:
    """How rare a word is in ordinary language; what the table does not know counts as its middle."""
    return dictionary().rarity(word)


@cache
def stop_words() -> frozenset[str]:
    """Words that are nobody's topic."""
    import stopwordsiso

    ours = json.loads(Path(__file__).with_name("chat_words.json").read_text(encoding="utf-8"))
    return frozenset(stopwordsiso.stopwords("zh")) | frozenset(stopwordsiso.stopwords("en")) | frozenset(ours)
