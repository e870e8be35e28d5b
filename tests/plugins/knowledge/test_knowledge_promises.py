"""The ledger: promises stated, watched, warned of in time, kept or missed, and never papered over."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.analysis.chinese_dates import Question
from bot.events import MeetupHeld
from bot.testing import Stage, StageRoom
from plugins.knowledge import logic
from plugins.knowledge.tables import Delivery
from tests.plugins.knowledge.conftest import pass_until, plan

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)


def promise(stage: Stage, said: str) -> str:
    owner = stage.person("老周")
    understood = owner.asks(f"承诺 {said}")
    assert "对吗" in understood, understood
    assert "记下了" in owner.asks("对")
    return understood


def statuses(stage: Stage) -> list[str]:
    return stage.read(
        lambda session: list(session.scalars(select(Delivery.status).order_by(Delivery.due_at)))
    )


@pytest.mark.parametrize(
    ("said", "kind", "unit", "count", "hours"),
    [
        ("每周三有干货", "share", "", 1, 0),
        ("提问24小时内有人答", "answer", "", 1, 24),
        ("问题当天有人回答", "answer", "", 1, 24),
        ("每月一次线下", "meetup", "month", 1, 0),
        ("每周两次分享", "share", "week", 2, 0),
        ("每天10:00前报价", "post", "", 1, 0),
        ("每季度送一次茶样", "free", "quarter", 1, 0),
    ],
)
def test_promises_are_understood(said: str, kind: str, unit: str, count: int, hours: int) -> None:
    terms = logic.terms_of(said, NOW, ZONE)
    assert isinstance(terms, logic.Terms)
    assert (terms.kind, terms.unit, terms.count, terms.hours) == (kind, unit, count, hours)


@pytest.mark.parametrize("said", ["常有干货", "提问有人答", "大家开心", "每天10点前报价"])
def test_a_promise_without_a_time_is_asked_back(said: str) -> None:
    assert isinstance(logic.terms_of(said, NOW, ZONE), Question)


def test_the_months_of_a_year_have_their_ends() -> None:
    terms = logic.Terms("meetup", unit="month")
    since, until = datetime(2026, 1, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE)
    found = logic.periods(terms, since, until, ZONE)
    assert [one.due_at.astimezone(ZONE).month for one in found] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1]
    assert all(one.due_at.astimezone(ZONE).day == 1 for one in found)


def test_a_promised_share_that_comes_is_kept(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "每周三有干货")
    plan(stage, "每周三 20:30 岩茶知识")
    owner.asks("素材 三坑两涧")
    pass_until(stage, "20:31", days=2)
    room.hears()
    pass_until(stage, "02:00")
    owner.unread.clear()
    assert "兑现 1 次，落下 0 次，兑现率 100%" in owner.asks("兑现情况")
    assert statuses(stage)[0] == "kept"


def test_the_owner_is_warned_while_there_is_time_and_one_word_keeps_it(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "每周三有干货")
    plan(stage, "每月1号 20:30 岩茶知识")
    owner.asks("素材 三坑两涧")
    pass_until(stage, "21:00", days=2)
    assert "还没见着。回「补一期」" in owner.hears().text
    assert "这就发" in owner.asks("补一期")
    assert "三坑两涧" in room.hears().text
    pass_until(stage, "01:00")
    assert statuses(stage)[0] == "kept"


def test_nobody_is_warned_of_a_share_that_is_on_its_way(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "每周三有干货")
    plan(stage, "每周三 21:00 岩茶知识")
    owner.asks("素材 三坑两涧")
    pass_until(stage, "20:55", days=2)
    assert not owner.unread
    pass_until(stage, "21:05")
    assert "三坑两涧" in room.hears().text
    pass_until(stage, "08:00")
    assert statuses(stage)[0] == "kept"


def test_a_miss_is_told_and_stays_when_the_promise_is_changed(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "每周三有干货")
    pass_until(stage, "08:30", days=3)
    said = [sent.text for sent in owner.unread]
    owner.unread.clear()
    assert any("还没见着" in text for text in said) and any("落下了" in text for text in said)
    owner.asks("承诺改 1 每周四有干货")
    owner.asks("对")
    told = owner.asks("兑现情况")
    assert "1 号「每周三有干货」（不盯了）：兑现 0 次，落下 1 次，兑现率 0%" in told
    assert "2 号「每周四有干货」" in told


def test_questions_are_measured_and_the_owner_can_call_people(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "提问24小时内有人答")
    asked = stage.person("小林").says(room, "请问肉桂泡出来发涩是怎么回事？")
    stage.person("大壮").says(room, "头一泡别闷太久，出汤快一点", quote=asked)
    stage.person("小林").says(room, "谢谢，明早试试")
    stage.person("阿芳").says(room, "今天好冷啊")
    pass_until(stage, "12:00")
    stage.person("阿芳").says(room, "想问下老丛水仙能放多少年？")
    pass_until(stage, "08:00")
    assert "老丛水仙" in owner.hears().text
    assert "提了" in owner.asks("喊人")
    assert "老丛水仙" in room.hears().text
    pass_until(stage, "15:00")
    assert "落下 1 个问题" in owner.hears().text
    owner.unread.clear()
    assert "兑现 1 次，落下 1 次，兑现率 50%" in owner.asks("兑现情况")


def test_a_post_of_the_owner_keeps_a_promise(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "每天10:00前报价")
    pass_until(stage, "08:00")
    owner.says(room, "今日报价：肉桂 680，水仙 320")
    pass_until(stage, "12:00")
    owner.unread.clear()
    assert statuses(stage)[:2] == ["missed", "kept"] or "kept" in statuses(stage)


def test_a_meetup_keeps_a_monthly_promise(stage: Stage, room: StageRoom) -> None:
    promise(stage, "每月一次线下")
    stage.advance(hours=2)
    key, now = room.key, stage.clock.now()
    event = MeetupHeld(at=now, room=key, title="品茶", form="talk")
    stage.write(lambda session: stage.app.engine.handle(session, _recorded(session, event, now), now))
    assert statuses(stage) == ["kept"]


def _recorded(session: object, event: MeetupHeld, now: datetime) -> list[MeetupHeld]:
    from bot import event_log

    found = event_log.record(session, event, "meetup:1", now)  # type: ignore[arg-type]
    assert isinstance(found, MeetupHeld)
    return [found]


def test_members_hear_the_rate_only_if_the_owner_lets_them(stage: Stage, room: StageRoom) -> None:
    owner, member = stage.person("老周"), stage.person("小林")
    promise(stage, "每周三有干货")
    pass_until(stage, "01:30", days=3)
    owner.unread.clear()
    member.says(room, "兑现情况", at_bot=True)
    assert "落下" not in room.hears().text
    owner.asks("设置 兑现公开 开")
    stage.advance(minutes=1)
    member.says(room, "兑现情况", at_bot=True)
    assert "兑现 0 次，落下 1 次（0%）" in room.hears().text


def test_a_promise_that_nobody_can_see_is_kept_by_the_owners_word(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    promise(stage, "每周送一次茶样")
    assert "兑现了" in owner.asks("兑现了 1")
    assert statuses(stage) == ["kept"]
    assert "早了，或者已经过了" in owner.asks("兑现了 1")
