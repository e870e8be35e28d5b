"""A whole meetup, told by talking: from a wish to the recap."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.storage.tables import EventRow
from bot.testing import Stage, StageRoom
from plugins.meetups.tables import Meetup
from tests.plugins.meetups.conftest import jump, pass_until


def events(stage: Stage, kind: str) -> list[dict[str, object]]:
    """What the plugin told the house."""
    query = select(EventRow.payload).where(EventRow.kind == kind).order_by(EventRow.id)
    return stage.read(lambda session: list(session.scalars(query)))


def test_from_a_wish_to_the_recap(stage: Stage, room: StageRoom) -> None:
    owner, say = stage.person("老周"), {name: stage.person(name) for name in ("小林", "大壮", "阿岚", "木子")}
    # Topic first: a wish is evidence, the owner chooses.
    say["小林"].says(room, "想聊 焙火到底在焙什么", at_bot=True)
    assert "记下了" in room.hears().text
    owner.whispers("线下")
    proposed = "\n".join([owner.hears().text])
    assert "1. 圆桌「焙火到底在焙什么」：1 位点名想聊" in proposed and "没到 8 位、10 天的线" in proposed
    assert "圆桌「焙火到底在焙什么」" in owner.asks("1")
    # The date: repeated as dates, put to the vote, votes only in short words.
    assert "3月14日 周六 15:00" in owner.asks("下周六下午三点 / 周日上午")
    owner.whispers("对")
    assert "回" in room.hears().text and "收" in owner.hears().text
    for name, vote in (("小林", "2"), ("大壮", "投1"), ("阿岚", "1和2"), ("木子", "1块钱"), ("小林", "1")):
        stage.person(name).says(room, vote)
    assert "1. 3月14日 周六 15:00，3 票\n2. 3月15日 周日 10:00，1 票" in owner.asks("进度")
    pass_until(stage, stage.clock.now() + timedelta(hours=49))
    assert "3 票" in room.hears().text and "定在 3月14日 周六 15:00" in owner.hears().text
    assert "最多 3 位" in owner.asks("老周店里，AA，3个人")
    assert "阿岚" in owner.asks("主持 阿岚")
    owner.whispers("开始报名")
    invited = room.hears().text
    assert "老周店里" in invited and "名额：3 位" in invited and "想问" in invited
    assert "贴到群里" in owner.hears().text
    # Sign-up: one line for those who come together.
    say["小林"].says(room, "报名")
    say["大壮"].says(room, "报名 +1")
    jump(stage, minutes=2)
    said = room.hears().text
    assert "@小林" in said and "@大壮" in said and "3/3" in said
    say["木子"].says(room, "我也报名")
    assert "候补第 1 位" in room.hears().text
    say["小林"].says(room, "想问 退火要多久", at_bot=True)
    assert "不写你的名字" in room.hears().text
    say["阿岚"].says(room, "线上答 1 两三个月，南方短些", at_bot=True)
    assert "第 1 题" in room.hears().text
    _until_it_begins(stage, room)
    _afterwards(stage, room)


def _until_it_begins(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    pass_until(stage, stage.clock.now() + timedelta(days=8))
    week = room.hears().text  # 3月7日 15:00
    assert "@阿岚" in week and "@小林" in week and "@大壮" in week and "@木子" not in week
    stage.person("大壮").says(room, "取消报名")
    assert "下回见" in room.hears().text
    offered = room.hears().text
    assert "@木子" in offered and "3月14日" not in offered
    stage.person("木子").says(room, "报名")
    jump(stage, minutes=1)
    assert "@木子" in room.hears().text
    stage.restart()
    jump(stage, days=1)  # the list, two days before: two come, which is too few
    assert "只有 2 位" in owner.hears(within=timedelta(hours=6)).text
    assert "照常" in owner.asks("线下 进度")
    owner.whispers("照常")
    listed = room.hears().text
    assert "#接龙" in listed and "1. 小林" in listed and "2. 木子" in listed
    owner.unread.clear()
    pass_until(stage, stage.clock.now() + timedelta(days=3))


def _afterwards(stage: Stage, room: StageRoom) -> None:
    texts = [sent.text for sent in room.unread]
    room.unread.clear()
    assert ["明天" in text for text in texts[:2]] == [True, False]
    assert "@小林" in texts[1] and "@木子" in texts[1]
    assert "散场" in texts[2] or "到这儿" in texts[2]
    assert "@阿岚" in texts[2] and "头一回见面" in texts[2]
    assert "「焙火到底在焙什么」回顾：到场 3 位。" in texts[3]
    assert "退火要多久——两三个月，南方短些" in texts[3]
    stage.person("老周").unread.clear()
    held = events(stage, "MeetupHeld")[0]
    assert held["form"] == "round" and len(held["people"]) == 3  # type: ignore[arg-type]
    settled = events(stage, "QuestionSettled")[0]
    assert settled["question_text"] == "退火要多久" and settled["member"] == stage.person("阿岚").key
    stage.person("木子").says(room, "活动", at_bot=True)
    assert "办过的：\n3月14日 周六 15:00「焙火到底在焙什么」，3 位" in room.hears().text
    assert stage.read(lambda session: session.scalar(select(Meetup.state))) == "recap"
