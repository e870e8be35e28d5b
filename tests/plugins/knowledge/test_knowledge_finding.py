"""What was once answered well is found again, in its author's words, with their name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing import Stage, StageRoom
from tests.plugins.knowledge.questions_scene import ANSWER, WASHING, exchange, kept, open_room, small_stage

stage = pytest.fixture(small_stage)


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return open_room(stage)


@pytest.fixture
def answered(stage: Stage, room: StageRoom) -> StageRoom:
    """The room after two people thanked 老王 for an answer."""
    exchange(stage, room, thankers=("小林", "大壮"))
    assert kept(stage) == [("kept", WASHING, ANSWER)]
    return room


def test_two_distinct_thanks_keep_an_answer_one_makes_a_candidate(stage: Stage, room: StageRoom) -> None:
    exchange(stage, room)
    assert kept(stage) == [("candidate", WASHING, ANSWER)]
    exchange(
        stage,
        room,
        question="盖碗老是烫手怎么办才好",
        answer="水别倒太满，手指捏住碗沿最外面",
        thankers=("阿芳", "大壮"),
    )
    assert [row[0] for row in kept(stage)] == ["candidate", "kept"]


def test_thanks_of_the_same_person_count_once(stage: Stage, room: StageRoom) -> None:
    exchange(stage, room, thankers=("小林", "小林"))
    assert [row[0] for row in kept(stage)] == ["candidate"]


def test_a_repeated_question_is_answered_in_the_authors_words(stage: Stage, answered: StageRoom) -> None:
    stage.person("阿芳").says(answered, "岩茶第一泡要不要倒掉", at_bot=True)
    told = answered.hears().text
    assert ANSWER in told and "@老王" in told and "3 月 2 日" in told and told.startswith("@阿芳")


def test_nothing_fits_and_nothing_is_said(stage: Stage, answered: StageRoom) -> None:
    stage.person("阿芳").says(answered, "周末去哪里爬山比较好呢？", at_bot=True)
    answered.hears_nothing()


def test_a_search_always_gets_an_answer(stage: Stage, answered: StageRoom) -> None:
    stage.person("阿芳").says(answered, "搜 润茶", at_bot=True)
    told = answered.hears().text
    assert "可能相关" in told and ANSWER in told and "@老王" in told
    stage.person("阿芳").says(answered, "搜 紫砂壶开壶", at_bot=True)
    assert "没有存下的回答" in answered.hears().text


def test_talk_with_the_bot_that_asks_nothing_is_met_kindly_as_ever(stage: Stage, answered: StageRoom) -> None:
    stage.person("阿芳").says(answered, "给我讲个笑话", at_bot=True)
    assert "帮助" in answered.hears().text


def test_age_is_shown(stage: Stage, answered: StageRoom) -> None:
    stage.clock.move_by(timedelta(days=800))
    stage.settle()
    stage.person("阿芳").says(answered, "岩茶第一泡要不要倒掉", at_bot=True)
    told = answered.hears().text
    assert "2026 年 3 月 2 日" in told and "2 年多以前" in told
    stage.person("老周").unread.clear()


def test_owner_confirms_drops_and_rewords(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    exchange(stage, room)
    exchange(
        stage,
        room,
        question="盖碗老是烫手怎么办才好",
        answer="水别倒太满，手指捏住碗沿最外面",
        thankers=("阿芳",),
    )
    told = owner.asks("知识")
    assert "1 号" in told and "2 号" in told and "1 人道谢" in told
    assert "存下了" in owner.asks("存下 1")
    assert "不存" in owner.asks("不存 2")
    assert [row[0] for row in kept(stage)] == ["kept", "dropped"]
    assert "新的" in owner.asks("改回答 1 第一泡快出汤，喝也行，倒也行")
    assert [row[0] for row in kept(stage)] == ["replaced", "dropped", "kept"]
    stage.person("阿芳").says(room, "岩茶第一泡要不要倒掉", at_bot=True)
    told = room.hears().text
    assert "喝也行，倒也行" in told and "@老周" in told
    assert "没有 2 号" in owner.asks("存下 2")
    assert "没有 99999999999999999999 号" in owner.asks("存下 99999999999999999999")


def test_what_did_not_help_three_people_is_told_no_more(stage: Stage, answered: StageRoom) -> None:
    for name in ("阿芳", "小雨", "大壮"):
        person = stage.person(name)
        person.says(answered, "岩茶第一泡要不要倒掉", at_bot=True)
        assert ANSWER in answered.hears().text
        person.says(answered, "没帮上", at_bot=True)
        answered.hears()
        stage.advance(minutes=2)
    assert [row[0] for row in kept(stage)] == ["candidate"]
    assert "没帮上 3 位" in stage.person("老周").asks("今天")
    stage.person("小林").says(answered, "没帮上", at_bot=True)
    assert "哪一条" in answered.hears().text


def test_the_authors_own_correction_replaces_anybody_elses_waits(stage: Stage, answered: StageRoom) -> None:
    stage.person("阿芳").says(answered, "岩茶第一泡要不要倒掉", at_bot=True)
    answered.hears()
    stage.person("大壮").says(answered, "更正 新茶的第一泡可以喝", at_bot=True)
    assert "群主" in answered.hears().text
    stage.person("老王").says(answered, "更正 新茶第一泡能喝，老茶才倒", at_bot=True)
    answered.hears()
    assert [row[0] for row in kept(stage)] == ["replaced", "candidate", "kept"]
    stage.person("阿芳").says(answered, "岩茶第一泡要不要倒掉", at_bot=True)
    assert "老茶才倒" in answered.hears().text


def test_the_author_withdraws(stage: Stage, answered: StageRoom) -> None:
    stage.person("小林").says(answered, "撤下我的回答", at_bot=True)
    assert "没有" in answered.hears().text
    stage.person("老王").says(answered, "撤下我的回答", at_bot=True)
    answered.hears()
    assert kept(stage) == [("withdrawn", WASHING, "")]
    stage.person("阿芳").says(answered, "搜 第一泡", at_bot=True)
    assert "没有存下" in answered.hears().text


def test_forgetting_the_author_removes_the_words(stage: Stage, answered: StageRoom) -> None:
    author = stage.person("老王")
    author.says(answered, "忘记我", at_bot=True)
    answered.hears()
    author.says(answered, "确定", at_bot=True)
    stage.advance(minutes=2)
    answered.unread.clear()
    assert kept(stage) == [("withdrawn", "", "")]


def test_a_hostile_query_is_only_a_query(stage: Stage, answered: StageRoom) -> None:
    for words in ('" OR 1=1 --', "%_%", "$answer ${question}", "((((", "@所有人 第一泡"):
        stage.person("阿芳").says(answered, f"搜 {words}", at_bot=True)
        told = answered.hears().text
        assert "@所有人" not in told
        stage.advance(minutes=2)


def test_old_talk_is_gathered_when_the_owner_wants_it(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("功能 关 干货")
    exchange(stage, room)
    assert kept(stage) == []
    owner.asks("功能 开 干货")
    told = owner.asks("整理知识")
    assert "我翻一翻" in told and "新找出 1 条" in told
    assert [row[0] for row in kept(stage)] == ["candidate"]


def test_marking_an_answer_keeps_the_answer_and_no_material(stage: Stage, room: StageRoom) -> None:
    asked = stage.person("小林").says(room, WASHING)
    stage.advance(minutes=1)
    answered = stage.person("老王").says(room, ANSWER, quote=asked)
    stage.advance(minutes=1)
    stage.person("大壮").says(room, "收录", at_bot=True, quote=answered)
    assert "老王" in room.hears().text
    assert kept(stage) == [("candidate", WASHING, ANSWER)]
    stage.person("小雨").says(room, "收录", at_bot=True, quote=answered)
    room.hears()
    assert kept(stage) == [("kept", WASHING, ANSWER)]
    assert "岩茶" not in stage.person("老周").asks("素材")
