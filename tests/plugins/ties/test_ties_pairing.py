"""结对 by talking: joining, the monthly round, whether they talked, and never the same company again."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import select

from bot.testing import Player, Stage, StageRoom
from plugins.ties.asking_round import said_talked
from plugins.ties.tables import Partner, Round
from tests.plugins.ties.conftest import is_text, pause

ROUND = "10:05"


def sign_up(stage: Stage, room: StageRoom, *names: str) -> None:
    for name in names:
        stage.person(name).says(room, "结对", at_bot=True)
        assert is_text(stage, "pairing_joined", room.hears().text)


def to_next_round(stage: Stage) -> None:
    """To the first of next month, past the time of pairing, without living through every night."""
    local = stage.clock.now().astimezone(stage.app.services.zone)
    first = (local.replace(day=1) + timedelta(days=32)).replace(day=1, hour=9, minute=59, second=0)
    stage.clock.move_to(first)
    stage.settle()


def groups(stage: Stage) -> list[set[str]]:
    """The company of the last round, by name."""
    rows = stage.read(lambda session: session.scalars(select(Partner).order_by(Partner.round_id)).all())
    last = max(row.round_id for row in rows)
    names = {one.key: one.person.name for one in stage_people(stage)}
    found: dict[int, set[str]] = {}
    for row in rows:
        if row.round_id == last:
            found.setdefault(row.company, set()).add(names[row.member_id])
    return list(found.values())


def stage_people(stage: Stage) -> list[Player]:
    names = ["老周", "小林", "小陈", "阿芳", "大壮", "木子", "秋生"]
    return [stage.person(name) for name in names]


@pytest.fixture
def told(stage: Stage, room: StageRoom) -> str:
    """Five have signed up, and the round has been told."""
    stage.person("小林").says(room, "盖碗泡紫砂壶，头一泡要快")
    pause(stage, minutes=30)
    stage.person("小林").says(room, "紫砂壶还是老的好")
    pause(stage, days=1)
    stage.person("大壮").says(room, "下雨天谁在")
    pause(stage, days=1)
    stage.person("阿芳").says(room, "紫砂壶煮着喝也行")
    pause(stage, hours=5)
    stage.person("阿芳").says(room, "我家那饼紫砂壶存了八年")
    sign_up(stage, room, "小林", "小陈", "阿芳", "大壮", "木子")
    to_next_round(stage)
    return room.hears(timedelta(minutes=10)).text


def test_all_are_paired_and_the_odd_one_makes_a_trio(stage: Stage, room: StageRoom, told: str) -> None:
    assert is_text(stage, "pairing_told", told)
    found = groups(stage)
    assert sorted(map(len, found)) == [2, 3] and set.union(*found) == {"小林", "小陈", "阿芳", "大壮", "木子"}
    assert any({"小林", "阿芳"} <= one for one in found), "they speak of the same"
    assert "@小林" in told and "@木子" in told
    if {"小林", "阿芳"} in found:
        assert "都聊过紫砂壶" in told


def test_they_are_asked_once_and_may_say_so(stage: Stage, room: StageRoom, owner: Player, told: str) -> None:
    pause(stage, days=10, hours=1)
    asked = room.hears(timedelta(minutes=10))
    assert is_text(stage, "pairing_asked", asked.text) and "10 天" in asked.text
    stage.person("小陈").says(room, "聊了什么好玩的")
    room.hears_nothing(timedelta(seconds=30))
    stage.person("小林").says(room, "聊了，收获不小", at_bot=True)
    assert is_text(stage, "pairing_glad", room.hears().text)
    stage.person("大壮").says(room, "还没", at_bot=True)
    assert is_text(stage, "pairing_no_hurry", room.hears().text)
    shown = owner.asks("结对情况")
    assert "5 位" in shown and "（聊上了）" in shown
    owner.unread.clear()


def test_who_was_seen_talking_is_not_asked(stage: Stage, room: StageRoom, told: str) -> None:
    for group in groups(stage):
        one, other, *_ = sorted(group)
        said = stage.person(one).says(room, "我先来打个招呼")
        stage.person(other).says(room, "你好你好，正想找你", quote=said)
        pause(stage, hours=1)
    pause(stage, days=10)
    room.hears_nothing(timedelta(hours=2))


def test_nobody_gets_the_same_company_for_six_months(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("设置 结对回访 0")
    sign_up(stage, room, "小林", "小陈", "阿芳", "大壮", "木子", "秋生")
    had: set[frozenset[str]] = set()
    for _ in range(3):
        to_next_round(stage)
        room.hears(timedelta(minutes=10))
        fresh = {frozenset(pair) for group in groups(stage) for pair in combinations(sorted(group), 2)}
        assert not fresh & had
        had |= fresh
        owner.unread.clear()
    assert stage.read(lambda session: len(session.scalars(select(Round)).all())) == 3


def test_joining_twice_and_leaving(stage: Stage, room: StageRoom) -> None:
    sign_up(stage, room, "小林")
    stage.person("小林").says(room, "我要结对", at_bot=True)
    assert is_text(stage, "pairing_is_in", room.hears().text)
    stage.person("小林").says(room, "退出结对", at_bot=True)
    assert is_text(stage, "pairing_left", room.hears().text)
    to_next_round(stage)
    room.hears_nothing(timedelta(hours=1))


def test_who_left_or_is_not_counted_is_not_paired(stage: Stage, room: StageRoom, owner: Player) -> None:
    sign_up(stage, room, "小林", "小陈", "阿芳", "大壮")
    stage.person("大壮").leaves(room)
    stage.person("阿芳").says(room, "别统计我", at_bot=True)
    room.hears()
    owner.hears(timedelta(minutes=20))  # who left
    to_next_round(stage)
    said = room.hears(timedelta(minutes=10)).text
    assert groups(stage) == [{"小林", "小陈"}] and "大壮" not in said and "阿芳" not in said
    stage.person("阿芳").says(room, "结对", at_bot=True)
    assert is_text(stage, "pairing_uncounted", room.hears().text)


@pytest.mark.parametrize(
    ("said", "talked"),
    [
        ("聊了", True),
        ("聊过了！", True),
        ("还没呢", False),
        ("没聊", False),
        ("聊了什么", None),
        ("吃了", None),
    ],
)  # fmt: skip
def test_two_answers_are_understood(said: str, talked: bool | None) -> None:
    assert said_talked(said) is talked
