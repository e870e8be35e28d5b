"""Schedules said in Chinese: dates checked against dateutil, clocks that jump, what is asked back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, TH, TU, WE, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.chinese_dates import RULE, Days, Part, Question, Rule, Understood, feasts, understand

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def clock(*parts: int) -> datetime:
    """A moment as the clocks show it."""
    year, month, day, *rest = parts
    hour, minute = rest or (0, 0)
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).replace(tzinfo=None)


def understood(said: str, now: datetime = NOW) -> Understood:
    found = understand(said, now, SHANGHAI)
    assert isinstance(found, Understood), found
    return found


def dates(said: str, n: int = 10, now: datetime = NOW) -> list[datetime]:
    moments = understood(said, now).rule.next_dates(now, n)
    return [one.astimezone(SHANGHAI).replace(tzinfo=None) for one in moments]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("每周三 20:30 岩茶", {"freq": WEEKLY, "byweekday": WE, "byhour": 20, "byminute": 30}),
        (
            "每周一三五早上七点半 岩茶",
            {"freq": WEEKLY, "byweekday": (MO, WE, FR), "byhour": 7, "byminute": 30},
        ),
        ("每天晚八点 岩茶", {"freq": DAILY, "byhour": 20, "byminute": 0}),
        ("每月1号和15号 10:00 岩茶", {"freq": MONTHLY, "bymonthday": (1, 15), "byhour": 10, "byminute": 0}),
        ("每月最后一个周五 19:00 岩茶", {"freq": MONTHLY, "byweekday": FR(-1), "byhour": 19, "byminute": 0}),
        ("每月第二个周六下午两点 岩茶", {"freq": MONTHLY, "byweekday": SA(2), "byhour": 14, "byminute": 0}),
        ("每月最后一天 18:00 岩茶", {"freq": MONTHLY, "bymonthday": -1, "byhour": 18, "byminute": 0}),
        (
            "隔周周四晚上8点 岩茶",
            {"freq": WEEKLY, "interval": 2, "byweekday": TH, "byhour": 20, "byminute": 0},
        ),
        ("每三天 20:00 岩茶", {"freq": DAILY, "interval": 3, "byhour": 20, "byminute": 0}),
        ("每周二、四 12:30 岩茶", {"freq": WEEKLY, "byweekday": (TU, TH), "byhour": 12, "byminute": 30}),
    ],
)
def test_recurring_dates_are_those_of_dateutil(said: str, rule: dict[str, object]) -> None:
    start = NOW.replace(tzinfo=None)
    wanted = rrule(dtstart=start, bysecond=0, **rule)
    assert dates(said) == [wanted[index] for index in range(10)]


@given(st.datetimes(clock(2024, 1, 1), clock(2029, 1, 1)), st.integers(0, 6), st.integers(0, 23))
def test_any_weekday_and_hour(now: datetime, weekday: int, hour: int) -> None:
    said = f"每周{'一二三四五六日'[weekday]} {hour}:05 茶"
    local = now.replace(tzinfo=SHANGHAI)
    rule = rrule(
        WEEKLY, byweekday=weekday, byhour=hour, byminute=5, bysecond=0, dtstart=now.replace(microsecond=0)
    )
    wanted = [one for one in rule[:4] if one > now][:3]
    assert dates(said, 3, local) == wanted


@pytest.mark.parametrize(
    "said",
    [
        "每周三8点 茶", "每周三 茶", "20:30 茶",
        "每周八 20:30", "2月30号 20:30", "每月31号 8:00",
        "每周三 25:00",
        "昨天下午三点", "每周三次 早上8点", "单周周三晚8点",
        "每隔两天 8:00", "周末上午十点 茶",
        "每小时 喝水",
        "每月底 18:00", "每周三晚上八点或者九点", "明天或者后天晚上8点", "11月24号星期天下午三点", "随便说说",
        "每月初一 8:00", "过几天 晚上8点", "下个周三 20:30",
    ],
)  # fmt: skip
def test_the_ambiguous_and_the_impossible_are_asked_back(said: str) -> None:
    now = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
    assert isinstance(understand(said, now, SHANGHAI), Question)


def test_workdays_know_holidays_and_the_weekends_that_are_worked() -> None:
    days = [one.date() for one in dates("工作日 8:00 早报", 200, datetime(2026, 1, 1, tzinfo=SHANGHAI))]
    assert date(2026, 2, 14) in days and date(2026, 2, 28) in days  # worked Saturdays of the Spring Festival
    assert not {date(2026, 2, 17), date(2026, 10, 1), date(2026, 5, 1)} & set(days)


def test_exceptions_shifts_and_ends() -> None:
    assert date(2027, 2, 6) not in [
        one.date() for one in dates("每天8:00 茶，除了大年初一", 400, datetime(2026, 12, 1, tzinfo=SHANGHAI))
    ]
    september = datetime(2026, 9, 28, tzinfo=SHANGHAI)
    assert dates("每周四晚8点 茶，遇节假日顺延", 2, september)[0] == clock(2026, 10, 8, 20, 0)
    assert dates("每周四晚8点 茶，节假日不发", 2, september)[0] == clock(2026, 10, 8, 20, 0)
    assert dates("每周三20:30 茶 连续四周")[-1] == clock(2026, 3, 25, 20, 30)
    assert len(dates("每周五晚8点 茶会，一共8期", 20)) == 8
    assert dates("每天8:00 茶 到3月5号")[-1] == clock(2026, 3, 5, 8, 0)


def test_a_clock_that_jumps_skips_nothing_and_doubles_nothing() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rule = Rule((Part(Days("daily"), (time(2, 30),)),), "Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC))
    spring = rule.next_dates(datetime(2026, 3, 27, tzinfo=UTC), 4)
    assert [one.astimezone(berlin).day for one in spring] == [27, 28, 29, 30]
    assert spring[2].astimezone(berlin).time() == time(3, 30)  # half past two does not exist on that day
    autumn = rule.next_dates(datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert [one.astimezone(berlin).day for one in autumn] == [25, 26]  # though it comes twice on the 25th


def test_a_rule_can_be_kept_as_json() -> None:
    rule = understood("每月最后一个周五 19:00 茶，节假日顺延，到年底").rule
    again = RULE.validate_json(RULE.dump_json(rule))
    assert again == rule and again.next_dates(NOW, 5) == rule.next_dates(NOW, 5)


def test_the_topic_is_what_is_left() -> None:
    assert understood("每周五 18:00 周末去哪儿").topic == "周末去哪儿"
    assert understood("周末读书会 每周三 20:30").topic == "周末读书会"
    assert understood("请帮我在每周三晚上八点发一篇岩茶知识").topic == "岩茶知识"


@pytest.mark.parametrize("text", ["", "每", "周", "号", "每周" * 50, "1" * 300, "到到到", "除了", "从"])
def test_nothing_that_is_said_breaks_it(text: str) -> None:
    assert isinstance(understand(text, NOW, SHANGHAI), Question | Understood)


@given(
    st.text(
        "每周月日天年一二三四五六七八九十0123456789:点半早晚上下午号到除了外节假顺延连续隔、，和 茶",
        max_size=24,
    )
)
def test_no_line_of_such_words_breaks_it(text: str) -> None:
    found = understand(text, NOW, SHANGHAI)
    assert isinstance(found, Question) or found.rule.next_dates(NOW, 1)


def test_feasts_have_their_days() -> None:
    assert feasts.feast("spring", 2027) == date(2027, 2, 6)
    assert feasts.feast("mid_autumn", 2026) == date(2026, 9, 25)
    assert feasts.is_holiday(date(2026, 10, 4)) and not feasts.is_holiday(date(2026, 3, 7))
