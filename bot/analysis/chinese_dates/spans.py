"""Stretches of time that begin or end a schedule: 下周, 12月, 年底, 下月底, 春节. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.analysis.chinese_dates import day_math
from bot.analysis.chinese_dates.feasts import FEAST_WORDS, feast_days
from bot.analysis.chinese_dates.patterns import FEAST, D
from bot.analysis.chinese_dates.rules import DAY
from bot.analysis.chinese_dates.tokens import NUMBER, WEEK, WEEKDAY_OF, Ask, number

_SPAN = re.compile(
    r"(?:(?P<written>(?P<wy>\d{4})[-/.](?P<wm>\d{1,2})[-/.](?P<wd>\d{1,2}))"
    rf"|(?:(?P<y>\d{{4}}|今|明|后)年)?(?:的)?\s*(?P<m>{NUMBER})月(?:份)?(?:(?P<d>{NUMBER})(?:号|日)|(?P<mend>底|末)|(?P<mstart>初))?"
    r"|(?P<year>今年|明年|后年|本年|年)(?P<yend>底|末|初)?"
    r"|(?P<rel>这个|本|这|下下个|下下|下个|下)?(?P<mon>月)(?P<rend>底|末|初)?"
    rf"|(?P<week>这个?|本|下下个?|下个?)?{WEEK}(?P<day>{D})?"
    r"|(?P<near>今天|今日|明天|明日|后天|大后天|现在|即日)"
    rf"|(?P<feast>{FEAST})(?:节)?(?:假期|长假)?"
    rf"|(?P<dom>{NUMBER})(?:号|日)"
    r"|(?P<unknown>放假|开学|寒假|暑假|节|考试|年中)"
    r")"
)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of what was said, and where it ends in the text; 到国庆 is until its first day."""

    what: tuple[date, date] | Ask
    end: int
    is_feast: bool = False


def read_span(said: str, at: int, now: datetime) -> Span | None:
    """The stretch of time named at this place."""
    match = _SPAN.match(said, at)
    if match is None or match.end() == at:
        return None
    try:
        found = _span(match, now.date())
    except Ask as question:
        return Span(question, match.end())
    return None if found is None else Span(found, match.end(), bool(match["feast"]))


def _span(match: re.Match[str], today: date) -> tuple[date, date] | None:
    if match["written"]:
        day = day_math.day_of(int(match["wy"]), int(match["wm"]), int(match["wd"]), match[0])
        return day, day
    if match["m"]:
        return _month_or_day(match, today)
    if match["year"]:
        return _year(match, today)
    if match["mon"]:
        return _relative_month(match, today)
    if match["near"]:
        day = today + {"明": 1, "后": 2, "大": 3}.get(match["near"][0], 0) * DAY
        return day, day
    if match["feast"]:
        return _feast(FEAST_WORDS[match["feast"]], today, match[0])
    if match["dom"]:
        day = day_math.coming_day_of_month(today, number(match["dom"]), match[0])
        return day, day
    if match["unknown"]:
        raise Ask("which_feast", match[0])
    return _week(match, today)


def _month_or_day(match: re.Match[str], today: date) -> tuple[date, date]:
    month = number(match["m"])
    if not 1 <= month <= 12 or match["mstart"]:
        raise Ask("vague_day" if match["mstart"] else "no_such_day", match[0])
    said = match["y"]
    away = {"今": 0, "明": 1, "后": 2}.get(said or "今")
    year = number(said) if away is None else today.year + away
    if not said and (month < today.month or (month == today.month and _is_past(match, today))):
        year += 1
    if match["d"]:
        day = day_math.day_of(year, month, number(match["d"]), match[0])
        return day, day
    whole = _whole_month(year, month)
    return (whole[1], whole[1]) if match["mend"] else whole


def _is_past(match: re.Match[str], today: date) -> bool:
    return bool(match["d"]) and number(match["d"]) < today.day


def _year(match: re.Match[str], today: date) -> tuple[date, date] | None:
    if match["year"] == "年" and not match["yend"]:
        return None
    year = today.year + {"明": 1, "后": 2}.get(match["year"][0], 0)
    if match["yend"] == "初":
        raise Ask("vague_day", match[0])
    last = date(year, 12, 31)
    return (last, last) if match["yend"] else (date(year, 1, 1), last)


def _relative_month(match: re.Match[str], today: date) -> tuple[date, date] | None:
    rel = match["rel"] or ""
    if not rel and not match["rend"]:
        return None
    if match["rend"] == "初":
        raise Ask("vague_day", match[0])
    whole = _whole_month(*day_math.months_later(today.year, today.month, rel.count("下")))
    return (whole[1], whole[1]) if match["rend"] else whole


def _week(match: re.Match[str], today: date) -> tuple[date, date] | None:
    week, day = match["week"], match["day"]
    if not week and not day:
        return None
    if not week:
        found = day_math.next_weekdays(today, (WEEKDAY_OF[day],))[0]
        return found, found
    monday = today - today.weekday() * DAY + 7 * week.count("下") * DAY
    if not day:
        return monday, monday + 6 * DAY
    found = monday + WEEKDAY_OF[day] * DAY
    return found, found


def _feast(name: str, today: date, word: str) -> tuple[date, date]:
    free = feast_days(name, today.year)
    if not free or free[-1] < today:
        free = day_math.coming_holiday(name, today, word)
    return free[0], free[-1]


def _whole_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
