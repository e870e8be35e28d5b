"""群体检: asked for in private and sent every week; the picture, and words where it is off or lost."""

from __future__ import annotations

import re
import struct
from datetime import timedelta
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError

from bot.gateway.cast import Sent
from bot.storage.history import History
from bot.testing import Player, Stage, StageRoom

PEOPLE = ["阿岚", "糖豆", "木子", "大麦", "秋生"]


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """岩茶同好会, live, owned by 老周, on a Tuesday: the weekly report comes on Mondays."""
    room = stage.room("岩茶同好会", owner="老周", members=PEOPLE)
    stage.advance(days=1)
    return room


@pytest.fixture
def owner(stage: Stage, room: StageRoom) -> Player:
    """老周, who owns the room."""
    return stage.person("老周")


def chat(stage: Stage, room: StageRoom, days: int = 3) -> None:
    """On each day somebody asks, 老周 answers at once, 阿岚 after him, and others quote one another."""
    for day in range(days):
        asker = stage.person(PEOPLE[1 + day % 3])
        asked = asker.says(room, f"请问第{day}泡肉桂发涩怎么办？")
        stage.advance(minutes=2)
        stage.person("老周").says(room, "水要开，出汤要快", quote=asked)
        stage.advance(minutes=2)
        answer = stage.person("阿岚").says(room, "先看出汤，八秒以内倒干净", quote=asked)
        stage.advance(minutes=2)
        asker.says(room, "谢谢", quote=answer)
        stage.person("秋生").says(room, "[图片]", kind="image")
        stage.advance(days=1)
    room.unread.clear()
    stage.person("老周").unread.clear()  # nominees, and what else comes with the days


def files(stage: Stage) -> list[str]:
    """The reports that lie about."""
    return sorted(path.suffix for path in stage.app.services.media_folder.glob("checkup-*"))


def size_of(sent: Sent) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert sent.content.startswith(b"\x89PNG"), sent
    width, height = struct.unpack(">II", sent.content[16:24])
    return width, height


def test_the_owner_gets_a_picture_with_what_it_comes_down_to(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    chat(stage, room)
    said = owner.asks("群体检")
    assert said.startswith("「岩茶同好会」体检\n假如 ") and "可以试试\n1. " in said
    picture = owner.hears()
    assert re.fullmatch(r"群体检 \d{4}-\d\d-\d\d\.png", picture.file_name)
    assert size_of(picture)[0] == 1080 and size_of(picture)[1] > 1500 and len(picture.content) < 1_000_000
    room.hears_nothing()
    owner.unread.clear()


def test_without_pictures_everything_is_said_and_can_be_counted_again(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    chat(stage, room)
    owner.asks("设置 体检配图 关")
    said = owner.asks("群体检")
    counts = stage.read(lambda session: History(session, stage.clock.now()).counts_by_member(room.key))
    assert f"{len(counts)} 个人说了 {sum(counts.values())} 条" in said
    own = counts[owner.key]
    assert f"群主的话：{100 * own / sum(counts.values()):.0f}%（{own} / {sum(counts.values())} 条）" in said
    assert "3 个问题别人也答得上。老周，你先等等" in said and "可以找 阿岚" in said
    assert files(stage) == []


def test_an_empty_group_is_told_in_a_sentence(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "一句话也没有" in owner.asks("群体检")
    assert files(stage) == []


def test_a_picture_that_is_refused_comes_in_words(stage: Stage, room: StageRoom, owner: Player) -> None:
    chat(stage, room)

    async def refuse(call: str, arguments: tuple[Any, ...]) -> None:
        if call == "message_send_file":
            raise GRPCError(Status.INVALID_ARGUMENT, "too large")

    stage.puppet.before_call = refuse
    assert "假如" in owner.asks("群体检")
    said = owner.hears(timedelta(hours=10)).text
    assert said.startswith("图没有发过去，用文字说：") and "一半的话出自几个人" in said


def test_once_a_week_the_owner_gets_it_unasked(stage: Stage, room: StageRoom, owner: Player) -> None:
    chat(stage, room, days=11)
    stage.advance(days=4)
    said = [one for one in owner.unread if "体检" in (one.text or one.file_name)]
    texts = [one for one in said if one.text]
    assert len(texts) == len(said) // 2 >= 1
    assert size_of(next(one for one in said if not one.text))[0] == 1080
    owner.unread.clear()
    owner.asks("设置 每周体检 关")
    stage.advance(days=8)
    assert not [one for one in owner.unread if "体检" in (one.text or one.file_name)]
    owner.unread.clear()


def test_a_silent_week_is_no_news(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.advance(days=8)
    assert not [one for one in owner.unread if "体检" in one.text]
    owner.unread.clear()


def test_members_cannot_ask_for_it(stage: Stage, room: StageRoom) -> None:
    other = stage.person("阿岚")
    other.person.friend = True
    other.whispers("群体检")
    assert all("体检" not in one.text for one in other.unread)
    other.unread.clear()


def test_who_asks_not_to_be_counted_is_left_out_and_it_is_said(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    chat(stage, room)
    stage.person("阿岚").says(room, "别统计我", at_bot=True)
    room.unread.clear()
    owner.asks("设置 体检配图 关")
    said = owner.asks("群体检")
    assert "阿岚" not in said and "1 位不愿意被统计" in said


def test_forgetting_somebody_deletes_the_pictures(stage: Stage, room: StageRoom, owner: Player) -> None:
    chat(stage, room)
    owner.asks("群体检")
    owner.unread.clear()
    assert files(stage) == [".png", ".txt"]
    sugar = stage.person("糖豆")
    for _ in range(2):
        sugar.whispers("忘记我")
        sugar.hears()
    stage.advance(minutes=2)  # within which one may still hear the answer
    owner.unread.clear()
    assert files(stage) == []
