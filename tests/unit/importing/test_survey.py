"""What is told about a log before anything is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.importing import Outcome, Report, examine, survey, told
from bot.importing.report import renamed_people, shared_names
from tests.unit.importing.logs import SHANGHAI, TEXTS, chatlab, refused, reported, written

DAY = 86_400
BEGIN = 1_703_001_600  # midnight of 20 December 2023 in Shanghai


def test_the_report_tells_all_that_there_is(tmp_path: Path) -> None:
    path = written(tmp_path, chatlab(
        {}, {"sender": "wxid_2", "accountName": "小林"},
        {"sender": "wxid_3", "accountName": "小周", "type": 1},
        {"timestamp": BEGIN + 3 * DAY, "accountName": "林师傅"}, {"timestamp": BEGIN + 13 * DAY},
        {"type": 80, "content": "x"}, {"sender": "", "accountName": ""},
    ), "茶 @所有人.json")  # fmt: skip
    text = reported(path)
    assert "5 条消息，3 个人" in text
    assert "从 2023-12-20 00:00 到 2024-01-02 00:00" in text
    assert "文字 4，图片 1" in text
    assert "1 条系统提示没有存" in text
    assert "1 条看不出是谁说的" in text
    assert "超过 7 天没人说话的有 1 段，最长的：2023-12-23 00:00 到 2024-01-02 00:00，10 天" in text
    assert "1 个名字不止一个人在用：小林（2）" in text
    assert "1 个人换过名字：小林 / 林师傅" in text
    assert "什么也没有存" in text
    assert "@" not in text


def test_the_report_after_an_import(tmp_path: Path) -> None:
    log = examine(written(tmp_path, chatlab({})), "茶友会", SHANGHAI)
    outcome = Outcome(1, True, 1, 2, 3, 4, 5, 0.5)
    report = Report("x.json", log.log_format, "utf-8", "茶友会", log.survey, outcome)
    text = "\n".join(told(report, TEXTS, SHANGHAI, timedelta(days=7)))
    for part in ("新建了「茶友会」", "新存 1 条，用了 0.5 秒，每秒 20 条", "2 条以前就有", "3 条机器人当时",
                 "4 条是要求被忘记的人", "5 条引用对上了"):  # fmt: skip
        assert part in text


def test_gaps_do_not_need_order(tmp_path: Path) -> None:
    stamps = [BEGIN + day * DAY for day in (20, 0, 1, 9, 21)]
    log = examine(written(tmp_path, chatlab(*({"timestamp": one} for one in stamps))), "x", SHANGHAI)
    first = datetime.fromtimestamp(BEGIN, UTC)
    assert log.survey.gaps(timedelta(days=7)) == [
        (first + timedelta(days=1), first + timedelta(days=9)),
        (first + timedelta(days=9), first + timedelta(days=20)),
    ]
    assert (log.survey.first_at, log.survey.last_at) == (first, first + timedelta(days=21))
    assert not log.survey.ordered


@pytest.mark.parametrize(
    ("stamps", "ordered"), [([1, 1, 2, 2, 3], True), ([3, 3, 2, 1], True), ([1, 2, 1], False), ([5], True)]
)
def test_order(tmp_path: Path, stamps: list[int], ordered: bool) -> None:
    path = written(tmp_path, chatlab(*({"timestamp": BEGIN + one} for one in stamps)))
    assert examine(path, "x", SHANGHAI).survey.ordered is ordered


def test_names_are_compared_as_people_see_them(tmp_path: Path) -> None:
    path = written(tmp_path, chatlab({"accountName": "Ａnna"}, {"sender": "2", "accountName": "anna "}))
    log = examine(path, "x", SHANGHAI)
    assert len(shared_names(log.survey)) == 1
    assert renamed_people(log.survey) == {}


def test_joins_that_a_notice_tells(tmp_path: Path) -> None:
    path = written(tmp_path, chatlab(
        {"type": 80, "timestamp": BEGIN - 60, "content": '"小周"邀请"小林"加入了群聊'}, {},
        {"sender": "2", "accountName": "小陈"},
        {"type": 80, "content": '"小陈"加入了群聊', "timestamp": BEGIN + 9},
    ))  # fmt: skip
    people = examine(path, "x", SHANGHAI).survey.people
    assert people["wxid_1"].joined_at == datetime.fromtimestamp(BEGIN - 60, UTC)
    assert people["2"].joined_at is None, "a join after the first words is a return"


def test_more_people_than_a_group_can_have_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "MOST_PEOPLE", 2)
    path = written(tmp_path, chatlab({}, {"sender": "2"}, {"sender": "3"}))
    refused(lambda: examine(path, "x", SHANGHAI), "too_many_people")


def test_a_file_of_notices_only_is_empty(tmp_path: Path) -> None:
    refused(lambda: examine(written(tmp_path, chatlab({"type": 80})), "x", SHANGHAI), "empty")
