"""Dates that an owner offers in plain Chinese: 下周六下午三点 / 周日上午, each as one moment. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.analysis.chinese_dates import Question, feasts, understand
from bot.words import visible

MOST = 6
LONGEST = 200
_BETWEEN = re.compile(
    r"\s*(?:[/／|、；;\n]|(?<=\s)(?=\d{1,2}[.)）、]\s*\D)|或者?是?|还是|要么|[,，](?=\s*(?:[0-9一二三四五六七八九十周星礼这本下明后大])))\s*"
)
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天末]")
_THAT_WEEK = re.compile(r"((?:这|本|下+)一?个?)(?:周|星期|礼拜)")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.、)）:：]|[①②③④⑤⑥])\s*(?!\d)")
_PARTS = (
    (re.compile("凌晨|清早|早上|早晨|上午"), time(10)),
    (re.compile("中午|午饭"), time(12)),
    (re.compile("傍晚"), time(17)),
    (re.compile("晚"), time(19)),
)
USUAL = time(14)
"""When a meetup begins if only the day is said."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Moments, the earliest first; whether one of their clocks is ours; what could not be read (""; none)."""

    moments: tuple[datetime, ...] = ()
    is_guessed: bool = False
    unclear: str = ""


def read_dates(said: str, now: datetime, zone: ZoneInfo) -> Offered:
    """The moments that somebody offers; `unclear` holds the first piece that is no single moment."""
    pieces = [_NUMBERED.sub("", piece) for piece in _BETWEEN.split(visible(said)[:LONGEST])]
    found: list[datetime] = []
    is_guessed, week = False, ""
    for piece in [one for one in pieces if one.strip()][: MOST + 1]:
        that_week = _THAT_WEEK.search(piece)
        if that_week is not None:
            week = that_week[1]
        elif week and _WEEKDAY.match(piece):
            piece = week + piece  # 下周六下午 / 周日上午: the Sunday of the same week
        read = _one(piece, now, zone)
        if read is None:
            return Offered(unclear=piece.strip())
        found.append(read[0])
        is_guessed = is_guessed or read[1]
    return Offered(tuple(sorted(dict.fromkeys(found)))[:MOST], is_guessed)


def _one(piece: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, bool] | None:
    """The moment of a piece, and whether its clock is a guess."""
    read, is_guess = understand(piece, now, zone), False
    if isinstance(read, Question) and read.kind == "no_time":
        usual = next((clock for part, clock in _PARTS if part.search(piece)), USUAL)
        read, is_guess = understand(piece, now, zone, default=usual), True
    if isinstance(read, Question) or read.topic or not read.rule.is_once:
        return None
    moments = read.rule.next_dates(now, 2)
    return (moments[0], is_guess) if len(moments) == 1 and moments[0] > now else None


def holiday_of(at: datetime) -> str:
    """The name of the holiday that a local moment falls into; "" on an ordinary day."""
    day = at.date()
    if not feasts.is_holiday(day):
        return ""
    free = feasts.stretch(day)
    for word, name in feasts.FEAST_WORDS.items():
        years = {one.year for one in free}
        if name in feasts.STATUTORY and any(feasts.feast(name, year) in free for year in years):
            return word
    return ""
