"""Heavy work off the writer: its result comes back as a fact, whatever happens in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.context import Context
from bot.events import MembersJoined, MessagePosted
from bot.plugin import Plugin
from bot.storage.history import History
from bot.storage.tables import Room, WorkRow
from bot.testing import Stage
from tests.unit.core.house import rows, written


class PowerCut(BaseException):
    """The machine is off."""


def test_the_result_comes_back_to_whoever_asked(folder: Path) -> None:
    tea = written(folder, "tea", {"counted": "到现在说了 $count 句"})
    threads: list[str] = []

    @tea.command("数数", who="member", where="group", example=("数数", "…"))
    def ask(ctx: Context) -> None:
        ctx.work("count", room=ctx.room_id)

    def tell_count(ctx: Context, result: dict[str, Any]) -> None:
        ctx.reply("counted", **result)

    @tea.work("count", done=tell_count)
    def count(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        threads.append(threading.current_thread().name)
        return {"count": history.count(payload["room"])}

    with Stage(folder, plugins=[tea]) as stage:
        room, lin = stage.room("岩茶", members=["小林"]), stage.person("小林")
        lin.says(room, "好茶")
        lin.says(room, "数数", at_bot=True)
        assert room.hears().text == "@小林\u2005到现在说了 2 句"
        assert not any("writer" in name for name in threads)
        assert [(row.status, row.tries) for row in rows(stage, WorkRow)] == [("done", 0)]


def test_work_cannot_write_and_is_no_harm(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        ctx.work("scribble")

    @tea.work("scribble", done=lambda ctx, result: None)
    def scribble(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        history.session.add(Room(name="偷偷加的", found_at=history.now, status_at=history.now))
        history.session.flush()
        return {}

    with Stage(folder, plugins=[tea]) as stage:
        stage.person("小林").says(stage.room("岩茶", members=["小林"]), "写点什么")
        assert [row.name for row in rows(stage, Room)] == ["岩茶"]
        assert [(row.status, row.tries) for row in rows(stage, WorkRow)] == [("failed", 3)]


def test_work_that_fails_is_tried_three_times(folder: Path) -> None:
    tea, tries, results = Plugin("tea", title="茶"), [], []

    @tea.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        ctx.work("try", wanted=event.text)

    @tea.work("try", done=lambda ctx, result: results.append(result["at"]))
    def attempt(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        tries.append(payload["wanted"])
        if tries.count(payload["wanted"]) < int(payload["wanted"]):
            raise LookupError("what somebody wrote")
        return {"at": tries.count(payload["wanted"])}

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶", members=["小林"])
        for wanted in ("1", "3", "4"):
            stage.person("小林").says(room, wanted)
        assert results == [1, 3]
        assert tries == ["1", "3", "3", "3", "4", "4", "4"]
        assert [(row.status, row.error) for row in rows(stage, WorkRow)][-1] == ("failed", "LookupError")
        stage.restart()
        assert len(tries) == 7


def test_work_that_was_asked_for_survives_a_restart(folder: Path) -> None:
    tea, cut, results = Plugin("tea", title="茶"), [True], []

    @tea.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        ctx.work("think", about=event.text)

    @tea.work("think", done=lambda ctx, result: results.append((ctx.room_name, result["about"])))
    def think(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        if cut:
            raise PowerCut
        return {"about": payload["about"]}

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶", members=["小林"])
        with pytest.raises(PowerCut):
            stage.person("小林").says(room, "茶的一生")
        cut.clear()
        stage.restart()
        assert results == [("岩茶", "茶的一生")]
        stage.restart()
        assert len(results) == 1


def test_a_result_that_nobody_can_take_in_is_a_failure_and_leaves_nothing(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        ctx.work("think")

    def take_in(ctx: Context, result: dict[str, Any]) -> None:
        ctx.say_text("想好了", urgency="answer", reason="thought")
        ctx.emit(MembersJoined(at=ctx.now, room=1, members=()))
        raise LookupError

    @tea.work("think", done=take_in)
    def think(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        return {}

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "想想")
        room.hears_nothing()
        assert [(row.status, row.error) for row in rows(stage, WorkRow)] == [("failed", "LookupError")]


def test_work_of_a_plugin_that_is_gone_is_given_up(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        ctx.work("no such work")

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "想想")
        assert [(row.status, row.error) for row in rows(stage, WorkRow)] == [("failed", "no such work")]
        stage.advance(minutes=1)


def test_what_work_leads_to_can_lead_to_more(folder: Path) -> None:
    tea, told = Plugin("tea", title="茶"), []

    @tea.on(MessagePosted)
    def ask(ctx: Context, event: MessagePosted) -> None:
        ctx.work("think", left=2)

    def take_in(ctx: Context, result: dict[str, Any]) -> None:
        told.append(result["left"])
        if result["left"]:
            ctx.work("think", left=result["left"] - 1)
        else:
            ctx.later("ring", after=timedelta(minutes=1))

    @tea.work("think", done=take_in)
    def think(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        return {"left": payload["left"]}

    @tea.timer("ring")
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        told.append("铃")

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "想想")
        stage.advance(minutes=2)
        assert told == [2, 1, 0, "铃"]
