"""After a login under new ids: owners pair again, and groups are joined only when their owner says so."""

from __future__ import annotations

from bot.testing import Player, Stage


def test_authority_does_not_survive_new_ids(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"])
    stage.log_in_anew(room)
    zhou = stage.person("老周", newest=True)
    zhou.whispers("状态")
    zhou.hears_nothing()


def test_the_owner_joins_past_and_present(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林", "阿岚"])
    lan_before = stage.person("阿岚").key
    stage.person("阿岚").says(room, "牛栏坑的肉桂")
    now = stage.log_in_anew(room)
    zhou: Player = stage.person("老周", newest=True)
    stage.pair(zhou, now)
    assert "原来那个吗" in zhou.asks("启用本群")
    assert "接上了" in zhou.asks("是")
    assert "安静看着" in zhou.asks("启用本群")
    stage.advance(minutes=6)
    lan = stage.person("阿岚", newest=True)
    lan.says(now, "接着聊")
    assert lan.key == lan_before
    assert "在说话" not in zhou.asks("群列表")


def test_another_group_of_the_same_name_stays_apart(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["阿岚"])
    lan_before = stage.person("阿岚").key
    now = stage.log_in_anew(room)
    zhou = stage.person("老周", newest=True)
    stage.pair(zhou, now)
    zhou.asks("启用本群")
    assert "新群" in zhou.asks("不是")
    assert "安静看着" in zhou.asks("启用本群")
    stage.advance(minutes=6)
    lan = stage.person("阿岚", newest=True)
    lan.says(now, "你好")
    assert lan.key != lan_before
