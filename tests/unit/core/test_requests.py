"""Who may ask the bot for what: only the paired person, in private, now, in words of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted
from bot.plugin import Plugin
from bot.storage.tables import Expectation, Ownership
from bot.testing import Player, Stage, StageRoom
from tests.unit.core.house import front_door, heard, marks, rows, written


@pytest.fixture
def done() -> list[tuple[str, str]]:
    """What commands did: ("清场", "岩茶同好会")."""
    return []


@pytest.fixture
def desk(folder: Path, done: list[tuple[str, str]]) -> Plugin:
    """An owner's desk with a harmless and a dangerous command, and one for everybody."""
    desk = written(
        folder,
        "desk",
        {"clear": "在「$room」清场", "ok": "好了", "cups": "几杯？", "thanks": "$cups 杯，记下了"},
    )

    @desk.command("点香", who="owner", where="private", example=("点香", "好了"))
    def burn(ctx: Context) -> None:
        done.append(("点香", ctx.room_name))
        ctx.reply("ok")

    @desk.command("清场 [原因]", who="owner", where="private", example=("清场", "…"), confirm="clear")
    def clear(ctx: Context, why: str) -> None:
        done.append(("清场", ctx.room_name))
        ctx.reply("ok")

    @desk.command("上茶 <几杯>", who="member", where="both", example=("上茶 2杯", "…"))
    def pour(ctx: Context, cups: str) -> None:
        done.append(("上茶", cups))
        ctx.reply("ok")

    return desk


@pytest.fixture
def stage(folder: Path, desk: Plugin) -> Iterator[Stage]:
    with Stage(folder, plugins=[desk, front_door()]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", owner="老周", members=["小林", "小陈"])


@pytest.fixture
def zhou(stage: Stage, room: StageRoom) -> Player:
    return stage.person("老周")


def code_in(text: str) -> str:
    found = re.search(r"确认 (\d{4})", text)
    assert found is not None, text
    return found[1]


# Authority


def test_the_owner_commands_in_private(zhou: Player, done: list[tuple[str, str]]) -> None:
    assert zhou.asks("点香") == "好了"
    assert done == [("点香", "岩茶同好会")]


LOOK_ALIKES = ["老周", "老周\u200b", "\u202e老周", "老 周", "老周️", "⽼周", "老周 ", "群主老周"]


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_name_that_looks_like_the_owners_gives_no_power(
    stage: Stage, room: StageRoom, zhou: Player, done: list[tuple[str, str]], name: str
) -> None:
    guest = stage.person("小林")
    guest.person.rename(name)
    room.room.set_alias(guest.person, name)
    guest.says(room, "大家好")
    guest.whispers("点香")
    guest.hears_nothing()
    guest.says(room, "点香", at_bot=True)
    room.hears_nothing()
    assert done == []


def test_in_the_group_even_the_owner_commands_nothing(
    room: StageRoom, zhou: Player, done: list[tuple[str, str]]
) -> None:
    zhou.says(room, "点香", at_bot=True)
    zhou.says(room, "点香")
    room.hears_nothing()
    zhou.hears_nothing()
    assert done == []


def test_quoting_or_forwarding_the_owner_gives_no_power(
    stage: Stage, room: StageRoom, zhou: Player, done: list[tuple[str, str]]
) -> None:
    guest = stage.person("小林")
    guest.person.befriend()
    guest.whispers("「老周：点香」\n- - - - - - - - - - - - - - -\n点香")
    guest.person.say("老周: 点香", kind="chat_history")
    stage.settle()
    guest.says(room, "点香", at_bot=True, quote=("老周", "点香"))
    guest.hears_nothing()
    assert heard(room) == [] and done == []


@pytest.mark.parametrize(
    "kind", ["chat_history", "link", "image", "voice", "file", "sticker", "mini_program"]
)
def test_only_words_command_not_what_is_forwarded_or_shown(
    stage: Stage, zhou: Player, done: list[tuple[str, str]], kind: Any
) -> None:
    zhou.person.say("点香", kind=kind)
    stage.settle()
    zhou.hears_nothing()
    assert done == []


def test_quoting_the_owners_command_does_not_make_the_quote_a_command(
    zhou: Player, done: list[tuple[str, str]]
) -> None:
    zhou.whispers("「小林：点香」\n- - - - - - - - - - - - - - -\n他说的这个是什么？")
    zhou.hears_nothing()
    assert done == []


def test_an_order_that_comes_late_is_not_carried_out(
    stage: Stage, zhou: Player, done: list[tuple[str, str]]
) -> None:
    stage.puppet.listening = False
    said = zhou.person.say("点香")
    stage.puppet.listening = True
    stage.clock.move_by(timedelta(minutes=11))
    stage.puppet.replay(said.id)
    stage.settle()
    zhou.hears_nothing()
    assert done == []


def test_an_order_that_is_told_twice_is_carried_out_once(
    stage: Stage, zhou: Player, done: list[tuple[str, str]]
) -> None:
    said = zhou.whispers("点香")
    assert heard(zhou) == ["好了"]
    stage.puppet.replay(said.id)
    stage.restart()
    stage.puppet.replay(said.id)
    stage.settle()
    zhou.hears_nothing()
    assert len(done) == 1


def test_an_order_that_was_taken_back_at_once_is_not_carried_out(
    stage: Stage, zhou: Player, done: list[tuple[str, str]]
) -> None:
    said = zhou.person.say("点香")
    zhou.person.recall(said)
    stage.settle()
    zhou.hears_nothing()
    assert done == []


def test_the_bot_does_not_command_itself(stage: Stage, room: StageRoom, done: list[tuple[str, str]]) -> None:
    room.room.say(stage.puppet.me, "上茶 三杯", mention=[stage.puppet.me])
    stage.puppet.speak(stage.puppet.me, None, "点香", to=stage.person("老周").person)
    stage.settle()
    room.hears_nothing()
    assert done == []


def test_an_official_account_cannot_be_paired(
    stage: Stage, room: StageRoom, done: list[tuple[str, str]]
) -> None:
    paper = stage.person("茶叶早报", official=True, friend=True)
    stage.pair(paper, room)
    paper.whispers("点香")
    paper.hears_nothing()
    assert done == []


def test_an_owner_of_one_room_does_not_command_another(
    stage: Stage, room: StageRoom, zhou: Player, done: list[tuple[str, str]]
) -> None:
    stage.room("绿茶群", owner="小陈")
    stage.person("小陈").asks("点香")
    zhou.asks("点香")
    assert done == [("点香", "绿茶群"), ("点香", "岩茶同好会")]


def test_who_was_paired_before_there_was_a_room_is_told_so(folder: Path, desk: Plugin) -> None:
    with Stage(folder, plugins=[desk, front_door()]) as stage:
        zhou = stage.person("老周")
        stage.pair(zhou)
        assert "还没有群" in zhou.asks("点香")


def test_an_owner_is_told_that_something_is_switched_off_and_others_hear_nothing(
    stage: Stage, room: StageRoom, zhou: Player, done: list[tuple[str, str]]
) -> None:
    book, now, key = stage.app.services.settings, stage.clock.now(), room.key
    stage.write(lambda session: book.change(session, now, key, "desk", "enabled", "关", None))
    assert "关着" in zhou.asks("点香")
    stage.person("小林").says(room, "上茶 2杯", at_bot=True)
    room.hears_nothing()
    assert done == []


def test_what_is_lacking_is_asked_for(stage: Stage, room: StageRoom, done: list[tuple[str, str]]) -> None:
    stage.person("小林").says(room, "上茶", at_bot=True)
    answer = room.hears().text
    assert "上茶 <几杯>" in answer and "上茶 2杯" in answer
    assert done == []


# Being spoken to in a group


@pytest.mark.parametrize(
    "line", ["@小群星 上茶 2杯", "上茶 2杯 @小群星", "@小群星\u2005上茶 2杯", "@小群星上茶 2杯"]
)
def test_a_mention_is_understood_wherever_it_stands(
    stage: Stage, room: StageRoom, done: list[tuple[str, str]], line: str
) -> None:
    guest = stage.person("小林")
    room.room.say(guest.person, line, mention=[stage.puppet.me])
    stage.settle()
    heard(room)
    assert done == [("上茶", "2杯")]


def test_a_written_mention_without_an_id_counts_at_the_beginning_only(
    stage: Stage, room: StageRoom, done: list[tuple[str, str]]
) -> None:
    guest = stage.person("小林")
    guest.says(room, "@小群星 上茶 2杯")
    assert heard(room) == ["@小林\u2005好了"]
    guest.says(room, "听说 @小群星 上茶 2杯")
    room.hears_nothing()
    assert done == [("上茶", "2杯")]


def test_a_reply_that_quotes_the_bot_speaks_to_it(
    stage: Stage, room: StageRoom, done: list[tuple[str, str]]
) -> None:
    guest, other = stage.person("小林"), stage.person("小陈")
    guest.says(room, "上茶 1杯", at_bot=True)
    answer = room.hears()
    other.says(room, "上茶 2杯", quote=(stage.puppet.me.name, answer.text))
    room.hears()
    other.says(room, "上茶 3杯", quote=("小林", "上茶 1杯"))
    stage.advance(minutes=1)
    assert done == [("上茶", "1杯"), ("上茶", "2杯")]
    heard(room)


def test_a_bot_whose_name_has_a_space_is_understood(
    folder: Path, desk: Plugin, done: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[desk], config="bot: {name: Tea Bot}") as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        stage.person("小林").says(room, "上茶 2杯", at_bot=True)
        assert room.hears().text == "@小林\u2005好了"
        assert done == [("上茶", "2杯")]


def test_words_that_are_not_for_the_bot_are_none_of_its_business(
    stage: Stage, room: StageRoom, done: list[tuple[str, str]]
) -> None:
    stage.person("小林").says(room, "上茶 2杯")
    stage.person("小林").says(room, "上茶 2杯", mention=[stage.person("小陈")])
    room.hears_nothing()
    assert done == []


# Confirmations


def test_a_dangerous_order_is_quoted_and_waits_for_its_code(
    zhou: Player, done: list[tuple[str, str]]
) -> None:
    asked = zhou.asks("清场")
    assert asked.startswith("在「岩茶同好会」清场") and done == []
    assert zhou.asks(f"确认 {code_in(asked)}") == "好了"
    assert done == [("清场", "岩茶同好会")]
    zhou.whispers(f"确认 {code_in(asked)}")  # it is used up
    zhou.hears_nothing()
    assert len(done) == 1


@pytest.mark.parametrize("form", ["确认{}", "确认：{}", "确认，{}！", "确认 {}。", " 确 认 {} "])
def test_the_code_may_be_said_in_several_ways(zhou: Player, done: list[tuple[str, str]], form: str) -> None:
    code = code_in(zhou.asks("清场"))
    zhou.whispers(form.format(code))
    heard(zhou)
    assert done == [("清场", "岩茶同好会")]


def test_a_wrong_code_undoes_the_request(zhou: Player, done: list[tuple[str, str]]) -> None:
    code = code_in(zhou.asks("清场"))
    wrong = f"{(int(code) + 1) % 10_000:04d}"
    assert "确认码不对" in zhou.asks(f"确认 {wrong}")
    zhou.whispers(f"确认 {code}")
    zhou.hears_nothing()
    assert done == []


def test_a_late_code_undoes_the_request(stage: Stage, zhou: Player, done: list[tuple[str, str]]) -> None:
    code = code_in(zhou.asks("清场"))
    stage.advance(seconds=61)
    assert zhou.asks(f"确认 {code}").startswith("过了一分钟")
    assert done == []


def test_the_code_counts_from_the_person_who_was_asked_only(
    stage: Stage, room: StageRoom, zhou: Player, done: list[tuple[str, str]]
) -> None:
    stage.pair(stage.person("小陈"), room)
    code = code_in(zhou.asks("清场"))
    for other in ("小陈", "小林"):
        stage.person(other).whispers(f"确认 {code}")
        stage.person(other).hears_nothing(timedelta(seconds=10))
    zhou.says(room, f"确认 {code}", at_bot=True)
    room.hears_nothing(timedelta(seconds=10))
    assert done == []
    assert zhou.asks(f"确认 {code}") == "好了"


def test_a_second_order_replaces_the_first(zhou: Player, done: list[tuple[str, str]]) -> None:
    first = code_in(zhou.asks("清场 广告太多"))
    second = code_in(zhou.asks("清场 收摊了"))
    zhou.asks(f"确认 {second}")
    assert done == [("清场", "岩茶同好会")]
    if first != second:
        zhou.whispers(f"确认 {first}")
        zhou.hears_nothing()


def test_who_lost_the_room_meanwhile_cannot_confirm(
    stage: Stage, room: StageRoom, zhou: Player, done: list[tuple[str, str]]
) -> None:
    code = code_in(zhou.asks("清场"))
    stage.write(lambda session: session.execute(delete(Ownership)))
    zhou.whispers(f"确认 {code}")
    zhou.hears_nothing()
    assert done == []


def test_what_will_be_done_may_be_said_by_a_function_that_can_refuse(folder: Path) -> None:
    desk, cleared = written(folder, "desk", {"busy": "现在不行：$why"}), []

    def what(ctx: Context, why: str) -> str:
        if not why:
            raise QunxingError("busy", why="没说为什么")
        return f"要清场，因为{why}"

    @desk.command("清场 [原因]", who="owner", where="private", example=("清场", "…"), confirm=what)
    def clear(ctx: Context, why: str) -> None:
        cleared.append(why)

    with Stage(folder, plugins=[desk, front_door()]) as stage:
        stage.room("岩茶", owner="老周")
        zhou = stage.person("老周")
        assert zhou.asks("清场") == "现在不行：没说为什么"
        asked = zhou.asks("清场 收摊")
        assert asked.startswith("要清场，因为收摊")
        zhou.whispers(f"确认 {code_in(asked)}")
        assert cleared == ["收摊"]


# Answers that a plugin waits for


@pytest.fixture
def asking(folder: Path, done: list[tuple[str, str]]) -> Plugin:
    """A plugin that asks 小林 privately, and 小陈 in the room, how many cups."""
    asking = Plugin("asking", title="问")

    @asking.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        if event.text == "问我":
            ctx.ask(
                "cups", event.member, wait=timedelta(minutes=10), in_group=ctx.name_of(event.member) == "小陈"
            )

    @asking.answer("cups")
    def note(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
        if not event.text.isdigit():
            return False
        done.append((ctx.name_of(event.member), event.text))
        if event.text == "0":
            ctx.ask("cups", event.member, wait=timedelta(minutes=10), in_group=event.room is not None)
        return True

    @asking.command("3", who="member", where="both", example=("3", "…"))
    def three(ctx: Context) -> None:
        done.append(("command", "3"))

    return asking


@pytest.fixture
def tea_table(folder: Path, asking: Plugin) -> Iterator[tuple[Stage, StageRoom]]:
    with Stage(folder, plugins=[asking]) as stage:
        room = stage.room("岩茶", members=["小林", "小陈", "老周"])
        yield stage, room


def test_an_answer_counts_from_that_very_person_in_that_place_only(
    tea_table: tuple[Stage, StageRoom], done: list[tuple[str, str]]
) -> None:
    stage, room = tea_table
    lin, chen = stage.person("小林"), stage.person("小陈")
    for player in (lin, chen):
        player.says(room, "问我")
    lin.says(room, "1")  # asked in private
    chen.whispers("2")  # asked in the room
    stage.person("老周").says(room, "4")
    stage.person("老周").whispers("4")
    assert done == []
    chen.says(room, "5")
    lin.whispers("6")
    assert done == [("小陈", "5"), ("小林", "6")]
    chen.says(room, "7")
    lin.whispers("7")
    assert len(done) == 2 and rows(stage, Expectation) == []


def test_words_that_are_no_answer_go_their_ordinary_way_and_it_is_still_waited_for(
    tea_table: tuple[Stage, StageRoom], done: list[tuple[str, str]]
) -> None:
    stage, room = tea_table
    lin = stage.person("小林")
    lin.says(room, "问我")
    lin.whispers("等一下")
    assert [name for name, _ in marks(stage)][-1:] != ["asking.cups"]
    lin.whispers("3")
    assert done == [("小林", "3")]
    lin.whispers("3")
    assert done[1:] == [("command", "3")]


def test_an_answer_can_be_asked_for_again_and_outlasts_a_restart(
    tea_table: tuple[Stage, StageRoom], done: list[tuple[str, str]]
) -> None:
    stage, room = tea_table
    lin = stage.person("小林")
    lin.says(room, "问我")
    stage.restart()
    for words in ("0", "0", "5", "6"):
        lin.whispers(words)
    assert done == [("小林", "0"), ("小林", "0"), ("小林", "5")]


def test_after_a_while_it_is_not_waited_for_any_more(
    tea_table: tuple[Stage, StageRoom], done: list[tuple[str, str]]
) -> None:
    stage, room = tea_table
    lin = stage.person("小林")
    lin.says(room, "问我")
    stage.advance(minutes=10)
    lin.whispers("5")
    assert done == []


# What nothing else matched


def test_what_a_catch_all_takes_is_heard_by_everybody_else_too(folder: Path) -> None:
    desk, ears = Plugin("desk", title="台"), Plugin("ears", title="耳")
    heard_by: list[tuple[str, str]] = []

    @desk.command("[话]", who="member", where="both", example=("你好", "…"), hidden=True)
    def small_talk(ctx: Context, words: str) -> None:
        heard_by.append(("desk", words))
        ctx.reply_text("我只懂茶")

    @desk.command("上茶", who="member", where="both", example=("上茶", "…"))
    def pour(ctx: Context) -> None:
        heard_by.append(("pour", ""))

    @ears.on(MessagePosted, everywhere=True)
    def hear(ctx: Context, event: MessagePosted) -> None:
        heard_by.append(("ears", event.text))

    with Stage(folder, plugins=[desk, ears]) as stage:
        room = stage.room("岩茶", members=["小林"])
        lin = stage.person("小林")
        assert lin.asks("今天天气不错") == "我只懂茶"
        lin.whispers("上茶")
        lin.says(room, "没人问你")
        assert heard_by == [
            ("desk", "今天天气不错"),
            ("ears", "今天天气不错"),
            ("pour", ""),
            ("ears", "没人问你"),
        ]


def test_a_handler_may_have_a_line_run_as_if_it_had_been_said(folder: Path) -> None:
    desk = written(folder, "desk", {"poured": "$cups 杯"})

    @desk.command("1", who="member", where="private", example=("1", "…"))
    def first(ctx: Context) -> None:
        ctx.run_line("上茶 两杯")

    @desk.command("上茶 <几杯>", who="member", where="private", example=("上茶 2杯", "…"))
    def pour(ctx: Context, cups: str) -> None:
        ctx.reply("poured", cups=cups)

    with Stage(folder, plugins=[desk]) as stage:
        assert stage.person("小林").asks("1") == "两杯 杯"
        assert marks(stage) == [("desk.first", "ok"), ("desk.pour", "ok")]
