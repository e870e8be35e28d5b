"""What a handler can do: look around, speak here or there, change a setting, wait, put things on a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted
from bot.plugin import Plugin, Settings
from bot.storage.tables import AuditRow, Expectation, OwnerItem
from bot.testing import Player, Stage, StageRoom
from tests.unit.core.house import front_door, heard, outgoing, rows, written

Doing = Callable[[Context], object]


class TeaSettings(Settings):
    cups: int = Field(default=2, ge=1, le=9, title="杯数", description="一次几杯")


@pytest.fixture
def do() -> list[Doing]:
    """What the plugin does with the next message in the room, or (None in it) with any message."""
    return []


@pytest.fixture
def tea(folder: Path, do: list[Doing]) -> Plugin:
    texts = {
        "hello": "$people 请用茶", "for_you": "给 $name 的悄悄话", "steep": ["第一泡", "第二泡", "第三泡"],
        "many": "$name 来了",
    }  # fmt: skip
    tea = written(folder, "tea", texts)
    tea.settings = TeaSettings

    @tea.on(MessagePosted)
    def act(ctx: Context, event: MessagePosted) -> None:
        ctx.member = event.member
        for one in do:
            one(ctx)
        do.clear()

    return tea


@pytest.fixture
def stage(folder: Path, tea: Plugin) -> Iterator[Stage]:
    with Stage(folder, plugins=[tea, front_door()]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", owner="老周", members=["小林", "小陈"])


@pytest.fixture
def lin(stage: Stage, room: StageRoom) -> Player:
    return stage.person("小林")


def now(stage: Stage, room: StageRoom, do: list[Doing], *doing: Doing) -> None:
    """Do this in a handler, at once."""
    do[:] = doing
    stage.person("小陈").says(room, "……")


# Speaking


def test_a_mention_is_a_real_one(stage: Stage, room: StageRoom, lin: Player, do: list[Doing]) -> None:
    lin.says(room, "早")
    now(stage, room, do, lambda ctx: ctx.say("hello", mention=[lin.key], urgency="answer"))
    sent = room.hears()
    assert (sent.text, sent.mention_ids) == ("@小林\u2005 请用茶", (lin.person.id,))


def test_nobody_smuggles_a_mention_or_a_line_of_their_own_into_what_it_says(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    nasty = "@所有人 $name {x}\n%s\u202e\x1b[31m"
    lin.person.rename(nasty)
    lin.says(room, "早")
    now(stage, room, do, lambda ctx: ctx.say("many", name=ctx.name_of(lin.key), urgency="answer"))
    said = room.hears().text
    assert "@" not in said and "\n" not in said and "\u202e" not in said and "\x1b" not in said
    assert "$name {x}" in said


def test_it_does_not_say_the_same_thing_in_the_same_words_twice_in_a_row(
    stage: Stage, room: StageRoom, do: list[Doing]
) -> None:
    for _ in range(12):
        now(stage, room, do, lambda ctx: ctx.say("steep", urgency="answer"))
        stage.advance(minutes=1)
    said = heard(room)
    assert set(said) == {"第一泡", "第二泡", "第三泡"}
    assert all(earlier != later for earlier, later in pairwise(said))


def test_private_words_reach_friends_only(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    now(stage, room, do, lambda ctx: ctx.tell(lin.key, "for_you", name="小林"))
    assert outgoing(stage) == []
    lin.whispers("加一下好友")
    now(stage, room, do, lambda ctx: ctx.tell(lin.key, "for_you", name="小林"))
    assert lin.hears().text == "给 小林 的悄悄话"


def test_what_cannot_be_said_privately_goes_to_the_group_or_on_the_owners_list(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    now(
        stage, room, do,
        lambda ctx: ctx.tell(lin.key, "for_you", fallback="group", name="小林"),
        lambda ctx: ctx.tell(lin.key, "for_you", fallback="owner", name="小林"),
        lambda ctx: ctx.tell(lin.key, "for_you", fallback="silence", name="小林"),
    )  # fmt: skip
    sent = room.hears()
    assert (sent.text, sent.mention_ids) == ("@小林\u2005给 小林 的悄悄话", (lin.person.id,))
    assert [item.text for item in rows(stage, OwnerItem)] == ["给 小林 的悄悄话"]
    room.hears_nothing()


def test_owners_are_told_privately_and_nobody_else(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    now(stage, room, do, lambda ctx: ctx.tell_owners("for_you", name="群主"))
    assert stage.person("老周").hears().text == "给 群主 的悄悄话"
    lin.hears_nothing()


def test_it_can_look_at_another_room_and_speak_there(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    other = stage.room("绿茶群")
    key = other.key

    def speak_there(ctx: Context) -> None:
        there = ctx.in_room(key)
        assert (there.room_name, ctx.room_name) == ("绿茶群", "岩茶同好会")
        there.say("steep", urgency="answer")

    now(stage, room, do, speak_there)
    assert other.hears().text in ("第一泡", "第二泡", "第三泡")
    assert heard(room) == []


def test_speaking_in_no_room_or_answering_nobody_is_a_mistake_of_the_plugin(
    stage: Stage, room: StageRoom, do: list[Doing]
) -> None:
    complaints: list[str] = []

    def blunder(ctx: Context) -> None:
        ctx.room, ctx.member = None, None
        for mistake in (ctx.say, ctx.reply):
            with pytest.raises(ValueError) as caught:
                mistake("steep")
            complaints.append(str(caught.value))

    now(stage, room, do, blunder)
    assert complaints == ["tea speaks without a room", "tea replies to nobody"]


# Settings


def test_a_changed_setting_holds_at_once_in_this_room_alone_and_is_on_record(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    other, seen = stage.room("绿茶群", members=["小陈"]), []
    now(
        stage,
        room,
        do,
        lambda ctx: ctx.change_setting("tea", "cups", "五个"),
        lambda ctx: seen.append(ctx.settings.cups),
    )
    now(stage, other, do, lambda ctx: seen.append(ctx.settings.cups))
    stage.restart()
    now(stage, room, do, lambda ctx: seen.append(ctx.settings.cups))
    assert seen == [5, 2, 5]
    (audit,) = rows(stage, AuditRow)[-1:]
    assert (audit.action, audit.subject, audit.old, audit.new) == ("setting", "tea.cups", 2, 5)
    assert (audit.member_id, audit.room_id) == (stage.person("小陈").key, room.key)


def test_a_setting_changed_by_a_handler_that_fails_stays_as_it_was(
    stage: Stage, room: StageRoom, do: list[Doing]
) -> None:
    seen: list[int] = []

    def fail(ctx: Context) -> None:
        do.clear()
        ctx.change_setting("tea", "cups", 7)
        assert ctx.settings.cups == 7
        raise LookupError

    now(stage, room, do, fail)
    now(stage, room, do, lambda ctx: seen.append(ctx.settings.cups))
    assert seen == [2] and [row for row in rows(stage, AuditRow) if row.action == "setting"] == []


def test_a_value_that_cannot_be_is_refused_in_plain_words(
    stage: Stage, room: StageRoom, do: list[Doing]
) -> None:
    refused: list[str] = []

    def change(ctx: Context) -> None:
        for value in ("十杯", "很多"):
            with pytest.raises(QunxingError) as caught:
                ctx.change_setting("tea", "cups", value)
            refused.append(caught.value.key)

    now(stage, room, do, change)
    assert refused == ["setting.wrong_value"] * 2


# A room's status that was changed by a handler that failed


def test_a_room_switched_on_by_a_handler_that_fails_stays_silent(stage: Stage, do: list[Doing]) -> None:
    room = stage.room("只看看的群", members=["小陈"], live=False)
    key, at = room.key, stage.clock.now()
    register = stage.app.services.register
    stage.write(lambda session: register.set_room_status(session, key, "watching", at))

    def switch_on_and_fail(ctx: Context) -> None:
        do.clear()
        ctx.services.register.set_room_status(ctx.db, key, "live", ctx.now)
        assert ctx.services.register.room_status(ctx.db, key) == "live"
        raise LookupError

    now(stage, room, do, switch_on_and_fail)
    now(stage, room, do, lambda ctx: ctx.say("steep", urgency="answer"))
    room.hears_nothing()
    assert [status for _, status in outgoing(stage)] == ["withheld"]


# Waiting, and lists


def test_what_is_no_longer_asked_is_no_longer_waited_for(
    stage: Stage, room: StageRoom, lin: Player, do: list[Doing]
) -> None:
    now(stage, room, do, lambda ctx: ctx.ask("cups", lin.key, wait=timedelta(hours=1)))
    assert [row.name for row in rows(stage, Expectation)] == ["cups"]
    now(stage, room, do, lambda ctx: ctx.stop_asking("cups", lin.key))
    assert rows(stage, Expectation) == []


def test_what_was_asked_in_the_group_is_answered_there_when_the_time_has_come(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.command("五分钟后叫我", who="member", where="both", example=("五分钟后叫我", "…"))
    def set_timer(ctx: Context) -> None:
        ctx.later("ring", after=timedelta(minutes=5), key=str(ctx.asked_in_group))

    @tea.timer("ring")
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        assert payload == {}
        ctx.reply_text("叮")

    with Stage(folder, plugins=[tea]) as stage:
        room, lin = stage.room("岩茶", members=["小林"]), stage.person("小林")
        lin.says(room, "五分钟后叫我", at_bot=True)
        lin.whispers("五分钟后叫我")
        stage.advance(minutes=6)
        assert (heard(room), heard(lin)) == (["@小林\u2005叮"], ["叮"])


def test_things_on_the_owners_list_have_small_numbers_of_their_own(
    stage: Stage, room: StageRoom, do: list[Doing]
) -> None:
    numbers: list[int] = []

    def put(key: str) -> Doing:
        return lambda ctx: numbers.append(ctx.put_on_list(key, f"看看{key}"))

    for key in ("广告", "提问", "广告"):
        now(stage, room, do, put(key))
    assert numbers == [1, 2, 1]
    assert [(item.number, item.text) for item in rows(stage, OwnerItem)] == [(1, "看看广告"), (2, "看看提问")]
    stage.clock.move_by(timedelta(days=9))
    now(stage, room, do, put("生日"))
    assert numbers[-1] == 1


def test_chance_comes_from_the_bots_own_dice(folder: Path, tmp_path: Path) -> None:
    def drawn(place: Path) -> list[int]:
        tea, found = Plugin("tea", title="茶"), []

        @tea.on(MessagePosted)
        def draw(ctx: Context, event: MessagePosted) -> None:
            found.append(ctx.choose(range(1_000)))

        with Stage(place, plugins=[tea], seed=7) as stage:
            for number in range(5):
                stage.person("小林").says(stage.room(f"茶{number}", members=["小林"]), "抽签")
        return found

    assert drawn(folder) == drawn(tmp_path / "second")
