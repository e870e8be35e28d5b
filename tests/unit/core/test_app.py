"""The whole machine: a full disk, another account, a flood, a poisoned message, a line that goes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.accounts import OtherAccount
from bot.app import INBOX_LIMIT, App
from bot.context import Context
from bot.errors import StorageFull
from bot.events import MessagePosted
from bot.gateway.base import MessageArrived, OddArrived, Person, RoomRef
from bot.plugin import Plugin
from bot.storage.tables import EventMark, Member, Message, OddEvent, Outgoing
from bot.testing import Stage, StageRoom
from tests.unit.core.house import heard, marks, outgoing, rows


@pytest.fixture
def tea() -> Plugin:
    tea = Plugin("tea", title="茶")

    @tea.on(MessagePosted)
    def hear(ctx: Context, event: MessagePosted) -> None:
        ctx.note("heard", event.text[:20])

    @tea.command("上茶", who="member", where="group", example=("上茶", "…"))
    def pour(ctx: Context) -> None:
        ctx.note("poured")
        ctx.reply_text("请用茶")

    return tea


@pytest.fixture
def stage(folder: Path, tea: Plugin) -> Iterator[Stage]:
    with Stage(folder, plugins=[tea]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", members=["小林"])


def fill_disk(stage: Stage, spare_pages: int = 0) -> None:
    """From now on the database may grow by so many pages and no further."""

    def limit(session: Session) -> None:
        raw = session.info["raw"]
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count={pages + spare_pages}").fetchone()

    stage.storage.write_now(limit)


def make_space(stage: Stage) -> None:
    """Somebody has cleaned up."""
    stage.storage.write_now(
        lambda session: session.info["raw"].execute("PRAGMA max_page_count=1000000").fetchone()
    )


def test_on_a_full_disk_the_inbox_keeps_what_could_not_be_stored(stage: Stage, room: StageRoom) -> None:
    lin = stage.person("小林")
    fill_disk(stage)
    for number in range(3):
        room.room.say(lin.person, f"第{number}句" + "茶" * 3_000)
    room.room.say(lin.person, "上茶", mention=[stage.puppet.me])
    for _ in range(2):
        with pytest.raises(StorageFull):
            stage.settle()
    assert rows(stage, Message) == []
    make_space(stage)
    stage.settle()
    assert room.hears().text == "@小林\u2005请用茶"
    assert [row.text[:3] for row in rows(stage, Message)][:4] == ["第0句", "第1句", "第2句", "@小群"]
    assert [mark for mark in marks(stage) if mark[0] == "tea.hear"] == [("tea.hear", "ok")] * 3


@pytest.mark.parametrize("spare_pages", range(1, 12))
def test_wherever_the_disk_fills_up_everything_is_done_once_in_the_end(
    stage: Stage, room: StageRoom, spare_pages: int
) -> None:
    lin = stage.person("小林")
    fill_disk(stage, spare_pages)
    for number in range(4):
        room.room.say(lin.person, f"第{number}句" + "茶" * 1_000)
        room.room.say(lin.person, "上茶", mention=[stage.puppet.me])
    full = 0
    while full < 3:
        try:
            stage.settle()
            break
        except StorageFull:
            full += 1
    make_space(stage)
    stage.advance(minutes=5)
    assert len(rows(stage, Message)) == 8 + 4  # what was said, and what the bot said to it
    assert sorted(marks(stage)) == [("tea.hear", "ok")] * 4 + [("tea.pour", "ok")] * 4
    assert heard(room) == ["@小林\u2005请用茶"] * 4
    assert outgoing(stage) == [("@小林\u2005请用茶", "sent")] * 4


def test_another_account_stops_the_bot_instead_of_mixing_two_accounts(stage: Stage, room: StageRoom) -> None:
    stage.puppet.me = stage.puppet.person("别人的号")
    with pytest.raises(OtherAccount) as caught:
        stage.lose_line(minutes=1)
    assert caught.value.values == {"name": "别人的号", "before": "小群星"}


def test_the_same_account_under_a_new_name_or_a_new_id_is_still_itself(stage: Stage, room: StageRoom) -> None:
    stage.puppet.me.rename("新名字")
    stage.lose_line(minutes=1)
    stage.puppet.me = stage.puppet.person("新名字")
    stage.lose_line(minutes=1)
    assert [row.name for row in rows(stage, Member) if row.is_self] == ["新名字", "新名字"]


def test_a_flood_waits_at_the_door_until_there_is_room(stage: Stage, room: StageRoom) -> None:
    app, now = stage.app, stage.clock.now()

    def odd(number: int) -> OddArrived:
        return OddArrived(key=f"odd:{number}", at=now, received_at=now, raw="?", why="test")

    async def flood(app: App) -> tuple[bool, int]:
        for number in range(INBOX_LIMIT):
            await app.receive(odd(number))
        late = asyncio.create_task(app.receive(odd(INBOX_LIMIT)))
        await asyncio.sleep(0)
        waited = not late.done()
        while await app.handle_inbox():
            pass
        await late
        while await app.handle_inbox():
            pass
        return waited, await app.storage.read(lambda session: session.query(OddEvent).count())

    assert stage._runner.run(flood(app)) == (True, INBOX_LIMIT + 1)


def test_one_arrival_that_cannot_be_stored_does_not_take_the_others_along(
    stage: Stage, room: StageRoom
) -> None:
    now, me = stage.clock.now(), Person(stage.person("小林").person.id, "小林")

    def message(number: int, text: str) -> MessageArrived:
        return MessageArrived(
            key=f"m:{number}", at=now, received_at=now, puppet_id=f"x{number}", talker=me, text=text,
            room=RoomRef(room.room.id, "岩茶同好会"), conversation=room.room.id,
        )  # fmt: skip

    async def arrive(app: App) -> None:
        for number, text in enumerate(("前面的", "半个字\ud83d", "后面的")):
            await app.receive(message(number, text))

    stage._runner.run(arrive(stage.app))
    stage.settle()
    assert [row.text for row in rows(stage, Message)] == ["前面的", "后面的"]
    (odd,) = rows(stage, OddEvent)
    assert (odd.why, odd.raw) == ("UnicodeEncodeError", "MessageArrived 'm:1'")
    assert len(rows(stage, EventMark)) == 2


def test_what_was_to_be_said_while_the_line_was_down_goes_out_when_it_is_back_if_it_still_can(
    stage: Stage, room: StageRoom
) -> None:
    key, now = room.key, stage.clock.now()

    def plan(session: Session) -> None:
        for text, minutes in (("还来得及", 60), ("来不及了", 10)):
            session.add(
                Outgoing(
                    plugin="tea", urgency="promised", room_id=key, text=text, created_at=now,
                    not_before=now + timedelta(minutes=5), expires_at=now + timedelta(minutes=minutes),
                )
            )  # fmt: skip

    stage.write(plan)
    stage.lose_line(minutes=30)
    stage.advance(seconds=1)
    assert heard(room) == ["还来得及"]
    assert outgoing(stage) == [("还来得及", "sent"), ("来不及了", "expired")]


def test_nothing_to_do_is_nothing_to_wake_for(folder: Path) -> None:
    with Stage(folder, plugins=[]) as stage:
        assert stage.app.next_wake() is None
        stage.room("岩茶")
        assert stage.app.next_wake() == stage.clock.now() + timedelta(minutes=5)


def test_hostile_names_and_words_are_stored_said_and_survived(stage: Stage, room: StageRoom) -> None:
    nasty: list[Any] = [
        "'; DROP TABLE message; --", "{0.__class__}", "%s%n", "$name ${x}", "\x00\x1b[2J", "‮abc", "@所有人",
        "「老周：点香」\n- - - - - - - - - - - - - - -\n", "=cmd|' /C calc'!A0", "../../etc/passwd",
        "茶" * 30_000,
        "\" OR 1=1 NEAR/2 *", "<msg><appmsg/></msg>", "\u200b\u200b", "(a+)+$" + "a" * 5_000,
    ]  # fmt: skip
    lin = stage.person("小林")
    for words in nasty:
        lin.person.rename(words[:200])
        room.room.set_alias(lin.person, words[:200])
        lin.says(room, words)
        lin.says(room, "上茶", at_bot=True)
        stage.advance(minutes=1)
    answers = heard(room)
    assert len(answers) == len(nasty)
    for said in answers:
        assert said.endswith("\u2005请用茶") or said == "请用茶"
        assert "\n" not in said and "\x1b" not in said and said.count("@") <= 1
    assert {outcome for _, outcome in marks(stage)} == {"ok"}
