"""Who never becomes a 大神: whoever only talks, and friends who answer each other. Written first."""

from __future__ import annotations

import pytest

from bot.testing import Player, Stage, StageRoom
from tests.plugins.contributors.conftest import EXPERT, REGULARS, emerge, help_out, next_morning, pause


@pytest.fixture(autouse=True)
def no_weekly_report(owner: Player) -> None:
    """These stories last past a Monday: the report of the week is no nomination."""
    owner.asks("设置 每周体检 关")


def test_a_chatterbox_never_becomes_one(stage: Stage, room: StageRoom, owner: Player) -> None:
    talker = stage.person("大壮")
    for day in range(4):
        for number in range(15):
            talker.says(room, f"我跟你们说，第 {day}-{number} 泡最香")
            pause(stage, minutes=4)
        next_morning(stage)
    owner.hears_nothing()
    assert "大壮" not in owner.asks("大神候选")


def test_a_pair_of_friends_never_does(stage: Stage, room: StageRoom, owner: Player) -> None:
    for day in range(4):
        for number in range(3):
            help_out(stage, room, "小林", "小陈", number + day)
            help_out(stage, room, "小陈", "小林", number + day + 1)
        next_morning(stage)
    owner.hears_nothing()
    candidates = owner.asks("大神候选")
    assert "小林" not in candidates and "小陈" not in candidates


def test_a_ring_of_three_never_does(stage: Stage, room: StageRoom, owner: Player) -> None:
    ring = ["甲", "乙", "丙"]
    for name in ring:
        stage.person(name).joins(room)
    stage.advance(minutes=3)
    room.unread.clear()
    for day in range(3):
        for at, name in enumerate(ring):
            help_out(stage, room, name, ring[(at + 1) % 3], day + at)
            help_out(stage, room, name, ring[(at + 2) % 3], day + at + 1)
        next_morning(stage, "10:29")
        room.unread.clear()
        next_morning(stage)
    owner.hears_nothing()


def test_and_who_helps_four_people_does(stage: Stage, room: StageRoom, owner: Player) -> None:
    emerge(stage, room)
    told = owner.hears().text
    assert EXPERT in told and "同意 1" in told
    assert sum(name in told for name in REGULARS) >= 2
