"""What goes otherwise: nobody votes, moved, dropped, a speaker falls ill, two at once, illegal words."""

from __future__ import annotations

from sqlalchemy import select

from bot.testing import Stage, StageRoom
from plugins.meetups.tables import Meetup, Vote
from tests.plugins.meetups.conftest import jump, open_sign_up


def state(stage: Stage) -> str:
    """Where the newest meetup stands."""
    newest = select(Meetup.state).order_by(Meetup.id.desc()).limit(1)
    return stage.read(lambda session: session.scalar(newest)) or ""


def test_illegal_words_change_nothing_and_are_answered_kindly(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "手上没有" in owner.asks("线下 开始报名")
    owner.asks("线下 题目 焙火")
    for said in ("线下 开始报名", "线下 下周六下午三点", "线下 截止报名", "线下 回顾", "线下 照常"):
        assert "「讲座」还是「圆桌」" in owner.asks(said)
        assert state(stage) == "topic"
    assert "没看明白" in owner.asks("线下 天气真好啊")
    owner.asks("圆桌")
    stage.person("小林").says(room, "报名", at_bot=True)
    assert "还在挑日子" in room.hears().text
    stage.person("小林").says(room, "报名")
    stage.person("小林").says(room, "1")
    room.hears_nothing()
    assert "3月14日" in owner.asks("下周六下午三点")
    assert "原来怎样" in owner.asks("不")
    assert state(stage) == "form"
    assert "群里还不知道" in owner.asks("取消")
    assert state(stage) == "dropped"


def test_nobody_votes_and_the_owner_decides(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    for said in ("线下 题目 焙火", "圆桌", "下周六下午三点 / 周日上午"):
        owner.asks(said)
    owner.whispers("对")
    assert "1. 3月14日" in room.hears().text and owner.hears().text
    jump(stage, hours=49)
    assert "没人投票" in owner.hears().text
    room.hears_nothing()  # nobody is chased
    owner.whispers("2")
    assert "3月15日" in room.hears().text and "在哪儿" in owner.hears().text


def test_a_tie_is_the_owners_to_break_and_a_clear_lead_ends_the_vote(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    for said in ("设置 投票领先 2", "线下 题目 焙火", "圆桌", "下周六下午三点 / 周日上午"):
        owner.asks(said)
    owner.whispers("对")
    assert room.hears().text and owner.hears().text
    stage.person("小林").says(room, "1")
    stage.person("大壮").says(room, "2")
    assert "打平" in owner.asks("投票结束")
    assert state(stage) == "undecided"
    assert "是这几天吗" in owner.asks("下周六下午三点 / 周日上午")
    owner.whispers("对")
    assert room.hears().text and owner.hears().text
    assert stage.read(lambda session: session.scalars(select(Vote)).all()) == []  # a new vote begins empty
    for name in ("小林", "大壮"):
        stage.person(name).says(room, "2")
    assert "2 票" in room.hears().text and "3月15日" in owner.hears().text


def test_moved_and_dropped_are_said_to_who_counts_on_it(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    open_sign_up(stage, room)
    stage.person("小林").says(room, "报名")
    jump(stage, minutes=1)
    assert "@小林" in room.hears().text
    assert "3月21日 周六 10:00" in owner.asks("改到3月21号上午十点")
    owner.whispers("对")
    moved = room.hears().text
    assert "@小林" in moved and "3月21日" in moved and "挪了" in owner.hears().text
    jump(stage, days=6)
    room.hears_nothing()  # the reminder for the old date does not come
    assert "已经有 1 位" in owner.asks("线下 取消")
    owner.whispers("对")
    assert "@小林" in room.hears().text and "撤了" in owner.hears().text
    jump(stage, days=12)
    room.hears_nothing()


def test_a_speaker_falls_ill(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    for said in ("线下 题目 焙火", "讲座", "主讲 阿岚", "下周六下午三点", "对", "我店里"):
        owner.asks(said)
    owner.whispers("开始报名")
    assert "主讲：阿岚" in room.hears().text and owner.hears().text
    stage.person("阿岚").says(room, "报名")
    jump(stage, minutes=1)
    assert room.hears().text
    stage.person("阿岚").says(room, "取消报名")
    assert "下回见" in room.hears().text
    assert "主讲来不了了" in owner.hears().text
    room.hears_nothing()
    owner.whispers("改成圆桌")
    assert "改成圆桌" in room.hears().text and "圆桌" in owner.hears().text


def test_two_at_once(stage: Stage, room: StageRoom) -> None:
    """While one is being planned a second one waits; beside one that only waits for its day it may begin."""
    owner = stage.person("老周")
    open_sign_up(stage, room)
    assert "正在报名" in owner.asks("线下")
    for name in ("小林", "大壮", "阿芳"):
        stage.person(name).says(room, "报名")
    jump(stage, minutes=1)
    assert room.hears().text
    owner.whispers("截止报名")
    assert "#接龙" in room.hears().text and "截止" in owner.hears().text
    assert "办「讲座」" in owner.asks("线下 题目 存茶")
    stage.person("小林").says(room, "取消报名")  # from the one that has a date
    assert "下回见" in room.hears().text
    assert "取消" not in owner.asks("圆桌")


def test_lists_that_people_copy(stage: Stage, room: StageRoom) -> None:
    """A lost line is found, a full list says so, a list about something else is left alone."""
    open_sign_up(stage, room, "我店里，4个人")
    say = stage.person
    say("小林").says(room, "#接龙\n焙火到底在焙什么\n\n1. 小林")
    say("大壮").says(room, "#接龙\n焙火到底在焙什么\n\n1. 小林\n2. 大壮")
    say("阿芳").says(room, "#接龙\n焙火到底在焙什么\n\n1. 小林\n2. 阿芳")
    mended = room.hears().text
    assert "大壮" in mended.split("#接龙")[0]
    assert "1. 小林\n2. 大壮\n3. 阿芳\n4." in mended
    say("木子").says(room, "#接龙\n拼车厘子\n1. 木子 两斤\n2. 小林 一斤")
    room.hears_nothing()
    say("小满").says(room, "#接龙\n焙火到底在焙什么\n\n1. 小林\n2. 大壮\n3. 阿芳\n4. 小满 +1")
    assert "只剩 1 个位子" in room.hears().text
    say("木子").says(room, "接龙", at_bot=True)
    shown = room.hears().text
    assert "现在 3 位" in shown and "候补 1 位：小满" in shown


def test_the_owner_speaks_of_other_things_meanwhile(stage: Stage, room: StageRoom) -> None:
    """While we wait for an answer, other commands and talk stay what they are."""
    owner = stage.person("老周")
    owner.asks("线下 题目 焙火")
    assert "今天没什么要你操心" in owner.asks("今天")
    assert "「讲座」还是「圆桌」" not in owner.asks("晚饭吃什么呢")
    assert "哪几天" in owner.asks("圆桌吧")
