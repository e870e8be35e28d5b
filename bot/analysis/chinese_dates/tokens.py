"""The pieces that a schedule phrase is read into, and the smallest words they are made of. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.analysis.chinese_dates.rules import Avoided, Days, Shift
from bot.words import number_said

NUMBER = r"(?:\d+|[零〇一二两三四五六七八九十]+)"
WEEK = r"(?:周|星期|礼拜|週)"
LISTING = r"\s*(?:、|,|和|及|与|跟|以及|还有)\s*"
UPTO = r"\s*(?:到|至|-|–|—|~)\s*"
WEEKDAY_OF = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
              "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6}  # fmt: skip

Unit = Literal["any", "day", "week", "month", "quarter", "half", "year"]


@dataclass(frozen=True, slots=True)
class Ask(Exception):
    """What has to be asked back. `kind` names the question, `word` is what it is about."""

    kind: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Every:
    """每周, 隔周, 每两个月: a unit and how many of them; `months` narrows (单月)."""

    unit: Unit
    number: int = 1
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """周三, 1号和15号, 最后一个周五: days that mean a rule with 每 (`each`), and maybe one date without."""

    days: Days
    each: bool = False
    year: int | None = None
    is_weekend: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """明天, 下周三, 11月30号: dates."""

    dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """12月1号到5号: all the days of a span; with 每天 its beginning and end."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Exactly:
    """两小时后: a moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """晚上八点: hours and minutes as said. `part` is 晚上, "" if nothing was said; `plain`: written 20:30."""

    part: str
    hour: int
    minute: int
    plain: bool
    word: str


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """晚上, and no hour."""

    part: str


@dataclass(frozen=True, slots=True)
class Except:
    """除了大年初一: days that are left out."""

    days: tuple[Days, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """遇节假日顺延: days to be avoided, and where to."""

    avoided: tuple[Avoided, ...]
    shift: Shift


@dataclass(frozen=True, slots=True)
class Until:
    """到年底: the last day."""

    day: date


@dataclass(frozen=True, slots=True)
class Since:
    """从下周起: the first day."""

    day: date


@dataclass(frozen=True, slots=True)
class Lasting:
    """连续四周, 共8期: how long, or (`unit` is "times") how often."""

    number: int
    unit: Literal["times", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Again:
    """每周都: what was said comes again."""


Token = (
    Again
    | Every
    | Choice
    | Dates
    | Stretch
    | Exactly
    | Clock
    | PartOfDay
    | Except
    | Put
    | Until
    | Since
    | Lasting
)
DAY_TOKENS = (Every, Choice, Dates, Stretch)
TIME_TOKENS = (Clock, PartOfDay)
LIMIT_TOKENS = (Again, Except, Put, Until, Since, Lasting)


@dataclass(frozen=True, slots=True)
class Found:
    """A token (or a question) where it stands in the text."""

    start: int
    end: int
    token: Token | Ask


def flat(text: str) -> str:
    """The text with wide and other forms of letters made plain; every letter keeps its place."""
    return "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    folded = unicodedata.normalize("NFKC", letter).casefold()
    return folded if len(folded) == 1 else letter


def number(said: str) -> int:
    """The whole number in `15`, `十五`, `两`; -1 if it is none."""
    found = number_said(said)
    return -1 if found is None or found != int(found) else int(found)


def numbers_in(said: str) -> tuple[int, ...]:
    """All numbers of a list: `1号和15号`, `1、15`."""
    return tuple(number(one) for one in re.findall(NUMBER, said))


UNIT_OF: dict[str, Unit] = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "週": "week", "月": "month",
    "季度": "quarter", "季": "quarter", "年": "year",
}  # fmt: skip
