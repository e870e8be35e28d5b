"""When newcomers are greeted, and when not: nights, departures, returns, silent joins, crashes."""

from __future__ import annotations

from bot.gateway.base import JoinArrived, Person, RoomRef
from bot.testing import Stage, StageRoom
from tests.plugins.welcome.conftest import is_text, jump, mentioned


def change(stage: Stage, room: StageRoom, name: str, value: object) -> None:
    """A setting of the room is changed."""
    key, now, book = room.key, stage.clock.now(), stage.app.services.settings
    stage.write(lambda session: book.change(session, now, key, "welcome", name, value, None))


# Nights


def test_night_joiners_are_greeted_together_in_the_morning(stage: Stage, room: StageRoom) -> None:
    stage.advance_until(stage.at("22:29"))
    for minutes, name in ((1, "阿青"), (90, "阿白"), (300, "阿黄")):
        stage.advance(minutes=minutes)
        stage.person(name).joins(room)
    morning = stage.at("07:30")
    stage.advance_until(morning)
    assert not room.unread or room.unread[0].at == morning
    said = room.hears()
    assert said.at >= morning
    assert mentioned(stage, said.mention_ids) == ["阿青", "阿白", "阿黄", "老周"]
    room.hears_nothing()


def test_a_greeting_that_waits_for_the_morning_takes_in_those_who_come_at_night(
    stage: Stage, room: StageRoom
) -> None:
    """The owner has silenced the bot, so that the first greeting is still unsaid when others come."""
    owner = stage.person("老周")
    owner.asks("安静 30分钟")
    stage.person("阿青").joins(room)
    stage.advance(minutes=5)
    stage.person("阿白").joins(room)
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert mentioned(stage, said.mention_ids) == ["阿青", "阿白", "老周"]
    room.hears_nothing()


# Leaving


def test_who_leaves_before_the_greeting_is_not_greeted(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青").joins(room)
    stage.person("阿白").joins(room)
    stage.advance(seconds=20)
    newcomer.leaves(room)
    assert mentioned(stage, room.hears().mention_ids) == ["阿白", "老周"]
    room.hears_nothing()


def test_when_all_have_left_nothing_is_said(stage: Stage, room: StageRoom) -> None:
    stage.person("阿青").joins(room).leaves(room)
    room.hears_nothing()


def test_who_leaves_while_the_greeting_waits_is_taken_out_of_it(stage: Stage, room: StageRoom) -> None:
    owner, newcomer = stage.person("老周"), stage.person("阿青")
    owner.asks("安静 30分钟")
    newcomer.joins(room)
    stage.person("阿白").joins(room)
    stage.advance(minutes=5)
    newcomer.leaves(room)
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert mentioned(stage, said.mention_ids) == ["阿白", "老周"]


def test_a_waiting_greeting_for_nobody_is_taken_back(stage: Stage, room: StageRoom) -> None:
    owner, newcomer = stage.person("老周"), stage.person("阿青")
    owner.asks("安静 30分钟")
    newcomer.joins(room)
    stage.advance(minutes=5)
    newcomer.leaves(room)
    room.hears_nothing(within=stage.at("10:00") - stage.clock.now())


def test_who_slips_out_and_in_again_within_the_minute_is_greeted_once(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青").joins(room)
    stage.advance(seconds=10)
    newcomer.leaves(room)
    stage.advance(seconds=10)
    newcomer.joins(room)
    assert "阿青" in room.hears().text
    room.hears_nothing()


# Coming back


def test_a_return_is_no_arrival(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青").joins(room)
    room.hears()
    newcomer.leaves(room)
    jump(stage, days=3)
    newcomer.joins(room)
    stage.person("大壮").leaves(room)
    stage.person("大壮").joins(room)
    room.hears_nothing()


def test_a_return_gets_a_small_word_if_the_owner_wishes_so(stage: Stage, room: StageRoom) -> None:
    change(stage, room, "welcome_back", True)
    old = stage.person("大壮")
    old.leaves(room)
    stage.advance(hours=1)
    old.joins(room)
    said = room.hears()
    assert "回来" in said.text
    assert "@大壮" in said.text
    assert len(said.text) < 30
    old.leaves(room)
    old.joins(room)
    room.hears_nothing()


# Joins that nobody reported


def test_a_join_found_by_comparison_is_greeted_once(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青").joins(room, told=False)
    said = room.hears(within=stage.at("09:15") - stage.clock.now())
    assert mentioned(stage, said.mention_ids) == ["阿青", "老周"]
    stage.puppet.report_join(room.room, [newcomer.person], None)
    stage.advance(minutes=20)
    room.hears_nothing()


def test_who_speaks_before_the_comparison_is_greeted_too(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青").joins(room, told=False)
    newcomer.says(room, "大家好")
    said = room.hears()
    assert mentioned(stage, said.mention_ids) == ["阿青", "老周"]
    assert is_text(stage, "first_step_spoken", said.text)
    stage.advance(minutes=20)
    room.hears_nothing()


def test_who_was_there_before_the_bot_is_not_greeted(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "早")
    stage.advance(minutes=20)
    room.hears_nothing()


# Crashes


def test_a_crash_between_joining_and_greeting_forgets_nobody(stage: Stage, room: StageRoom) -> None:
    stage.person("阿青").joins(room)
    stage.advance(seconds=30)
    stage.restart()
    assert mentioned(stage, room.hears().mention_ids) == ["阿青", "老周"]
    stage.restart()
    room.hears_nothing()


def test_a_long_standstill_delays_the_greeting(stage: Stage, room: StageRoom) -> None:
    stage.person("阿青").joins(room)
    stage.end()
    stage.clock.move_by(stage.at("15:00") - stage.clock.now())
    stage.begin()
    assert "断线" in stage.person("老周").hears().text
    assert mentioned(stage, room.hears().mention_ids) == ["阿青", "老周"]


def test_a_join_that_was_recorded_but_not_handled_before_the_crash_is_greeted(
    stage: Stage, room: StageRoom
) -> None:
    newcomer = stage.person("阿青")
    room.room.join(newcomer.person, told=False)
    now = stage.clock.now()
    arrival = JoinArrived(
        key="join:1", at=now, received_at=now, room=RoomRef(room.room.id, room.room.topic),
        people=(Person(newcomer.person.id, "阿青"),),
    )  # fmt: skip
    stage.storage.write_now(lambda session: stage.app.engine.record(session, [arrival], now))
    stage.end()
    stage.clock.move_by(stage.at("11:00") - now)
    stage.begin()
    assert "断线" in stage.person("老周").hears().text
    assert mentioned(stage, room.hears().mention_ids) == ["阿青", "老周"]
    stage.restart()
    room.hears_nothing()


def test_a_join_that_the_gateway_replays_hours_later_is_not_greeted(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青")
    now = stage.clock.now()
    arrival = JoinArrived(
        key="join:2", at=now - (stage.at("10:00") - now), received_at=now,
        room=RoomRef(room.room.id, room.room.topic), people=(Person(newcomer.person.id, "阿青"),),
    )  # fmt: skip
    room.room.members[newcomer.person.id] = newcomer.person
    stage._runner.run(stage.app.receive(arrival))
    stage.settle()
    room.hears_nothing()


def test_after_days_of_standstill_nobody_is_greeted_any_more(stage: Stage, room: StageRoom) -> None:
    stage.person("阿青").joins(room)
    stage.end()
    stage.clock.move_by((stage.at("09:00") - stage.clock.now()) * 5)
    stage.begin()
    assert "断线" in stage.person("老周").hears().text
    stage.person("阿白").joins(room)
    said = room.hears()
    assert "阿白" in said.text
    assert "阿青" not in said.text
