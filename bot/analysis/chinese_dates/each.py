"""What comes again: 每天, 每周三, 隔周, 每两个月, 每季度. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.analysis.chinese_dates.clocks import PART
from bot.analysis.chinese_dates.patterns import (
    FEAST,
    MEASURE,
    NTH,
    WEEKDAYS,
    D,
    reads,
    weekdays_in,
)
from bot.analysis.chinese_dates.rules import Days
from bot.analysis.chinese_dates.tokens import (
    NUMBER,
    UNIT_OF,
    WEEK,
    Ask,
    Choice,
    Every,
    Token,
    number,
)


@reads(rf"每隔?(?:{NUMBER}|半)?个?半?(?:小时|钟头|分钟|刻钟|秒)")
def _too_often(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("too_often", match[0])


@reads(rf"(?:每隔|隔)(?:一|1)?个?(?:周|星期|礼拜)(?:的|里)?(?:{WEEK})?{WEEKDAYS}")
def _every_other_weekday(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("weekly", weekdays_in(match["wd"]), every=2), each=True)


@reads(r"(?:每|一)天(?:[一二两三四五\\d])次")
def _times_a_day(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("day")


@reads(rf"(?:每隔|隔)(?P<n>{NUMBER})?个?(?P<u>天|日|周|星期|礼拜|月)(?:的|里)?")
def _every_other(match: re.Match[str], now: datetime) -> Token | Ask | None:
    gap = number(match["n"]) if match["n"] else 1
    return Every(UNIT_OF[match["u"]], 2) if gap == 1 else Ask("which_gap", match[0])


@reads(rf"(?:每|逢)?{NUMBER}?(?:单|双|大小)周(?!末|年)|(?:每个?|逢)?(?:单数|双数|奇数|偶数)周")
def _odd_weeks(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("odd_weeks", match[0])


@reads(
    r"(?:每逢?|逢)?个?(?P<odd>单月|奇数月|单数月)(?:的|份)?|(?:每逢?|逢)?个?(?:双月|偶数月|双数月)(?:的|份)?"
)
def _odd_months(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("month", 1, tuple(range(1 if match["odd"] else 2, 13, 2)))


@reads(rf"每?(?P<n>{NUMBER})个?(?P<u>天|日|周|星期|礼拜|月|季度|年)(?:只|就)?(?:一|1)(?:次|回|期|更|聚)")
def _once_in(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return _every(match)


@reads(rf"每(?P<n>{NUMBER})个?(?P<u>天|日|周|星期|礼拜|月|季度|年)(?:的|里)?")
def _each(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return _every(match)


def _every(match: re.Match[str]) -> Token | Ask:
    count, unit = number(match["n"]), UNIT_OF[match["u"]]
    if not 1 <= count <= 60:
        return Ask("too_intricate", match[0])
    if count == 1 or unit in ("day", "week", "month"):
        return Every(unit, count)
    return Ask("too_intricate", match[0])


@reads(
    rf"(?:每(?:个|一)?|一)(?:周|星期|礼拜)(?:各|发|来|做|办|有)?(?:[一二两三四五六七\d]|几)(?:{MEASURE})(?!\s*(?:,|、)?{WEEK})"
)
def _times_a_week(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("which_weekday", match[0])


@reads(rf"(?:每个?|一个?)(?:月|季度?|年)(?:各|发|来|做|办)?(?:[二两三四五六七八九\d]|几){MEASURE}")
def _times_a_month(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("which_day", match[0])


@reads(rf"每天|每日(?!一)|天天|日日|每(?={PART}|[早晚夜])")
def _daily(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("day")


@reads(r"每半年")
def _half_years(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("half")


@reads(r"每个?季度?(?:的|里)?(?!节)")
def _quarterly(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("quarter")


@reads(r"每一?年(?:的|里)?|年年")
def _yearly(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("year")


@reads(r"每个?月(?:份)?(?:的|里)?|月月")
def _monthly(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("month")


@reads(rf"(?:每个?|每逢|逢|每到)(?:周|星期|礼拜)(?:的|里)?\s*(?:{WEEK})?{WEEKDAYS}")
def _each_weekday(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("weekly", weekdays_in(match["wd"])), each=True)


@reads(r"(?:每个?|每逢|逢|每到)(?:周末|双休日|星期末)(?:两天)?")
def _each_weekend(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Choice(Days("weekly", (5, 6)), each=True)


@reads(r"每个?(?:周|星期|礼拜)[八九零089](?![点:\d])")
def _no_such_weekday(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Ask("no_such_weekday", match[0])


@reads(rf"每(?:周|个星期|星期|个礼拜|礼拜|个周)(?:的|里)?(?!{D}|末)")
def _weekly(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("week")


@reads(rf"(?:每(?:个|一个|逢|到)?|逢)(?=\s*(?:{WEEK}{D}|工作日|上班日|{NUMBER}[号日]|{NTH}|{FEAST}))")
def _each_of(match: re.Match[str], now: datetime) -> Token | Ask | None:
    return Every("any")
