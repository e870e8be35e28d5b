"""Which rooms an owner has, and the way from silence to speaking and back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import select

from bot.storage.tables import Message, Room
from bot.testing import Player, Stage, StageRoom


@pytest.fixture
def quiet_room(stage: Stage) -> StageRoom:
    """A room that its owner has not switched on."""
    return stage.room("岩茶同好会", owner="老周", members=["小林"], live=False)


def status_of(stage: Stage, room: StageRoom) -> str:
    return stage.read(lambda session: session.get_one(Room, room.key).status)


def messages_in(stage: Stage, room: StageRoom) -> int:
    query = select(Message.id).where(Message.room_id == room.key)
    return len(stage.read(lambda session: session.scalars(query).all()))


def confirm(player: Player, question: str) -> str:
    """Confirm with the code that the question holds."""
    found = re.search(r"确认 (\d{4})", question)
    assert found, question
    return player.asks(f"确认 {found[1]}")


def test_from_silence_to_speaking(stage: Stage, quiet_room: StageRoom) -> None:
    boss, member = stage.person("老周"), stage.person("小林")
    member.says(quiet_room, "大家早")
    assert messages_in(stage, quiet_room) == 0
    assert "启用本群" in boss.asks("开口")

    said = boss.asks("启用本群")
    assert "一个字不说" in said and "别统计我" in said and "开口" in said
    assert status_of(stage, quiet_room) == "watching"
    member.says(quiet_room, "今天喝什么")
    member.says(quiet_room, "帮助", at_bot=True)
    assert messages_in(stage, quiet_room) == 2
    quiet_room.hears_nothing()

    boss.whispers("开口")
    introduction = quiet_room.hears().text
    assert introduction in said
    assert "打过招呼" in boss.hears().text
    assert "已经在" in boss.asks("开口")
    quiet_room.hears_nothing()


def test_the_owner_words_the_introduction(stage: Stage, quiet_room: StageRoom) -> None:
    boss = stage.person("老周")
    boss.asks("启用本群")
    said = boss.asks("改介绍 我是$name，老周的跟班。不想被统计，@我 说「别统计我」。")
    assert "我是小群星，老周的跟班" in said and "提个醒" not in said
    assert "提个醒" in boss.asks("改介绍 我是$name，老周的跟班。")
    assert "老周的跟班" in boss.asks("介绍")
    boss.whispers("上线")
    assert quiet_room.hears().text == "我是小群星，老周的跟班。"
    boss.hears()
    assert "来给群主打下手" in boss.asks("改介绍 恢复")


def test_a_wrong_placeholder_is_refused(stage: Stage, quiet_room: StageRoom) -> None:
    boss = stage.person("老周")
    assert "$who" in boss.asks("改介绍 我是$who")
    assert "来给群主打下手" in boss.asks("改介绍")


def test_stopping_needs_the_code(stage: Stage, room: StageRoom, owner: Player) -> None:
    question = owner.asks("停用本群")
    assert "停用我" in question and "岩茶同好会" in question
    assert "什么都没动" in owner.asks("确认 0000" if "0000" not in question else "确认 1111")
    assert status_of(stage, room) == "live"
    assert "退下了" in confirm(owner, owner.asks("停用本群"))
    assert status_of(stage, room) == "off"
    before = messages_in(stage, room)
    stage.person("小林").says(room, "还在吗", at_bot=True)
    room.hears_nothing()
    assert messages_in(stage, room) == before


def test_a_confirmation_lasts_a_minute(stage: Stage, room: StageRoom, owner: Player) -> None:
    question = owner.asks("停用本群")
    stage.advance(minutes=2)
    assert "过了一分钟" in confirm(owner, question)
    assert status_of(stage, room) == "live"


def test_back_after_a_stop_the_introduction_is_not_repeated(stage: Stage, quiet_room: StageRoom) -> None:
    boss = stage.person("老周")
    boss.asks("启用本群")
    boss.whispers("开口")
    quiet_room.hears()
    boss.hears()
    confirm(boss, boss.asks("停用本群"))
    said = boss.asks("启用本群")
    assert "一个字不说" in said and "开口" in said
    assert "不再介绍" in said and "别统计我" not in said
    assert "不啰嗦" in boss.asks("开口")
    quiet_room.hears_nothing()


def test_commands_are_about_the_room_on_the_desk(stage: Stage) -> None:
    tea = stage.room("岩茶同好会", owner="老周")
    pots = stage.room("紫砂壶")
    boss = stage.person("老周")
    stage.pair(boss, tea, pots)
    listed = boss.asks("群列表")
    assert "1 岩茶同好会（在说话）← 现在说的是它" in listed and "2 紫砂壶（在说话）" in listed
    assert "紫砂壶" in boss.asks("切换群 2")
    assert "好壶配好茶" in boss.asks("群主题 好壶配好茶")
    assert "好壶配好茶" in boss.asks("群主题")
    assert "岩茶同好会" in boss.asks("切换群 岩茶")
    assert "（空）" in boss.asks("群主题")
    assert "没找到" in boss.asks("切换群 咖啡")


def test_names_that_are_alike_are_asked_about(stage: Stage) -> None:
    rooms = [stage.room(name, owner="老周") for name in ("岩茶一群", "岩茶二群")]
    boss = stage.person("老周")
    stage.pair(boss, *rooms)
    assert "都像" in boss.asks("切换群 岩茶")
    assert "岩茶二群" in boss.asks("切换到 岩茶二群")


def test_an_introduction_that_was_refused(stage: Stage, quiet_room: StageRoom) -> None:
    boss = stage.person("老周")
    boss.asks("启用本群")

    async def too_often(call: str, arguments: tuple[Any, ...]) -> None:
        if call == "message_send_text" and arguments[0] == quiet_room.room.id:
            raise GRPCError(Status.UNKNOWN, "操作太频繁")

    stage.puppet.before_call = too_often
    boss.whispers("开口")
    stage.advance(minutes=15)
    told = "\n".join(sent.text for sent in boss.unread)
    boss.unread.clear()
    assert "没说成" in told and "微信没让发" in told
    assert status_of(stage, quiet_room) == "watching"
    stage.puppet.before_call = None
    boss.whispers("开口")
    assert "小群星" in quiet_room.hears().text
    boss.hears()


def test_an_introduction_waits_for_the_line(stage: Stage, quiet_room: StageRoom) -> None:
    boss = stage.person("老周")
    boss.asks("启用本群")
    boss.person.say("开口")
    stage.lose_line(minutes=30)
    assert "小群星" in quiet_room.hears().text
    assert "断线 30 分钟" in boss.hears().text


def test_an_introduction_does_not_wait_for_ever(stage: Stage, quiet_room: StageRoom) -> None:
    boss = stage.person("老周")
    boss.asks("启用本群")
    boss.person.say("开口")
    stage.lose_line(hours=2)
    told = boss.hears().text
    assert "没说成" in told and "断线 2 小时" in told
    assert status_of(stage, quiet_room) == "watching"
    quiet_room.hears_nothing()


@pytest.mark.parametrize(
    "name", ["$room {0} %s", "<b>群</b>\n@所有人", "'; DROP TABLE room; --", "1", "（）", "👩‍👩‍👧"]
)
def test_names_are_only_names(stage: Stage, name: str) -> None:
    room = stage.room(name, owner="$name{}", live=False)
    boss = stage.person("$name{}")
    assert "1 " in boss.asks("群列表")
    assert status_of(stage, room) == "seen"
    said = boss.asks("启用本群")
    assert "一个字不说" in said and "@所有人" not in said
    assert "状态" in boss.asks("帮助 状态")
    assert "@所有人" not in boss.asks("状态") + boss.asks("设置") + boss.asks("今天")


def test_owners_are_told_once_that_the_bot_was_put_out(stage: Stage, room: StageRoom, owner: Player) -> None:
    pots = stage.room("紫砂壶", owner="阿壶", members=["小林"])
    keeper, member = stage.person("阿壶"), stage.person("小林")
    pots.room.leave(stage.puppet.me, remover=member.person)
    stage.settle()
    told = keeper.hears().text
    assert "不在「紫砂壶」里了" in told and "启用本群" in told
    pots.room.leave(stage.puppet.me)
    stage.restart()
    for nobody in (keeper, owner, member):
        nobody.hears_nothing()
    pots.room.join(stage.puppet.me, inviter=keeper.person)
    stage.settle()
    assert "一个字不说" in keeper.asks("启用本群")
    assert status_of(stage, room) == "live"


def test_a_new_room_is_shown_to_owners_once(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.room("紫砂壶", live=False)
    assert "qunxing pair" in owner.hears().text
    stage.restart()
    owner.hears_nothing()


def test_a_room_the_bot_has_left(stage: Stage, room: StageRoom, owner: Player) -> None:
    room.room.leave(stage.puppet.me)
    stage.settle()
    assert "不在「岩茶同好会」里了" in owner.hears().text
    assert "我已不在群里" in owner.asks("群列表")
    assert "不在" in owner.asks("启用本群")
    assert "不在" in owner.asks("开口")
