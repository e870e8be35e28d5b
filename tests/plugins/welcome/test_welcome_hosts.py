"""Hosts: asked by the owner's word, in the group, for real; they consent, take turns, step down, leave."""

from __future__ import annotations

import pytest

from bot.testing import Stage, StageRoom
from tests.plugins.welcome.conftest import is_text, jump, make_host, mentioned


def host_of_next_newcomer(stage: Stage, room: StageRoom, name: str) -> str:
    """Whom the greeting of somebody new names."""
    stage.advance(hours=1)
    stage.person(name).joins(room)
    return mentioned(stage, room.hears().mention_ids)[-1]


# Asking


def test_the_owner_names_somebody_who_is_asked_and_agrees(stage: Stage, room: StageRoom) -> None:
    owner, host = stage.person("老周"), stage.person("小林")
    assert "去群里问 小林" in owner.asks("迎新伙伴 小林")
    question = room.hears()
    assert mentioned(stage, question.mention_ids) == ["小林"]
    assert question.text.startswith("@小林\u2005")
    host.says(room, "愿意")
    assert room.hears().text.startswith("@小林\u2005")
    assert owner.hears().text == "小林 答应当「岩茶同好会」的迎新伙伴了，现在一共 1 位。"
    assert host_of_next_newcomer(stage, room, "阿青") == "小林"


@pytest.mark.parametrize("words", ["好", "可以的", "行！", "OK", "[OK]", "愿意呀", "没问题～"])
def test_many_words_mean_yes(stage: Stage, room: StageRoom, words: str) -> None:
    stage.person("老周").asks("迎新伙伴 小林")
    room.hears()
    stage.person("小林").says(room, words)
    room.hears()
    assert "答应" in stage.person("老周").hears().text


@pytest.mark.parametrize("words", ["不了", "不太方便呢", "没空", "下次吧"])
def test_a_no_is_taken_kindly_and_asked_no_more(stage: Stage, room: StageRoom, words: str) -> None:
    owner = stage.person("老周")
    owner.asks("迎新伙伴 小林")
    room.hears()
    stage.person("小林").says(room, words)
    assert is_text(stage, "host_understood", room.hears().text)
    assert "小林 这回不方便" in owner.hears().text
    stage.person("小林").says(room, "好")
    room.hears_nothing()
    assert host_of_next_newcomer(stage, room, "阿青") == "老周"


def test_nobody_else_can_answer_for_the_one_who_was_asked(stage: Stage, room: StageRoom) -> None:
    stage.person("老周").asks("迎新伙伴 小林")
    room.hears()
    stage.person("大壮").says(room, "愿意")
    stage.person("大壮").says(room, "小林肯定愿意")
    room.hears_nothing()


def test_a_yes_to_somebody_else_is_no_consent(stage: Stage, room: StageRoom) -> None:
    owner, host, other = stage.person("老周"), stage.person("小林"), stage.person("大壮")
    owner.asks("迎新伙伴 小林")
    room.hears()
    stage.advance(hours=3)
    asked = other.says(room, "明天一起去茶山？")
    host.says(room, "好")
    host.says(room, "好", quote=asked)
    host.says(room, "好", mention=[other])
    room.hears_nothing()
    assert "还没回" in owner.asks("迎新伙伴")
    host.says(room, "好", at_bot=True)
    room.hears()
    owner.hears()


def test_the_words_of_the_question_always_count(stage: Stage, room: StageRoom) -> None:
    stage.person("老周").asks("迎新伙伴 小林")
    room.hears()
    stage.advance(hours=3)
    stage.person("大壮").says(room, "明天一起去茶山？")
    stage.person("小林").says(room, "我愿意")
    room.hears()
    assert "答应" in stage.person("老周").hears().text


def test_a_yes_by_quoting_the_question_counts(stage: Stage, room: StageRoom) -> None:
    stage.person("老周").asks("迎新伙伴 小林")
    question = room.hears()
    stage.advance(hours=3)
    stage.person("大壮").says(room, "明天一起去茶山？")
    stage.person("小林").says(room, "好呀", quote=("小群星", question.text))
    room.hears()
    assert "答应" in stage.person("老周").hears().text


def test_after_two_days_the_question_is_closed(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("迎新伙伴 小林")
    room.hears()
    jump(stage, days=2, minutes=1)
    stage.person("小林").says(room, "愿意")
    room.hears_nothing()
    assert "没有回" in owner.asks("迎新伙伴")
    assert "去群里问" in owner.asks("迎新伙伴 小林")
    room.hears()


def test_asked_at_night_is_asked_in_the_morning(stage: Stage, room: StageRoom) -> None:
    stage.advance_until(stage.at("23:00"))
    assert "明天 07:30" in stage.person("老周").asks("迎新伙伴 小林")
    stage.person("小林").says(room, "好")
    room.hears_nothing()
    morning = stage.at("07:30")
    stage.advance_until(morning)
    assert room.hears().at >= morning
    stage.person("小林").says(room, "好")
    room.hears()
    assert "答应" in stage.person("老周").hears().text


def test_the_owner_can_be_a_host_without_being_asked(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "新人进门我报你的名字" in owner.asks("迎新伙伴 老周")
    stage.person("阿青").joins(room)
    assert mentioned(stage, room.hears().mention_ids)[-1] == "老周"


def test_a_question_is_not_put_twice(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("迎新伙伴 小林")
    room.hears()
    assert "还在等" in owner.asks("迎新伙伴 小林")
    room.hears_nothing()
    stage.person("小林").says(room, "愿意")
    room.hears()
    owner.hears()
    assert "已经是" in owner.asks("迎新伙伴 加 小林")


def test_in_a_room_that_is_only_watched_nobody_is_asked(stage: Stage) -> None:
    room = stage.room("新群", owner="老周", members=["小林"], live=False)
    key, now = room.key, stage.clock.now()
    stage.write(lambda session: stage.app.services.register.set_room_status(session, key, "watching", now))
    stage.advance(minutes=6)
    stage.person("老周").unread.clear()
    assert "还没开口" in stage.person("老周").asks("迎新伙伴 小林")
    room.hears_nothing()


# Which one is meant


def test_two_of_one_name_are_asked_back_with_numbers(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    second = stage.puppet.person("小林")
    room.room.join(second)
    stage.advance(minutes=2)
    room.hears()
    room.room.say(second, "头一回喝到这么香的水仙")
    stage.settle()
    stage.advance(minutes=6)
    room.unread.clear()
    question = owner.asks("迎新伙伴 小林")
    assert "1. 小林（早就在群里，还没说过话）" in question
    assert "2. 小林（今天进群，最近说「头一回喝到这么香的水仙」）" in question
    assert "去群里问 小林" in owner.asks("2")
    assert room.hears().mention_ids == (second.id,)


def test_part_of_a_name_is_enough_and_an_unknown_one_is_said_to_be(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "去群里问 大壮" in owner.asks("迎新伙伴 壮")
    room.hears()
    assert "没找到「阿飞」" in owner.asks("迎新伙伴 阿飞")
    assert "没找到" in owner.asks("迎新伙伴 小群星")


# Turns


def test_hosts_take_turns_and_newcomers_of_one_message_share_one(stage: Stage, room: StageRoom) -> None:
    for name in ("小林", "大壮", "阿芳"):
        make_host(stage, room, name)
    named = [host_of_next_newcomer(stage, room, f"新{number}") for number in "一二三四五六"]
    assert named == ["小林", "大壮", "阿芳"] * 2


def test_without_rotation_the_first_to_agree_is_named(stage: Stage, room: StageRoom) -> None:
    make_host(stage, room, "大壮")
    make_host(stage, room, "小林")
    assert "伙伴轮流" in stage.person("老周").asks("设置 伙伴轮流 关")
    assert [host_of_next_newcomer(stage, room, name) for name in ("新一", "新二")] == ["大壮", "大壮"]


def test_who_left_is_passed_over_and_the_owner_hears_when_nobody_is_left(
    stage: Stage, room: StageRoom
) -> None:
    owner = stage.person("老周")
    make_host(stage, room, "小林")
    make_host(stage, room, "大壮")
    stage.person("小林").leaves(room)
    assert [host_of_next_newcomer(stage, room, name) for name in ("新一", "新二")] == ["大壮", "大壮"]
    stage.person("大壮").leaves(room)
    assert host_of_next_newcomer(stage, room, "新三") == "老周"
    assert "迎新伙伴都走了" in owner.asks("今天")


def test_the_owner_removes_a_host(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    make_host(stage, room, "小林")
    assert owner.asks("迎新伙伴 去掉 小林") == "好，迎新时不再报 小林 的名字。"
    assert "本来就不是" in owner.asks("去掉迎新伙伴 小林")
    assert host_of_next_newcomer(stage, room, "阿青") == "老周"


def test_the_owner_takes_a_question_back(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("迎新伙伴 小林")
    room.hears()
    assert "不再去问 小林" in owner.asks("迎新伙伴 去掉 小林")
    stage.person("小林").says(room, "愿意")
    room.hears_nothing()


def test_a_host_steps_down_in_the_group(stage: Stage, room: StageRoom) -> None:
    owner, host = stage.person("老周"), stage.person("小林")
    make_host(stage, room, "小林")
    host.says(room, "不带新人了", at_bot=True)
    assert is_text(stage, "stopped", room.hears().text)
    assert "一位也没了" in owner.hears().text
    host.says(room, "不带新人了", at_bot=True)
    assert is_text(stage, "stopped_none", room.hears().text)


# Who are they?


def test_members_ask_who_looks_after_newcomers(stage: Stage, room: StageRoom) -> None:
    member = stage.person("阿芳")
    member.says(room, "谁带新人", at_bot=True)
    said = room.hears()
    assert "群主 老周" in said.text
    assert mentioned(stage, said.mention_ids) == ["阿芳"]
    make_host(stage, room, "小林")
    make_host(stage, room, "大壮")
    member.says(room, "谁带新人", at_bot=True)
    said = room.hears()
    assert "小林、大壮" in said.text
    assert mentioned(stage, said.mention_ids) == ["阿芳"]


def test_the_owner_sees_the_list(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "还没有迎新伙伴" in owner.asks("迎新伙伴")
    make_host(stage, room, "小林")
    make_host(stage, room, "大壮")
    owner.asks("迎新伙伴 阿芳")
    room.hears()
    lines = owner.asks("迎新伙伴列表").splitlines()
    assert lines[1:4] == ["· 小林（下一位）", "· 大壮", "· 阿芳（问了，还没回）"]
    stage.person("小林").leaves(room)
    assert "· 小林（已退群）" in owner.asks("迎新伙伴 列表")
