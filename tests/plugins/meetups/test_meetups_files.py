"""Slides, question sheet and calendar, asked for by talking: what arrives holds what was said."""

from __future__ import annotations

import io
import re

from pptx import Presentation

from bot.gateway.cast import Sent
from bot.testing import Stage, StageRoom, Unread
from bot.testing.people import Listener
from tests.plugins.meetups.conftest import jump, open_sign_up

PATIENCE = 12


def file_from(stage: Stage, place: Listener) -> Sent:
    """The next file; what is said about it is read on the way."""
    for _ in range(PATIENCE):
        try:
            sent = place.hears()
        except Unread:
            jump(stage, seconds=20)
            continue
        if sent.file_name:
            return sent
    raise AssertionError("no file came")


def test_the_slides_hold_points_questions_and_names(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    open_sign_up(stage, room)
    owner.asks("线下 改成讲座")
    assert room.hears().text
    owner.asks("线下 主讲 阿岚")
    assert room.hears().text
    assert "要点" in owner.asks("线下 要点 火功不是越高越好；退火要多久；保存要避光")
    stage.person("小林").says(room, "想问 退火要多久才好喝", at_bot=True)
    assert room.hears().text
    owner.whispers("线下 幻灯")
    sent = file_from(stage, owner)
    assert sent.file_name.endswith(".pptx") and "焙火" in sent.file_name and len(sent.content) < 2_000_000
    pages = [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in Presentation(io.BytesIO(sent.content)).slides
    ]
    assert "焙火到底在焙什么" in pages[0] and "阿岚" in pages[0] and "岩茶同好会" in pages[0]
    assert all(point in pages[1] for point in ("火功不是越高越好", "退火要多久", "保存要避光"))
    assert any(page.startswith("火功不是越高越好") for page in pages[2:])
    assert "退火要多久才好喝" in pages[-1] and "小林" not in pages[-1]
    jump(stage, minutes=1)
    owner.unread.clear()


def test_the_sheet_can_be_printed(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    open_sign_up(stage, room)
    stage.person("小林").says(room, "想问 退火要多久才好喝", at_bot=True)
    assert room.hears().text
    owner.whispers("线下 题单")
    sent = file_from(stage, owner)
    assert sent.file_name.endswith(".pdf") and sent.content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", sent.content)) == 1
    jump(stage, minutes=1)
    owner.unread.clear()


def test_a_member_takes_the_calendar_and_gets_the_new_day(stage: Stage, room: StageRoom) -> None:
    owner, member = stage.person("老周"), stage.person("小林")
    open_sign_up(stage, room)
    member.says(room, "日历", at_bot=True)
    first = file_from(stage, room).content.decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260314T150000" in first and "SEQUENCE:0" in first
    assert "LOCATION:老周店里" in first  # 我店里, in the owner's name
    assert "3月15日" in owner.asks("线下 改到3月15日下午两点")
    owner.whispers("对")
    jump(stage, minutes=1)
    room.unread.clear()
    owner.unread.clear()
    member.says(room, "日历", at_bot=True)
    second = file_from(stage, room).content.decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260315T140000" in second and "SEQUENCE:1" in second
    assert re.findall("UID:.*", first) == re.findall("UID:.*", second)
    assert "真的取消" in owner.asks("线下 取消")
    owner.whispers("对")
    jump(stage, minutes=1)
    room.unread.clear()
    owner.unread.clear()
    member.says(room, "日历", at_bot=True)
    last = file_from(stage, room).content.decode()
    assert "METHOD:CANCEL" in last and "SEQUENCE:2" in last
    assert re.findall("UID:.*", first) == re.findall("UID:.*", last)
