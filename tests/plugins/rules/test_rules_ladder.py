"""From the first ad to the removal, told by talking: who hears what, and when the group hears nothing."""

from __future__ import annotations

from datetime import timedelta

from bot.testing import Player, Stage, StageRoom
from tests.plugins.rules.conftest import (
    AD,
    OTHER_AD,
    THIRD_AD,
    MakeStage,
    confirm,
    is_text,
    number_in,
    open_room,
    pause,
)


def test_the_whole_ladder(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    room.hears_nothing(timedelta(minutes=45))
    told = owner.hears().text
    assert is_text(stage, "told_note", told) and AD in told and "路人甲" in told

    stranger.says(room, OTHER_AD)
    stranger.says(room, OTHER_AD + "！！")  # the same fault
    assert is_text(stage, "told_reminder", owner.hears().text)
    assert is_text(stage, "reminder", room.hears(timedelta(minutes=3)).text)

    pause(stage, hours=3)
    stranger.says(room, THIRD_AD)
    assert is_text(stage, "told_warning", owner.hears().text)
    assert is_text(stage, "warning", room.hears(timedelta(minutes=3)).text)

    pause(stage, hours=2)
    stranger.says(room, AD)
    asked = owner.hears().text
    assert is_text(stage, "told_ask", asked)
    room.hears_nothing()
    number = number_in(asked)
    assert "移出" in owner.asks(f"同意 {number}")
    assert is_text(stage, "removing", confirm(owner, f"移出 {number}"))
    stage.advance(minutes=1)
    assert stranger.person not in room.room.members.values()
    assert "请出去了" in owner.asks("违规记录")


def test_strikes_expire_and_a_recalled_ad_does_not_count(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    assert is_text(stage, "told_note", owner.hears().text)
    pause(stage, days=31)
    said = stranger.says(room, OTHER_AD)
    assert is_text(stage, "told_note", owner.hears().text)
    room.hears_nothing()
    stranger.person.recall(said)
    stage.settle()
    pause(stage, days=1)
    stranger.says(room, THIRD_AD)
    assert is_text(stage, "told_note", owner.hears().text)
    room.hears_nothing()


def test_removing_by_itself_only_where_the_owner_chose_so_and_never_at_once(make_stage: MakeStage) -> None:
    stage = make_stage("plugins:\n  rules:\n    auto_remove: true\n")
    room = open_room(stage)
    owner, stranger = stage.person("老周"), stage.person("路人甲")
    stranger.says(room, AD)
    assert is_text(stage, "told_note", owner.hears().text)
    assert stranger.person in room.room.members.values()
    pause(stage, hours=1)
    stranger.says(room, OTHER_AD)
    assert is_text(stage, "removed_alone", owner.hears().text)
    stage.advance(minutes=1)
    assert stranger.person not in room.room.members.values()
    room.hears_nothing()


def test_where_wechat_refuses_the_owner_has_the_step(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    stranger.says(room, AD)
    number = number_in(owner.hears().text)
    room.room.bot_may = False
    assert "微信没让我办" in confirm(owner, f"移出 {number}")
    assert "把「路人甲」移出" in owner.asks("今天")
    assert "微信没让请出去" in owner.asks("违规记录")
    assert stranger.person in room.room.members.values()


def test_a_word_that_found_no_time_is_no_step(make_stage: MakeStage) -> None:
    stage = make_stage("group:\n  initiatives_per_day: 0\n")
    room = open_room(stage)
    owner, stranger = stage.person("老周"), stage.person("路人甲")
    for ad, key in ((AD, "told_note"), (OTHER_AD, "told_reminder"), (THIRD_AD, "told_reminder")):
        stranger.says(room, ad)
        assert is_text(stage, key, owner.hears().text)
        stage.advance(hours=1)
    room.hears_nothing()


def test_who_is_a_friend_is_reminded_in_private(stage: Stage, room: StageRoom, owner: Player) -> None:
    stranger = stage.person("路人甲")
    stranger.person.befriend()
    stranger.says(room, AD)
    number = number_in(owner.hears().text)
    assert "轻轻说一句" in owner.asks(f"同意 {number}")
    assert is_text(stage, "reminder_private", stranger.hears().text)
    room.hears_nothing()
    assert "记着" not in stranger.asks("申诉 那是我朋友的店")
    assert "我朋友的店" in owner.hears().text


def test_an_owner_who_wants_no_reminders_hears_of_each(make_stage: MakeStage) -> None:
    stage = make_stage("plugins:\n  rules:\n    reminders: false\n")
    room = open_room(stage)
    owner, stranger = stage.person("老周"), stage.person("路人甲")
    for ad in (AD, OTHER_AD, THIRD_AD):
        stranger.says(room, ad)
        assert is_text(stage, "told_note", owner.hears().text)
        pause(stage, hours=1)
    room.hears_nothing()


def test_switched_off_nothing_is_looked_at(make_stage: MakeStage) -> None:
    stage = make_stage("plugins:\n  rules:\n    ads: false\n")
    room = open_room(stage)
    stage.person("路人甲").says(room, AD)
    stage.person("老周").hears_nothing()
    room.hears_nothing()
