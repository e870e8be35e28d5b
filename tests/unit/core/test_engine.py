"""Events: recorded once, handled once by each handler, and one handler's failure is its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.context import Context
from bot.errors import QunxingError
from bot.event_log import kind_of
from bot.events import Event, MembersJoined, MessagePosted
from bot.gateway.puppet import events
from bot.plugin import Plugin
from bot.storage.tables import EventMark, EventRow, Message
from bot.testing import Stage
from tests.unit.core.house import heard, marks, outgoing, rows, written


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaPoured(Event):
    """What the test's plugins tell one another."""

    room: int
    cups: int


class Crash(BaseException):
    """The machine lost power."""


def test_a_handler_that_raises_is_rolled_back_and_the_next_one_runs(folder: Path) -> None:
    first, second = Plugin("first", title="一"), Plugin("second", title="二")

    @first.on(MembersJoined)
    def break_down(ctx: Context, event: MembersJoined) -> None:
        ctx.say_text("坏掉的欢迎", urgency="welcome", reason="greeting")
        raise LookupError("somebody's words")

    @second.on(MembersJoined)
    def greet(ctx: Context, event: MembersJoined) -> None:
        ctx.say_text("欢迎", urgency="welcome", reason="greeting")

    with Stage(folder, plugins=[first, second]) as stage:
        room = stage.room("岩茶同好会")
        stage.person("小陈").joins(room)
        assert room.hears().text == "欢迎"
        room.hears_nothing()
        assert marks(stage) == [("first.break_down", "failed"), ("second.greet", "ok")]
        assert [mark.error for mark in rows(stage, EventMark)] == ["LookupError", None]


def test_a_command_that_raises_leaves_nothing_and_answers_one_line_with_a_number(folder: Path) -> None:
    tea, ears = Plugin("tea", title="茶"), Plugin("ears", title="耳")
    poured: list[int] = []

    @tea.command("上茶", who="member", where="group", example=("上茶", "…"))
    def pour(ctx: Context) -> None:
        ctx.reply_text("请用茶")
        ctx.emit(TeaPoured(at=ctx.now, room=ctx.room.id if ctx.room else 0, cups=1))
        ctx.run_line("再来")
        ctx.put_on_list("tea", "倒茶")
        raise LookupError("no cup")

    @tea.command("再来", who="member", where="group", example=("再来", "…"))
    def again(ctx: Context) -> None:
        ctx.reply_text("又一杯")

    @ears.on(TeaPoured)
    def hear(ctx: Context, event: TeaPoured) -> None:
        poured.append(event.cups)

    with Stage(folder, plugins=[tea, ears]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        stage.person("小林").says(room, "上茶", at_bot=True)
        answer = room.hears().text
        room.hears_nothing()
        (mark,) = rows(stage, EventMark)
        assert (mark.handler, mark.outcome) == ("tea.pour", "failed")
        number, kind = str(mark.error).split()
        assert kind == "LookupError" and number in answer and "小林" in answer
        assert poured == []
        stage.person("小林").says(room, "再来", at_bot=True)
        assert room.hears().text == "@小林\u2005又一杯"


def test_a_command_that_says_no_is_answered_in_its_plugins_words_and_leaves_nothing(folder: Path) -> None:
    tea = written(folder, "tea", {"no_tea": "$kind 喝完了"})

    @tea.command("上茶 <茶>", who="member", where="group", example=("上茶 肉桂", "…"))
    def pour(ctx: Context, kind: str) -> None:
        ctx.reply_text("请用茶")
        raise QunxingError("no_tea", kind=kind)

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        stage.person("小林").says(room, "上茶 肉桂", at_bot=True)
        assert room.hears().text == "@小林\u2005肉桂 喝完了"
        room.hears_nothing()


def test_a_command_whose_excuse_has_no_words_is_a_failure_like_any_other(folder: Path) -> None:
    tea = written(folder, "tea", {"no_tea": "$kind 喝完了"})

    @tea.command("上茶 [茶]", who="member", where="group", example=("上茶", "…"))
    def pour(ctx: Context, kind: str) -> None:
        if kind:
            raise QunxingError("there_is_no_such_text")
        raise QunxingError("no_tea", wrong="placeholder")

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        for line in ("上茶", "上茶 肉桂"):
            stage.person("小林").says(room, line, at_bot=True)
            assert "编号" in room.hears().text
        assert marks(stage) == [("tea.pour", "failed")] * 2


def test_what_a_plugin_tells_reaches_the_others_and_they_can_tell_more(folder: Path) -> None:
    tea, waiter, guest = Plugin("tea", title="茶"), Plugin("waiter", title="侍"), Plugin("guest", title="客")
    told: list[str] = []

    @tea.on(MessagePosted)
    def pour(ctx: Context, event: MessagePosted) -> None:
        assert event.room is not None
        ctx.emit(TeaPoured(at=ctx.now, room=event.room, cups=2))

    @waiter.on(TeaPoured)
    def serve(ctx: Context, event: TeaPoured) -> None:
        told.append(f"serve {event.cups}")
        if event.cups > 1:
            ctx.emit(TeaPoured(at=ctx.now, room=event.room, cups=event.cups - 1))

    @guest.on(TeaPoured)
    def drink(ctx: Context, event: TeaPoured) -> None:
        told.append(f"drink {event.cups}")

    with Stage(folder, plugins=[tea, waiter, guest]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        stage.person("小林").says(room, "渴了")
        assert sorted(told) == ["drink 1", "drink 2", "serve 1", "serve 2"]
        assert told.index("serve 2") < told.index("serve 1")
        kinds = [row.kind for row in rows(stage, EventRow)]
        assert kinds.count(kind_of(TeaPoured)) == 2
        assert all(row.done_at is not None for row in rows(stage, EventRow))


def test_a_handler_that_fails_tells_nothing(folder: Path) -> None:
    tea, ears = Plugin("tea", title="茶"), Plugin("ears", title="耳")
    told: list[int] = []

    @tea.on(MessagePosted)
    def pour(ctx: Context, event: MessagePosted) -> None:
        assert event.room is not None
        ctx.emit(TeaPoured(at=ctx.now, room=event.room, cups=1))
        raise LookupError

    @ears.on(TeaPoured)
    def hear(ctx: Context, event: TeaPoured) -> None:
        told.append(event.cups)

    with Stage(folder, plugins=[tea, ears]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        stage.person("小林").says(room, "渴了")
        assert told == []


def test_one_handler_for_an_event_and_for_all_events_leaves_the_bot_alive(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    seen: list[str] = []

    def note(ctx: Context, event: Event) -> None:
        seen.append(type(event).__name__)

    tea.on(MembersJoined)(note)
    tea.on(Event)(note)
    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会")
        stage.person("小陈").joins(room)
        assert seen.count("MembersJoined") >= 1
        stage.restart()
        assert seen.count("MembersJoined") <= 2


def test_a_handler_hears_only_rooms_where_its_plugin_is_on_unless_it_asks_for_all(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    here: list[str] = []
    everywhere: list[str] = []

    @tea.on(MessagePosted)
    def hear(ctx: Context, event: MessagePosted) -> None:
        here.append(event.text)

    @tea.on(MessagePosted, everywhere=True)
    def overhear(ctx: Context, event: MessagePosted) -> None:
        everywhere.append(event.text)

    with Stage(folder, plugins=[tea]) as stage:
        loud, still = stage.room("岩茶", members=["小林"]), stage.room("绿茶", members=["小陈"])
        off = still.key
        stage.write(
            lambda session: stage.app.services.settings.change(
                session, stage.clock.now(), off, "tea", "enabled", "关", None
            )
        )
        stage.person("小林").says(loud, "开着")
        stage.person("小陈").says(still, "关着")
        stage.person("小林").whispers("私下")
        assert here == ["开着"]
        assert everywhere == ["开着", "关着", "私下"]


# Once


def test_the_same_message_told_twice_is_one_message(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    seen: list[str] = []

    @tea.on(MessagePosted)
    def hear(ctx: Context, event: MessagePosted) -> None:
        seen.append(event.text)

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        said = stage.person("小林").says(room, "今天喝肉桂")
        stage.puppet.replay(said.id)
        stage.settle()
        stage.restart()
        stage.puppet.replay(said.id)
        stage.settle()
        assert seen == ["今天喝肉桂"]
        assert [message.text for message in rows(stage, Message)] == ["今天喝肉桂"]


def test_the_same_facts_told_again_after_a_restart_change_nothing(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    seen: list[str] = []

    @tea.on(Event, everywhere=True)
    def hear(ctx: Context, event: Event) -> None:
        seen.append(type(event).__name__)

    with Stage(folder, plugins=[tea]) as stage:
        room, chen = stage.room("岩茶同好会", members=["小林"]), stage.person("小陈")
        told: list[tuple[str, object]] = []
        stage.puppet.on("room-join", lambda payload: told.append(("room-join", payload)))
        stage.puppet.on("room-leave", lambda payload: told.append(("room-leave", payload)))
        stage.puppet.on("room-topic", lambda payload: told.append(("room-topic", payload)))
        chen.joins(room)
        stage.advance(minutes=1)
        room.room.rename("岩茶与绿茶")
        stage.advance(minutes=1)
        room.room.rename("只谈岩茶")
        chen.leaves(room)
        stage.advance(minutes=1)
        before = len(seen)
        for name, payload in list(told):
            stage.puppet.report(name, payload)
            stage.settle()
        stage.advance(minutes=11)
        assert seen[before:] == []
        assert stage.app.services.register.room_name(room.key) == "只谈岩茶"


# Late and old


def test_what_is_replayed_late_is_stored_and_heard_but_never_answered(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    seen: list[tuple[str, bool]] = []

    @tea.on(MessagePosted, everywhere=True)
    def hear(ctx: Context, event: MessagePosted) -> None:
        seen.append((event.text, event.late))
        if event.room is None:
            ctx.tell_text(event.member, "收到")
        else:
            ctx.say_text("收到", urgency="answer", reason="echo")

    @tea.command("上茶", who="member", where="both", example=("上茶", "请"))
    def pour(ctx: Context) -> None:
        ctx.reply_text("请用茶")

    with Stage(folder, plugins=[tea]) as stage:
        room, lin = stage.room("岩茶同好会", members=["小林"]), stage.person("小林")
        lin.person.befriend()
        stage.puppet.listening = False  # the gateway was away
        in_room = room.room.say(lin.person, "上茶", mention=[stage.puppet.me])
        in_private = lin.person.say("上茶")
        stage.puppet.listening = True
        stage.advance(minutes=11)
        for said in (in_room, in_private):
            stage.puppet.replay(said.id)
        stage.settle()
        room.hears_nothing()
        lin.hears_nothing()
        assert [late for _, late in seen] == [True, True]
        assert len(rows(stage, Message)) == 2 and outgoing(stage) == []
        lin.says(room, "上茶", at_bot=True)
        assert room.hears().text == "@小林\u2005请用茶"


def test_what_happened_long_ago_in_a_room_is_not_answered_either(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    late: list[str] = []

    @tea.on(Event, everywhere=True)
    def hear(ctx: Context, event: Event) -> None:
        if event.late:
            late.append(type(event).__name__)
        if ctx.room is not None:
            ctx.say_text("听说了", urgency="answer", reason="echo")

    with Stage(folder, plugins=[tea]) as stage:
        room, chen = stage.room("岩茶同好会", members=["小陈", "小林"]), stage.person("小陈")
        before = int(stage.clock.now().timestamp())
        stage.clock.move_by(timedelta(minutes=11))
        room.room.members.pop(chen.person.id)
        room.room.topic = "岩茶与绿茶"
        here: dict[str, Any] = {"room_id": room.room.id, "timestamp": before}
        leave = events.EventRoomLeavePayload(removed_ids=[chen.person.id], remover_id="", **here)
        topic = events.EventRoomTopicPayload(
            changer_id="", new_topic="岩茶与绿茶", old_topic="岩茶同好会", **here
        )
        stage.puppet.report("room-leave", leave)
        stage.puppet.report("room-topic", topic)
        stage.settle()
        assert late == ["MembersLeft", "RoomRenamed"]
        assert heard(room) == []
