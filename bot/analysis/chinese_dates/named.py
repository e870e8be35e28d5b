"""Days by their names: 11月30号, 2026-12-01, 周三, 工作日, 最后一个周五, 国庆后第一个周三. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.analysis.chinese_dates import day_math, feasts
from bot.analysis.chinese_dates.patterns import (
    DAY_LIST,
    NTH_WHAT,
    THE_FEAST,
    WEEKDAYS,
    D,
    nth_days,
    reads,
    weekdays_in,
)
from bot.analysis.chinese_dates.rules import Days
from bot.analysis.chinese_dates.tokens import (
    LISTING,
    NUMBER,
    UPTO,
    WEEK,
    Ask,
    Choice,
    Dates,
    Every,
    Stretch,
    Token,
    number,
    numbers_in,
)


@reads(
    r"(?:(?P<y>\d{4})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<d>\d{1,2})"
    r"|(?<![\d:.])(?P<m2>\d{1,2})\s*[/]\s*(?P<d2>\d{1,2})"
    r"|(?<![\d:.])(?P<m3>\d{1,2})[.-](?P<d3>\d{1,2}))(?![\d:.点月号]|\s*[点号日])"
)
def _written_date(match: re.Match[str], now: datetime) -> Token | Ask | None:
    month = int(match["m"] or match["m2"] or match["m3"])
    day = int(match["d"] or match["d2"] or match["d3"])
    if match["y"]:
        return Dates((day_math.day_of(int(match["y"]), month, day, match[0]),))
    return Dates((day_math.coming(now.date(), month, day, match[0]),))


@reads(rf"(?P<m>{NUMBER})月(?P<d>{NUMBER})(?:号|日)?{UPTO}(?:(?P<m2>{NUMBER})月)?(?P<d2>{NUMBER})(?:号|日)")
def _from_day_to_day(match: re.Match[str], now: datetime) -> Token | Ask | None:
    month, last_month = number(match["m"]), number(match["m2"] or match["m"])
    last = day_math.coming(now.date(), last_month, number(match["d2"]), match[0])
    first = day_math.day_of(last.year, month, number(match["d"]), match[0])
    if first > last:
        first = day_math.day_of(last.year - 1, month, number(match["d"]), match[0])
    return Stretch(first, last)


@reads(
    rf"(?:(?P<y>\d{{4}}|[二][零〇一二三四五六七八九]{{3}}|今|明|后|去|前)年)?\s*(?P<m>{NUMBER})月(?:份)?的?\s*"
    rf"(?:{DAY_LIST}|{NTH_WHAT}|(?P<bare>\d{{1,2}})(?![\d点:号日月])|(?P<vague>初|中旬|上旬|下旬|底|末))"
)
def _month_day(match: re.Match[str], now: datetime) -> Token | Ask | None:
    month = number(match["m"])
    if not 1 <= month <= 12:
        return Ask("no_such_day", match[0])
    if match["vague"]:
        return Ask("vague_day", match[0])
    if match["nths"]:
        days = nth_days(match)
        return Choice(Days(days.kind, days.numbers, days.which, months=(month,)), year=_year(match, now))
    numbers = numbers_in(match["mdays"] or match["bare"])
    upto = re.search(UPTO, match["mdays"] or "")
    if upto:
        numbers = tuple(range(numbers[0], numbers[-1] + 1))
    for one in numbers:
        day_math.day_of(2024, month, one, match[0])
    return Choice(Days("monthly", numbers, months=(month,)), year=_year(match, now))


def _year(match: re.Match[str], now: datetime) -> int | None:
    """The year that was named."""
    said = match["y"]
    if not said:
        return None
    away = {"今": 0, "明": 1, "后": 2, "去": -1, "前": -2}.get(said)
    return number(said) if away is None else now.year + away


@reads(rf"(?P<ms>{NUMBER}月(?:份)?(?:{LISTING}{NUMBER}月(?:份)?)+)(?:的)?")
def _months(match: re.Match[str], now: datetime) -> Token | Ask | None:
    months = numbers_in(match["ms"])
    if any(not 1 <= one <= 12 for one in months):
        return Ask("no_such_day", match[0])
    return Every("month", 1, months)


# Feasts


@reads(rf"(?:{THE_FEAST}|(?P<new>年))(?:之|以)?(?P<side>前|后)的?{NTH_WHAT}")
def _around_feast(match: re.Match[str], now: datetime) -> Token | Ask | None:
    name = "spring" if match["new"] else feasts.FEAST_WORDS[match["feast"]]
    days = nth_days(match)
    if days.kind == "monthly":
        return Ask("vague_day", match[0])
    return Dates((day_math.around_feast(name, match["side"] == "后", days, now, match[0]),))


@reads(r"(?:节|假期|放假|收假|开学|放暑假)(?:之|以)?(?:前|后)(?:的?第一个?(?:工作日|周[一二三四五六日]|天))?")
def _some_feast(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("which_feast", match[0])


@reads(
    rf"{THE_FEAST}(?:(?P<side>的?前夕|的?前夜|的?前(?P<n>{NUMBER})天|的?后(?P<n2>{NUMBER})天|的?第二天|的?次日|的?隔天)"
    r"|(?P<end>的?(?:第一天|首日|最后一天))|(?:的?(?:当天|那天|当日|当晚(?=\d)|正日子))|(?P<vague>(?:之|以)?[前后]))?"
)
def _feast(match: re.Match[str], now: datetime) -> Token | Ask | None:
    name, today = feasts.FEAST_WORDS[match["feast"]], now.date()
    if match["vague"]:
        return Ask("vague_day", match[0])
    is_span = re.search("假期|长假|期间", match[0]) is not None
    if is_span or match["end"]:
        free = day_math.coming_holiday(name, today, match[0])
        if match["end"]:
            return Dates((free[-1 if "最后" in match["end"] else 0],))
        return Stretch(max(free[0], today), free[-1])
    offset = 0
    if match["side"]:
        steps = number(match["n"] or match["n2"]) if match["n"] or match["n2"] else 1
        offset = -steps if "前" in match["side"] else steps
    return Choice(Days("feast", feast=name, offset=offset))


@reads(
    "七夕|腊八|小年|中元|寒衣|鬼节|(?:农历|阴历|旧历)|初[一二三四五六七八九十]|[正腊]月|二十四节气|立春|雨水|惊蛰|春分|谷雨|立夏|小满(?=当天|那天)|芒种|夏至|立秋|处暑|白露|秋分|寒露|霜降|立冬|小雪(?=当天|那天)|大雪(?=当天|那天)|小寒|大寒"
)
def _lunar(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("lunar", match[0])


@reads(r"(?:月底|月末)的?(?:那天|当天|那一天|最后一天|最后那天)")
def _last_of_month(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("monthly", (-1,)), year=now.year)


# Weekdays, workdays, days of the month


@reads(rf"{WEEK}(?:[八九零089](?![点:\d]))")
def _no_weekday(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("no_such_weekday", match[0])


@reads(rf"从?{WEEK}{WEEKDAYS}")
def _weekday(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("weekly", weekdays_in(match["wd"])))


@reads(r"(?:工作日|上班日|上班的日子)(?:里|的)?")
def _workdays(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("workdays"), each=True)


@reads(r"(?:周末|双休日)(?:两天|的)?")
def _weekend(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("weekly", (5, 6)), is_weekend=True)


@reads(r"(?:法定)?(?:节假日|假日)(?:里|的)?")
def _holidays(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("days_off"), each=True)


@reads(r"(?:非工作日|休息日|不上班的日子)(?:里|的)?")
def _free_days(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("free"), each=True)


@reads(rf"第{NUMBER}(?:周|星期|礼拜)(?:的|里)?(?:{WEEK}{D})")
def _week_of_month(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("which_week", match[0])


@reads(NTH_WHAT)
def _nth_of_month(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(nth_days(match))


@reads(r"(?:月|季度?|年)(?:初|中旬|上旬|下旬|底|末)(?:的)?(?!尾)|上旬|中旬|下旬")
def _vague(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("vague_day", match[0])


@reads(DAY_LIST)
def _days_of_month(match: re.Match[str], now: datetime) -> Token | Ask | None:
    numbers = numbers_in(match["mdays"])
    if re.search(UPTO, match["mdays"]):
        numbers = tuple(range(numbers[0], numbers[-1] + 1))
    if not numbers or any(not 1 <= one <= 31 for one in numbers):
        return Ask("no_such_day", match[0])
    return Choice(Days("monthly", numbers))
