"""First words and long silences: a host is called when nobody answers, and never a lecture is given."""

from __future__ import annotations

from bot.testing import Player, Stage, StageRoom
from tests.plugins.welcome.conftest import is_text, jump, make_host, mentioned


def arrive(stage: Stage, room: StageRoom, name: str) -> Player:
    """Somebody comes in and is greeted."""
    newcomer = stage.person(name).joins(room)
    room.hears()
    stage.advance(minutes=3)
    return newcomer


def is_nudge(stage: Stage, said: str) -> bool:
    """Whether this is the line that brings a host and a newcomer together."""
    return any(is_text(stage, key, said) for key in ("nudge", "nudge_wordless", "nudge_many"))


def test_first_words_that_nobody_answers_call_the_host_of_the_greeting(stage: Stage, room: StageRoom) -> None:
    make_host(stage, room, "小林")
    newcomer = arrive(stage, room, "阿青")
    began = stage.clock.now()
    newcomer.says(room, "大家好，喝岩茶三年了。")
    said = room.hears(within=stage.at("10:00") - began)
    assert 299 < (said.at - began).total_seconds() < 302
    assert "「大家好，喝岩茶三年了」" in said.text
    assert is_nudge(stage, said.text)
    assert sorted(mentioned(stage, said.mention_ids)) == ["小林", "阿青"]
    assert len(said.text) < 80
    newcomer.says(room, "有人吗？")
    stage.advance(minutes=20)
    room.hears_nothing()


def test_an_answered_newcomer_needs_no_host(stage: Stage, room: StageRoom) -> None:
    newcomer = arrive(stage, room, "阿青")
    newcomer.says(room, "大家好")
    stage.advance(minutes=2)
    stage.person("大壮").says(room, "欢迎欢迎，喝什么呢？")
    stage.advance(minutes=20)
    room.hears_nothing()


def test_a_quote_or_a_mention_is_an_answer_too(stage: Stage, room: StageRoom) -> None:
    one, other = arrive(stage, room, "阿青"), arrive(stage, room, "阿白")
    said = one.says(room, "大家好")
    stage.person("大壮").says(room, "[强]", quote=said)
    other.says(room, "早呀各位")
    stage.person("阿芳").says(room, "早", mention=[other])
    stage.advance(minutes=20)
    room.hears_nothing()


def test_who_answers_somebody_needs_no_host(stage: Stage, room: StageRoom) -> None:
    newcomer = arrive(stage, room, "阿青")
    stage.person("大壮").says(room, "你平时喝哪家的？", mention=[newcomer])
    stage.advance(minutes=4)
    newcomer.says(room, "就喝楼下那家的")
    stage.advance(minutes=20)
    room.hears_nothing()


def test_a_word_to_the_newcomer_from_long_before_is_no_attention(stage: Stage, room: StageRoom) -> None:
    newcomer = arrive(stage, room, "阿青")
    stage.person("大壮").says(room, "欢迎", mention=[newcomer])
    stage.advance(minutes=30)
    newcomer.says(room, "请问盖碗怎么挑？")
    assert is_nudge(stage, room.hears(within=stage.at("10:00") - stage.clock.now()).text)


def test_talk_with_others_is_no_answer(stage: Stage, room: StageRoom) -> None:
    newcomer = arrive(stage, room, "阿青")
    newcomer.says(room, "大家好")
    stage.advance(minutes=1)
    stage.person("大壮").says(room, "明天的茶会几点？", mention=[stage.person("小林")])
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert is_nudge(stage, said.text)
    assert mentioned(stage, sorted(said.mention_ids)) == mentioned(
        stage, sorted([newcomer.person.id, stage.person("老周").person.id])
    )


def test_several_at_once_make_one_line(stage: Stage, room: StageRoom) -> None:
    make_host(stage, room, "小林")
    newcomers = [stage.person(name).joins(room) for name in ("阿青", "阿白", "阿黄")]
    room.hears()
    stage.advance(minutes=3)
    for newcomer in newcomers:
        newcomer.says(room, "大家好")
        stage.advance(minutes=1)
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert sorted(mentioned(stage, said.mention_ids)) == ["小林", "阿白", "阿青", "阿黄"]
    stage.advance(minutes=20)
    room.hears_nothing()


def test_at_night_the_host_is_called_in_the_morning_and_only_if_nobody_came_by(
    stage: Stage, room: StageRoom
) -> None:
    one = arrive(stage, room, "阿青")
    other = arrive(stage, room, "阿白")
    stage.advance_until(stage.at("23:00"))
    one.says(room, "有人还没睡吗")
    stage.advance(hours=1)
    stage.person("大壮").says(room, "我在喝最后一泡")
    stage.advance(hours=1)
    other.says(room, "你们都喝什么茶")
    morning = stage.at("07:30")
    stage.advance_until(morning)
    said = room.hears()
    assert said.at >= morning
    assert mentioned(stage, said.mention_ids).count("阿白") == 1
    assert "阿青" not in said.text


def test_a_picture_as_first_words_is_not_quoted(stage: Stage, room: StageRoom) -> None:
    arrive(stage, room, "阿青").says(room, "", kind="image")
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert is_nudge(stage, said.text)
    assert "「" not in said.text


def test_an_advertisement_is_not_repeated(stage: Stage, room: StageRoom) -> None:
    arrive(stage, room, "阿青").says(room, "加我微信 tea88888 免费领茶")
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert "tea88888" not in said.text


def test_words_that_were_taken_back_call_nobody(stage: Stage, room: StageRoom) -> None:
    newcomer = arrive(stage, room, "阿青")
    newcomer.person.recall(newcomer.says(room, "说错群了"))
    stage.advance(minutes=20)
    room.hears_nothing()


def test_who_spoke_before_the_greeting_is_answered_by_it(stage: Stage, room: StageRoom) -> None:
    newcomer = stage.person("阿青").joins(room)
    stage.advance(seconds=20)
    newcomer.says(room, "大家好")
    said = room.hears()
    assert "@阿青" in said.text
    assert is_text(stage, "first_step_spoken", said.text)
    stage.advance(minutes=20)
    room.hears_nothing()


def test_first_words_of_old_members_and_late_starters_call_nobody(stage: Stage, room: StageRoom) -> None:
    newcomer = arrive(stage, room, "阿青")
    stage.person("大壮").says(room, "早")
    jump(stage, days=8)
    newcomer.says(room, "冒个泡")
    stage.advance(minutes=20)
    room.hears_nothing()


def test_first_words_can_be_switched_off(stage: Stage, room: StageRoom) -> None:
    stage.person("老周").asks("设置 新人开口 关")
    newcomer = arrive(stage, room, "阿青")
    newcomer.says(room, "大家好")
    stage.advance(minutes=20)
    stage.person("老周").asks("设置 新人开口 开")
    arrive(stage, room, "阿白").says(room, "大家好")
    said = room.hears(within=stage.at("10:00") - stage.clock.now())
    assert "阿青" not in said.text


def test_a_crash_does_not_forget_first_words(stage: Stage, room: StageRoom) -> None:
    arrive(stage, room, "阿青").says(room, "大家好")
    stage.advance(minutes=2)
    stage.restart()
    assert is_nudge(stage, room.hears(within=stage.at("10:00") - stage.clock.now()).text)
    stage.restart()
    stage.advance(minutes=20)
    room.hears_nothing()


# Long silence


def mornings(stage: Stage, count: int) -> None:
    """So many days pass; each time the bot is awake at half past ten."""
    for _ in range(count):
        jump(stage, seconds=(stage.at("10:29") - stage.clock.now()).total_seconds())
        stage.advance(minutes=2)


def test_silence_is_left_alone_by_default(stage: Stage, room: StageRoom) -> None:
    arrive(stage, room, "阿青")
    for _ in range(20):
        jump(stage, days=1)
    room.hears_nothing()


def test_a_silent_friend_hears_one_private_word_in_a_lifetime(stage: Stage, room: StageRoom) -> None:
    stage.person("老周").asks("设置 沉默天数 3")
    silent = stage.person("阿青", friend=True)
    silent.whispers("你好")
    silent.unread.clear()
    arrive(stage, room, "阿青")
    arrive(stage, room, "阿白").says(room, "大家好")
    room.hears(within=stage.at("10:00") - stage.clock.now())
    mornings(stage, 4)
    said = silent.hears()
    assert is_text(stage, "silent_private", said.text)
    assert "岩茶同好会" in said.text
    mornings(stage, 10)
    silent.hears_nothing()
    room.hears_nothing()


def test_a_silent_stranger_is_mentioned_to_the_owner_only(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("设置 沉默天数 3")
    arrive(stage, room, "阿青")
    mornings(stage, 4)
    assert "来了 3 天还没开过口：阿青" in owner.asks("今天")
    mornings(stage, 10)
    room.hears_nothing()
