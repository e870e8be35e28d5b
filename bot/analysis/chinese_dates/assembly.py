"""Putting the pieces together: from tokens to the parts of a rule. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from bot.analysis.chinese_dates import day_math
from bot.analysis.chinese_dates.clocks import is_midnight, time_of
from bot.analysis.chinese_dates.rules import Days, Part
from bot.analysis.chinese_dates.tokens import (
    DAY_TOKENS,
    Ask,
    Choice,
    Clock,
    Dates,
    Every,
    Found,
    PartOfDay,
    Stretch,
    Token,
)

QUARTERS = {True: (1, 4, 7, 10), False: (3, 6, 9, 12)}


@dataclass(slots=True)
class Group:
    """Days and the times that belong to them."""

    days: list[Token] = field(default_factory=list)
    times: list[Clock | PartOfDay] = field(default_factory=list)
    ends_in_time: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the phrase says besides its days: whether it clearly comes again, and what day it is."""

    now: datetime
    repeats: bool


def groups_of(pieces: Iterable[Found]) -> list[Group]:
    """周一晚8点、周三晚7点 are two groups; 每 of the first holds for the second."""
    groups = [Group()]
    for piece in pieces:
        token = piece.token
        if isinstance(token, Ask):
            raise token
        if isinstance(token, DAY_TOKENS):
            if groups[-1].days and groups[-1].ends_in_time:
                groups.append(Group(days=[one for one in groups[-1].days if isinstance(one, Every)]))
            groups[-1].days.append(token)
            groups[-1].ends_in_time = False
        elif isinstance(token, Clock | PartOfDay):
            groups[-1].times.append(token)
            groups[-1].ends_in_time = True
    return groups


def parts_of(groups: Sequence[Group], reading: Reading, default: time | None = None) -> tuple[Part, ...]:
    """The parts of the rule; raises Ask for what is missing or may mean two things."""
    parts = []
    weekdays = [one for group in groups for one in group.days if isinstance(one, Choice)]
    if len(weekdays) > 1 or any(len(one.days.numbers) > 1 and not one.is_weekend for one in weekdays):
        reading = replace(
            reading, repeats=reading.repeats or all(one.days.kind == "weekly" for one in weekdays)
        )
    for group in groups:
        days = days_of(group.days, reading)
        times, midnight = times_of(group.times, default)
        parts += [Part(one, times, midnight) for one in days]
    return tuple(parts)


def times_of(said: Sequence[Clock | PartOfDay], default: time | None = None) -> tuple[tuple[time, ...], bool]:
    """The times of a group, and whether midnight is one; a part of the day holds for the hours after it."""
    part, times, midnight = "", set(), False
    for one in said:
        part = one.part or part
        if isinstance(one, Clock):
            inherits = part if not one.plain or one.hour <= 12 else ""
            if is_midnight(one, inherits):
                midnight = True
            else:
                times.add(time_of(one, inherits))
    if not times and not midnight:
        if default is None:
            raise Ask("no_time")
        times.add(default)
    return tuple(sorted(times)), midnight


def days_of(said: Sequence[Token], reading: Reading) -> list[Days]:
    """The days of a group."""
    every = _every(said)
    choices = [one for one in said if isinstance(one, Choice)]
    dates = [day for one in said if isinstance(one, Dates) for day in one.dates]
    if dates:
        if choices or (every is not None and every != Every("day")):
            raise Ask("conflict")
        return [Days("once", dates=tuple(sorted(dates)))]
    if not choices:
        return [_bare(every, said, reading)]
    merged = _merged([one.days for one in choices])
    if every is None and {one.kind for one in merged} == {"weekly", "monthly"}:
        return [_date_and_weekday(merged, choices, reading)]
    if every is None and any(one.each for one in choices):
        number = max(one.days.every for one in choices)
        every = Every("any") if number == 1 else Every("week", number)
    if every is None and reading.repeats and all(one.days.kind == "weekly" for one in choices):
        every = Every("week")
    if every is None:
        return [_single(one, choices, reading) for one in merged]
    return [_repeated(every, one) for one in merged]


def _every(said: Sequence[Token]) -> Every | None:
    found = [one for one in said if isinstance(one, Every)]
    if not found:
        return None
    units = {one.unit for one in found} - {"any"}
    if len(units) > 1 and units != {"year", "month"} and units != {"day", "week"}:
        raise Ask("conflict")
    best = max(found, key=lambda one: (one.unit != "any", one.unit in ("month", "week"), one.number))
    months = next((one.months for one in found if one.months), ())
    return replace(best, months=months)


def _merged(all_days: Sequence[Days]) -> list[Days]:
    """周三、周五 as one; 每月1号、最后一天 as one."""
    merged: list[Days] = []
    for days in all_days:
        alike = [one for one in merged if _alike(one, days)]
        if alike:
            numbers = tuple(sorted({*alike[0].numbers, *days.numbers}))
            merged[merged.index(alike[0])] = replace(alike[0], numbers=numbers)
        else:
            merged.append(days)
    return merged


def _alike(one: Days, other: Days) -> bool:
    same = one.kind == other.kind and one.months == other.months and one.kind in ("weekly", "monthly")
    return same and one.which == other.which


def _bare(every: Every | None, said: Sequence[Token], reading: Reading) -> Days:
    """每天, or 每周 without a day."""
    stretched = any(isinstance(one, Stretch) for one in said)
    if every is None:
        if stretched or reading.repeats:
            return Days("daily")
        raise Ask("no_day")
    if every.unit == "day":
        return Days("daily", every=every.number, months=every.months)
    raise Ask("which_weekday" if every.unit == "week" else "which_day")


def _single(days: Days, choices: Sequence[Choice], reading: Reading) -> Days:
    """Days without 每: dates if they can only be meant so."""
    today = reading.now.date()
    year = next((one.year for one in choices if one.year), None)
    if days.kind == "weekly":
        if any(one.is_weekend for one in choices):
            raise Ask("which_weekend")
        return Days("once", dates=_coming_weekday(days.numbers, reading))
    if days.kind == "feast":
        return Days("once", dates=(day_math.coming_feast(days.feast, days.offset, today, days.feast),))
    if days.kind == "monthly" and year is not None and days.numbers == (-1,):
        return Days("once", dates=day_math.days_in_month(days, today.year, today.month))
    if days.kind == "monthly" and not days.months and all(one > 0 for one in days.numbers):
        found = tuple(day_math.coming_day_of_month(today, one, "") for one in days.numbers)
        return Days("once", dates=found)
    if not days.months:
        raise Ask("once_or_monthly")
    return Days("once", dates=_in_months(days, year, today))


def _coming_weekday(numbers: tuple[int, ...], reading: Reading) -> tuple[date, ...]:
    """The next such day; today only counts if the time is still to come, which `_checked` sees to."""
    return day_math.next_weekdays(reading.now.date(), numbers)


def _date_and_weekday(merged: Sequence[Days], choices: Sequence[Choice], reading: Reading) -> Days:
    """11月24号星期二: the date, if it is that weekday."""
    weekly, monthly = sorted(merged, key=lambda one: one.kind != "weekly")
    found = _single(monthly, choices, reading)
    if any(day.weekday() not in weekly.numbers for day in found.dates):
        raise Ask("day_mismatch")
    return found


def _in_months(days: Days, year: int | None, today: date) -> tuple[date, ...]:
    found: list[date] = []
    for month in days.months:
        if year is not None:
            found += day_math.days_in_month(days, year, month)
        elif days.kind == "monthly" and all(one > 0 for one in days.numbers):
            found += [day_math.coming(today, month, one, "") for one in days.numbers]
        else:
            here = day_math.days_in_month(days, today.year, month)
            found += here if here[-1] >= today else day_math.days_in_month(days, today.year + 1, month)
    return tuple(sorted(found))


def _repeated(every: Every, days: Days) -> Days:
    """Days with 每."""
    unit = every.unit
    if days.kind == "weekly":
        if unit in ("month", "quarter", "year", "half"):
            raise Ask("which_week")
        return replace(days, every=every.number if unit == "week" else 1)
    if days.kind in ("workdays", "days_off", "free"):
        if unit not in ("any", "day", "week") or every.number > 1:
            raise Ask("which_day")
        return days
    if days.kind == "feast":
        if unit not in ("any", "year"):
            raise Ask("conflict")
        return days
    return _in_turn(every, days)


def _in_turn(every: Every, days: Days) -> Days:
    """Days of the month, the quarter or the year."""
    if every.unit in ("day", "week"):
        raise Ask("conflict")
    if days.months and every.unit in ("month", "quarter"):
        raise Ask("conflict")
    months = days.months or every.months
    if every.unit == "year" and not months:
        raise Ask("which_day")
    if every.unit == "half":
        raise Ask("which_day")
    if every.unit == "quarter":
        firsts = {one > 0 for one in (days.which or days.numbers)}
        if len(firsts) > 1 or (days.kind == "monthly" and any(abs(one) > 1 for one in days.numbers)):
            raise Ask("which_day")
        months = QUARTERS[firsts.pop()]
    _refuse_short_months(days, months)
    number = every.number if every.unit == "month" else 1
    return replace(days, months=months, every=number)


def _refuse_short_months(days: Days, months: tuple[int, ...]) -> None:
    """31号 is not in every month: what then?"""
    shortest = 28
    if months:
        lengths = (29 if one == 2 else 30 if one in (4, 6, 9, 11) else 31 for one in months)
        shortest = min(28 if one == 29 else one for one in lengths)
    if days.kind == "monthly" and any(abs(one) > shortest for one in days.numbers):
        raise Ask("short_months", str(max(days.numbers, key=abs)))
    if days.kind == "nth_weekday" and any(abs(one) > 4 for one in days.which):
        raise Ask("short_months", "")
