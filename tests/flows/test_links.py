"""People talk; history says who answered whom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.analysis.exchanges import Exchange
from bot.events import Event, MessagePosted, QuestionAnswered
from bot.linking import VERSION
from bot.relinking import relink, relink_all
from bot.storage.history import History
from bot.storage.tables import EventRow, Message, ReplyLink
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


def rows(stage: Stage) -> list[tuple[object, ...]]:
    columns = (ReplyLink.message_id, ReplyLink.answers_id, ReplyLink.confidence, ReplyLink.version)
    query = select(*columns, ReplyLink.question).order_by(ReplyLink.message_id)
    return stage.read(lambda session: [tuple(row) for row in session.execute(query)])


def test_what_is_linked_anew_is_linked_as_before(stage: Stage, room: StageRoom) -> None:
    chatter(stage, room, 40)
    before = rows(stage)
    stage.write(lambda session: session.execute(delete(ReplyLink)))
    assert relink(stage.storage, room.key) == 40
    assert rows(stage) == before
    assert relink(stage.storage, room.key) == 0


def test_links_of_older_models_are_found_anew(stage: Stage, room: StageRoom) -> None:
    chatter(stage, room, 20)
    before = rows(stage)
    old = ReplyLink.message_id > 10
    stage.write(
        lambda session: session.execute(update(ReplyLink).where(old).values(version=0, answers_id=None))
    )
    assert asyncio.run(relink_all(stage.storage)) > 0
    assert rows(stage) == before and {row[3] for row in rows(stage)} == {VERSION}


def test_links_go_on_over_a_restart_as_if_nothing_had_been(tmp_path: Path) -> None:
    told = []
    for restarts in (False, True):
        with Stage(tmp_path / str(restarts), plugins=[]) as stage:
            room = stage.room("岩茶同好会", members=["老周", "小林", "小陈"])
            chatter(stage, room, 20)
            if restarts:
                stage.restart()
            chatter(stage, room, 20)
            told.append(rows(stage))
    assert told[0] == told[1]


def chatter(stage: Stage, room: StageRoom, count: int) -> None:
    """Three people in turn, asking and answering."""
    for number in range(count):
        words = ("请问这泡茶用多少度的水", "沸水就行", "我一般用九十五度", "那要泡多久呢")[number % 4]
        stage.person(["老周", "小林", "小陈"][number % 3]).says(room, words)
        stage.advance(seconds=20)


def test_what_comes_out_of_order_is_linked_later_and_disturbs_nothing(stage: Stage, room: StageRoom) -> None:
    chatter(stage, room, 20)
    first = select(ReplyLink.message_id).order_by(ReplyLink.message_id).limit(1)
    message = stage.read(lambda session: session.scalars(first).one())
    back = timedelta(hours=3)
    linking = stage.app.engine.desk.linking

    def late(session: Session) -> list[Event]:
        said = session.get_one(Message, message)
        event = MessagePosted(
            at=said.at - back, message=said.id, member=said.member_id, room=said.room_id, text=said.text
        )
        return linking.follow(session, [event], stage.clock.now())

    before = rows(stage)
    assert len(stage.write(late)) == 1 and rows(stage) == before


def test_a_model_that_fails_loses_no_message(stage: Stage, room: StageRoom) -> None:
    chatter(stage, room, 2)
    states = stage.app.engine.desk.linking._rooms
    states[room.key].linker.talk.by_id = None  # type: ignore[assignment]
    stage.person("老周").says(room, "接着说")
    assert stage.read(lambda session: History(session, stage.clock.now()).count(room.key)) == 3
    assert len(rows(stage)) == 2
    stage.person("小林").says(room, "好的")
    assert len(rows(stage)) == 3
    assert relink(stage.storage, room.key) > 0 and len(rows(stage)) == 4
