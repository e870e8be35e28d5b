"""The power goes between any two steps: nothing that was recorded is lost, nothing is done twice."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.context import Context
from bot.event_log import kind_of
from bot.events import Event, MembersJoined, MessagePosted
from bot.plugin import Plugin
from bot.storage.history import History
from bot.storage.tables import AuditRow, EventMark, EventRow, Outgoing, Slot, WorkRow
from bot.testing import Stage, StageRoom
from tests.unit.core.house import marks, rows


class PowerCut(BaseException):
    """Not an Exception: nothing in the bot may catch it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaPoured(Event):
    """What one plugin tells another."""

    room: int
    cups: int


def tea_house() -> list[Plugin]:
    """Two plugins that use everything that can be cut short; what they did stands in the audit log."""
    tea, guest = Plugin("tea", title="茶"), Plugin("guest", title="客")

    @tea.on(MembersJoined)
    def meet(ctx: Context, event: MembersJoined) -> None:
        ctx.note("met")
        ctx.emit(TeaPoured(at=ctx.now, room=event.room, cups=1))
        ctx.later("greet", after=timedelta(minutes=1))

    @tea.timer("greet")
    def greet(ctx: Context, payload: dict[str, Any]) -> None:
        ctx.note("greeted")
        ctx.say_text("欢迎", urgency="welcome", reason="greeting")

    @tea.command("报名", who="member", where="group", example=("报名", "…"))
    def sign_up(ctx: Context) -> None:
        ctx.note("signed")
        ctx.work("count")
        ctx.reply_text("记下了")

    @tea.work("count", done=lambda ctx, result: ctx.note("counted", str(result["people"])))
    def count(history: History, payload: dict[str, Any]) -> dict[str, Any]:
        return {"people": 3}

    @guest.on(TeaPoured)
    def drink(ctx: Context, event: TeaPoured) -> None:
        ctx.note("drunk")

    return [tea, guest]


class Fuse:
    """Cuts the power at the n-th commit from now on, right before or right after it."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.at, self.before = at, before
        self.commits = -1  # the one that puts it in is not counted

    def put_into(self, stage: Stage) -> None:
        def install(session: Session) -> None:
            sql_event.listen(session, "before_commit", self._before)
            sql_event.listen(session, "after_commit", self._after)

        stage.storage.write_now(install)

    def _before(self, session: Session) -> None:
        if not session.in_nested_transaction():
            self.commits += 1
            if self.before and self.commits == self.at:
                raise PowerCut

    def _after(self, session: Session) -> None:
        if not session.in_nested_transaction() and not self.before and self.commits == self.at:
            raise PowerCut


def evening(stage: Stage, room: StageRoom) -> None:
    """Somebody comes in, somebody signs up, and time passes."""
    stage.person("小陈").joins(room)
    stage.person("小林").says(room, "报名", at_bot=True)
    stage.advance(minutes=2)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_whatever_was_recorded_is_handled_once_and_nothing_is_said_twice(
    tmp_path: Path, empty_database: Path, before: bool
) -> None:
    at, went_through = 0, False
    while not went_through:
        at += 1
        folder = Path(shutil.copytree(empty_database, tmp_path / str(at)))
        with Stage(folder, plugins=tea_house()) as stage:
            room = stage.room("岩茶同好会", members=["小林"])
            fuse = Fuse(at, before=before)
            fuse.put_into(stage)
            try:
                evening(stage, room)
                went_through = True
            except PowerCut:
                stage.restart()
            fuse.at = 0
            stage.advance(minutes=3)
            room.unread.clear()
            check_the_books(stage, f"power cut {'before' if before else 'after'} commit {at}")
    assert at > 12  # the evening is long enough to be worth cutting short


def check_the_books(stage: Stage, when: str) -> None:
    """Every fact on record has had its effects once, and every word is sent or flagged."""
    kinds = Counter(row.kind for row in rows(stage, EventRow))
    requests = [row for row in rows(stage, EventRow) if row.kind == "MessagePosted"]
    done = Counter(row.action for row in rows(stage, AuditRow))
    assert done["met"] == kinds["MembersJoined"] == kinds[kind_of(TeaPoured)] == done["drunk"], when
    assert done["greeted"] == done["met"] and done["signed"] == done["counted"] == len(requests), when
    assert all(row.done_at is not None for row in rows(stage, EventRow)), when
    assert {row.status for row in rows(stage, Slot)} <= {"done"}, when
    assert {row.status for row in rows(stage, WorkRow)} <= {"done"}, when
    said = Counter(sent.text for sent in stage.puppet.sent)
    assert set(said.values()) <= {1}, when
    for row in rows(stage, Outgoing):
        assert row.status in ("sent", "unknown"), when
        assert row.status == "unknown" or said[row.text] == 1, when
    assert len(rows(stage, Outgoing)) == done["greeted"] + done["signed"], when


def test_a_handler_that_dies_with_the_machine_is_run_again_at_the_next_start(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    lives: list[str] = []

    @tea.on(MessagePosted)
    def hear(ctx: Context, event: MessagePosted) -> None:
        ctx.say_text("收到", urgency="answer", reason="echo")
        lives.append(event.text)
        if len(lives) == 1:
            raise PowerCut

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        with pytest.raises(PowerCut):
            stage.person("小林").says(room, "在吗")
        assert marks(stage) == []
        stage.restart()
        assert lives == ["在吗", "在吗"]
        assert marks(stage) == [("tea.hear", "ok")]
        assert room.hears().text == "收到"
        room.hears_nothing()


def test_an_event_found_after_a_short_while_is_answered_and_after_a_longer_one_only_handled(
    folder: Path,
) -> None:
    tea = Plugin("tea", title="茶")
    cut = [True]

    @tea.on(MessagePosted)
    def hear(ctx: Context, event: MessagePosted) -> None:
        if cut:
            raise PowerCut
        ctx.note("heard", event.text)
        ctx.say_text("收到", urgency="answer", reason="echo")

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        for minutes, answers in ((5, True), (15, False)):
            cut[:] = [True]
            with pytest.raises(PowerCut):
                stage.person("小林").says(room, f"{minutes}分钟")
            cut.clear()
            stage.clock.move_by(timedelta(minutes=minutes))
            stage.restart()
            assert [row.subject for row in rows(stage, AuditRow)][-1] == f"{minutes}分钟"
            if answers:
                assert room.hears().text == "收到"
            room.hears_nothing()


def test_what_is_older_than_two_days_is_only_recorded_and_said_to_be_so(folder: Path) -> None:
    tea = Plugin("tea", title="茶")
    cut = [True]

    @tea.on(MessagePosted)
    def hear(ctx: Context, event: MessagePosted) -> None:
        if cut:
            raise PowerCut
        ctx.note("heard", event.text)

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        with pytest.raises(PowerCut):
            stage.person("小林").says(room, "有人吗")
        cut.clear()
        stage.clock.move_by(timedelta(days=2, seconds=1))
        stage.restart()
        assert marks(stage) == [("*", "too_old")]
        assert rows(stage, AuditRow) == []
        stage.restart()
        assert marks(stage) == [("*", "too_old")]


def test_a_heap_of_old_events_does_not_hide_the_fresh_ones_behind_it(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.on(TeaPoured)
    def drink(ctx: Context, event: TeaPoured) -> None:
        ctx.note("drunk", str(event.cups))

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶同好会")
        room_key, now = room.key, stage.clock.now()

        def leave_open(session: Session) -> None:
            for number in range(510):
                at = now - timedelta(days=3) if number < 505 else now
                session.add(
                    EventRow(
                        key=f"tea:{number}", kind=kind_of(TeaPoured), at=at, received_at=at, room_id=room_key,
                        payload={"room": room_key, "cups": number},
                    )
                )  # fmt: skip

        stage.write(leave_open)
        stage.restart()
        assert [row.subject for row in rows(stage, AuditRow)] == [str(number) for number in range(505, 510)]
        assert Counter(mark.outcome for mark in rows(stage, EventMark)) == {"too_old": 505, "ok": 5}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "NoSuchEvent"},
        {"payload": {"room": 1, "cups": 1, "kettles": 2}},
        {"payload": {"room": 1}},
    ],
    ids=["class is gone", "field is gone", "field is new"],
)
def test_an_open_event_of_an_older_version_does_not_keep_the_bot_from_starting(
    folder: Path, change: dict[str, Any]
) -> None:
    tea = Plugin("tea", title="茶")
    with Stage(folder, plugins=[tea]) as stage:
        now = stage.clock.now()
        row = EventRow(
            key="tea:1", kind=kind_of(TeaPoured), at=now, received_at=now, payload={"room": 1, "cups": 1}
        )
        stage.write(lambda session: session.add(row))
        stage.write(lambda session: session.execute(update(EventRow).values(**change)))
        stage.restart()
        assert marks(stage) == [("*", "too_old")]
