"""Becoming an owner: codes in greetings and in private lines, for some rooms or for all."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import authority
from bot.storage.tables import Outgoing
from bot.testing import Player, Stage, StageRoom, Unread


def code_for(stage: Stage, *rooms: str) -> str:
    return stage.write(lambda session: authority.new_code(session, list(rooms), stage.clock.now()))


def owns(stage: Stage, player: Player, room: StageRoom) -> bool:
    return stage.read(lambda session: authority.may_command(session, player.key, room.key))


def accepted(stage: Stage) -> list[str]:
    return [done.person for done in stage.puppet.done if done.act == "accept_friend"]


@pytest.fixture
def unowned(stage: Stage) -> StageRoom:
    """A room that the bot is in and nobody owns."""
    return stage.room("岩茶同好会", members=["老周", "小林"], live=False)


def test_a_code_as_greeting_makes_a_friend_and_an_owner(stage: Stage, unowned: StageRoom) -> None:
    boss = stage.person("老周")
    boss.person.request_friendship(f"我是老周 {code_for(stage, '岩茶同好会')}")
    welcome = boss.hears().text
    assert "老周" in welcome and "1 岩茶同好会（还没启用）" in welcome and "启用本群" in welcome
    assert accepted(stage) == [boss.person.id]
    assert owns(stage, boss, unowned)
    boss.hears_nothing()


def test_a_code_in_a_private_line_pairs_too(stage: Stage, unowned: StageRoom) -> None:
    boss = stage.person("老周", friend=True)
    code = code_for(stage, "岩茶同好会")
    assert "对上暗号了" in boss.asks(f"配对码：{code.lower().replace('-', ' ')}")
    assert owns(stage, boss, unowned)


def test_a_code_serves_once(stage: Stage, unowned: StageRoom) -> None:
    code = code_for(stage, "岩茶同好会")
    stage.person("老周", friend=True).asks(code)
    thief = stage.person("小林", friend=True)
    thief.whispers(code)
    thief.hears_nothing()
    assert not owns(stage, thief, unowned)


def test_a_wrong_code_costs_a_try_and_five_are_the_end(stage: Stage, unowned: StageRoom) -> None:
    code = code_for(stage, "岩茶同好会")
    boss = stage.person("老周", friend=True)
    for left in (4, 3, 2, 1):
        assert f"还可以试 {left} 次" in boss.asks("AAAA-2222")
    boss.whispers("AAAA-2222")
    boss.hears_nothing()
    boss.whispers(code)
    boss.hears_nothing()
    assert not owns(stage, boss, unowned)


def test_after_ten_minutes_a_code_is_void(stage: Stage, unowned: StageRoom) -> None:
    code = code_for(stage, "岩茶同好会")
    boss = stage.person("老周", friend=True)
    stage.advance(minutes=10)
    boss.whispers(code)
    boss.hears_nothing()
    assert not owns(stage, boss, unowned)


def test_without_an_open_code_nothing_is_said(stage: Stage, unowned: StageRoom) -> None:
    stranger = stage.person("路人", friend=True)
    for line in ("你好", "在吗", "AAAA-2222", "菜单", "停用本群", "谢谢", "确认 1234", "1"):
        stranger.whispers(line)
    stranger.hears_nothing()


def test_friend_requests_without_a_code_are_left_alone(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").person.request_friendship("加个好友")
    stage.advance(minutes=1)
    assert accepted(stage) == []


def test_friend_requests_of_members_are_accepted_where_the_owner_wants_it(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    assert "关 → 开" in owner.asks("设置 自动加好友 开")
    stage.person("路人").person.request_friendship("你好")
    stage.person("小林").person.request_friendship("你好")
    stage.advance(minutes=1)
    assert accepted(stage) == [stage.person("小林").person.id]
    stage.person("小林").hears_nothing()


def test_several_owners_each_for_their_rooms(stage: Stage) -> None:
    tea = stage.room("岩茶同好会", owner="老周")
    pots = stage.room("紫砂壶", owner="小林")
    boss, other = stage.person("老周"), stage.person("小林")
    assert owns(stage, boss, tea) and owns(stage, other, pots)
    assert not owns(stage, boss, pots) and not owns(stage, other, tea)
    assert "紫砂壶" not in boss.asks("群列表")
    assert "没找到" in boss.asks("切换群 紫砂壶")
    stage.pair(other, tea)
    listed = other.asks("群列表")
    assert "岩茶同好会" in listed and "紫砂壶" in listed


def test_an_owner_pairs_for_another_room_without_losing_a_try_twice(stage: Stage, room: StageRoom) -> None:
    pots = stage.room("紫砂壶", live=False)
    boss = stage.person("老周")
    assert "还没有群主认领" in boss.hears().text
    code = code_for(stage, "紫砂壶")
    assert "还可以试 4 次" in boss.asks("AAAA-2222")
    assert "紫砂壶" in boss.asks(code)
    assert owns(stage, boss, pots)


def test_who_pairs_for_every_room_gets_new_rooms_too(stage: Stage, unowned: StageRoom) -> None:
    boss, other = stage.person("老周", friend=True), stage.person("小林", friend=True)
    boss.asks(code_for(stage))
    other.asks(code_for(stage, "岩茶同好会"))
    pots = stage.room("紫砂壶", live=False)
    told = boss.hears().text
    assert "紫砂壶" in told and "启用本群" in told
    other.hears_nothing()
    assert owns(stage, boss, pots) and not owns(stage, other, pots)


def test_pairing_before_the_bot_is_in_any_room(stage: Stage) -> None:
    boss = stage.person("老周", friend=True)
    assert "还没进任何群" in boss.asks(code_for(stage))
    assert "还没有群" in boss.asks("群列表")
    assert "名下还没有群" in boss.asks("状态")
    assert "回个数字" in boss.asks("菜单")
    stage.room("岩茶同好会", live=False)
    assert "归你管" in boss.hears().text
    assert "岩茶同好会" in boss.asks("群列表")


def test_an_owner_invites_the_bot_along(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.person.invite_bot("紫砂壶")
    stage.advance(minutes=1)
    assert [done.act for done in stage.puppet.done] == ["accept_invitation"]
    assert "紫砂壶" in owner.hears().text


def test_invitations_of_others_wait_on_the_list(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("小林").person.invite_bot("刷单群")
    stage.advance(minutes=1)
    assert stage.puppet.done == []
    assert "「小林」想拉我进「刷单群」" in owner.asks("今天")


def test_everything_said_in_pairing_is_recorded_once(stage: Stage, unowned: StageRoom) -> None:
    boss = stage.person("老周")
    boss.person.request_friendship(code_for(stage))
    boss.hears()
    rows = stage.read(
        lambda session: list(session.scalars(select(Outgoing.reason).where(Outgoing.member_id == boss.key)))
    )
    assert rows == ["paired"]
    with pytest.raises(Unread):
        boss.hears()
