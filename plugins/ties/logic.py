"""Whom somebody has something in common with, what may be repeated aloud, who is a regular. All pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from math import log
from pathlib import Path

from bot.words import normalised, plain, visible

LONGEST_QUOTED = 28
SHORTEST_QUOTED = 4
LONGEST_TOPIC = 12

_NOT_TO_REPEAT = re.compile(r"\d{5}|[A-Za-z0-9_-]{16}|://|www\.|[@＠]|```")
_CLOSING = "。！!；;，,、.~～ "
_NAME_SAID = re.compile(
    "(?:我是|我叫|叫我|在下|本人|my name is|i'm|i am|this is)\\s*(?!做|学|搞|教|写|开|从|来|被|一)"
    "[^，。,.！!？?～~;；\\s]{1,12}(?<!的)(?=[，。,.！!？?～~;；\\s]|$)",
    re.IGNORECASE,
)


@cache
def nobodys_topics() -> frozenset[str]:
    """Words of which most introductions are made."""
    words = json.loads(Path(__file__).with_name("nobodys_topics.json").read_text(encoding="utf-8"))
    return frozenset(words)


def quotable(text: str, longest: int = LONGEST_QUOTED) -> str:
    """Somebody's words if they are short and harmless enough to be repeated aloud, else ""."""
    said = plain(text, limit=2 * longest)
    if not SHORTEST_QUOTED <= len(said) <= longest or _NOT_TO_REPEAT.search(visible(text)):
        return ""
    return said.strip(_CLOSING)


def sayable(word: str) -> bool:
    """Whether a topic can be said aloud as it is."""
    return 1 < len(word) <= LONGEST_TOPIC and not _NOT_TO_REPEAT.search(visible(word))


def without_names(about: str) -> str:
    """What somebody says of themselves, without what they are called."""
    return _NAME_SAID.sub(" ", about)


def own_topics(words: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those words that can tie two people: not what every introduction says, nor the group's own name."""
    names = [normalised(one) for one in known if one]
    return [
        word
        for word in words
        if sayable(word) and word not in nobodys_topics() and not any(word in name for name in names)
    ]


# Whom a newcomer is led to

HELPED, SAID = 2.0, 1.0
MOST_COUNTED = 3
OWNER_COUNTS, BUSY_COUNTS = 0.15, 0.5
LEAST_DAYS = 2
"""Who has helped nobody with it must at least have spoken of it on so many days."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person has to do with one topic: whom they helped with it, and on which days they spoke of it.

    `helped` holds for each person the question and the answer, `said` for each day a message.
    """

    member: int
    topic: str
    helped: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    said: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        """Whether it is evidence at all; a word without Chinese may be anything, and needs more."""
        more = 1 if self.topic.isascii() else 0
        return len(self.helped) > more or len(self.said) >= LEAST_DAYS + more


def best_shown(
    shown: Iterable[Shown], *, owners: Collection[int], busy: Collection[int], led: Mapping[int, int],
    speakers: Mapping[str, int],
) -> Shown | None:  # fmt: skip
    """The one person and topic that fit best, None if nothing does.

    `led` says to whom newcomers were led before, and how often; `speakers` how many people ever spoke of a
    topic: what everybody speaks of ties nobody.
    """
    found = [one for one in shown if one.is_enough]

    def score(one: Shown) -> tuple[float, int]:
        known = HELPED * min(len(one.helped), MOST_COUNTED) + SAID * min(len(one.said), MOST_COUNTED)
        rare = 1.0 / log(1.7 + speakers.get(one.topic, 1))
        centre = OWNER_COUNTS if one.member in owners else BUSY_COUNTS if one.member in busy else 1.0
        return known * rare * centre / (1 + led.get(one.member, 0)), -one.member

    return max(found, key=score, default=None)


# Who is a regular

HALF_LIFE_DAYS = 30.0
REGULAR = 3.5
"""So many days, counted with their half-life, make a regular."""

GAPS = 3.0
"""Silence is one when it is so many times as long as the person's usual pause."""


@dataclass(frozen=True, slots=True)
class Habit:
    """On how many days somebody spoke, with half-life and plainly, from when to when."""

    weight: float
    days: int
    first_at: datetime
    last_at: datetime

    def is_regular(self, least_days: int) -> bool:
        """Whether they used to come, and not only in one week with one question."""
        return self.weight >= REGULAR and self.days >= least_days

    @property
    def usual_pause(self) -> timedelta:
        """How far apart the days lie on which they speak."""
        by_weight = timedelta(days=HALF_LIFE_DAYS / log(2) / max(self.weight, 0.5))
        if self.days < 2:
            return by_weight
        return min(by_weight, (self.last_at - self.first_at) / (self.days - 1))

    def is_away(self, now: datetime, least: timedelta) -> bool:
        """Whether they have been silent for too long to be on one of their usual pauses."""
        return now - self.last_at >= max(least, GAPS * self.usual_pause)


def weight_after(weight: float, days_between: int) -> float:
    """The weight on another day on which somebody speaks."""
    return float(weight * 0.5 ** (max(days_between, 0) / HALF_LIFE_DAYS) + 1.0)


def habit_of(days: Sequence[int]) -> tuple[float, int]:
    """Weight and number of these days (as numbers, in order)."""
    weight, before = 0.0, days[0] if days else 0
    for day in days:
        weight, before = weight_after(weight, day - before), day
    return weight, len(days)
