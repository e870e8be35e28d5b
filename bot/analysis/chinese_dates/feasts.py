"""The Chinese year: holidays, the weekends that are worked in return, and feast days. Pure.

What the State Council has not announced yet (the make-up workdays of a coming year) nobody knows: until
then a year has its statutory holidays only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import holidays
import holidays.countries.china  # else it is loaded in the first handler that asks, in 110 ms
from holidays.calendars.chinese import _ChineseLunisolar

DAY = timedelta(days=1)
_LUNAR = _ChineseLunisolar()
FIRST_YEAR, LAST_YEAR = 1950, 2099
"""The years for which feast days are known."""


def is_workday(day: date) -> bool:
    """Whether people go to work: weekdays that are no holiday, and weekends worked in return for one."""
    off, worked = _year(day.year)
    return day in worked if day.weekday() > 4 else day not in off


def is_holiday(day: date) -> bool:
    """Whether the day is part of an official holiday, its weekends included; an ordinary weekend is not."""
    return any(one in _year(one.year)[0] for one in stretch(day))


def stretch(day: date) -> list[date]:
    """The free days around a free day, without a working day between them; nothing for a workday."""
    if is_workday(day):
        return []
    first = last = day
    while not is_workday(first - DAY):
        first -= DAY
    while not is_workday(last + DAY):
        last += DAY
    return [first + index * DAY for index in range((last - first).days + 1)]


def feast(name: str, year: int) -> date | None:
    """The day of a feast in a year; None for a year that cannot be told."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return _FEASTS[name](year)


def feast_days(name: str, year: int) -> list[date]:
    """The days that a feast is celebrated: its whole holiday if it has one, else the day itself."""
    day = feast(name, year)
    if day is None:
        return []
    return stretch(day) if name in STATUTORY and is_holiday(day) else [day]


def _lunar_new_year(year: int, offset: int = 0) -> date | None:
    found = _LUNAR.lunar_new_year_date(year)
    return found[0] + offset * DAY if found[0] else None


def _nth_sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def _on(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day)


def _new_year_plus(offset: int) -> Callable[[int], date | None]:
    return lambda year: _lunar_new_year(year, offset)


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The statutory free days of a year, and the weekends that are worked."""
    china = holidays.country_holidays("CN", years=year, expand=False)
    worked: set[date] = getattr(china, "weekend_workdays", set())
    return frozenset(china), frozenset(day for day in worked if day.year == year)


_FEASTS: dict[str, Callable[[int], date | None]] = {
    "new_year": _on(1, 1),
    "valentine": _on(2, 14),
    "spring": _new_year_plus(0),
    "spring_eve": _new_year_plus(-1),
    **{f"spring_{number}": _new_year_plus(number - 1) for number in range(1, 16)},
    "lantern": _new_year_plus(14),
    "women": _on(3, 8),
    "trees": _on(3, 12),
    "qingming": lambda year: _LUNAR.qingming_date(year)[0],
    "labour": _on(5, 1),
    "youth": _on(5, 4),
    "mother": lambda year: _nth_sunday(year, 5, 2),
    "children": _on(6, 1),
    "father": lambda year: _nth_sunday(year, 6, 3),
    "dragon_boat": lambda year: _LUNAR.dragon_boat_date(year)[0],
    "mid_autumn": lambda year: _LUNAR.mid_autumn_date(year)[0],
    "teacher": _on(9, 10),
    "national": _on(10, 1),
    "double_ninth": lambda year: _LUNAR.double_ninth_date(year)[0],
    "singles": _on(11, 11),
    "solstice": lambda year: _LUNAR.winter_solstice_date(year)[0],
    "christmas_eve": _on(12, 24),
    "christmas": _on(12, 25),
    "year_end": _on(12, 31),
}

STATUTORY = frozenset({"new_year", "spring", "qingming", "labour", "dragon_boat", "mid_autumn", "national"})

FEAST_WORDS = {
    "大年三十": "spring_eve", "年三十": "spring_eve", "除夕夜": "spring_eve", "除夕": "spring_eve",
    "大年夜": "spring_eve", "春节": "spring", "过年": "spring", "新春": "spring",
    "正月十五": "lantern", "元宵节": "lantern", "元宵": "lantern", "元旦": "new_year", "情人节": "valentine",
    "妇女节": "women", "三八节": "women", "植树节": "trees", "清明节": "qingming", "清明": "qingming",
    "劳动节": "labour", "五一": "labour", "青年节": "youth", "五四": "youth", "母亲节": "mother",
    "儿童节": "children", "六一": "children",
    "父亲节": "father", "端午节": "dragon_boat", "端午": "dragon_boat",
    "中秋节": "mid_autumn", "中秋": "mid_autumn",
    "教师节": "teacher", "国庆节": "national", "国庆": "national",
    "十一": "national", "重阳节": "double_ninth",
    "重阳": "double_ninth", "双十一": "singles", "双11": "singles",
    "冬至": "solstice", "平安夜": "christmas_eve", "圣诞节": "christmas", "圣诞": "christmas",
    "跨年夜": "year_end",
    **{
        f"{prefix}初{said}": f"spring_{number}"
        for prefix in ("大年", "正月", "年")
        for number, said in enumerate("一二三四五六七八九十", 1)
    },
}  # fmt: skip
"""What people call the feasts. 七夕, 腊八 and the like need a whole lunar calendar, and are asked back."""
