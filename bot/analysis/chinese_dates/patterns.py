"""The pieces of patterns in which days are said, and the list of what reads them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from bot.analysis.chinese_dates import feasts
from bot.analysis.chinese_dates.rules import Days
from bot.analysis.chinese_dates.tokens import (
    LISTING,
    NUMBER,
    UPTO,
    WEEK,
    WEEKDAY_OF,
    Ask,
    Token,
    number,
)

Reader = Callable[[re.Match[str], datetime], Token | Ask | None]

D = r"[一二三四五六日天1-7]"
MEASURE = r"(?:次|回|遍|期|篇|场|条|个(?!工作日)|天)"
ANOTHER = rf"(?:(?:{LISTING}|\s*/\s*)(?:{WEEK})?|\s*{WEEK}|)(?:{D}(?![十点时:.\d]|{MEASURE}))"
WEEKDAYS = rf"(?P<wd>{D}(?:{UPTO}(?:{WEEK})?{D}(?![点时:.\d])|(?:{ANOTHER})*))"
NTH = rf"(?:第{NUMBER}|最后(?:一|1)|最末(?:一|1)|倒数第{NUMBER}|首|头一)"
NTHS = rf"(?P<nths>{NTH}个?(?:{LISTING}(?:{NTH}|{NUMBER})个?)*)"
NTH_WHAT = rf"{NTHS}\s*(?:{WEEK}(?P<nwd>{D})|(?P<work>工作日|上班日)|(?P<mday>天|日)(?![^\s,]*报))"
DAY_LIST = rf"(?P<mdays>{NUMBER}(?:(?:号|日)?(?:{LISTING}|{UPTO}){NUMBER})*(?:号|日))"
FEAST = "(?:" + "|".join(sorted(feasts.FEAST_WORDS, key=len, reverse=True)) + ")"
THE_FEAST = rf"(?P<feast>{FEAST})(?!点|时[^候]|月|号|日|个|次|期(?!间)|:|\d)(?:节)?(?:假期|长假|小长假|期间)?"
AFTER_UNIT = r"(?P<u>天|日|周|星期|礼拜|月|年|小时|钟头|分钟|刻钟)"

READERS: list[tuple[re.Pattern[str], Reader]] = []


def reads(pattern: str) -> Callable[[Reader], Reader]:
    """Register what reads a pattern; earlier ones are tried first."""

    def register(reader: Reader) -> Reader:
        READERS.append((re.compile(pattern), reader))
        return reader

    return register


def weekdays_in(said: str) -> tuple[int, ...]:
    """The weekdays of a list or a span: `一三五`, `二、四`, `一到五`."""
    days = [WEEKDAY_OF[letter] for letter in said if letter in WEEKDAY_OF]
    if re.search(UPTO, said):
        first, last = days[0], days[-1]
        return tuple(sorted((first + index) % 7 for index in range((last - first) % 7 + 1)))
    return tuple(sorted(set(days)))


def nth_days(match: re.Match[str]) -> Days:
    """第一个和第三个周五, 最后一个工作日, 倒数第二天: what NTH_WHAT has read."""
    which = tuple(_nth(one[0]) for one in re.finditer(f"{NTH}|{NUMBER}", match["nths"]))
    if match["nwd"]:
        if any(not 1 <= abs(one) <= 5 for one in which):
            raise Ask("no_such_day", match[0])
        return Days("nth_weekday", (WEEKDAY_OF[match["nwd"]],), which)
    if any(not 1 <= abs(one) <= 31 for one in which):
        raise Ask("no_such_day", match[0])
    return Days("nth_workday", (), which) if match["work"] else Days("monthly", which)


def _nth(said: str) -> int:
    if said.startswith(("最后", "最末")):
        return -1
    if said in ("首", "头一"):
        return 1
    found = number(said.removeprefix("倒数").removeprefix("第"))
    return -found if said.startswith("倒数") else found
