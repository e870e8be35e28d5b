"""The clever parts of 群规, as pure functions: what a text amounts to, given who says it, and what
follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import log
from typing import Literal

Level = Literal["newcomer", "member", "regular", "honoured"]
Sureness = Literal["none", "likely", "sure"]

NOTE, REMINDER, WARNING, ASK = 1, 2, 3, 4
EPISODE = timedelta(minutes=10)
"""What one person says within this is one case: five ads in a row are one fault, not five."""

REGULAR_DAYS, REGULAR_MESSAGES = 8, 30
ANSWERS, ANSWER_DAYS = 3, 3
"""Who has been here on so many days, or has answered others so often, is no stranger who drops an ad."""

FEW_WORDS = 3

HEATED_LINES, HEATED_WITHIN = 12, timedelta(minutes=5)
HEATED_TURNS, HEATED_YOU, HEATED_MARKS = 8, 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person in a room. `days_here` is None where nobody saw them come."""

    days_here: float | None
    days_present: int
    messages: int
    answers: int
    is_honoured: bool


@dataclass(frozen=True, slots=True)
class Signals:
    """What a message shows, and what was said before it."""

    chance: float
    calls: bool = False
    strange_link: bool = False
    hides: bool = False
    other_rooms: int = 0
    first_words: bool = False
    is_card: bool = False
    was_asked: bool = False
    replies: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure it is that this is an ad, and what spoke for it (keys of texts)."""

    sureness: Sureness
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prior:
    """An earlier case of the same person that still counts."""

    rung: int
    said: bool


def level_of(facts: Facts, newcomer_days: int) -> Level:
    """Where somebody stands in the room."""
    if facts.is_honoured:
        return "honoured"
    is_known = facts.days_present >= REGULAR_DAYS and facts.messages >= REGULAR_MESSAGES
    if is_known or (facts.answers >= ANSWERS and facts.days_present >= ANSWER_DAYS):
        return "regular"
    is_new = facts.days_here is not None and facts.days_here < newcomer_days
    return "newcomer" if is_new or facts.messages <= FEW_WORDS else "member"


def judged(signals: Signals, level: Level, likely: float, sure: float) -> Verdict:
    """What a message amounts to. `likely` and `sure` are the chances from which on words alone say so."""
    if level == "honoured":
        return Verdict("none")
    if signals.is_card:
        return Verdict("likely", ("card",)) if signals.first_words else Verdict("none")
    reasons = reasons_for(signals, level, likely)
    score = odds(signals.chance) + sum(_WEIGHTS[one] for one in reasons)
    if level == "regular":
        score -= 1.5
    score -= 2.5 if signals.was_asked else 1.0 if signals.replies else 0.0
    if score >= odds(sure) and level != "regular":
        return Verdict("sure", reasons)
    least = likely if set(reasons) - {"words"} else sure  # the owner is not called for a turn of phrase
    return Verdict("likely" if score >= odds(least) else "none", reasons)


_WEIGHTS = {"words": 0.0, "calls": 0.5, "link": 0.5, "hides": 0.5, "elsewhere": 2.5, "newcomer": 0.8}


def reasons_for(signals: Signals, level: Level, likely: float) -> tuple[str, ...]:
    """What speaks for an ad. That somebody is new speaks against them only if they lead people away."""
    leads_away = signals.calls or signals.strange_link
    found = {
        "words": signals.chance >= likely,
        "calls": signals.calls,
        "link": signals.strange_link,
        "hides": signals.hides,
        "elsewhere": signals.other_rooms > 0,
        "newcomer": level == "newcomer" and leads_away,
    }
    return tuple(name for name, holds in found.items() if holds)


def odds(chance: float) -> float:
    """The logarithm of the odds of a chance."""
    held = min(max(chance, 1e-6), 1 - 1e-6)
    return log(held / (1 - held))


def next_rung(priors: Sequence[Prior], *, is_sure: bool, in_public: bool) -> int:
    """The step that follows. The first alarm, and every doubtful one, is a note to the owner and no more.

    A word that was never said (no time, refused) is no step: it is taken again.
    """
    if not priors or not is_sure:
        return NOTE
    reached = max(prior.rung if prior.said or prior.rung == NOTE else prior.rung - 1 for prior in priors)
    step = min(reached + 1, ASK)
    return step if in_public or step == ASK else NOTE


def may_remove_alone(priors: Sequence[Prior], *, is_sure: bool, level: Level, other_rooms: int) -> bool:
    """Whether this is a sure case, where an owner lets the bot act alone: a stranger, and not once."""
    return is_sure and level == "newcomer" and (len(priors) >= 1 or other_rooms >= 2)


# Two at each other


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of an exchange."""

    member: int
    at: datetime
    text: str


def heated(turns: Sequence[Turn]) -> tuple[int, int] | None:
    """The two who go at each other at the end of this talk, if it looks so: by pace and address alone.

    Only two speak, in turns, within minutes; most of it is said to the other's face, much of it with marks.
    """
    last = turns[-HEATED_LINES:]
    if len(last) < HEATED_LINES or last[-1].at - last[0].at > HEATED_WITHIN:
        return None
    pair = sorted({turn.member for turn in last})
    if len(pair) != 2:
        return None
    changes = sum(one.member != other.member for one, other in pairwise(last))
    to_face = sum(speaks_to_face(turn.text) for turn in last)
    marked = sum(any(mark in turn.text for mark in "!！?？") for turn in last)
    is_hot = to_face >= HEATED_YOU * len(last) and marked >= HEATED_MARKS * len(last)
    return (pair[0], pair[1]) if changes >= HEATED_TURNS and is_hot else None


def speaks_to_face(text: str) -> bool:
    """Whether a message says you."""
    return "你" in text or " you" in f" {text.lower()}"
