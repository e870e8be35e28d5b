"""People talk; history says who answered whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.analysis.exchanges import Exchange
from bot.events import QuestionAnswered
from bot.storage.history import History
from bot.storage.tables import EventRow, ReplyLink
from bot.testing import Stage, StageRoom


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path / "data", plugins=[]) as opened:
        yield opened


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", members=["老周", "小林", "小陈", "阿茶"])


def found(stage: Stage, room: StageRoom) -> list[Exchange]:
    return stage.read(lambda session: History(session, stage.clock.now()).exchanges(room.key))


def test_a_question_its_answer_and_the_thanks(stage: Stage, room: StageRoom) -> None:
    chen, zhou = stage.person("小陈"), stage.person("老周")
    asked = chen.says(room, "请问岩茶用多少度的水泡")
    stage.advance(minutes=2)
    zhou.says(room, "沸水直接冲，前三泡五秒出汤", quote=asked)
    stage.advance(minutes=1)
    chen.says(room, "谢谢，学到了", mention=[zhou])
    [one] = found(stage, room)
    assert (one.asker, one.text) == (chen.key, "请问岩茶用多少度的水泡")
    assert [answer.member for answer in one.answers] == [zhou.key]
    assert one.thanked == (zhou.key,) and one.closed_by == one.answers[0].message


def test_the_first_answer_is_told_once(stage: Stage, room: StageRoom) -> None:
    chen, zhou, lin = (stage.person(name) for name in ("小陈", "老周", "小林"))
    asked = chen.says(room, "请问肉桂和水仙有什么区别？")
    zhou.says(room, "香气不一样", quote=asked)
    lin.says(room, "水仙更醇", quote=asked)
    rows = stage.read(lambda session: list(session.scalars(
        select(EventRow).where(EventRow.kind == QuestionAnswered.__name__)
    )))  # fmt: skip
    assert [(row.payload["asker"], row.payload["answerer"]) for row in rows] == [(chen.key, zhou.key)]


def test_what_was_asked_before_a_crash_is_answered_after_it(stage: Stage, room: StageRoom) -> None:
    chen, zhou = stage.person("小陈"), stage.person("老周")
    chen.says(room, "请问今年春茶什么时候上？")
    stage.restart()
    stage.advance(minutes=1)
    zhou.says(room, "五月初", mention=[chen])
    [one] = found(stage, room)
    assert one.helpers == (zhou.key,)


def test_recalled_words_answer_nothing(stage: Stage, room: StageRoom) -> None:
    chen, zhou = stage.person("小陈"), stage.person("老周")
    asked = chen.says(room, "请问岩茶怎么存放？")
    answer = zhou.says(room, "放冰箱", quote=asked)
    assert found(stage, room)[0].helpers == (zhou.key,)
    zhou.person.recall(answer)
    stage.settle()
    assert found(stage, room)[0].answers == ()


def test_who_is_not_counted_or_forgotten_is_in_no_exchange(tmp_path: Path) -> None:
    with Stage(tmp_path / "data") as stage:
        room = stage.room("岩茶同好会", owner="老周", members=["小林", "小陈"])
        chen, zhou = stage.person("小陈"), stage.person("老周")
        asked = chen.says(room, "请问岩茶怎么存放？")
        zhou.says(room, "避光密封就好", quote=asked)
        assert found(stage, room)[0].helpers == (zhou.key,)
        zhou.asks("别统计我")
        assert found(stage, room)[0].answers == ()
        zhou.asks("恢复统计")
        assert found(stage, room)[0].helpers == (zhou.key,)
        chen.asks("忘记我")
        chen.asks("忘记我")
        stage.advance(minutes=2)
        assert found(stage, room) == []
        kept = stage.read(lambda session: session.scalars(select(ReplyLink.answers_id)).all())
        assert kept == [None]  # 老周's words are still there; what they answered is not


def test_every_message_has_its_link(stage: Stage, room: StageRoom) -> None:
    for number in range(30):
        stage.person(["老周", "小林", "小陈"][number % 3]).says(room, f"第{number}句话")
    assert stage.read(lambda session: session.scalar(select(func.count()).select_from(ReplyLink))) == 30
