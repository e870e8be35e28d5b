"""What is meant by numbers, places, spans of silence and names of settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugins.owner.logic import (
    hush_end,
    name_and_rest,
    numbers_in,
    places_meant,
    taken_in_turns,
    whole_number,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)
USUAL = timedelta(hours=2)


@pytest.mark.parametrize(
    ("said", "number"),
    [("3", 3), ("３", 3), ("三", 3), ("十二", 12), ("第3条", 3), ("3号", 3), ("0", 0), ("", None),
     ("1.5", None), ("半", None), ("-1", None), ("99999999999", None), ("3 号楼", None)],
)  # fmt: skip
def test_whole_number(said: str, number: int | None) -> None:
    assert whole_number(said) == number


@pytest.mark.parametrize(
    ("said", "numbers"),
    [("1", [1]), ("1 3", [1, 3]), ("1、3，5", [1, 3, 5]), ("1和2", [1, 2]), ("1 1", [1]), ("1 那个", None),
     ("", None), ("全部", None)],
)  # fmt: skip
def test_numbers_in(said: str, numbers: list[int] | None) -> None:
    assert numbers_in(said) == numbers


@pytest.mark.parametrize(
    ("said", "meant"),
    [("1", [0]), ("二", [1]), ("岩茶同好会", [0]), ("岩茶 同好会", [0]), ("岩茶", [0, 1]), ("岩茶同好", [0]),
     ("紫砂", [2]), ("岩茶同号会", [0]), ("咖啡", []), ("9", []), ("", []), ("2026", [3])],
)  # fmt: skip
def test_places_meant(said: str, meant: list[int]) -> None:
    assert places_meant(said, ["岩茶同好会", "岩茶二群", "紫砂壶", "2026"]) == meant


@pytest.mark.parametrize(
    ("said", "hours"),
    [("", 2), ("一会儿", 2), ("一下", 2), ("点", 2), ("3小时", 3), ("半小时", 0.5), ("一个半小时", 1.5),
     ("90分钟", 1.5), ("3", 3), ("三", 3), ("两天", 48), ("到下午3点", 3), ("到15:30", 3.5), ("到9点", 21),
     ("到明早八点", 20),
     ("到明天", 12), ("今晚十点", 10), ("到后天早上7点", 43), ("到今天10点", None), ("0", None),
     ("-1小时", None),
     ("31天", None), ("很久", None), ("到时候", None), ("99999999999999999999", None), ("$(rm -rf)", None)],
)  # fmt: skip
def test_hush_end(said: str, hours: float | None) -> None:
    expected = None if hours is None else NOON + timedelta(hours=hours)
    assert hush_end(said, NOON, USUAL) == expected


@pytest.mark.parametrize(
    ("said", "found"),
    [("等待时间 90秒", ("等待时间", "90秒")), ("等待时间90秒", ("等待时间", "90秒")),
     ("等待 时间改成 90", ("等待时间", "90")),
     ("迎新 等待时间 90", ("迎新等待时间", "90")), ("迎新·等待时间：90", ("迎新等待时间", "90")),
     ("迎新", ("迎新", "")),
     ("WAIT_seconds = 5", ("wait_seconds", "5")), ("等待时间", ("等待时间", "")), ("等", None), ("", None),
     ("开场白 是你好", ("开场白", "你好"))],
)  # fmt: skip
def test_name_and_rest(said: str, found: tuple[str, str] | None) -> None:
    names = ["迎新", "等待", "等待时间", "迎新等待时间", "wait_seconds", "开场白"]
    assert name_and_rest(said, names) == found


def test_taken_in_turns() -> None:
    assert taken_in_turns(["abc", "x", "", "12"]) == ["a", "x", "1", "b", "2", "c"]
    assert taken_in_turns([]) == []
