"""Newcomers who say who they are, and the one member they are brought to."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from bot.testing import Player, Stage, StageRoom
from plugins.ties.evidence import answers_of
from plugins.ties.tables import Introduction
from tests.plugins.ties.conftest import OWNER, arrives, help_out, is_text, pause

SHORT = timedelta(minutes=4)


def lead(stage: Stage, room: StageRoom, name: str, words: str) -> list[str]:
    """A newcomer comes and introduces themselves: whom the bot names then."""
    newcomer = arrives(stage, room, name)
    newcomer.says(room, words)
    said = room.hears(SHORT)
    assert any(is_text(stage, f"introduction_{kind}", said.text) for kind in (
        "helped_quoted", "helped", "said_quoted", "said",
    )), said.text  # fmt: skip
    return [stage.puppet.people[one].name for one in said.mention_ids]


def statuses(stage: Stage) -> list[str]:
    return list(stage.read(lambda session: session.scalars(select(Introduction.status)).all()))


def test_a_newcomer_is_brought_to_who_helped_with_the_same(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    arrives(stage, room, "半夏").says(room, "大家好，我是半夏，在宜兴做紫砂壶的")
    said = room.hears(SHORT)
    assert is_text(stage, "introduction_helped_quoted", said.text)
    assert "紫砂壶有霉味怎么办" in said.text and "小陈" in said.text
    assert {stage.puppet.people[one].name for one in said.mention_ids} == {"半夏", "阿芳"}
    room.hears_nothing(timedelta(minutes=30))  # and 迎新 calls no host for the same words
    assert statuses(stage) == ["said"]


def test_nothing_is_said_when_nothing_fits(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("小林").says(room, "今天下雨，茶都潮了")
    newcomer = arrives(stage, room, "青禾")
    newcomer.says(room, "大家好，我是青禾，养了十年蜜蜂")
    assert owner.person.name in room.hears(timedelta(minutes=8)).text  # 迎新's own word, as always
    assert statuses(stage) == ["none"]


def test_ordinary_first_words_are_none(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    newcomer = arrives(stage, room, "半夏")
    newcomer.says(room, "请问紫砂壶怎么开壶")
    stage.person("阿芳").says(room, "清水煮开就行", mention=[newcomer])
    stage.advance(minutes=30)
    assert statuses(stage) == []


def test_whoever_has_found_each_other_is_left_alone(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    newcomer = arrives(stage, room, "半夏")
    newcomer.says(room, "大家好，我是半夏，在宜兴做紫砂壶的")
    stage.person("阿芳").says(room, "亲人，我的壶缺个盖", mention=[newcomer])
    room.hears_nothing(timedelta(minutes=30))
    assert statuses(stage) == ["none"]


def test_one_introduction_a_person(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    assert "阿芳" in lead(stage, room, "半夏", "大家好，我是半夏，在宜兴做紫砂壶的")
    pause(stage, hours=3)
    stage.person("半夏").says(room, "再自我介绍一下：我在宜兴做紫砂壶")
    room.hears_nothing(timedelta(minutes=40))


def test_the_one_who_was_just_named_is_left_in_peace(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    help_out(stage, room, "木子", "小林", "新紫砂壶怎么开壶？", "紫砂壶不用开，清水煮一回就行")
    first = lead(stage, room, "半夏", "大家好，我是半夏，在宜兴做紫砂壶的")
    pause(stage, hours=3)
    second = lead(stage, room, "青禾", "大家好，我是青禾，收了三年紫砂壶")
    assert {"阿芳", "木子"} == {*first, *second} - {"半夏", "青禾"}
    pause(stage, hours=3)
    third = arrives(stage, room, "听雨")
    third.says(room, "大家好，我是听雨，也玩紫砂壶")
    assert "听雨" in room.hears(timedelta(minutes=8)).text  # the host's turn: nobody else is free
    assert statuses(stage)[-1] == "none"


def test_the_owner_is_not_the_answer_to_everything(stage: Stage, room: StageRoom) -> None:
    for asker in ("小林", "小陈", "大壮"):
        help_out(stage, room, OWNER, asker, "紫砂壶有霉味怎么办？", "紫砂壶煮半小时，晾透就好")
    help_out(stage, room, "阿芳", "秋生", "紫砂壶漏水能补吗？", "紫砂壶漏水补不了，当摆件吧")
    assert "阿芳" in lead(stage, room, "半夏", "大家好，我是半夏，在宜兴做紫砂壶的")


def test_who_is_not_counted_is_not_named(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    stage.person("阿芳").says(room, "别统计我", at_bot=True)
    room.hears()
    arrives(stage, room, "半夏").says(room, "大家好，我是半夏，在宜兴做紫砂壶的")
    assert "阿芳" not in room.hears(timedelta(minutes=8)).text
    assert statuses(stage) == ["none"]


def test_what_was_said_on_two_days_ties_too(stage: Stage, room: StageRoom) -> None:
    for _ in range(2):
        stage.person("大壮").says(room, "昨天又去登山了，山顶泡茶真香")
        stage.clock.move_to(stage.at("08:59"))
        stage.settle()
    assert "大壮" in lead(stage, room, "夜航", "新人报到，我是夜航，登山八年")


def test_it_can_be_switched_off(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("设置 新人牵线 关")
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    arrives(stage, room, "半夏").says(room, "大家好，我是半夏，在宜兴做紫砂壶的")
    assert owner.person.name in room.hears(timedelta(minutes=8)).text
    assert statuses(stage) == []


def test_at_night_it_waits_for_the_morning(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, "阿芳", "小陈", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    arrives(stage, room, "半夏")
    stage.clock.move_to(stage.at("23:10"))
    stage.settle()
    stage.person("半夏").says(room, "大家好，我是半夏，在宜兴做紫砂壶的")
    room.hears_nothing(timedelta(hours=7))
    said = room.hears(timedelta(hours=2))
    assert {stage.puppet.people[one].name for one in said.mention_ids} == {"半夏", "阿芳"}


def test_who_answers_while_asking_themselves_has_helped_nobody(stage: Stage, room: StageRoom) -> None:
    began = stage.clock.now()
    asker, other = stage.person("阿芳"), stage.person("大壮")
    asker.says(room, "紫砂壶有霉味怎么办？")
    pause(stage, minutes=20)
    said = stage.person("小陈").says(room, "水也有讲究，我家的水偏硬")
    asked_back = other.says(room, "用什么水煮的？", quote=said)
    pause(stage, minutes=2)
    asker.says(room, "自来水煮的，煮了半小时", quote=asked_back)
    pause(stage, minutes=40)
    found = partial(answers_of, room=room.key, member=asker.key, since=began - timedelta(days=1))
    assert stage.read(found) == []
