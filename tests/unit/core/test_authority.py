"""Pairing: a one-time code from the machine itself, said in private by the very person, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot import authority
from bot.context import Context
from bot.events import RoomFound
from bot.plugin import Plugin
from bot.privacy import forget
from bot.regaining import regain
from bot.storage.tables import AuditRow, Ownership, PairingCode
from bot.testing import Player, Stage, StageRoom
from tests.unit.core.house import front_door, rows


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    desk = Plugin("desk", title="台")

    @desk.command("点香", who="owner", where="private", example=("点香", "好了"))
    def burn(ctx: Context) -> None:
        ctx.reply_text(f"{ctx.room_name}：好了")

    @desk.on(RoomFound, everywhere=True)
    def entrust(ctx: Context, event: RoomFound) -> None:
        authority.entrust(ctx.db, event.room, ctx.now)

    with Stage(folder, plugins=[desk, front_door()]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", members=["老周", "小林"])


@pytest.fixture
def zhou(stage: Stage, room: StageRoom) -> Player:
    return stage.person("老周", friend=True)


def new_code(stage: Stage, *names: str) -> str:
    """What `qunxing pair` prints."""
    return stage.write(lambda session: authority.new_code(session, list(names), stage.clock.now()))


def commands(player: Player) -> bool:
    """Whether the bot obeys this person."""
    player.whispers("点香")
    player.stage.advance(seconds=10)
    obeyed = bool(player.unread)
    player.unread.clear()
    return obeyed


def wrong(code: str) -> str:
    """A code that is not this one."""
    return code.translate(str.maketrans("23456789ABCDEFGH", "3456789ABCDEFGH2"))


@pytest.mark.parametrize("form", ["{}", "我的配对码是 {}，谢谢", "{}。", " {} ", "配对：{}"])
def test_the_code_pairs_whoever_says_it_in_private(stage: Stage, zhou: Player, form: str) -> None:
    assert not commands(zhou)
    zhou.whispers(form.format(new_code(stage)))
    assert commands(zhou)
    assert [row.action for row in rows(stage, AuditRow)] == ["paired"]


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")]
)
def test_the_code_may_be_typed_carelessly(stage: Stage, zhou: Player, change: object) -> None:
    code = new_code(stage)
    zhou.whispers(change(code))  # type: ignore[operator]
    assert commands(zhou)


def test_said_in_the_group_the_code_pairs_nobody(stage: Stage, room: StageRoom, zhou: Player) -> None:
    code = new_code(stage)
    zhou.says(room, code)
    zhou.says(room, code, at_bot=True)
    assert not commands(zhou)


def test_a_code_pairs_one_person_once(stage: Stage, zhou: Player) -> None:
    code = new_code(stage)
    zhou.whispers(code)
    thief = stage.person("小林", friend=True)
    thief.whispers(code)
    assert commands(zhou) and not commands(thief)


def test_a_code_lasts_ten_minutes(stage: Stage, zhou: Player) -> None:
    code = new_code(stage)
    stage.advance(minutes=10)
    zhou.whispers(code)
    assert not commands(zhou)
    code = new_code(stage)
    stage.advance(minutes=9, seconds=59)
    zhou.whispers(code)
    assert commands(zhou)


def test_a_new_code_makes_the_one_before_void(stage: Stage, zhou: Player) -> None:
    old, new = new_code(stage), new_code(stage)
    zhou.whispers(old)
    assert not commands(zhou)
    zhou.whispers(new)
    assert commands(zhou)


def test_five_wrong_codes_and_the_right_one_is_worth_nothing(stage: Stage, zhou: Player) -> None:
    code, guesser = new_code(stage), stage.person("小林", friend=True)
    for left in (4, 3, 2, 1, 0):
        guesser.whispers(wrong(code))
        assert stage.read(lambda session: authority.tries_left(session, stage.clock.now())) == left
    zhou.whispers(code)
    assert not commands(zhou)


def test_ordinary_words_cost_no_try(stage: Stage, zhou: Player) -> None:
    code = new_code(stage)
    for words in ("你好", "今天喝什么", "2026-03-02", "ABCD", "13800138000", "在吗在吗在吗"):
        zhou.whispers(words)
    assert [row.tries_left for row in rows(stage, PairingCode)] == [5]
    zhou.whispers(code)
    assert commands(zhou)


def test_a_code_is_not_stored_as_it_is(stage: Stage) -> None:
    code = new_code(stage)
    (row,) = rows(stage, PairingCode)
    assert code not in row.code_hash and code.replace("-", "") not in row.code_hash
    database = b"".join(file.read_bytes() for file in stage.folder.glob("qunxing.sqlite3*"))
    assert code.encode() not in database and code.replace("-", "").encode() not in database


def test_a_code_covers_the_rooms_that_it_names(stage: Stage, room: StageRoom, zhou: Player) -> None:
    other = stage.room("绿茶群", members=["老周"])
    zhou.whispers(new_code(stage, "绿茶群"))
    assert [row.room_id for row in rows(stage, Ownership)] == [other.key]
    assert zhou.asks("点香") == "绿茶群：好了"
    later = stage.room("红茶群", members=["老周"])
    assert later.key not in [row.room_id for row in rows(stage, Ownership)]


def test_a_code_for_every_room_covers_those_that_come_later(
    stage: Stage, room: StageRoom, zhou: Player
) -> None:
    zhou.whispers(new_code(stage))
    later = stage.room("红茶群", members=["老周"])
    assert [row.room_id for row in rows(stage, Ownership)] == [room.key, later.key]


def test_several_people_can_own_the_same_room(stage: Stage, room: StageRoom, zhou: Player) -> None:
    second = stage.person("小林", friend=True)
    for player in (zhou, second):
        player.whispers(new_code(stage, "岩茶同好会"))
    assert commands(zhou) and commands(second)
    owners = stage.read(lambda session: authority.owners_of(session, room.key))
    assert sorted(owners) == sorted([zhou.key, second.key])


def test_neither_the_bot_nor_an_official_account_can_be_paired(stage: Stage, room: StageRoom) -> None:
    paper, me = stage.person("茶叶早报", official=True, friend=True), stage.puppet.me
    paper.whispers("你好")
    code = new_code(stage)
    keys = (paper.key, stage.key("member", me.id))
    paired = stage.write(
        lambda session: [authority.try_pair(session, key, code, stage.clock.now()) for key in keys]
    )
    assert paired == ["none", "none"]
    assert stage.write(lambda session: authority.try_pair(session, 9_999, code, stage.clock.now())) == "none"


def test_a_code_in_a_late_message_pairs_nobody_after_its_time(stage: Stage, zhou: Player) -> None:
    zhou.whispers("你好")
    code = new_code(stage)
    stage.puppet.listening = False
    said = zhou.person.say(code)
    stage.puppet.listening = True
    stage.clock.move_by(timedelta(minutes=11))
    stage.puppet.replay(said.id)
    stage.settle()
    assert not commands(zhou)


def test_who_takes_the_owners_name_after_a_login_under_new_ids_gets_none_of_their_power(
    stage: Stage, room: StageRoom, zhou: Player
) -> None:
    zhou.whispers(new_code(stage))
    assert commands(zhou)
    former = room.key
    again = stage.log_in_anew(room)
    owner, thief = stage.person("老周", newest=True), stage.person("小林", newest=True)
    owner.whispers(new_code(stage))
    owner.person.rename("周师傅")
    thief.person.rename("老周")

    def same_room(session: Session) -> None:
        register, now = stage.app.services.register, stage.clock.now()
        regain(session, register, again.key, former, now)
        register.set_room_status(session, former, "watching", now)

    stage.write(same_room)
    stage.advance(minutes=11)
    thief.says(again, "大家好，我是老周")
    assert commands(owner)
    assert not commands(thief)
    assert thief.key not in stage.read(lambda session: authority.owners_of(session, None))


@given(text=st.text(max_size=40))
def test_whatever_is_said_is_a_code_or_none(text: str) -> None:
    code = authority.code_in(text)
    assert code is None or (len(code) == 8 and code.isalnum() and code.isascii())


def test_a_code_given_before_stays_void_when_the_new_one_is_used(
    stage: Stage, room: StageRoom, zhou: Player
) -> None:
    old, new = new_code(stage), new_code(stage)
    zhou.whispers(new)
    assert commands(zhou)
    lin = stage.person("小林", friend=True)
    lin.whispers(old)
    assert not commands(lin)


def test_a_pairing_is_on_record(stage: Stage, room: StageRoom, zhou: Player) -> None:
    zhou.whispers(new_code(stage, "岩茶同好会"))
    (row,) = rows(stage, AuditRow)
    assert (row.action, row.subject, row.new) == ("paired", "rooms", ["岩茶同好会"])
    assert row.member_id == stage.key("member", zhou.person.id)


@pytest.mark.parametrize("take_back", ["revoke_all", "unpair_all"])
def test_what_is_taken_back_is_taken_from_everybody(
    stage: Stage, room: StageRoom, zhou: Player, take_back: str
) -> None:
    zhou.whispers(new_code(stage))
    assert commands(zhou)
    if take_back == "revoke_all":
        stage.write(authority.revoke_all)
    else:
        assert stage.write(lambda session: authority.unpair_all(session, stage.clock.now())) == 1
    assert not commands(zhou)
    stage.room("白茶小院", members=["老周"])  # a new room is not theirs either
    assert not commands(zhou)
    assert rows(stage, Ownership) == []
    assert rows(stage, PairingCode) == []


def test_the_desk_shows_the_first_room_until_another_is_chosen(
    stage: Stage, room: StageRoom, zhou: Player
) -> None:
    second = stage.room("白茶小院", members=["老周"])
    member = stage.key("member", zhou.person.id)

    def shown() -> int | None:
        return stage.write(lambda session: authority.desk_of(session, member).room_id)

    def choose(session: Session) -> None:
        authority.desk_of(session, member).room_id = second.key

    assert shown() is None
    zhou.whispers(new_code(stage))
    assert shown() == room.key
    stage.write(choose)
    assert shown() == second.key
    stage.write(lambda session: session.delete(session.get_one(Ownership, (member, second.key))))
    assert shown() == room.key


def test_whoever_is_forgotten_is_not_an_owner_of_what_comes_later(
    stage: Stage, room: StageRoom, zhou: Player
) -> None:
    zhou.whispers(new_code(stage))
    member = stage.key("member", zhou.person.id)
    stage.write(lambda session: forget(session, member, "某位群友", stage.clock.now()))
    assert rows(stage, PairingCode) == []


def test_a_code_in_an_endless_text_is_not_looked_for() -> None:
    assert authority.code_in("茶" * 490 + "ABCD-2345") == "ABCD2345"
    assert authority.code_in("茶" * 500 + "ABCD-2345") is None
