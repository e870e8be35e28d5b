"""The door, by talking: who knocks is asked, who fits is invited, who does not is told so honestly."""

from __future__ import annotations

import re

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import func, select

from bot.authority import new_code
from bot.storage.tables import Outgoing, OwnerItem
from bot.testing import Player, Stage, StageRoom
from plugins.gatekeeping.tables import Application
from tests.plugins.gatekeeping.conftest import MakeStage, accepted, hush, invited, jump, knocks, open_room


def number_in(text: str) -> str:
    """The number by which an owner decides."""
    found = re.search(r"「同意 (\d+)」", text)
    assert found, text
    return found[1]


def statuses(stage: Stage) -> list[str]:
    return list(stage.read(lambda session: session.scalars(select(Application.status)).all()))


# The whole way in


def test_who_knocks_is_asked_and_let_in_by_the_owner(stage: Stage, room: StageRoom) -> None:
    guest, owner = knocks(stage, "小满"), stage.person("老周")
    asked = guest.hears().text
    assert "岩茶同好会" in asked and "一起把岩茶喝明白" in asked
    assert "群主" in guest.asks("朋友泡的水仙好喝，想学学怎么泡")
    told = owner.hears().text
    assert "小满" in told and "想学学怎么泡" in told
    assert "小满" in owner.asks(f"同意 {number_in(told)}")
    assert "邀请" in guest.hears().text
    assert invited(stage) == ["小满"] and accepted(stage) == ["小满"]
    assert statuses(stage) == ["joined"]


def test_the_owners_one_word(stage: Stage, room: StageRoom) -> None:
    guest, owner = knocks(stage, "小满"), stage.person("老周")
    guest.hears()
    guest.asks("想学泡茶")
    owner.hears()
    assert "小满" in owner.asks("放行")
    guest.hears()
    assert invited(stage) == ["小满"]
    assert "没有人在等" in owner.asks("放行")


def test_a_no_is_an_honest_one(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("设置 不是什么群 不卖茶也不接广告")
    guest = knocks(stage, "茶商")
    guest.hears()
    guest.asks("我家茶便宜，想发价目表")
    told = owner.hears().text
    assert "照实说" in owner.asks(f"不用 {number_in(told)}")
    assert "不卖茶也不接广告" in guest.hears().text
    assert invited(stage) == []
    assert "上回聊过" in guest.asks("进群")
    assert "茶商" in owner.asks("放行 茶商")  # the owner may think better of it
    assert "邀请" in guest.hears().text


def test_words_decide_where_the_owner_wants_it(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    for line in ("进门问题 1 平时喝什么茶？", "合适的回答 1 岩茶 水仙 肉桂", "设置 群主过目 关"):
        owner.asks(line)
    guest = knocks(stage, "小满")
    assert "平时喝什么茶" in guest.hears().text
    assert "多说" in (again := guest.asks("随便")) or "具体" in again
    guest.asks("不喝岩茶")  # has the word, and says no
    assert "邀请" in guest.asks("岩茶里最爱水仙")
    assert invited(stage) == ["小满"]
    other = knocks(stage, "路人")
    other.hears()
    for answer in ("可乐", "奶茶"):
        other.asks(answer)
    assert "一起把岩茶喝明白" in other.asks("白开水")
    assert invited(stage) == ["小满"]
    other.whispers("白开水")
    other.hears_nothing()


def test_choices_are_answered_by_number_or_by_name(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("进门问题 1 来做什么？｜学冲泡｜交茶友｜卖茶")
    owner.asks("合适的回答 1 学冲泡 交茶友")
    owner.asks("设置 群主过目 关")
    first, second = knocks(stage, "小满"), knocks(stage, "阿杰")
    assert "1. 学冲泡" in first.hears().text
    second.hears()
    first.asks("9")
    assert "邀请" in first.asks("第一个")
    assert "邀请" in second.asks("交茶友")


def test_two_questions_come_one_at_a_time(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("进门问题 1 从哪儿知道我们的？")
    owner.asks("进门问题 2 平时喝什么茶？")
    guest = knocks(stage, "小满")
    first = guest.hears().text
    assert "从哪儿" in first and "平时喝" not in first
    assert "平时喝" in guest.asks("木子介绍的")
    guest.asks("水仙")
    told = owner.hears().text
    assert "木子介绍的" in told and "水仙" in told


def test_three_stickers_are_enough(stage: Stage, room: StageRoom) -> None:
    guest = knocks(stage, "小满")
    guest.hears()
    for _ in range(3):
        guest.person.say("", kind="sticker")
        stage.settle()
        said = guest.hears().text
    assert "进群" in said and statuses(stage) == ["lapsed"]
    assert "喝明白" in guest.asks("进群")  # may come again later


def test_who_gives_up_is_let_go(stage: Stage, room: StageRoom) -> None:
    guest = knocks(stage, "小满")
    guest.hears()
    assert "进群" in guest.asks("算了")
    stage.person("老周").hears_nothing()


# Who is no applicant


def test_a_closed_door_says_nothing(stage: Stage) -> None:
    open_room(stage)
    guest = knocks(stage, "小满")
    guest.person.befriend()
    guest.whispers("我想进群")
    guest.hears_nothing()
    assert accepted(stage) == []


def test_a_pairing_code_in_a_greeting_makes_an_owner_and_no_applicant(stage: Stage, room: StageRoom) -> None:
    code = stage.write(lambda session: new_code(session, [], stage.clock.now()))
    second = knocks(stage, "老陈", f"我是老陈 {code}")
    assert "对上暗号" in second.hears().text
    second.hears_nothing()
    assert accepted(stage) == ["老陈"]
    assert statuses(stage) in ([], ["lapsed"])
    assert "岩茶同好会" in second.asks("群列表")


def test_who_pairs_while_being_asked_is_asked_no_more(stage: Stage, room: StageRoom) -> None:
    guest = knocks(stage, "老陈")
    guest.hears()
    code = stage.write(lambda session: new_code(session, [], stage.clock.now()))
    assert "对上暗号" in guest.asks(code)
    assert "岩茶同好会" in guest.asks("群列表")


def test_an_applicants_words_are_nobodys_command(stage: Stage, room: StageRoom) -> None:
    owner, guest = stage.person("老周"), knocks(stage, "小满")
    guest.hears()
    guest.asks("同意 1")
    told = owner.hears().text
    for line in (
        f"同意 {number_in(told)}",
        "放行",
        "放行 小满",
        "开口",
        "关门",
        "停用本群",
        "设置 群主过目 关",
    ):
        guest.whispers(line)
    guest.hears_nothing()
    assert invited(stage) == [] and statuses(stage) == ["waiting"]
    assert "小满" in owner.asks("门口")


def test_another_groups_owner_decides_nothing_here(stage: Stage, room: StageRoom) -> None:
    other = open_room(stage, "白茶小院", owner="老陈")
    stranger = stage.person("老陈")
    guest = knocks(stage, "小满")
    guest.hears()
    guest.asks("想学泡茶")
    told = stage.person("老周").hears().text
    stranger.asks(f"同意 {number_in(told)}")
    stranger.asks("放行")
    assert invited(stage) == [] and statuses(stage)[-1] == "waiting"
    assert other.key != room.key


# Which room


def test_the_right_room_is_asked_for(stage: Stage, room: StageRoom) -> None:
    second = open_room(stage, "白茶小院", owner="老陈")
    stage.person("老陈").asks("开门")
    guest = knocks(stage, "小满")
    asked = guest.hears().text
    assert "岩茶同好会" in asked and "白茶小院" in asked
    assert "白茶小院" in guest.asks("2")
    guest.asks("喝白茶")
    assert "小满" in stage.person("老陈").hears().text
    stage.person("老陈").asks("放行")
    guest.hears()
    assert "小满" in [one.name for one in second.room.members.values()]
    assert "岩茶同好会" in knocks(stage, "阿杰", "我想进岩茶同好会").hears().text


# Caps, seats, and what WeChat makes of it


def test_the_days_cap_and_the_next_morning(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("设置 每天进群 1")
    guests = [knocks(stage, name) for name in ("小满", "阿杰")]
    for guest in guests:
        guest.hears()
        guest.asks("想学泡茶")
        owner.hears()
    owner.asks("放行 小满")
    guests[0].hears()
    assert "明早" in owner.asks("放行 阿杰")
    assert "明早" in guests[1].hears().text
    assert invited(stage) == ["小满"]
    jump(stage, days=1)
    assert "邀请" in guests[1].hears().text
    assert invited(stage) == ["小满", "阿杰"]


def test_friends_are_accepted_within_a_cap_and_nobody_is_forgotten(make_stage: MakeStage) -> None:
    stage = make_stage("plugins:\n  gatekeeping:\n    friends_a_day: 2\n")
    open_room(stage)
    stage.person("老周").asks("开门")
    guests = [knocks(stage, name) for name in ("甲", "乙", "丙")]
    stage.advance(hours=1)
    assert accepted(stage) == ["甲", "乙"]
    jump(stage, days=1)
    assert accepted(stage) == ["甲", "乙", "丙"]
    assert all(guest.hears() for guest in guests)


def test_a_full_room_invites_when_a_seat_is_free(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("设置 群人数上限 4")  # 老周, 小林, 阿芳 and the bot
    guest = knocks(stage, "小满")
    guest.hears()
    guest.asks("想学泡茶")
    owner.hears()
    assert "坐满" in owner.asks("放行")
    assert "坐满" in guest.hears().text
    assert "满 4 人" in owner.asks("今天")
    assert "坐满" in guest.asks("进群")
    stage.person("阿芳").leaves(room)
    assert "邀请" in guest.hears().text
    assert invited(stage) == ["小满"]


def test_many_at_a_full_rooms_door_hear_it_once_each_and_come_in_in_their_order(
    make_stage: MakeStage,
) -> None:
    """More than are seen to in one go, by every way through the door."""
    stage = make_stage("plugins:\n  gatekeeping:\n    friends_a_day: 40\n")
    open_room(stage)
    owner = stage.person("老周")
    owner.asks("开门")
    for line in ("设置 群主过目 关", "设置 群人数上限 4", "设置 每天进群 40"):
        owner.asks(line)
    names = [f"客{number:02d}" for number in range(25)]
    for name in names:
        stage.person(name).person.request_friendship("你好")
    stage.advance(hours=1)
    assert sorted(accepted(stage)) == names
    for name in names:
        assert "岩茶同好会" in stage.person(name).hears().text
        assert "坐满" in stage.person(name).asks("想学泡茶")
    assert "满 4 人" in owner.asks("今天")
    owner.asks("设置 群人数上限 200")
    jump(stage, days=1)
    stage.advance(hours=2)
    assert invited(stage) == names
    assert all("邀请" in stage.person(name).hears().text for name in names)


def test_who_stands_at_a_door_that_closes_is_let_go_however_many(make_stage: MakeStage) -> None:
    stage = make_stage("plugins:\n  gatekeeping:\n    friends_a_day: 2\n")
    open_room(stage)
    owner = stage.person("老周")
    owner.asks("开门")
    names = [f"客{number:02d}" for number in range(25)]
    for name in names:
        stage.person(name).person.request_friendship("你好")
    stage.settle()
    owner.asks("关门")
    jump(stage, days=1)
    stage.advance(hours=1)
    assert len(accepted(stage)) == 2
    assert statuses(stage).count("lapsed") >= 23
    hush(stage)


def refusing(stage: Stage) -> None:
    """WeChat lets nobody be invited."""

    async def refuse(call: str, arguments: tuple[object, ...]) -> None:
        if call == "room_add":
            raise GRPCError(Status.PERMISSION_DENIED, "not allowed")

    stage.puppet.before_call = refuse


def test_a_refusal_gives_the_owner_the_step_and_the_applicant_a_kind_word(
    stage: Stage, room: StageRoom
) -> None:
    refusing(stage)
    owner, guest = stage.person("老周"), knocks(stage, "小满")
    guest.hears()
    guest.asks("想学泡茶")
    owner.hears()
    told = owner.asks("放行")
    assert "群主会来拉你" in guest.hears().text
    told += "".join(said.text for said in owner.unread)
    owner.unread.clear()
    assert "把「小满」拉进「岩茶同好会」" in told
    guest.joins(room)  # the owner did it by hand
    assert statuses(stage) == ["joined"]


def test_an_invitation_that_is_not_confirmed_comes_to_the_owners_list(
    stage: Stage, room: StageRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(room.room), "join", lambda *_, **__: None)  # 群聊邀请确认: nobody is in yet
    owner, guest = stage.person("老周"), knocks(stage, "小满")
    guest.hears()
    guest.asks("想学泡茶")
    owner.hears()
    owner.asks("放行")
    guest.hears()
    assert "邀请给过你了" in guest.asks("进群")
    assert invited(stage) == ["小满"]
    jump(stage, days=2)
    assert "群聊邀请确认" in owner.asks("今天")
    guest.hears_nothing()
    monkeypatch.undo()
    guest.joins(room)
    assert statuses(stage) == ["joined"] and invited(stage) == ["小满"]


def test_somebody_whom_a_member_brings_in_meanwhile_is_asked_no_more(stage: Stage, room: StageRoom) -> None:
    guest = knocks(stage, "小满")
    guest.hears()
    guest.joins(room, inviter=stage.person("小林"))
    guest.whispers("我是来学茶的")
    guest.hears_nothing()
    assert statuses(stage) == ["joined"]
    assert "已经在群里" in guest.asks("进群")


def test_two_knocks_at_once_are_one(stage: Stage, room: StageRoom) -> None:
    guest = stage.person("小满")
    for _ in range(2):
        guest.person.request_friendship("你好")
    guest.person.befriend()
    stage.settle()
    guest.hears()
    guest.hears_nothing()
    assert len(statuses(stage)) == 1


# The owner's list


def test_the_queue_is_complete_even_when_the_list_has_lost_somebody(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    for name in ("小满", "阿杰"):
        guest = knocks(stage, name)
        guest.hears()
        guest.asks(f"{name}想学泡茶")
        number = number_in(owner.hears().text)
    owner.asks(f"办好了 {number}")  # ticked off without a word on 阿杰
    queue = owner.asks("门口")
    assert "小满想学泡茶" in queue and "阿杰想学泡茶" in queue
    found = re.findall(r"(\d+) 号 (\S+)（", queue)
    assert {name for _, name in found} == {"小满", "阿杰"}
    again = next(number for number, name in found if name == "阿杰")
    assert "阿杰" in owner.asks(f"同意 {again}")
    assert invited(stage) == ["阿杰"]
    hush(stage)


def test_what_is_put_off_comes_back(stage: Stage, room: StageRoom) -> None:
    owner, guest = stage.person("老周"), knocks(stage, "小满")
    guest.hears()
    guest.asks("想学泡茶")
    number = number_in(owner.hears().text)
    assert "2 天后" in owner.asks(f"先放放 {number}")
    assert "小满" not in owner.asks("今天")
    jump(stage, days=3)
    assert "小满" in owner.asks("今天")


def test_the_door_can_be_closed_on_strangers_but_not_on_those_who_wait(stage: Stage, room: StageRoom) -> None:
    owner, guest, late = stage.person("老周"), knocks(stage, "小满"), knocks(stage, "阿杰")
    guest.hears(), late.hears()
    guest.asks("想学泡茶")
    owner.hears()
    assert "1 位不受影响" in owner.asks("关门")
    assert "关上" in late.asks("想学泡茶")
    owner.asks("放行")
    assert "邀请" in guest.hears().text


def test_who_waits_in_vain_hears_so_at_last(stage: Stage, room: StageRoom) -> None:
    guest = knocks(stage, "小满")
    guest.hears()
    guest.asks("想学泡茶")
    jump(stage, days=32)
    assert "空等" in guest.hears().text
    assert statuses(stage) == ["lapsed"]
    hush(stage)


# What stays


def applications(stage: Stage) -> int:
    return stage.read(lambda session: session.scalar(select(func.count(Application.id)))) or 0


def test_an_applicant_is_forgotten_with_all_answers(stage: Stage, room: StageRoom) -> None:
    guest: Player = knocks(stage, "小满", "密语招呼")
    guest.hears()
    assert "私下跟我说的" in guest.asks("我的数据")  # in the middle of the questions
    guest.asks("密语水仙")
    stage.person("老周").hears()
    assert "忘记我" in guest.asks("忘记我")
    guest.asks("忘记我")
    stage.advance(minutes=5)
    assert applications(stage) == 0
    texts = stage.read(
        lambda session: [*session.scalars(select(OwnerItem.text)), *session.scalars(select(Outgoing.text))]
    )
    assert [text for text in texts if "密语" in text] == []


def test_settled_applications_are_deleted_after_a_while(stage: Stage, room: StageRoom) -> None:
    guest = knocks(stage, "小满")
    guest.hears()
    guest.asks("算了")
    jump(stage, days=59)
    assert applications(stage) == 1
    jump(stage, days=3)
    assert applications(stage) == 0
