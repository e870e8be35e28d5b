"""The example plugin, driven by talking to it. The README.md beside it shows all of these files."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Stage, StageRoom
from tests.docs_example.birthday import plugin


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    plugin.folder = Path(__file__).parent / "birthday"  # where the texts are; in plugins/ it is known
    with Stage(folder, plugins=[plugin, *find_plugins()[0]]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"])
    stage.person("小林").says(room, "我的生日 3月3日", at_bot=True)
    assert room.hears().text == "@小林\u20053 月 3 日，记下了。"
    return room


def test_who_has_told_their_birthday_is_congratulated(stage: Stage, room: StageRoom) -> None:
    stage.restart()
    stage.advance_until(stage.at("08:59"))
    room.hears_nothing(timedelta(seconds=30))
    assert "1 句话" in room.hears().text


def test_the_owner_moves_the_hour(stage: Stage, room: StageRoom) -> None:
    stage.person("老周").asks("设置 祝福时间 早上八点")
    stage.person("小林").says(room, "我的生日 3-3", at_bot=True)
    room.hears()
    stage.advance_until(stage.at("08:00"))
    assert "小林" in room.hears().text


def test_a_day_that_does_not_exist_is_asked_for_again(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "我的生日 2月30日", at_bot=True)
    assert "不是每年都有" in room.hears().text


def test_who_has_left_is_not_congratulated(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").leaves(room)
    stage.advance(days=1)
    room.hears_nothing()
    assert "走了一位：小林" in stage.person("老周").hears().text  # 情谊 tells the owner


def test_who_is_forgotten_is_not_congratulated(stage: Stage, room: StageRoom) -> None:
    lin = stage.person("小林")
    lin.says(room, "忘记我", at_bot=True)
    room.hears()
    lin.says(room, "是", at_bot=True)
    room.hears()
    stage.advance(days=1)
    room.hears_nothing()
