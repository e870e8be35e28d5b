"""Silence on demand, and taking words back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.speaking import Words, put
from bot.storage.tables import Message
from bot.testing import Player, Stage, StageRoom


def speak(stage: Stage, room: StageRoom, text: str, urgency: str) -> None:
    """Plan words as a plugin does."""
    words = Words(plugin="owner", urgency=urgency, text=text, room=room.key)  # type: ignore[arg-type]
    stage.write(lambda session: put(session, words, stage.clock.now(), 1500))
    stage.settle()


@pytest.mark.parametrize("urgency", ["promised", "welcome", "initiative"])
def test_nothing_unasked_until_the_end(stage: Stage, room: StageRoom, owner: Player, urgency: str) -> None:
    assert "今天 10:00" in owner.asks("安静 1小时")
    speak(stage, room, "想说的话", urgency)
    stage.advance_until(stage.at("09:59"))
    assert not room.unread
    stage.person("小林").says(room, "帮助", at_bot=True)
    assert "别统计我" in room.hears().text
    stage.advance(minutes=5)
    assert room.hears().text == "想说的话"


def test_speaking_again_before_the_end(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("安静")
    speak(stage, room, "想说的话", "initiative")
    room.hears_nothing()
    assert "又可以说话了" in owner.asks("说话吧")
    assert room.hears().text == "想说的话"
    assert "没闭嘴" in owner.asks("别安静了")


def test_other_rooms_are_not_hushed(stage: Stage, room: StageRoom, owner: Player) -> None:
    pots = stage.room("紫砂壶")
    owner.asks("安静 3天")
    speak(stage, pots, "别处的话", "initiative")
    assert pots.hears().text == "别处的话"


def test_the_usual_span_is_a_setting(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "今天 11:" in owner.asks("安静")
    owner.asks("设置 安静时长 5")
    assert "今天 14:" in owner.asks("闭嘴")


def test_spans_that_make_no_sense_change_nothing(stage: Stage, room: StageRoom, owner: Player) -> None:
    for line in ("安静 很久很久", "安静 90天", "安静 -3小时", "安静 0"):
        assert "没听懂要安静多久" in owner.asks(line)
    assert "没闭嘴" in owner.asks("说话吧")


def recalled(stage: Stage) -> list[str]:
    return [done.text for done in stage.puppet.done if done.act == "recall"]


def test_the_last_words_are_taken_back(stage: Stage, room: StageRoom, owner: Player) -> None:
    speak(stage, room, "第一句", "answer")
    first = room.hears()
    speak(stage, room, "第二句", "answer")
    second = room.hears()
    owner.whispers("撤回")
    assert "第二句" in owner.hears().text
    assert "第一句" in owner.asks("撤回")
    assert recalled(stage) == [second.message_id, first.message_id]
    texts = stage.read(lambda session: session.scalars(select(Message.text).where(Message.recalled)).all())
    assert set(texts) == {"第一句", "第二句"}
    assert "没有可撤的" in owner.asks("收回")


def test_what_was_taken_back_is_only_named(stage: Stage, room: StageRoom, owner: Player) -> None:
    speak(stage, room, "这一句说得又长又不对，群里已经有人看见了，赶紧收回来吧", "answer")
    room.hears()
    owner.whispers("撤回")
    assert owner.hears().text == "撤回来了：「这一句说得又长又不对，群里已经有人看见…」"


def test_after_two_minutes_it_is_too_late(stage: Stage, room: StageRoom, owner: Player) -> None:
    speak(stage, room, "说错了的话", "answer")
    room.hears()
    stage.advance(minutes=3)
    assert "微信不让撤了" in owner.asks("撤回")
    assert recalled(stage) == []


def test_a_gateway_that_cannot_recall(stage: Stage, room: StageRoom, owner: Player) -> None:
    speak(stage, room, "说错了的话", "answer")
    room.hears()

    async def cannot(call: str, arguments: object) -> None:
        if call == "message_recall":
            raise NotImplementedError

    stage.puppet.before_call = cannot
    told = owner.asks("撤回")
    assert "撤不回来" in told and "手机" in told and "说错了的话" in told
    owner.hears_nothing()
