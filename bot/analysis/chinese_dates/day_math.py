"""Counting days and months from now, and noticing days that do not exist. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.analysis.chinese_dates import feasts
from bot.analysis.chinese_dates.rules import DAY, Days
from bot.analysis.chinese_dates.tokens import Ask, Dates, Exactly

JUST_PAST = timedelta(days=60)
"""A date without a year that is past by less than this may be a slip: it is asked back, not put off."""

_SECONDS = {"小时": 3600, "钟头": 3600, "分钟": 60, "刻钟": 900}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}


def months_later(year: int, month: int, count: int) -> tuple[int, int]:
    """The year and month so many months later."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def day_of(year: int, month: int, day: int, word: str) -> date:
    """This date; raises Ask if there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        raise Ask("no_such_day", word) from None


def coming(today: date, month: int, day: int, word: str) -> date:
    """The next such day of the year, today included; raises Ask if it has only just passed, or is none."""
    here = _exists(today.year, month, day)
    if here is not None and here >= today:
        return here
    if here is not None and today - here < JUST_PAST:
        raise Ask("past", word)
    for year in range(today.year + 1, today.year + 9):
        there = _exists(year, month, day)
        if there is not None:
            return there
    raise Ask("no_such_day", word)


def coming_day_of_month(today: date, day: int, word: str) -> date:
    """The next day of this number, today included."""
    for away in range(3):
        there = _exists(*months_later(today.year, today.month, away), day)
        if there is not None and there >= today:
            return there
    raise Ask("no_such_day", word)


def after(now: datetime, count: int, half: bool, unit: str, word: str) -> Dates | Exactly | Ask:
    """What `三天后` and `一个半小时后` mean."""
    if unit in _SECONDS:
        return Exactly(now + timedelta(seconds=(count + half / 2) * _SECONDS[unit]))
    if half or count < 1:
        return Ask("vague_day", word)
    if unit in _DAYS:
        return Dates((now.date() + count * _DAYS[unit] * DAY,))
    year, month = months_later(now.year, now.month, count * (12 if unit == "年" else 1))
    return Dates((day_of(year, month, now.day, word),))


def days_in_month(days: Days, year: int, month: int, word: str = "") -> tuple[date, ...]:
    """Those days of one month; raises Ask if it has none."""
    length = calendar.monthrange(year, month)[1]
    found = tuple(
        one for one in (date(year, month, day) for day in range(1, length + 1)) if days.include(one)
    )
    if not found:
        raise Ask("no_such_day", word)
    return found


def around_feast(name: str, is_after: bool, days: Days, now: datetime, word: str) -> date:
    """The first (last …) such day after (before) the holiday of a feast: the next one that is to come."""
    nth = days.which[0]
    for year in range(now.year - 1, now.year + 3):
        free = feasts.feast_days(name, year)
        if not free:
            continue
        step, start = (DAY, free[-1]) if is_after else (-DAY, free[0])
        wanted = abs(nth)
        if (nth < 0) == is_after:
            raise Ask("vague_day", word)
        found = _nth(days, start, step, wanted)
        if found is not None and found >= now.date():
            return found
    raise Ask("no_such_day", word)


def _nth(days: Days, start: date, step: timedelta, wanted: int) -> date | None:
    for index in range(1, 120):
        day = start + index * step
        fits = feasts.is_workday(day) if days.kind == "nth_workday" else day.weekday() in days.numbers
        wanted -= fits
        if not wanted:
            return day
    return None


def coming_feast(name: str, offset: int, today: date, word: str) -> date:
    """The next time that a feast comes round."""
    for year in range(today.year - 1, today.year + 3):
        day = feasts.feast(name, year)
        if day is not None and day + offset * DAY >= today:
            return day + offset * DAY
    raise Ask("no_such_day", word)


def coming_holiday(name: str, today: date, word: str) -> list[date]:
    """The free days of the feast that comes next."""
    for year in range(today.year - 1, today.year + 3):
        free = feasts.feast_days(name, year)
        if free and free[-1] >= today:
            return free
    raise Ask("no_such_day", word)


def next_weekdays(today: date, weekdays: Iterable[int]) -> tuple[date, ...]:
    """The next days that are these weekdays, today included."""
    return tuple(sorted(today + ((one - today.weekday()) % 7) * DAY for one in weekdays))


def _exists(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
