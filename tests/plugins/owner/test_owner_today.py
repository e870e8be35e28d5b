"""What needs the owner: uncertain words, refusals, gaps, lost times; and settling it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import select

from bot.outbox import Urgency
from bot.speaking import Words, put
from bot.storage.tables import EventMark, EventRow, Outgoing, OwnerItem, Slot
from bot.testing import Player, Stage, StageRoom

Fails = Callable[[str, tuple[Any, ...]], Awaitable[None]]


def plan(stage: Stage, room: StageRoom | None, text: str, **more: Any) -> int:
    """Plan words or a deed as a plugin does, and let it happen."""
    urgency: Urgency = more.pop("urgency", "answer")
    words = Words(plugin="welcome", urgency=urgency, text=text, room=room.key if room else None, **more)
    row = stage.write(lambda session: put(session, words, stage.clock.now(), 1500))
    stage.advance(seconds=10)
    return row


def failing(call_name: str, error: Exception, part: str = "") -> Fails:
    """A call that raises, for whatever holds `part`."""

    async def hook(call: str, arguments: tuple[Any, ...]) -> None:
        if call == call_name and any(part in str(one) for one in arguments):
            raise error

    return hook


def status_of(stage: Stage, row: int) -> str:
    return stage.read(lambda session: session.get_one(Outgoing, row).status)


def confirmed(owner: Player, line: str) -> tuple[str, str]:
    """The question that a dangerous line raises, and the answer to its code."""
    question = owner.asks(line)
    found = re.search(r"确认 (\d{4})", question)
    assert found, question
    return question, owner.asks(f"确认 {found[1]}")


@pytest.fixture
def lost_words(stage: Stage, room: StageRoom) -> int:
    """Words of which nobody knows whether they went out; they did not."""
    stage.puppet.before_call = failing("message_send_text", TimeoutError(), "今晚八点")
    row = plan(stage, room, "今晚八点，老陈讲水仙")
    stage.puppet.before_call = None
    return row


def test_a_promise_that_came_too_late_is_listed(stage: Stage, room: StageRoom, owner: Player) -> None:
    plan(stage, room, "今晚开讲", urgency="promised", keep_for=timedelta(seconds=-1))
    owner.hears_nothing()
    assert "今晚开讲" in owner.asks("今天")
    _, done = confirmed(owner, "重发 1")
    assert "再来一次" in done
    assert room.hears().text == "今晚开讲"


def test_nothing_to_do(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "没什么要你操心" in owner.asks("今天")


def test_uncertain_words_are_told_at_once(
    stage: Stage, room: StageRoom, owner: Player, lost_words: int
) -> None:
    told = owner.hears(timedelta(minutes=1)).text
    assert "今晚八点，老陈讲水仙" in told and "岩茶同好会" in told and "「重发 1」" in told
    assert "1. 在「岩茶同好会」说：今晚八点，老陈讲水仙" in owner.asks("今天")
    assert "不确定发出去没有 1 条" in owner.asks("状态")
    stage.advance(hours=3)
    room.hears_nothing()


def test_sent_again_after_a_confirmation(
    stage: Stage, room: StageRoom, owner: Player, lost_words: int
) -> None:
    owner.hears()
    question, done = confirmed(owner, "重发 1")
    assert "今晚八点，老陈讲水仙" in question and "两遍" in question and "再来一次" in done
    assert room.hears().text == "今晚八点，老陈讲水仙"
    assert status_of(stage, lost_words) == "cancelled"
    assert "没什么要你操心" in owner.asks("今天")
    assert "没有 1 号" in owner.asks("重发 1")


def test_given_up(stage: Stage, room: StageRoom, owner: Player, lost_words: int) -> None:
    owner.hears()
    assert "不管它了" in owner.asks("放弃 1")
    assert status_of(stage, lost_words) == "cancelled"
    room.hears_nothing()


def test_words_in_flight_at_a_crash(stage: Stage, room: StageRoom, owner: Player) -> None:
    def claim(session: Any) -> int:
        row = put(
            session, Words(plugin="welcome", urgency="promised", text="晚上好", room=room.key), now, 1500
        )
        session.get_one(Outgoing, row).status = "claimed"
        return row

    now = stage.clock.now()
    row = stage.write(claim)
    stage.restart()
    assert "晚上好" in owner.hears(timedelta(minutes=1)).text
    assert status_of(stage, row) == "unknown"
    room.hears_nothing()


def test_a_refusal_is_handed_over(stage: Stage, room: StageRoom, owner: Player) -> None:
    room.room.bot_may = False
    ad = stage.person("小林")
    plan(stage, room, "", kind="remove", payload={"people": [ad.key]})
    told = owner.hears().text
    assert "把「小林」移出「岩茶同好会」" in told and "请你动手" in told and "「办好了 1」" in told
    plan(stage, room, "群规三条", kind="announce", payload={"people": []})
    assert "发群公告：群规三条" in owner.hears().text
    assert owner.asks("今天").count("\n") == 3
    assert "还剩 1 件" in owner.asks("办好了 1")
    assert "2. " in owner.asks("今天")
    assert "还剩 0 件" in owner.asks("办好了 全部")


def test_refused_words_wait_for_the_account(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.puppet.before_call = failing("message_send_text", GRPCError(Status.UNKNOWN, "操作太频繁"), "早安")
    row = plan(stage, room, "早安")
    stage.puppet.before_call = None
    assert status_of(stage, row) == "refused"
    assert "早安" in owner.hears(timedelta(minutes=15)).text
    question, _ = confirmed(owner, "重发 1")
    assert "两遍" not in question
    assert room.hears().text == "早安"


def test_private_words_are_not_shown_to_owners(stage: Stage, room: StageRoom, owner: Player) -> None:
    member = stage.person("小林")
    member.person.befriend()
    stage.settle()
    stage.puppet.before_call = failing("message_send_text", TimeoutError(), "你的秘密")
    plan(stage, None, "你的秘密", member=member.key)
    stage.puppet.before_call = None
    told = owner.hears().text
    assert "给「小林」的一条私聊" in told and "秘密" not in told
    assert "秘密" not in owner.asks("今天")


def test_what_does_not_reach_an_owner_is_only_listed(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.puppet.before_call = failing("message_send_text", TimeoutError(), "周报")
    plan(stage, None, "周报", member=owner.key, urgency="promised")
    stage.puppet.before_call = None
    owner.hears_nothing()
    assert "给「老周」的一条私聊" in owner.asks("今天")


def test_an_echo_settles_the_matter(stage: Stage, room: StageRoom, owner: Player, lost_words: int) -> None:
    owner.hears()
    stage.puppet.speak(stage.puppet.me, room.room, "今晚八点，老陈讲水仙")
    stage.settle()
    assert status_of(stage, lost_words) == "sent"
    assert "没什么要你操心" in owner.asks("今天")


def test_each_owner_sees_their_rooms(stage: Stage, room: StageRoom, owner: Player, lost_words: int) -> None:
    owner.hears()
    stage.room("紫砂壶", owner="小林")
    owner.unread.clear()
    other = stage.person("小林")
    assert "没什么要你操心" in other.asks("今天")
    assert "没有 1 号" in other.asks("放弃 1")
    pots = next(place for place in stage._places.values() if place.place == "紫砂壶")
    assert isinstance(pots, StageRoom)
    stage.pair(owner, pots)
    owner.asks("切换群 紫砂壶")
    assert "别的群还有 1 件" in owner.asks("今天")
    assert "划掉" in owner.asks("办好了 1")


def test_numbers_stay_with_their_things(stage: Stage, room: StageRoom, owner: Player) -> None:
    def add(key: str) -> None:
        def write(session: Any) -> None:
            context = stage.app.engine.context(session, "welcome", room.key, stage.clock.now(), None)
            context.put_on_list(key, f"看看{key}")
            context.put_on_list(key, "同一件事")

        stage.write(write)

    for key in "甲乙丙":
        add(key)
    owner.asks("办好了 2")
    add("丁")
    listed = owner.asks("今天")
    assert "1. 看看甲\n3. 看看丙\n4. 看看丁" in listed and "同一件事" not in listed
    assert "还剩 1 件" in owner.asks("办好了 1、3")
    assert "没认出数字" in owner.asks("办好了 那件")
    assert "没有 9 号" in owner.asks("办好了 4 9")
    owner.asks("办好了 4")
    stage.clock.move_to(stage.clock.now() + timedelta(days=2))
    add("戊")
    assert "1. 看看戊" in owner.asks("今天")


def test_a_thing_that_is_not_words_cannot_be_sent_again(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("小林").person.invite_bot("刷单群")
    stage.settle()
    assert "不是没发出去的消息" in owner.asks("重发 1")
    assert "不是没发出去的消息" in owner.asks("放弃 1")


def test_a_gap_is_told_once(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.lose_line(minutes=40)
    told = owner.hears().text
    assert "断线 40 分钟" in told and "没听到" in told
    owner.hears_nothing()
    assert "断线 40 分钟" in owner.asks("今天")
    assert "七天内断线 1 次" in owner.asks("状态")


def test_gaps_of_seconds_do_not_count(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.lose_line(seconds=40)
    assert "断线" not in owner.asks("状态")
    stage.lose_line(minutes=3)
    assert "七天内断线 1 次，共 3 分钟" in owner.asks("状态")


def test_a_short_gap_is_not_worth_a_word(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.lose_line(minutes=9)
    owner.hears_nothing()
    assert "没什么要你操心" in owner.asks("今天")
    owner.asks("设置 断线提醒 5")
    stage.lose_line(minutes=9)
    assert "断线 9 分钟" in owner.hears().text


def test_lost_times_and_errors_are_remarked(stage: Stage, room: StageRoom, owner: Player) -> None:
    def lose(session: Any, now: datetime) -> None:
        session.add(
            Slot(
                plugin="welcome", name="x", kind="job", room_id=room.key, key="x", due_at=now, status="missed"
            )
        )
        event = session.scalars(select(EventRow.id)).first()
        session.add(EventMark(event_id=event, handler="welcome.x", outcome="failed"))

    stage.write(lambda session: lose(session, stage.clock.now()))
    listed = owner.asks("今天")
    assert "「迎新」今天 09:00 的一件事没做成" in listed and "出过 1 次错" in listed
    stage.clock.move_to(stage.clock.now() + timedelta(days=2))
    assert "没什么要你操心" in owner.asks("今天")


def test_old_items_go_by_themselves(stage: Stage, room: StageRoom, owner: Player, lost_words: int) -> None:
    owner.hears()
    stage.clock.move_to(stage.clock.now() + timedelta(days=8))
    assert "没什么要你操心" in owner.asks("今天")
    assert len(stage.read(lambda session: session.scalars(select(OwnerItem.id)).all())) == 1


def test_owners_hear_privately_of_trouble_with_the_bot_itself(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    troubles = ["storage_full_waiting", "upkeep_failed", "something that nobody has words for"]
    for what in [troubles[0], *troubles]:
        stage.clock.move_by(timedelta(milliseconds=1))
        stage.write(lambda session, what=what: stage.app.duties.notice(session, what, stage.clock.now()))  # type: ignore[misc]
    stage.advance(minutes=1)
    said = " ".join(sent.text for sent in owner.unread)
    owner.unread.clear()
    assert said.count("磁盘满过") == 1 and said.count("备份或清理没做成") == 1
    assert not room.unread
