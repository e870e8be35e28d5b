"""Founding a group, by talking: five questions, names, drafts, a room, and what is done in it then."""

from __future__ import annotations

import re
from datetime import timedelta

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import func, select

from bot.testing import Player, Stage, StageRoom
from plugins.founding.tables import Founding
from tests.plugins.founding.conftest import FIVE, MakeStage, answers_five, open_room


def rows(stage: Stage) -> int:
    return stage.read(lambda session: session.scalar(select(func.count(Founding.id)))) or 0


def offered(said: str) -> list[str]:
    """The choices of a list."""
    return re.findall(r"^\d+\. (.+)$", said, re.MULTILINE)


def created(stage: Stage) -> list[str]:
    return [done.text for done in stage.puppet.done if done.act == "create"]


# Five questions


def test_each_answer_is_repeated_and_the_next_question_put(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "第 1 问" in owner.asks("建群")
    heard = ["一起把岩茶喝明白", "刚入门", "每周三有干货，每月一次线下", "广告和拉票", ""]
    for answer, understood in zip(FIVE, heard, strict=True):
        said = owner.asks(answer)
        assert understood in said
    assert "岩茶" in said and len(offered(said)) == 6


def test_an_answer_may_begin_like_a_command_and_a_command_is_still_heard(
    stage: Stage, room: StageRoom
) -> None:
    owner = stage.person("老周")
    owner.asks("建群")
    assert "没什么要你操心的" in owner.asks("今天")
    assert "12:0" in owner.asks("安静 3小时")
    assert "第 2 问" in owner.asks("把岩茶喝明白")  # 把 … is a command too
    assert "把岩茶喝明白" in owner.asks("上一步")
    assert "第 2 问" in owner.asks("照旧")


def test_a_conversation_is_taken_up_after_a_night_and_a_crash(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("建群")
    owner.asks("一起把岩茶喝明白")
    stage.restart()
    stage.advance(minutes=5)
    owner.unread.clear()
    assert "第 3 问" in owner.asks("刚入门、爱喝茶的人")
    stage.advance(hours=3)
    owner.asks("哈哈哈哈哈哈")  # much later, no answer any more
    assert "第 3 问" in owner.asks("建群")


def test_an_owner_of_no_room_yet_can_found_one(stage: Stage) -> None:
    owner = stage.person("老周")
    stage.pair(owner)
    answers_five(stage)
    assert "都写好了" in owner.asks("老周的茶桌")
    owner.asks("就这样")
    assert "建好把我拉进去" in owner.asks("我自己建")
    made = stage.room("老周的茶桌", members=["老周", "小林"], live=False)
    assert "老周的茶桌" in owner.hears().text  # it is theirs, who paired for every room
    assert "主题和承诺记上了" in owner.asks("落地")
    assert stage.app.services.settings.group(made.key).promise == "每周三有干货，每月一次线下"


def test_it_can_be_dropped_at_any_moment(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("建群")
    assert "建群" in owner.asks("算了")
    assert "第 1 问" in owner.asks("建群")
    owner.asks("取消建群")
    assert "没有在建" in owner.asks("取消建群")


def test_nobody_but_an_owner_founds_anything(stage: Stage, room: StageRoom) -> None:
    member = stage.person("小林")
    for line in ("建群", "老群接入", "落地", "贴公告", "建群稿"):
        member.whispers(line)
    member.hears_nothing()
    assert rows(stage) == 0


# Names and drafts


def test_names_can_be_had_anew_and_from_another_word(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    first = offered(answers_five(stage))
    second = offered(owner.asks("换一批"))
    assert not set(first) & set(second)
    assert any("水仙" in name for name in offered(owner.asks("换个词 水仙")))
    assert "「老周的茶桌」" in owner.asks("老周的茶桌")


def test_a_draft_is_shown_alone_changed_and_written_anew(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    answers_five(stage)
    papers = owner.asks("老周的茶桌")
    assert len(offered(papers)) == 7
    announcement = owner.asks("1")
    assert announcement.startswith("【老周的茶桌】") and "每周三有干货，每月一次线下" in announcement
    assert "改好了" in owner.asks("改 1 第一行\n第二行")
    assert owner.asks("1") == "第一行\n第二行"
    assert "像这样改" in owner.asks("改 9 什么")
    owner.asks("重写")
    assert owner.asks("1").startswith("【老周的茶桌】")


# The room


def everything_after(stage: Stage, line: str) -> str:
    """What the owner is told within two minutes of a line."""
    owner = stage.person("老周")
    owner.whispers(line)
    stage.advance(minutes=2)
    said = "\n".join(one.text for one in owner.unread)
    owner.unread.clear()
    return said


def to_the_room(stage: Stage) -> Player:
    """Everything is accepted; the owner is asked who makes the room."""
    owner = stage.person("老周")
    answers_five(stage)
    owner.asks("老周的茶桌")
    assert "谁来建" in owner.asks("就这样")
    return owner


def test_the_bot_makes_the_room_and_its_owner_owns_it(stage: Stage, room: StageRoom) -> None:
    owner = to_the_room(stage)
    assert "没认准" in owner.asks("你建 路人甲")
    assert "至少要三个人" in owner.asks("你建")
    said = everything_after(stage, "你建 小林、阿芳")
    assert created(stage) == ["老周的茶桌"]
    assert "主题和承诺记上了" in said
    made = next(one for one in stage.puppet.rooms.values() if one.topic == "老周的茶桌")
    assert {one.name for one in made.members.values()} == {"老周", "小林", "阿芳", "小群星"}
    assert "老周的茶桌" in owner.asks("群列表")
    assert "一起把岩茶喝明白" in owner.asks("群主题")
    stage.advance(hours=1)
    assert created(stage) == ["老周的茶桌"]


def test_a_crash_on_the_way_makes_no_second_room(stage: Stage, room: StageRoom) -> None:
    owner = to_the_room(stage)
    owner.whispers("你建 小林、阿芳")
    stage.restart()
    stage.advance(minutes=10)
    assert created(stage) == ["老周的茶桌"]
    owner.unread.clear()


def test_what_wechat_refuses_becomes_the_owners_step(stage: Stage, room: StageRoom) -> None:
    async def refuse(call: str, arguments: tuple[object, ...]) -> None:
        if call == "room_create":
            raise GRPCError(Status.PERMISSION_DENIED, "not allowed")

    stage.puppet.before_call = refuse
    owner = to_the_room(stage)
    said = everything_after(stage, "你建 小林、阿芳")
    assert "没建成" in said and "落地" in said
    stage.puppet.before_call = None
    by_hand = stage.room("老周的茶桌", owner="老周", members=["小林"], live=False)
    owner.asks("切换群 老周的茶桌")
    assert "主题和承诺记上了" in owner.asks("落地")
    assert stage.app.services.settings.group(by_hand.key).theme == "一起把岩茶喝明白"


# A group that exists


def test_a_group_that_exists_is_taken_in_hand(make_stage: MakeStage) -> None:
    stage = make_stage("knowledge", "welcome")
    room = open_room(stage)
    owner = stage.person("老周")
    owner.asks("本群承诺 问茶必有人答")
    owner.asks("老群接入")
    for answer in FIVE[:2]:
        said = owner.asks(answer)
    assert "问茶必有人答" in said  # the promise of before may stay
    for answer in FIVE[2:]:
        said = owner.asks(answer)
    assert "群公告" in said and "岩茶同好会" in owner.asks("1")
    assert "承诺 每周三有干货" in owner.asks("就这样")
    assert stage.app.services.settings.group(room.key).promise == "每周三有干货，每月一次线下"
    assert "对吗" in owner.asks("办")  # the ledger repeats it in its own words
    assert "记下了" in owner.asks("对")
    assert "每月一次线下" in owner.asks("下一件")
    assert "文案 迎新" in owner.asks("跳过")
    assert "改好了" in owner.asks("办")
    assert "分享计划" in owner.asks("下一件")
    assert "岩茶小课" in owner.asks("办")
    owner.asks("对")
    for _ in range(3):
        assert "素材" in owner.asks("下一件")
        said = owner.asks("办")
    assert "办齐了" in said + "".join(one.text for one in owner.unread)
    owner.unread.clear()
    assert "去「岩茶同好会」贴公告" in everything_after(stage, "贴公告")
    assert room.room.announcement.startswith("【岩茶同好会】")


def test_drafts_are_forgotten_with_their_owner_and_after_a_while(stage: Stage, room: StageRoom) -> None:
    answers_five(stage)
    stage.clock.move_by(timedelta(days=92))
    stage.settle()
    assert rows(stage) == 0
    owner = stage.person("老周")
    owner.unread.clear()
    owner.asks("建群")
    owner.asks("忘记我")
    owner.asks("忘记我")
    stage.advance(minutes=5)
    assert rows(stage) == 0
