"""The rules themselves, and hard words, of which only the owner hears."""

from __future__ import annotations

from datetime import timedelta

from bot.testing import Player, Stage, StageRoom
from tests.plugins.rules.conftest import MakeStage, is_text, open_room, pause

RULES = "聊茶不聊别的\n先问再发链接\n有话当面说，有气私下说"


def test_the_rules_are_the_owners_own_words(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("小林").says(room, "群规", at_bot=True)
    assert is_text(stage, "rules_unwritten", room.hears().text)
    assert "还没有群规" in owner.asks("群规")
    assert RULES in owner.asks(f"群规 {RULES}")
    stage.person("小林").says(room, "群规", at_bot=True)
    assert RULES in room.hears().text
    assert RULES in owner.asks("群规")
    assert "群规" in owner.asks("撤销")


def test_rules_that_call_everybody_or_are_a_novel(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("群规 @所有人 都看这里")
    stage.person("小林").says(room, "群规", at_bot=True)
    assert "@所有人" not in room.hears().text
    assert "300" in owner.asks("群规 " + "长" * 301)
    assert "一屏放不下" in owner.asks("群规 " + "\n一条" * 30)


def test_a_member_asks_for_the_owners_eye(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("大壮").says(room, "今天喝的是肉桂")
    said = stage.person("路人甲").says(room, "就你这水平还教人泡茶")
    pause(stage, minutes=1)
    stage.person("阿芳").says(room, "帮忙看看", quote=said, at_bot=True)
    assert is_text(stage, "look_passed_on", room.hears().text)
    told = owner.hears().text
    assert "阿芳" in told and "路人甲：就你这水平还教人泡茶" in told and "今天喝的是肉桂" in told
    for _ in range(3):
        stage.person("阿芳").says(room, "群主看看 又来了", at_bot=True)
        room.hears()
    assert sum("又来了" in sent.text for sent in list(owner.unread)) <= 2
    owner.unread.clear()


def test_two_at_each_other_are_told_of_once_and_never_in_the_group(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    row = ["你凭什么这么说？", "你自己看看你发的！", "你懂什么啊！", "你先把话说清楚！"] * 6
    for at, words in enumerate(row):
        stage.person("大壮" if at % 2 else "路人甲").says(room, words)
        pause(stage, seconds=12)
    told = owner.hears().text
    assert is_text(stage, "told_heat", told) and "大壮" in told and "路人甲" in told
    owner.hears_nothing()
    room.hears_nothing()


def test_lively_talk_of_several_is_left_alone(stage: Stage, room: StageRoom, owner: Player) -> None:
    for at in range(24):
        name = ("大壮", "路人甲", "阿芳")[at % 3]
        stage.person(name).says(room, "你这泡怎么样？")
        pause(stage, seconds=10)
    owner.hears_nothing()


def test_hard_words_are_left_to_the_owner_who_wants_that(make_stage: MakeStage) -> None:
    stage = make_stage("plugins:\n  rules:\n    frictions: false\n")
    room = open_room(stage)
    stage.person("阿芳").says(room, "群主看看", at_bot=True)
    assert is_text(stage, "look_off", room.hears(timedelta(minutes=2)).text)
    stage.person("老周").hears_nothing()
