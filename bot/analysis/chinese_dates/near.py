"""Days counted from now: 明天, 下下周二, 下个月5号, 三天后. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.analysis.chinese_dates import day_math
from bot.analysis.chinese_dates.clocks import PART
from bot.analysis.chinese_dates.patterns import (
    AFTER_UNIT,
    DAY_LIST,
    NTH_WHAT,
    WEEKDAYS,
    nth_days,
    reads,
    weekdays_in,
)
from bot.analysis.chinese_dates.rules import DAY
from bot.analysis.chinese_dates.tokens import (
    NUMBER,
    WEEK,
    Ask,
    Dates,
    Token,
    number,
    numbers_in,
)


@reads(rf"(?P<rel>大大后|大后|大前|今|明|后|昨|前)(?:天|日(?!报|本)|儿个?|(?={PART}|早|晚|晨|夜))(?:的)?")
def _near_day(match: re.Match[str], now: datetime) -> Token | Ask | None:
    if match["rel"] in ("后", "前") and match[0][-1] == match["rel"]:
        return None
    away = {"大大后": 4, "大后": 3, "大前": -3, "今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}[match["rel"]]
    return Ask("past", match[0]) if away < 0 else Dates((now.date() + away * DAY,))


@reads(
    r"(?P<rel>上+|这|本|下+)(?:一?(?P<ge>个)|一)?(?:周|星期|礼拜)(?:的|里)?\s*"
    rf"(?:(?P<end>末)|(?:{WEEK})?{WEEKDAYS})?"
)
def _near_week(match: re.Match[str], now: datetime) -> Token | Ask | None:
    weeks = {"上": -1, "这": 0, "本": 0, "下": 1}[match["rel"][0]] * len(match["rel"])
    if weeks < 0:
        return Ask("past", match[0])
    if not match["wd"]:
        return Ask("which_weekend" if match["end"] else "which_weekday", match[0])
    monday = now.date() - now.weekday() * DAY + 7 * weeks * DAY
    days = tuple(monday + one * DAY for one in weekdays_in(match["wd"]))
    if match["ge"] and match["rel"] == "下" and any(one - 7 * DAY > now.date() for one in days):
        return Ask("which_week", match[0])
    return Dates(days)


@reads(
    rf"(?P<rel>上+|这|本|下+)个?月(?:份)?(?:的)?\s*(?:{DAY_LIST}|{NTH_WHAT}|(?P<vague>初|中旬|上旬|下旬|底|末))?"
)
def _near_month(match: re.Match[str], now: datetime) -> Token | Ask | None:
    away = {"上": -1, "这": 0, "本": 0, "下": 1}[match["rel"][0]] * len(match["rel"])
    if away < 0:
        return Ask("past", match[0])
    year, month = day_math.months_later(now.year, now.month, away)
    return _in_month(match, year, month)


def _in_month(match: re.Match[str], year: int, month: int) -> Token | Ask:
    if match["mdays"]:
        days = numbers_in(match["mdays"])
        return Dates(tuple(day_math.day_of(year, month, one, match[0]) for one in days))
    if match["nths"]:
        return Dates(day_math.days_in_month(nth_days(match), year, month))
    return Ask("vague_day" if match["vague"] else "which_day", match[0])


@reads(
    rf"(?:再?过|再等)?(?:(?P<n>{NUMBER})个?(?P<half>半)?|(?P<only>半)个?){AFTER_UNIT}(?:之|以)?后(?!天)(?:的)?"
)
def _from_now(match: re.Match[str], now: datetime) -> Token | Ask | None:
    count = number(match["n"]) if match["n"] else 0
    return day_math.after(now, count, bool(match["half"] or match["only"]), match["u"], match[0])


@reads(r"过(?:几|两|些)天|改天|改日|哪天|有空|回头|近期|这几天|这两天|过阵子|过段时间|尽快")
def _some_day(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("vague_day", match[0])
