"""How a word on its way ends: sent, unknown, refused, expired. Never twice, never silently missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context import Context
from bot.events import FriendRequested, OutgoingSettled, RoomInvited
from bot.outbox import PAUSES, Claim, Outcome
from bot.plugin import Plugin
from bot.privacy import forget
from bot.speaking import Words, put
from bot.storage.tables import Member, Message, Outgoing
from bot.testing import Player, Stage, StageRoom
from tests.unit.core.house import heard, outgoing, rows

BUSY = GRPCError(Status.UNKNOWN, "操作太频繁，请稍后再试")
LOST = GRPCError(Status.INTERNAL, "stream reset")
SHUT = ConnectionRefusedError("nobody is at the door")


class Crash(BaseException):
    """The machine lost power."""


class Endings(list[tuple[str, str, str]]):
    """What plugins were told about rows: (kind, status, reason)."""


@pytest.fixture
def endings() -> Endings:
    return Endings()


@pytest.fixture
def tea(endings: Endings) -> Plugin:
    """Says and does what members ask of it, and hears how that ended."""
    tea = Plugin("tea", title="茶")

    @tea.command("跟我念 <话>", who="member", where="both", example=("跟我念 你好", "你好"))
    def repeat(ctx: Context, words: str) -> None:
        ctx.reply_text(words)

    @tea.on(OutgoingSettled, everywhere=True)
    def note_ending(ctx: Context, event: OutgoingSettled) -> None:
        endings.append((event.kind, event.status, event.reason))

    return tea


@pytest.fixture
def stage(folder: Path, tea: Plugin) -> Iterator[Stage]:
    with Stage(folder, plugins=[tea]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", members=["小林"])


@pytest.fixture
def lin(stage: Stage, room: StageRoom) -> Player:
    return stage.person("小林")


def fails(
    stage: Stage,
    error: BaseException,
    *,
    times: int = 1_000,
    after: bool = False,
    calls: str = "message_send",
) -> None:
    """The next calls of this kind fail: before they have their effect, or although they had it."""
    left = [error] * times

    async def hook(call: str, arguments: tuple[Any, ...]) -> None:
        if call.startswith(calls) and left:
            raise left.pop()

    stage.puppet.before_call, stage.puppet.after_call = (None, hook) if after else (hook, None)


def mends(stage: Stage) -> None:
    """Calls work again."""
    stage.puppet.before_call = stage.puppet.after_call = None


# Sent


def test_what_was_sent_is_in_history_as_the_bots_own_words(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    lin.says(room, "跟我念 早", at_bot=True)
    sent = room.hears()
    (row,) = rows(stage, Outgoing)
    own = [message for message in rows(stage, Message) if message.origin == "self"]
    assert [(one.text, one.puppet_id) for one in own] == [(sent.text, sent.message_id)]
    assert (row.status, row.puppet_id, row.message_id) == ("sent", sent.message_id, own[0].id)
    assert endings == []  # a text that was sent is no news


def test_the_echo_of_its_own_words_is_not_a_new_message(stage: Stage, room: StageRoom, lin: Player) -> None:
    lin.says(room, "跟我念 早", at_bot=True)
    sent = room.hears()
    stage.puppet.replay(sent.message_id)
    stage.advance(minutes=1)
    assert [message.origin for message in rows(stage, Message)] == ["live", "self"]


def test_what_the_accounts_person_types_on_the_phone_is_history_and_no_command(
    stage: Stage, room: StageRoom, lin: Player
) -> None:
    room.room.say(stage.puppet.me, "跟我念 我是谁", mention=[stage.puppet.me])
    room.room.say(stage.puppet.me, "我自己打的字")
    stage.settle()
    room.hears_nothing()
    assert "我自己打的字" in [message.text for message in rows(stage, Message)]


# Not sent: tried again, then given up


def test_what_certainly_did_not_go_out_is_tried_again(stage: Stage, room: StageRoom, lin: Player) -> None:
    fails(stage, SHUT, times=2)
    lin.says(room, "跟我念 早", at_bot=True)
    assert room.hears().text == "@小林\u2005早"
    assert stage.clock.now() >= rows(stage, Outgoing)[0].created_at + timedelta(seconds=10 + 20)
    room.hears_nothing()


def test_after_five_tries_it_is_given_up_and_said_so(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    fails(stage, SHUT)
    lin.says(room, "跟我念 早", at_bot=True)
    stage.advance(minutes=10)
    assert outgoing(stage) == [("@小林\u2005早", "refused")]
    assert [(kind, status) for kind, status, _ in endings] == [("text", "refused")]
    mends(stage)
    lin.says(room, "跟我念 又好了", at_bot=True)  # nothing went out, so WeChat took no offence
    assert room.hears().text == "@小林\u2005又好了"


def test_the_parts_of_a_long_text_keep_their_order_when_the_first_has_to_wait(
    stage: Stage, lin: Player
) -> None:
    long = "。".join(f"第{number}泡" + "茶" * 400 for number in range(9))
    lin.whispers("你好")
    fails(stage, SHUT, times=1)
    lin.whispers("跟我念 " + long)
    stage.advance(minutes=3)
    parts = heard(lin)
    assert len(parts) == 3 and "".join(parts) == long


def test_whoever_is_forgotten_while_a_word_is_on_its_way(stage: Stage, room: StageRoom, lin: Player) -> None:
    """The row is gone when the gateway says that nothing went out."""
    lin.whispers("你好")

    async def forget_then_fail(call: str, arguments: tuple[Any, ...]) -> None:
        if call.startswith("message_send"):
            mends(stage)
            key = stage.read(lambda session: session.scalar(select(Member.id).where(Member.name == "小林")))
            now = stage.clock.now()
            await stage.storage.write(lambda session: forget(session, key or 0, "有人", now))
            raise SHUT

    stage.puppet.before_call = forget_then_fail
    lin.whispers("跟我念 再见")
    stage.advance(minutes=5)
    assert outgoing(stage) == [] and heard(lin) == []


# Refused: the account falls silent, and comes back slowly


def test_a_refusal_silences_the_account_for_longer_each_time(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    fails(stage, BUSY)
    for number, pause in enumerate([*PAUSES, PAUSES[-1]], start=1):
        lin.says(room, f"跟我念 第{number}次", at_bot=True)
        assert [status for _, status, _ in endings] == ["refused"] * number
        lin.says(room, "跟我念 还在吗", at_bot=True)  # expires unsaid while the account is silent
        stage.advance_by(pause - timedelta(seconds=1))
        assert len([one for one in outgoing(stage) if one[1] == "refused"]) == number
        endings[:] = [one for one in endings if one[1] == "refused"]
        stage.advance(seconds=1)
    mends(stage)
    lin.says(room, "跟我念 好了", at_bot=True)
    assert room.hears().text == "@小林\u2005好了"
    fails(stage, BUSY, times=1)
    lin.says(room, "跟我念 又来", at_bot=True)
    stage.advance_by(PAUSES[0])
    lin.says(room, "跟我念 这次只歇一会儿", at_bot=True)
    assert room.hears().text == "@小林\u2005这次只歇一会儿"


def test_the_silence_after_a_refusal_outlasts_a_restart(stage: Stage, room: StageRoom, lin: Player) -> None:
    fails(stage, BUSY, times=1)
    lin.says(room, "跟我念 一", at_bot=True)
    stage.restart()
    lin.says(room, "跟我念 二", at_bot=True)
    room.hears_nothing()
    stage.advance_by(PAUSES[0])
    lin.says(room, "跟我念 三", at_bot=True)
    assert room.hears().text == "@小林\u2005三"


def test_what_never_reached_wechat_does_not_silence_the_account(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    lin.whispers("你好")
    stage.write(lambda session: session.add(file_row(stage, lin)))
    stage.advance(seconds=10)
    assert endings == [("file", "refused", "Unsendable: file: No such file or directory")]
    lin.says(room, "跟我念 我还能说话", at_bot=True)
    assert room.hears().text == "@小林\u2005我还能说话"


def file_row(stage: Stage, player: Player) -> Outgoing:
    """A picture that is to go to somebody although it is not on the disk."""
    now = stage.clock.now()
    return Outgoing(
        plugin="tea", urgency="answer", kind="file", member_id=player.key, text="茶.png",
        payload={"path": str(stage.folder / "茶.png"), "name": "茶.png"}, created_at=now, not_before=now,
        expires_at=now + timedelta(minutes=5),
    )  # fmt: skip


def test_a_picture_goes_out(stage: Stage, lin: Player, endings: Endings) -> None:
    (stage.folder / "茶.png").write_bytes(b"\x89PNG tea")
    lin.whispers("你好")
    stage.write(lambda session: session.add(file_row(stage, lin)))
    sent = lin.hears()
    assert (sent.file_name, sent.content) == ("茶.png", b"\x89PNG tea")
    assert endings == [("file", "sent", "")]


def test_somebody_without_an_address_cannot_be_written_to(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    now = stage.clock.now()

    def plan(session: Session) -> None:
        nobody = Member(name="查无此人", found_at=now)
        session.add(nobody)
        session.flush()
        put(session, Words(plugin="tea", urgency="answer", text="喂", member=nobody.id), now, 1500)

    stage.write(plan)
    stage.advance(seconds=1)
    assert endings == [("text", "refused", "no_address")]
    lin.says(room, "跟我念 我还能说话", at_bot=True)
    assert room.hears().text == "@小林\u2005我还能说话"


# Unknown: nobody knows whether it went out


def test_what_may_have_gone_out_is_never_sent_again(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    fails(stage, LOST, times=1)
    lin.says(room, "跟我念 早", at_bot=True)
    assert outgoing(stage) == [("@小林\u2005早", "unknown")]
    assert [status for _, status, _ in endings] == ["unknown"]
    stage.advance(hours=1)
    stage.restart()
    stage.advance(hours=1)
    assert heard(room) == []


def test_the_echo_proves_that_it_went_out_after_all(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    fails(stage, LOST, times=1, after=True)
    lin.says(room, "跟我念 早", at_bot=True)
    sent = room.hears()
    (row,) = rows(stage, Outgoing)
    assert (row.status, row.puppet_id, row.error) == ("sent", sent.message_id, None)
    own = [message for message in rows(stage, Message) if message.origin == "self"]
    assert [(message.text, message.puppet_id) for message in own] == [(sent.text, sent.message_id)]


def test_the_echo_proves_it_for_all_that_travelled_together(stage: Stage, lin: Player) -> None:
    lin.whispers("跟我念 零")
    for words in ("一", "二", "三"):
        lin.whispers(f"跟我念 {words}")
    fails(stage, LOST, times=1, after=True)
    stage.advance(minutes=1)
    assert heard(lin) == ["零", "一\n\n二\n\n三"]
    assert {status for _, status in outgoing(stage)} == {"sent"}
    own = [message.text for message in rows(stage, Message) if message.origin == "self"]
    assert own == ["零", "一", "二", "三"]


@pytest.mark.parametrize("went_out", [False, True])
def test_power_lost_in_the_middle_of_sending_leaves_it_unknown_and_never_sent_twice(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings, went_out: bool
) -> None:
    fails(stage, Crash(), times=1, after=went_out)
    with pytest.raises(Crash):
        lin.says(room, "跟我念 早", at_bot=True)
    assert outgoing(stage) == [("@小林\u2005早", "claimed")]
    mends(stage)
    stage.restart()
    assert outgoing(stage) == [("@小林\u2005早", "unknown")]
    assert endings == [("text", "unknown", "restart")]
    stage.advance(hours=2)
    assert heard(room) == (["@小林\u2005早"] if went_out else [])


def test_a_row_left_claimed_is_told_only_once(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    fails(stage, Crash(), times=1)
    with pytest.raises(Crash):
        lin.says(room, "跟我念 早", at_bot=True)
    stage.restart()
    stage.restart()
    assert [status for _, status, _ in endings] == ["unknown"]


# Expired


def test_who_wanted_to_say_it_hears_that_its_time_has_passed(
    stage: Stage, room: StageRoom, lin: Player, endings: Endings
) -> None:
    fails(stage, BUSY, times=1)
    lin.says(room, "跟我念 一", at_bot=True)
    lin.says(room, "跟我念 二", at_bot=True)
    stage.advance(minutes=6)
    assert [status for _, status in outgoing(stage)] == ["refused", "expired"]
    assert [status for _, status, _ in endings] == ["refused", "expired"]


# Deeds


@pytest.fixture
def host(folder: Path, endings: Endings) -> Iterator[tuple[Stage, StageRoom]]:
    """A bot that does on request what a member could not do themselves."""
    plugin = Plugin("deeds", title="事")

    @plugin.command("做 <什么> [谁]", who="member", where="group", example=("做 公告", "…"))
    def do(ctx: Context, what: str, whom: str) -> None:
        assert ctx.room_id is not None
        people = ctx.history.find_by_name(ctx.room_id, whom) or [
            member.member
            for member in ctx.history.members(ctx.room_id, present=False)
            if member.own_name == whom
        ]
        payload = {"puppet_id": "m1"} if what == "recall" else {}
        ctx.act(what, text="茶会公告", people=people, **payload)  # type: ignore[arg-type]

    @plugin.on(FriendRequested, everywhere=True)
    def accept(ctx: Context, event: FriendRequested) -> None:
        ctx.act("accept_friend", request=event.request)

    @plugin.on(RoomInvited, everywhere=True)
    def come(ctx: Context, event: RoomInvited) -> None:
        ctx.act("accept_invitation", invitation=event.invitation)

    @plugin.on(OutgoingSettled, everywhere=True)
    def note_ending(ctx: Context, event: OutgoingSettled) -> None:
        endings.append((event.kind, event.status, event.reason))

    with Stage(folder, plugins=[plugin]) as stage:
        yield stage, stage.room("岩茶同好会", members=["小林", "小陈"])


@pytest.mark.parametrize(
    ("deed", "whom", "done"),
    [
        ("remove", "小陈", "remove"),
        ("announce", "", "announce"),
        ("rename", "", "rename"),
        ("create_room", "小陈", "create"),
    ],
)
def test_deeds_are_done_once_and_told(
    host: tuple[Stage, StageRoom], endings: Endings, deed: str, whom: str, done: str
) -> None:
    stage, room = host
    stage.person("小林").says(room, f"做 {deed} {whom}", at_bot=True)
    stage.advance(minutes=5)
    assert [one.act for one in stage.puppet.done] == [done]
    assert endings == [(deed, "sent", "")]


def test_a_guest_is_invited_if_they_are_a_friend(host: tuple[Stage, StageRoom], endings: Endings) -> None:
    stage, room = host
    guest, lin = stage.person("小陈"), stage.person("小林")
    guest.leaves(room)
    lin.says(room, "做 invite 小陈", at_bot=True)
    stage.advance(minutes=1)
    assert [(kind, status) for kind, status, _ in endings] == [("invite", "refused")]
    guest.whispers("你好")
    lin.says(room, "做 invite 小陈", at_bot=True)
    stage.advance(minutes=1)
    assert [(kind, status) for kind, status, _ in endings][1:] == [("invite", "sent")]
    assert guest.person.id in room.room.members


def test_without_a_role_a_deed_is_refused_and_words_still_go_out(
    host: tuple[Stage, StageRoom], endings: Endings
) -> None:
    stage, room = host
    room.room.bot_may = False
    for deed in ("remove 小陈", "announce", "rename", "remove 没这个人", "recall"):
        stage.person("小林").says(room, f"做 {deed}", at_bot=True)
        stage.advance(minutes=1)
    assert [status for _, status, _ in endings] == ["refused"] * 5
    assert stage.puppet.done == []
    assert endings[3][2] == "Unsendable: no_address"


def test_a_deed_that_is_done_too_often_silences_the_account(
    host: tuple[Stage, StageRoom], endings: Endings
) -> None:
    """Unlike one that was refused for want of a role."""
    stage, room = host
    lin = stage.person("小林")
    fails(stage, BUSY, calls="room_announce")
    lin.says(room, "做 announce", at_bot=True)
    stage.advance(seconds=10)
    assert [(kind, status) for kind, status, _ in endings] == [("announce", "refused")]
    mends(stage)
    lin.says(room, "做 rename", at_bot=True)
    stage.advance_by(PAUSES[0] - timedelta(seconds=20))
    assert stage.puppet.done == []
    stage.advance(seconds=20)
    assert [done.act for done in stage.puppet.done] == ["rename"]


def test_friend_requests_and_invitations_are_accepted(
    host: tuple[Stage, StageRoom], endings: Endings
) -> None:
    stage, _ = host
    stranger = stage.person("生人")
    stranger.person.request_friendship("你好，我想进群")
    stranger.person.invite_bot("红茶群")
    stage.advance(minutes=1)
    assert [one.act for one in stage.puppet.done] == ["accept_friend", "accept_invitation"]
    assert [(kind, status) for kind, status, _ in endings] == [
        ("accept_friend", "sent"),
        ("accept_invitation", "sent"),
    ]


def test_a_sent_row_keeps_the_id_that_the_network_gave_it(stage: Stage, room: StageRoom, lin: Player) -> None:
    lin.says(room, "跟我念 茶好了", at_bot=True)
    sent = room.hears()
    (row,) = rows(stage, Outgoing)
    assert (row.status, row.puppet_id) == ("sent", sent.message_id)
    assert sent.mention_ids == (lin.person.id,)


def test_the_pauses_after_refusals_are_as_documented() -> None:
    assert [pause.total_seconds() / 60 for pause in PAUSES] == [10, 30, 120, 480]


def test_another_try_comes_later_each_time(stage: Stage, room: StageRoom, lin: Player) -> None:
    fails(stage, SHUT)
    lin.says(room, "跟我念 茶", at_bot=True)
    (row,) = rows(stage, Outgoing)
    waits = [(row.not_before - stage.clock.now()).total_seconds()]
    stage.advance(seconds=10)
    (row,) = rows(stage, Outgoing)
    waits.append((row.not_before - stage.clock.now()).total_seconds())
    assert (row.tries, waits) == (2, [10, 20])


def test_what_has_ended_once_does_not_end_again(stage: Stage, room: StageRoom, lin: Player) -> None:
    lin.says(room, "跟我念 茶", at_bot=True)
    room.hears()
    (row,) = rows(stage, Outgoing)
    claim = Claim((row.id,), "text", room.room.id, "茶", (), {})
    later = stage.clock.now() + timedelta(minutes=1)
    stage.write(lambda session: stage.app.outbox.settle(session, claim, Outcome("unknown", "other"), later))
    (after,) = rows(stage, Outgoing)
    assert (after.status, after.settled_at, after.puppet_id) == ("sent", row.settled_at, row.puppet_id)
