"""Who says it and what was said before: standing, context, false alarms, appeals."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.tables import Base, Message, Outgoing
from bot.testing import Player, Stage, StageRoom
from plugins.rules.tables import Case, Pardon, Seen, Standing
from tests.plugins.rules.conftest import AD, OTHER_AD, confirm, is_text, number_in, open_room, pause

MESSAGES = select(Message.text)
LINKED = "我写了篇长文讲退火，扫码进群领，https://chayou.example.top/a1"


def test_an_owner_and_a_contributor_post_what_they_like(stage: Stage, room: StageRoom, owner: Player) -> None:
    expert = stage.person("小林")
    honour(stage, room, expert)
    owner.says(room, AD)
    expert.says(room, AD)
    owner.hears_nothing()
    room.hears_nothing()


def rows_in(stage: Stage, table: type[Base]) -> int:
    """How many rows there are."""

    def count(session: Session) -> int:
        return session.execute(select(func.count()).select_from(table)).scalar_one()

    return stage.read(count)


def honour(stage: Stage, room: StageRoom, player: Player) -> None:
    """As if the person had been credited in public."""
    row = Standing(room_id=room.key, member_id=player.key, kind="honour", count=1, last_at=stage.clock.now())
    stage.write(lambda session: session.add(row))


def test_what_somebody_asked_for_is_no_ad(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("阿芳").says(room, "有人出茶样吗？怎么联系")
    pause(stage, minutes=2)
    stage.person("大壮").says(room, "周末一起拼车去看茶山的，加我微信 linlin88")
    owner.hears_nothing()


def test_the_same_words_in_two_rooms_weigh_more(stage: Stage, room: StageRoom, owner: Player) -> None:
    other = open_room(stage, "白茶同好会")
    words = "周六早上八点南门集合去茶山，到了打我电话 13800001111"
    for at in range(5):
        stage.person("大壮").says(room, f"今天这泡茶汤色不错，{at} 号杯")
        stage.person("大壮").says(other, f"这杯也不错，{at} 号")
    stage.person("大壮").says(room, words)
    owner.hears_nothing()
    pause(stage, minutes=5)
    stage.person("大壮").says(other, words + "！")
    told = owner.hears().text
    assert "别的群" in told and "白茶同好会" in told
    other.hears_nothing()


def test_a_false_alarm_is_learned_and_listed_and_can_be_unlearned(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    writer = stage.person("大壮")
    writer.says(room, LINKED)
    number = number_in(owner.hears().text)
    assert "大壮" in owner.asks(f"误判 {number}")
    writer.says(room, AD)
    stage.person("阿芳").says(room, LINKED.replace("长文", "短文"))
    stage.person("路人甲").says(room, "新课上线，扫码领取，限时免费 https://chayou.example.top/b2")
    owner.hears_nothing()
    listed = owner.asks("误判")
    assert "1. 大壮" in listed and "example.top" in listed
    assert "照常看" in owner.asks("别放过 1")
    writer.says(room, AD)
    assert is_text(stage, "told_note", owner.hears().text)
    assert "没有 1 号" in owner.asks("别放过 1")


def test_an_appeal_reaches_the_owner_with_the_message_and_is_made_good_in_public(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    owner.hears()
    pause(stage, hours=1)
    stranger.says(room, OTHER_AD)
    owner.hears()
    assert is_text(stage, "reminder", room.hears(timedelta(minutes=3)).text)
    stranger.says(room, "申诉 这是社区的公益投票", at_bot=True)
    assert is_text(stage, "appeal_passed_on", room.hears().text)
    told = owner.hears().text
    assert OTHER_AD in told and "社区的公益投票" in told
    stranger.says(room, "申诉 看一下嘛", at_bot=True)
    assert is_text(stage, "appeal_already", room.hears().text)
    assert "路人甲" in owner.asks(f"误判 {number_in(told)}")
    assert is_text(stage, "apology", room.hears(timedelta(hours=2)).text)
    assert "没什么要你操心" in owner.asks("今天")
    stranger.says(room, AD)
    owner.hears_nothing()


def test_nobody_without_a_case_needs_an_appeal(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "申诉", at_bot=True)
    assert is_text(stage, "appeal_nothing", room.hears().text)


def test_only_owners_decide_and_never_about_each_other(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    number = number_in(owner.hears().text)
    for line in (f"误判 {number}", f"移出 {number}", f"同意 {number}"):
        stranger.whispers(line)
    stage.advance(minutes=2)
    stranger.unread.clear()
    assert rows_in(stage, Pardon) == 0
    assert "没有 99 号" in owner.asks("移出 99")


def test_forgetting_leaves_nothing(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    owner.hears()
    stranger.says(room, "申诉 暗号是水仙两个字", at_bot=True)
    room.hears()
    owner.hears()
    owner.asks("今天")
    stranger.says(room, "忘记我", at_bot=True)
    room.hears()
    stranger.says(room, "忘记我", at_bot=True)
    room.hears()
    stage.advance(minutes=3)
    for table in (Case, Seen, Pardon, Standing):
        assert rows_in(stage, table) == 0
    kept = stage.read(lambda session: [*session.scalars(select(Outgoing.text)), *session.scalars(MESSAGES)])
    assert [text for text in kept if AD[:8] in text or "暗号是水仙" in text] == []
    assert AD[:8] not in owner.asks("今天")


def test_a_removed_person_who_is_gone_already(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    number = number_in(owner.hears().text)
    stranger.leaves(room)
    assert "已经不在群里" in confirm(owner, f"移出 {number}")


def test_nobody_is_reminded_behind_their_back(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    for ad in (AD, OTHER_AD):
        stranger.says(room, ad)
        owner.hears()
        pause(stage, minutes=20)
    room.hears()
    stranger.says(room, AD)  # the warning has to wait for its hour
    number = number_in(owner.hears().text)
    confirm(owner, f"移出 {number}")
    room.hears_nothing(timedelta(hours=2))
