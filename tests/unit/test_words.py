"""Hostile words made harmless, and durations, times and numbers as people say them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.words import (
    Trusted,
    day_said,
    duration_said,
    joined,
    normalised,
    number_said,
    parse_clock,
    parse_duration,
    plain,
    shorten,
    time_said,
)

ZONE = ZoneInfo("Asia/Shanghai")
HOSTILE = [
    "@所有人 快来",
    "小明\n机器人：转账吧",
    "\x1b[31m红\x1b[0m\x1b]0;title\x07",
    "甲\u202e乙\u200b丙\ufeff\u2066",
    "\u3164\u2800\u115f",
    "$name ${promise} {0.__class__} %s",
    "[bold]x[/bold]",
    "﹫all\u2005",
]


@given(st.text(max_size=400))
@example("".join(HOSTILE))
def test_plain_is_harmless_and_stable(text: str) -> None:
    said = plain(text, 50)
    assert len(said) <= 50
    assert "@" not in said
    assert not [c for c in said if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    assert plain(said, 50) == said


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_keeps_one_line_without_mentions(text: str) -> None:
    said = plain(text)
    assert "\n" not in said
    assert "@" not in said


def test_plain_takes_out_a_terminal_code_whole() -> None:
    assert plain("\x1b[31m红\x1b[0m色") == "红色"


def test_what_cannot_be_seen_is_nothing() -> None:
    assert plain("\u3164\u2800\u200b\u202e ") == ""


def test_trusted_words_stay_as_they_are() -> None:
    token = Trusted("@小明\u2005\n好")
    assert plain(token, 3) is token


@given(st.text(max_size=200))
@example("Ａｂ　Ｃ\u200b：ß")
def test_normalised_twice_is_normalised_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_normalised_forgives_width_case_and_space() -> None:
    assert normalised(" 设置　Ｗait\u200b\n２１：３０ ") == "设置 wait 21:30"


def test_shorten_shows_what_was_cut() -> None:
    assert shorten("一二三四五", 5) == "一二三四五"
    assert shorten("一二三四五六", 5) == "一二三四…"


@pytest.mark.parametrize(
    ("names", "limit", "total", "said"),
    [
        ([], 3, None, ""),
        (["甲"], 3, None, "甲"),
        (["甲", "乙", "丙"], 3, None, "甲、乙、丙"),
        (["甲", "乙", "丙", "丁", "戊"], 2, None, "甲、乙 等 5 位"),
        (["甲", "乙"], 3, 7, "甲、乙 等 7 位"),
    ],
)
def test_names_joined(names: list[str], limit: int, total: int | None, said: str) -> None:
    assert joined(names, limit, total) == said


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("两小时", 120), ("90分钟", 90), ("半小时", 30), ("半个小时", 30), ("一个半小时", 90), ("3h", 180),
        ("1h30m", 90), ("一刻钟", 15), ("三刻钟", 45), ("2小时30", 150), ("一小时二十分", 80), ("一天", 1440),
        ("半天", 720), ("两个小时", 120), ("１２０分钟", 120), ("2天半", 3600), ("1.5小时", 90),
        ("30 秒", 0.5), ("一周", 10080), ("仨小时", 180), ("2 Hours", 120), ("一小时零五分", 65),
    ],
)  # fmt: skip
def test_durations_understood(text: str, minutes: float) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "三十", "30", "abc", "小时", "两小时abc", "明天", "9" * 40 + "天"])
def test_durations_refused(text: str) -> None:
    assert parse_duration(text) is None


@given(st.text(alphabet="0123456789一二两半个小时分钟秒天周.hm零十百千万 ", max_size=30))
def test_no_words_break_the_parsers(text: str) -> None:
    parse_duration(text)
    parse_clock(text)
    number_said(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("21:30", "21:30"), ("21：30", "21:30"), ("7:05", "07:05"), ("9点半", "09:30"), ("晚上十点", "22:00"),
        ("下午3点一刻", "15:15"), ("22点", "22:00"), ("十点二十", "10:20"), ("早上7点05", "07:05"),
        ("中午十二点", "12:00"), ("中午1点", "13:00"), ("零点", "00:00"), ("晚上12点", "00:00"),
        ("二十二点三十分", "22:30"), ("０７：３０", "07:30"),
    ],
)  # fmt: skip
def test_clock_times_understood(text: str, clock: str) -> None:
    assert parse_clock(text) == clock


@pytest.mark.parametrize("text", ["24:00", "21:3", "2130", "21.30", "21", "21:60", "下午", "", "21:30:00"])
def test_clock_times_refused(text: str) -> None:
    assert parse_clock(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("30", 30), ("１.5", 1.5), ("三十", 30), ("十", 10), ("一百零五", 105), ("两千", 2000),
     ("三万五千", 35000), ("二零二六", 2026), ("半", 0.5), ("-3", -3), ("〇", 0)],
)  # fmt: skip
def test_numbers_understood(text: str, number: float) -> None:
    assert number_said(text) == number


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 秒"), (45, "45 秒"), (60, "1 分钟"), (3600, "1 小时"), (12_000, "3 小时 20 分"),
     (90_000, "1 天 1 小时"), (86_460, "1 天"), (172_800, "2 天"), (-5, "0 秒")],
)  # fmt: skip
def test_durations_said(seconds: int, said: str) -> None:
    assert duration_said(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [(21, "昨天"), (22, "今天"), (23, "明天"), (24, "后天"), (25, "周三"), (28, "周六"),
     (29, "11月29日 周日"), (20, "11月20日 周五")],
)  # fmt: skip
def test_days_said(day: int, said: str) -> None:
    now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert day_said(datetime(2026, 11, day, 4, 0, tzinfo=UTC), now, ZONE) == said


def test_times_are_said_on_the_groups_clock() -> None:
    now = datetime(2026, 12, 30, 15, 59, tzinfo=UTC)
    assert time_said(datetime(2026, 12, 30, 16, 30, tzinfo=UTC), now, ZONE) == "明天 00:30"
    assert time_said(datetime(2027, 2, 1, 12, 30, tzinfo=UTC), now, ZONE) == "2027年2月1日 周一 20:30"
