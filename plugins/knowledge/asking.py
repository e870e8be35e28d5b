"""Which questions are for everybody and still wait: pure, from the words and from the talk around them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot.analysis.exchanges import Exchange
from bot.analysis.lines import Line
from bot.analysis.open_questions import LEAST_CHANCE, LONGEST
from bot.analysis.questions import question_chance
from bot.analysis.thanks import thanks_in

SURE_THAT_OPEN = 0.5
USUAL = 0.75
"""The share of a room's answers that come within its usual time."""

LEAST_MINUTES, MOST_MINUTES, UNKNOWN_MINUTES = 15, 240, 30
ENOUGH_ANSWERS = 8
_FIRST_WORD = re.compile(r"[@＠]?([^\s:：,，@＠\u2005]{2,30})\s{0,2}[:：,，@＠\u2005\s]")
ASKED_BACK_WITHIN = timedelta(minutes=20)
SHORTEST_NAME, SHORTEST_NAME_LATIN = 2, 4
AT_ONCE = timedelta(minutes=5)
"""Who speaks so soon after a question, and plainly to nobody else, may well be answering it."""


def addressed(text: str) -> str:
    """The word that a text begins with, which may be somebody's name; "" if it cannot be."""
    found = _FIRST_WORD.match(text.lstrip())
    return found[1] if found is not None else ""


@cache
def _words() -> dict[str, re.Pattern[str]]:
    lists = json.loads(Path(__file__).with_name("question_words.json").read_text(encoding="utf-8"))
    return {name: re.compile("|".join(words), re.IGNORECASE) for name, words in lists.items()}


def usual_minutes(found: Iterable[Exchange]) -> tuple[int, int]:
    """Within how many minutes a room usually answers what it answers, and on how many answers that rests."""
    delays = sorted((one.answers[0].at - one.asked_at).total_seconds() / 60 for one in found if one.answers)
    if len(delays) < ENOUGH_ANSWERS:
        return UNKNOWN_MINUTES, len(delays)
    usual = delays[min(int(USUAL * len(delays)), len(delays) - 1)]
    return round(min(max(usual, LEAST_MINUTES), MOST_MINUTES)), len(delays)


def still_waits(
    message: int, lines: Sequence[Line], found: Iterable[Exchange], chances: Mapping[int, float],
    names: Collection[str] = (),
) -> str:  # fmt: skip
    """What has become of a question: waiting, answered, or left (it was none that is for us).

    `chances` are those of being an open question that nobody answered (`bot.analysis.unanswered`).
    `lines` begin some time before the question. Whoever speaks right after it and to nobody else is given the
    benefit of the doubt, and an asker who says that it is settled is believed. `names` are what the asker is
    called: who says one of them after the question turns to the asker.
    """
    exchange = next((one for one in found if one.question == message), None)
    asked = next((line for line in lines if line.id == message), None)
    if exchange is None or asked is None or asked.kind == "recalled" or exchange.to:
        return "left"
    if exchange.answers or exchange.closed_by is not None:
        return "answered"
    before = [line for line in lines if (line.at, line.id) < (asked.at, asked.id)]
    after = [line for line in lines if (line.at, line.id) > (asked.at, asked.id)]
    if _asks_back(asked, before):
        return "left"
    if any(line.member == asked.member and is_settled(line.text) for line in after):
        return "left"
    if all(line.member == asked.member for line in after):
        return "waiting"  # nobody has said anything at all: that needs no model
    if chances.get(message, 0.0) < SURE_THAT_OPEN or _somebody_turned_up(asked, after, names):
        return "answered"
    return "waiting"


def _asks_back(asked: Line, before: Sequence[Line]) -> bool:
    """Whether this asks somebody back who has just spoken: it says you, and means nobody else."""
    words = _words()
    if not words["to_one_person"].search(asked.text) or words["to_everybody"].search(asked.text):
        return False
    others = [one for one in before[-3:] if one.member != asked.member]
    if others and others[-1] is before[-1] and question_chance(others[-1].text) >= LEAST_CHANCE:
        return True  # the last word before was somebody's question, however long ago
    return any(asked.at - one.at <= ASKED_BACK_WITHIN for one in others)


def _somebody_turned_up(asked: Line, after: Sequence[Line], names: Collection[str]) -> bool:
    """Whether somebody else spoke at once without turning to a third person, or named or quoted the asker, or
    said something that the asker took for an answer."""
    has_company = False
    for line in after:
        if line.member == asked.member:
            if has_company and _takes(line.text):
                return True
            continue
        has_company = True
        if asked.member in line.mentions or line.quoted_member == asked.member:
            return True
        if any(_names(line.text, name) for name in names):
            return True
        is_elsewhere = bool(line.mentions) or line.quotes is not None
        if line.at - asked.at <= AT_ONCE and not is_elsewhere and question_chance(line.text) < LEAST_CHANCE:
            return True
    return False


def _takes(text: str) -> bool:
    """Whether the asker takes what was said: thanks, or a short nod."""
    return len(text) <= LONGEST and (thanks_in(text) is not None or bool(_words()["taken"].search(text)))


def _names(text: str, name: str) -> bool:
    """Whether a text says a name that is long enough to mean nobody else."""
    said, name = text.casefold(), name.casefold().strip()
    if len(name) < (SHORTEST_NAME_LATIN if name.isascii() else SHORTEST_NAME):
        return False
    at = said.find(name)
    after = said[at + len(name) : at + len(name) + 1]
    return at >= 0 and not (name.isascii() and (after.isalnum() or said[max(0, at - 1) : at].isalnum()))


def is_settled(text: str) -> bool:
    """Whether the asker says that the question is no more."""
    if len(text) > LONGEST:
        return False
    said = thanks_in(text)
    return (said is not None and said.kind == "solved") or _words()["solved"].search(text) is not None


def in_a_row(last_helper: int | None, member: int) -> bool:
    """Whether this person was also the last one to be asked."""
    return last_helper == member


def next_helper(
    fitting: Sequence[tuple[int, float]], asked_lately: Sequence[tuple[int, datetime]], now: datetime,
    per_week: int,
) -> int | None:  # fmt: skip
    """Who of the fitting helpers (member, how well) is asked: the best who is neither tired nor was the last.

    `asked_lately` are all who were asked before with the times, oldest first.
    """
    week = now - timedelta(days=7)
    last = asked_lately[-1][0] if asked_lately else None
    able = [
        (fit, -sum(one == member for one, _ in asked_lately), -member)
        for member, fit in fitting
        if fit > 0
        and not in_a_row(last, member)
        and sum(one == member and at > week for one, at in asked_lately) < per_week
    ]
    return -max(able)[2] if able else None
