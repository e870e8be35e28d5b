"""同意 and 不用 on the owner's list, and what 别统计我 means for questions: told as talk."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.tables import OwnerItem
from bot.testing import Stage, StageRoom
from plugins.knowledge.closing import without_address
from plugins.knowledge.question_tables import Helper, OpenQuestion
from tests.plugins.knowledge.questions_scene import exchange, kept, open_room, small_stage, watched

ASKED = "请教一下，朱泥壶开壶要不要用茶汤煮？"
stage = pytest.fixture(small_stage)


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return open_room(stage)


def number_of(stage: Stage, words: str) -> str:
    """What the owner's list calls the line with these words."""
    told = stage.person("老周").asks("今天")
    found = re.search(rf"(\d+)\. [^\n]*{words}", told)
    assert found is not None, told
    return found[1]


def ask_and_wait(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, ASKED)
    stage.advance(hours=25)


def test_a_question_is_put_into_the_pool_or_struck(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    ask_and_wait(stage, room)
    assert "收进圆桌的题库" in owner.asks(f"同意 {number_of(stage, '朱泥壶开壶')}")

    def pooled(session: Session) -> bool:
        return session.scalars(select(OpenQuestion)).one().pooled_at is not None

    assert stage.read(pooled)
    stage.person("小林").says(room, "老丛水仙要怎么存才不返青？")
    stage.advance(hours=25)
    assert "划掉" in owner.asks(f"不用 {number_of(stage, '返青')}")
    assert "返青" not in owner.asks("还没人答的")


def test_candidates_stand_in_one_line_and_are_kept_together(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    exchange(stage, room)
    stage.advance(days=1)
    exchange(stage, room, "请问大红袍焙火要焙几道才算足火？", "一般三道，看茶青厚薄再定", ("阿芳",))
    stage.advance(days=1)
    assert owner.asks("今天").count("等你点头") == 1
    owner.asks(f"同意 {number_of(stage, '等你点头')}")
    assert [status for status, *_ in kept(stage)] == ["kept", "kept"]


def test_a_correction_waits_for_the_owner(stage: Stage, room: StageRoom) -> None:
    exchange(stage, room, thankers=("小林", "阿芳"))
    stage.person("小雨").says(room, "搜 第一泡", at_bot=True)
    assert "十秒就出汤" in room.hears().text
    stage.person("大壮").says(room, "更正 第一泡五秒就要出汤", at_bot=True)
    room.hears()
    stage.person("老周").asks(f"同意 {number_of(stage, '五秒')}")
    assert [status for status, *_ in kept(stage)] == ["replaced", "kept"]


def test_who_is_not_counted_is_neither_waited_for_nor_called(stage: Stage, room: StageRoom) -> None:
    stage.person("老王").says(room, "可以问我", at_bot=True)
    room.hears()
    stage.person("小林").says(room, ASKED)
    for name in ("小林", "老王"):
        stage.person(name).says(room, "别统计我", at_bot=True)
        room.hears()

    def helper(session: Session) -> str:
        return session.scalars(select(Helper)).one().status

    assert stage.read(helper) == "stopped"
    assert watched(stage) == [("left", None)]
    stage.advance(hours=25)

    def listed(session: Session) -> list[str]:
        return list(session.scalars(select(OwnerItem.text)))

    assert not any("朱泥壶" in text for text in stage.read(listed))


def test_an_earlier_answer_is_not_waited_for_until_it_was_no_help(stage: Stage, room: StageRoom) -> None:
    exchange(stage, room, thankers=("小林", "阿芳"))
    stage.advance(hours=2)
    stage.person("大壮").says(room, "岩茶的第一泡要倒掉吗？")
    stage.advance(minutes=40)
    assert "十秒就出汤" in room.hears().text
    stage.person("小雨").says(room, "还没人答的", at_bot=True)
    assert "第一泡" not in room.hears().text
    stage.person("大壮").says(room, "没帮上", at_bot=True)
    room.hears()
    stage.person("小雨").says(room, "还没人答的", at_bot=True)
    assert "第一泡" in room.hears().text


@pytest.mark.parametrize(
    ("said", "kept_words"),
    [
        ("@小林\u2005第一泡倒掉", "第一泡倒掉"),
        ("＠小林 ＠大壮 倒掉就行", "倒掉就行"),
        ("倒掉，@小林 你试试", "倒掉，@小林 你试试"),
        ("@小林", ""),
    ],
)
def test_answers_are_kept_without_whom_they_were_for(said: str, kept_words: str) -> None:
    assert without_address(said) == kept_words
