"""A schedule as a value, and the moments that it names. Pure: no clock, no database.

A rule is a frozen value that can be stored as JSON (`RULE`). Which days it means is asked day by day, which
is slow for a computer and plain for a reader; a year takes a millisecond or two.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.analysis.chinese_dates import feasts

DAY = timedelta(days=1)
LONGEST_LOOK = 366 * 9
"""Days that are looked at for the next moment: 29 February is seldom farther away."""

SHIFT_REACH = 20
"""Days by which what falls on a holiday can be put off."""

Kind = Literal[
    "daily",
    "weekly",
    "monthly",
    "nth_weekday",
    "nth_workday",
    "workdays",
    "days_off",
    "free",
    "feast",
    "once",
]
Shift = Literal["", "after", "before", "week"]
Avoided = Literal["holiday", "weekend", "day_off"]


@dataclass(frozen=True, slots=True)
class Days:
    """A kind of days.

    `numbers` are weekdays (Monday is 0) or days of the month (-1 is the last); `which` says which of these
    weekdays or workdays of a month (-1: the last); `months` narrows to months; every `every`-th day, week or
    month counts from `anchor`. `offset` is days after (before) a feast.
    """

    kind: Kind
    numbers: tuple[int, ...] = ()
    which: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    every: int = 1
    anchor: date | None = None
    feast: str = ""
    offset: int = 0
    whole_holiday: bool = False
    dates: tuple[date, ...] = ()

    def include(self, day: date) -> bool:
        """Whether this day is one of them."""
        if self.months and day.month not in self.months:
            return False
        return self._is_turn(day) and self._fits(day)

    def _is_turn(self, day: date) -> bool:
        if self.every == 1 or self.anchor is None:
            return True
        if self.kind == "daily":
            return (day - self.anchor).days % self.every == 0
        if self.kind == "weekly":
            return (_monday(day) - _monday(self.anchor)).days // 7 % self.every == 0
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        return months % self.every == 0

    def _fits(self, day: date) -> bool:
        length = calendar.monthrange(day.year, day.month)[1]
        match self.kind:
            case "daily":
                return True
            case "weekly":
                return day.weekday() in self.numbers
            case "monthly":
                return day.day in self.numbers or day.day - length - 1 in self.numbers
            case "nth_weekday":
                nth = {(day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}
                return day.weekday() in self.numbers and bool(nth & set(self.which))
            case "nth_workday":
                return feasts.is_workday(day) and bool(_nth_workday(day, length) & set(self.which))
            case "workdays":
                return feasts.is_workday(day)
            case "days_off":
                return feasts.is_holiday(day)
            case "free":
                return not feasts.is_workday(day)
            case "feast":
                return self._is_feast(day)
            case "once":
                return day in self.dates

    def _is_feast(self, day: date) -> bool:
        years = (day.year - 1, day.year, day.year + 1)
        if self.whole_holiday:
            return any(day in feasts.feast_days(self.feast, year) for year in years)
        found = (feasts.feast(self.feast, year) for year in years)
        return any(one is not None and one + self.offset * DAY == day for one in found)


@dataclass(frozen=True, slots=True)
class Part:
    """Some days, and the times of day on them; `midnight`: and the midnight at their end (晚上十二点)."""

    days: Days
    times: tuple[time, ...]
    midnight: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole schedule. `since` (UTC) is when it begins to hold, `until` its last day, `most` how many
    moments.

    What falls on a day that is `avoided` is put off by `shift`, or with no shift left out; days in `not_on`
    are left out always.
    """

    parts: tuple[Part, ...]
    zone: str
    since: datetime
    until: date | None = None
    most: int | None = None
    not_on: tuple[Days, ...] = ()
    avoided: tuple[Avoided, ...] = ()
    shift: Shift = ""

    @property
    def is_once(self) -> bool:
        """Whether it names single dates only."""
        return all(part.days.kind == "once" for part in self.parts)

    def next_dates(self, after: datetime, n: int = 3) -> list[datetime]:
        """The next moments later than `after`, in UTC, at most `n`; fewer if the rule ends."""
        found: list[datetime] = []
        start = self.since if self.most is not None else max(self.since, after)
        for number, moment in enumerate(self._moments(start), 1):
            if self.most is not None and number > self.most:
                break
            if moment > after:
                found.append(moment)
            if len(found) == n:
                break
        return found

    def _moments(self, after: datetime) -> Iterator[datetime]:
        """All moments later than `after`, in order."""
        zone = ZoneInfo(self.zone)
        first = after.astimezone(zone).date() - (SHIFT_REACH if self.shift else 1) * DAY
        waiting: set[datetime] = set()
        for index in range(LONGEST_LOOK):
            day = first + index * DAY
            waiting |= self._moments_of(day, zone, after)
            settled = day - (SHIFT_REACH if self.shift == "before" else 1) * DAY
            ready = sorted(one for one in waiting if one.astimezone(zone).date() <= settled)
            yield from ready
            waiting.difference_update(ready)
            if self.until is not None and settled > self.until:
                return

    def _moments_of(self, day: date, zone: ZoneInfo, after: datetime) -> set[datetime]:
        """What the rule says about one day: moments on it, or on the days to which they are put off."""
        moments = set()
        for part in self.parts:
            there = self._held_on(day) if part.days.include(day) else None
            if there is None or (self.until is not None and there > self.until):
                continue
            starts = [datetime.combine(there, clock, zone) for clock in part.times]
            if part.midnight:
                starts.append(datetime.combine(there + DAY, time(), zone))
            for moment in (one.astimezone(UTC) for one in starts):
                if moment > after:
                    moments.add(moment)
        return moments

    def _held_on(self, day: date) -> date | None:
        """The day on which what falls on `day` takes place; None if it does not."""
        if self._is_avoided(day):
            step = {"": 0, "after": 1, "before": -1, "week": 7}[self.shift]
            if step == 0:
                return None
            while self._is_avoided(day) or (abs(step) == 1 and not self._may_take(day)):
                day += step * DAY
        return None if any(days.include(day) for days in self.not_on) else day

    def _is_avoided(self, day: date) -> bool:
        checks = {
            "holiday": lambda: feasts.is_holiday(day),
            "weekend": lambda: day.weekday() > 4,
            "day_off": lambda: not feasts.is_workday(day),
        }
        return any(checks[one]() for one in self.avoided)

    def _may_take(self, day: date) -> bool:
        """What is put off day by day goes to a day on which people are at work."""
        return feasts.is_workday(day)


RULE = TypeAdapter(Rule)


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _nth_workday(day: date, length: int) -> set[int]:
    """Which workday of its month a day is, counted from both ends."""
    before = sum(feasts.is_workday(day.replace(day=one)) for one in range(1, day.day))
    behind = sum(feasts.is_workday(day.replace(day=one)) for one in range(day.day + 1, length + 1))
    return {before + 1, -(behind + 1)}
