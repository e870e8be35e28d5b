"""我的数据 and 忘记我: what members may know, and how they are forgotten, told as talk."""

from __future__ import annotations

import pytest

from bot.testing import Stage


def everything_stored(stage: Stage) -> bytes:
    """All bytes of all files in the data folder."""
    return b"".join(file.read_bytes() for file in stage.folder.rglob("*") if file.is_file())


def test_a_member_hears_what_is_stored(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"])
    lin, zhou = stage.person("小林"), stage.person("老周")
    said = lin.says(room, "肉桂要用沸水")
    zhou.says(room, "对", quote=said)
    lin.says(room, "我的数据", at_bot=True)
    answer = room.hears().text
    assert "2 条消息" in answer and "引用过你 1 次" in answer and "私下跟我说的 0 条" in answer
    lin.whispers("你好")
    lin.says(room, "我的数据", at_bot=True)
    assert "3 条消息、私下跟我说的 1 条" in room.hears().text


def test_forgetting_is_asked_once_and_leaves_no_byte(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["欧阳翠花"])
    hua, zhou = stage.person("欧阳翠花"), stage.person("老周")
    said = hua.says(room, "牛栏坑的石缝里有秘密花园")
    zhou.says(room, "谢谢欧阳翠花", quote=said)
    zhou.says(room, "大家都听欧阳翠花的", mention=[hua])
    hua.says(room, "忘记我", at_bot=True)
    assert "再回一次" in room.hears().text
    hua.says(room, "忘记我")
    assert "不认得你" in room.hears().text
    stage.advance(minutes=2)
    stored = everything_stored(stage)
    for trace in ("欧阳翠花", "秘密花园", hua.person.id):
        assert trace.encode() not in stored, trace
    assert "谢谢某位群友".encode() in stored


def test_the_forgotten_are_neither_greeted_anew_nor_stored(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["欧阳翠花"])
    hua = stage.person("欧阳翠花")
    hua.whispers("忘记我")
    assert "再回一次" in hua.hears().text
    hua.whispers("忘记我")
    assert "不认得你" in hua.hears().text
    stage.advance(minutes=2)
    hua.leaves(room)
    hua.joins(room)
    hua.says(room, "我又来说秘密花园了")
    room.hears_nothing()
    stage.advance(minutes=10)
    stored = everything_stored(stage)
    assert "欧阳翠花".encode() not in stored
    assert "秘密花园".encode() not in stored


def test_anything_but_a_yes_is_talk(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"])
    lin = stage.person("小林")
    lin.says(room, "忘记我", at_bot=True)
    room.hears()
    lin.says(room, "算了，我再想想")
    stage.advance(minutes=5)
    assert "小林".encode() in everything_stored(stage)


@pytest.mark.parametrize("no", ["算了", "不忘了", "不"])
def test_a_no_ends_the_question(stage: Stage, no: str) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"])
    lin = stage.person("小林")
    lin.says(room, "忘记我", at_bot=True)
    assert "十分钟内" in room.hears().text
    lin.says(room, no, at_bot=True)
    assert "都留着" in room.hears().text
    lin.says(room, "忘记我", at_bot=True)
    assert "真的要我忘掉你吗" in room.hears().text


def test_strangers_learn_nothing(stage: Stage) -> None:
    stage.room("岩茶同好会", owner="老周", members=["小林"])
    stranger = stage.person("路人")
    stranger.whispers("我的数据")
    stranger.hears_nothing()
    stranger.whispers("忘记我")
    stranger.hears_nothing()


def test_the_forgotten_can_come_back(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["欧阳翠花"])
    hua = stage.person("欧阳翠花")
    for _ in range(2):
        hua.says(room, "忘记我", at_bot=True)
        room.hears()
    stage.advance(minutes=2)
    stage.restart()
    hua.says(room, "恢复统计", at_bot=True)
    room.hears()
    hua.says(room, "我回来啦，秘密花园还在")
    hua.says(room, "我的数据", at_bot=True)
    assert "欧阳翠花" in room.hears().text
    assert "秘密花园".encode() in everything_stored(stage)
