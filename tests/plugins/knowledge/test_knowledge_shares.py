"""Planned shares: said in plain words, repeated, confirmed, posted once, missed and told."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.storage.tables import Outgoing
from bot.testing import Stage, StageRoom
from plugins.knowledge.tables import Issue, Plan
from tests.plugins.knowledge.conftest import pass_until, plan


def statuses(stage: Stage) -> list[str]:
    return stage.read(lambda session: list(session.scalars(select(Issue.status).order_by(Issue.due_at))))


def shares_sent(stage: Stage) -> int:
    mine = (Outgoing.reason == "share") & (Outgoing.status == "sent")
    return stage.read(lambda session: session.scalar(select(func.count(Outgoing.id)).where(mine)) or 0)


# Planning


def test_a_plan_is_repeated_with_its_dates_and_saved_after_a_yes(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    said = owner.asks("分享计划 每周三 20:30 岩茶知识")
    assert "《岩茶知识》" in said
    assert "3月4日 周三 20:30、3月11日 周三 20:30、3月18日 周三 20:30" in said
    assert stage.read(lambda session: session.scalar(select(func.count(Plan.id)))) == 0
    assert "排上了，是 1 号" in owner.asks("对")
    assert "1 号《岩茶知识》，下次 后天 20:30" in owner.asks("分享计划")


def test_another_command_is_no_title_and_a_no_drops_the_plan(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "给个题目" in owner.asks("分享计划 明天 20:30")
    assert "《" not in owner.asks("安静到明早8点")
    assert owner.asks("算了") == "好，不排了。"
    assert "给个题目" in owner.asks("分享计划 明天 20:30")
    assert "《怎么看叶底》" in owner.asks("怎么看叶底")
    assert "《" not in owner.asks("今天")
    assert "排上了" in owner.asks("对")


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("每周三8点 岩茶知识", "早上还是晚上"),
        ("每周三 岩茶知识", "几点"),
        ("每周八 20:30 岩茶知识", "没有「每周八」"),
        ("2月30号 20:30 岩茶知识", "没有「2月30号」"),
        ("昨天下午三点 岩茶知识", "过去了"),
        ("每月31号 20:30 岩茶知识", "不是每个月都有"),
        ("岩茶知识", "没听出"),
    ],
)
def test_what_is_unclear_is_asked_back(stage: Stage, room: StageRoom, said: str, question: str) -> None:
    assert question in stage.person("老周").asks(f"分享计划 {said}")
    assert stage.read(lambda session: session.scalar(select(func.count(Plan.id)))) == 0


def test_the_answer_to_a_question_completes_the_phrase(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("分享计划 每周三8点 岩茶知识")
    assert "周三 20:00" in owner.asks("晚上")
    assert "排上了" in owner.asks("好")


def test_another_phrase_replaces_the_draft_and_a_no_drops_it(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("分享计划 每周三 20:30 岩茶知识")
    assert "周四 20:30" in owner.asks("每周四 20:30 岩茶知识")
    assert "不排了" in owner.asks("算了")
    assert "还没排" in owner.asks("分享计划")


@pytest.mark.parametrize(
    ("said", "title", "source"),
    [
        ("每周日 20:30 群友讲堂 轮流", "《群友讲堂》", "轮流讲"),
        ("每周日 20:30 群友讲堂", "《群友讲堂》", "素材里挨个取"),
        ("每周日 20:30 品茶（轮流）", "《品茶》", "轮流讲"),
    ],
)
def test_only_a_word_that_stands_alone_names_the_source(
    stage: Stage, room: StageRoom, said: str, title: str, source: str
) -> None:
    understood = plan(stage, said)
    assert title in understood and source in understood


def test_a_plan_is_changed_paused_resumed_skipped_and_deleted(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "每周三 20:30 岩茶知识")
    assert "周四 19:00" in owner.asks("改分享 1 每周四 19:00 岩茶知识")
    owner.asks("对")
    assert "先停着" in owner.asks("分享暂停 1")
    pass_until(stage, "23:00", days=6)
    room.hears_nothing()
    assert "周四 19:00" in owner.asks("分享继续 1")
    assert "照旧" in owner.asks("跳过下期 1")
    code = owner.asks("删分享 1").split("确认 ")[1][:4]
    assert "不再发了" in owner.asks(f"确认 {code}")
    assert statuses(stage) == ["skipped"]


# Posting


def test_a_share_is_posted_with_its_opening_its_words_and_a_question(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "每周三 20:30 岩茶知识")
    assert "存下了" in owner.asks("素材 三坑两涧：慧苑坑、牛栏坑、倒水坑、流香涧、悟源涧")
    pass_until(stage, "20:29", days=2)
    assert not room.unread
    pass_until(stage, "20:31")
    said = room.hears().text
    assert "《岩茶知识》" in said and "慧苑坑" in said and said.endswith(("？", "。"))
    assert statuses(stage) == ["posted", "planned"]


def test_an_empty_pool_is_told_a_day_before_and_at_the_time(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "每周三 20:30 岩茶知识")
    pass_until(stage, "20:31", days=1)
    assert "还空着" in owner.hears().text
    pass_until(stage, "20:31", days=1)
    assert "没东西可发" in owner.hears().text
    room.hears_nothing()
    assert statuses(stage)[0] == "empty"


def test_what_was_missed_is_told_and_not_posted(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "每周三 20:30 岩茶知识")
    owner.asks("素材 三坑两涧")
    stage.end()
    stage.clock.move_by(stage.at("20:30") - stage.clock.now())
    stage.clock.move_by(stage.at("20:30") - stage.clock.now())
    stage.clock.move_by(stage.at("20:30") - stage.clock.now())
    stage.clock.move_by(stage.at("09:00") - stage.clock.now())
    stage.begin()
    assert "错过了" in owner.hears().text
    owner.unread.clear()
    assert shares_sent(stage) == 0
    assert statuses(stage) == ["missed", "planned"]


def test_a_short_absence_is_caught_up_once(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "每天 20:30 岩茶知识")
    owner.asks("素材 三坑两涧")
    stage.end()
    stage.clock.move_by(stage.at("21:00") - stage.clock.now())
    stage.begin()
    stage.advance(minutes=2)
    assert "三坑两涧" in room.hears().text
    assert "刚补上" in owner.hears().text
    stage.restart()
    stage.advance(minutes=10)
    owner.unread.clear()
    assert shares_sent(stage) == 1


def test_replies_are_counted_and_shown(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "今天 20:30 岩茶知识")
    owner.asks("素材 三坑两涧")
    pass_until(stage, "20:31")
    share = room.hears()
    for name in ("小林", "大壮"):
        stage.person(name).says(room, f"{name}听懂了", quote=(stage.puppet.me.name, share.text))
    pass_until(stage, "21:00", days=1)
    assert "《岩茶知识》" in owner.asks("往期")
    owner.unread.clear()
    replies = stage.read(lambda session: session.scalar(select(Issue.replies)))
    assert replies == 2


def test_a_watched_room_is_not_spoken_to(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"], live=False)
    owner = stage.person("老周")
    owner.asks("启用本群")
    owner.unread.clear()
    plan(stage, "每天 20:30 岩茶知识")
    owner.asks("素材 三坑两涧")
    pass_until(stage, "20:31")
    stage.advance(minutes=5)
    owner.unread.clear()
    assert not room.unread
    assert statuses(stage)[0] == "silent"
