"""What newcomers read: one message, their names, the promise, one thing to do, a person to turn to."""

from __future__ import annotations

import pytest

from bot.testing import Stage, StageRoom
from tests.plugins.welcome.conftest import PROMISE, MakeStage, mentioned, open_room

HOSTILE = [
    "@所有人",
    "所有人",
    "\x1b[31m红\x1b[0m字\x07",
    "$people${host}$$",
    "{0}{people}%s",
    "长" * 300,
    "\u202e反着写\u202c",
    "换\n行\r\n党",
    "\u3164\u200b",
    "<b>粗</b>&amp;",
    "👩‍👩‍👧‍👦" * 30,
]


def test_one_newcomer_is_greeted_after_a_minute_with_promise_and_owner(stage: Stage, room: StageRoom) -> None:
    stage.person("阿青").joins(room)
    began = stage.clock.now()
    said = room.hears()
    assert (said.at - began).total_seconds() == pytest.approx(60, abs=1)
    assert "@阿青\u2005" in said.text
    assert PROMISE in said.text
    assert "群主 @老周\u2005" in said.text
    assert mentioned(stage, said.mention_ids) == ["阿青", "老周"]
    assert len(said.text) <= 120


def test_three_within_a_minute_make_one_message(stage: Stage, room: StageRoom) -> None:
    for name in ("阿青", "阿白", "阿黄"):
        stage.person(name).joins(room)
        stage.advance(seconds=15)
    said = room.hears()
    assert mentioned(stage, said.mention_ids) == ["阿青", "阿白", "阿黄", "老周"]
    room.hears_nothing()


def test_who_comes_after_the_message_gets_another(stage: Stage, room: StageRoom) -> None:
    stage.person("阿青").joins(room)
    assert "阿青" in room.hears().text
    stage.person("阿白").joins(room)
    said = room.hears()
    assert "阿白" in said.text
    assert "阿青" not in said.text


def test_of_fifty_the_first_few_are_named_and_all_are_counted(stage: Stage, room: StageRoom) -> None:
    people = [stage.person(f"茶友{number}") for number in range(1, 51)]
    room.room.join(*[one.person for one in people])
    said = room.hears()
    assert mentioned(stage, said.mention_ids) == ["茶友1", "茶友2", "茶友3", "茶友4", "茶友5", "老周"]
    assert "等 50 位" in said.text
    assert len(said.text) <= 120
    room.hears_nothing()


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_the_greeting(stage: Stage, room: StageRoom, name: str) -> None:
    newcomer = stage.person(name).joins(room)
    said = room.hears()
    assert len(said.text) <= 120
    assert newcomer.person.id in said.mention_ids
    assert "@所有人" not in said.text
    assert not any(sign in said.text for sign in "\x1b\x07\n\r\u202e\u202c")
    assert PROMISE[:10] in said.text


def test_all_hostile_names_at_once_fit_too(stage: Stage, room: StageRoom) -> None:
    people = [stage.person(name) for name in HOSTILE]
    room.room.join(*[one.person for one in people])
    said = room.hears()
    assert len(said.text) <= 120
    assert said.mention_ids
    assert f"等 {len(HOSTILE)} 位" in said.text


def test_the_name_in_the_group_is_used(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("A0001")
    room.room.set_alias(newcomer.person, "阿青")
    newcomer.joins(room)
    assert "@阿青\u2005" in room.hears().text


def test_without_a_promise_the_theme_speaks(make_stage: MakeStage) -> None:
    stage = make_stage('group:\n  theme: "一起喝明白岩茶"\n')
    room = open_room(stage)
    stage.person("阿青").joins(room)
    assert "一起喝明白岩茶" in room.hears().text


def test_without_promise_and_theme_the_greeting_still_works(make_stage: MakeStage) -> None:
    stage = make_stage("")
    room = open_room(stage)
    stage.person("阿青").joins(room)
    said = room.hears().text
    assert "@阿青" in said
    assert "@老周" in said
    assert "：。" not in said


def test_a_long_promise_is_cut_at_a_clause(make_stage: MakeStage) -> None:
    promise = "每周一泡好茶，问茶必有人答，" * 10
    stage = make_stage(f'group:\n  promise: "{promise}"\n')
    room = open_room(stage)
    stage.person("阿青").joins(room)
    said = room.hears().text
    assert 100 < len(said) <= 120
    assert "问茶必有人答。" in said or "每周一泡好茶。" in said


def test_officials_and_the_bot_itself_are_not_greeted(stage: Stage, room: StageRoom) -> None:
    stage.person("茶叶公众号", official=True).joins(room)
    room.room.leave(stage.puppet.me)
    room.room.join(stage.puppet.me)
    room.hears_nothing()
    assert "不在" in stage.person("老周").hears().text


def test_without_an_owner_nobody_is_named(stage: Stage) -> None:
    room = stage.room("无主群", members=["小林"])
    stage.person("阿青").joins(room)
    said = room.hears()
    assert mentioned(stage, said.mention_ids) == ["阿青"]
    assert "$" not in said.text


def test_the_owners_own_wording_is_used_and_kept_short(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    key, now = room.key, stage.clock.now()
    texts = stage.app.services.texts
    wording = "$people 好！" + "茶" * 200
    stage.write(lambda session: texts.set_override(session, now, key, "welcome", "greeting", wording))
    stage.person("阿青").joins(room)
    said = room.hears()
    assert said.text.startswith("@阿青\u2005")
    assert len(said.text) == 120
    assert "放不下" in owner.asks("迎新预览")


def test_the_preview_shows_what_a_newcomer_would_read(stage: Stage, room: StageRoom) -> None:
    shown = stage.person("老周").asks("迎新预览")
    assert "@新朋友" in shown
    assert PROMISE in shown
    assert "@老周" in shown


def test_the_preview_asks_for_a_promise_if_there_is_none(make_stage: MakeStage) -> None:
    stage = make_stage("")
    open_room(stage)
    assert "本群承诺" in stage.person("老周").asks("迎新预览")


def test_a_room_where_welcoming_is_off_greets_nobody(stage: Stage, room: StageRoom) -> None:
    key, now = room.key, stage.clock.now()
    book = stage.app.services.settings
    stage.person("阿青").joins(room)
    stage.write(lambda session: book.change(session, now, key, "welcome", "enabled", False, None))
    stage.person("阿白").joins(room)
    room.hears_nothing()
