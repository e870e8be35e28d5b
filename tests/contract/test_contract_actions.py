"""What the bot does, alike on the simulated puppet and on the real gateway."""

from __future__ import annotations

import pytest

from bot.events import MessageKind
from bot.gateway.base import (
    JoinArrived,
    LeaveArrived,
    LineChanged,
    LoggedIn,
    MessageArrived,
    NotSent,
    RecallArrived,
    Refused,
    TopicArrived,
    Uncertain,
)
from tests.contract.sides import LIN, NEW, ROOM, TEA, TOPIC, Bot, Out, Side
from tests.contract.test_contract_events import tell


def test_text_with_real_mentions_and_its_echo(side: Side) -> None:
    async def story(bot: Bot) -> None:
        text = "@茶博士\u2005 欢迎"
        sent_id = await bot.gateway.send_text(ROOM, text, (TEA,))
        assert await side.sent() == [Out(ROOM, text, (TEA,))]
        echo = await bot.inbox.next(MessageArrived)
        assert (echo.puppet_id, echo.text, echo.from_self, echo.conversation) == (sent_id, text, True, ROOM)

    tell(side, story)


def test_private_text_and_its_echo(side: Side) -> None:
    async def story(bot: Bot) -> None:
        assert await bot.gateway.send_text(TEA, "你好")
        echo = await bot.inbox.next(MessageArrived)
        assert (echo.room, echo.conversation, echo.from_self) == (None, TEA, True)

    tell(side, story)


@pytest.mark.parametrize("size", [10, 200_000, 2 * 1024 * 1024])
def test_a_picture_goes_out_and_can_be_fetched_again(side: Side, size: int) -> None:
    async def story(bot: Bot) -> None:
        content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        sent_id = await bot.gateway.send_file(ROOM, "茶谱.png", content)
        assert sent_id
        assert [one.file for one in await side.sent()] == [("茶谱.png", size)]
        echo = await bot.inbox.next(MessageArrived)
        assert echo.kind == "image"
        assert await bot.gateway.download(sent_id) == ("茶谱.png", content)

    tell(side, story)


def test_a_file_over_two_megabytes_is_not_sent(side: Side) -> None:
    async def story(bot: Bot) -> None:
        with pytest.raises(NotSent, match="bytes"):
            await bot.gateway.send_file(ROOM, "大.pdf", b"x" * (2 * 1024 * 1024 + 1))
        assert await side.sent() == []

    tell(side, story)


@pytest.mark.parametrize(
    ("kind", "name"), [("file", "茶谱.pdf"), ("image", "叶底.jpg"), ("video", "开汤.mp4")]
)
def test_what_somebody_else_sends_can_be_fetched(side: Side, kind: MessageKind, name: str) -> None:
    async def story(bot: Bot) -> None:
        content = bytes(range(256)) * 100
        await side.say(TEA, "", kind=kind, file=(name, content))
        found = await bot.inbox.next(MessageArrived)
        assert found.kind == kind
        assert found.text == (name if kind == "file" else "")
        assert await bot.gateway.download(found.puppet_id) == (name, content)

    tell(side, story)


def test_a_sent_message_is_never_fetched_by_the_sender(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.fault("message_payload", error=True, times=4)
        assert await bot.gateway.send_text(ROOM, "早")
        assert await side.sent() == [Out(ROOM, "早")]

    tell(side, story)


def test_a_send_without_answer_is_uncertain(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.fault("message_send_text", hang=True)
        with pytest.raises(Uncertain, match="in time"):
            await bot.gateway.send_text(ROOM, "早")

    tell(side, story)


def test_an_error_although_the_message_is_out_is_uncertain(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.fault("message_send_text", error=True, after=True)
        with pytest.raises(Uncertain):
            await bot.gateway.send_text(ROOM, "早")
        assert await side.sent() == [Out(ROOM, "早")]

    tell(side, story)


def test_our_own_message_can_be_recalled_and_nobody_elses(side: Side) -> None:
    async def story(bot: Bot) -> None:
        own = await bot.gateway.send_text(ROOM, "说错了")
        theirs = await side.say(TEA, "没说错")
        assert own
        await bot.gateway.recall(own)
        with pytest.raises(Refused):
            await bot.gateway.recall(theirs)
        assert (await bot.inbox.next(RecallArrived)).puppet_id == own

    tell(side, story)


def test_a_friend_is_invited_and_somebody_removed(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.leave(TEA)
        await bot.inbox.next(LeaveArrived)
        await bot.gateway.invite(ROOM, TEA)
        joined = await bot.inbox.next(JoinArrived)
        assert [one.id for one in joined.people] == [TEA]
        assert joined.inviter is not None
        assert joined.inviter.id == side.bot_id
        await bot.gateway.remove(ROOM, LIN)
        left = await bot.inbox.next(LeaveArrived)
        assert [one.id for one in left.people] == [LIN]
        assert left.remover is not None
        assert left.remover.id == side.bot_id

    tell(side, story)


def test_a_room_is_renamed(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await bot.gateway.rename(ROOM, "红茶会")
        changed = await bot.inbox.next(TopicArrived)
        assert (changed.old, changed.room.topic) == (TOPIC, "红茶会")
        assert (await bot.gateway.list_members(ROOM)).room.topic == "红茶会"

    tell(side, story)


def test_an_announcement_is_made(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await bot.gateway.announce(ROOM, "周六下午两点，岩茶专场")
        assert await side.announcement() == "周六下午两点，岩茶专场"

    tell(side, story)


def test_a_room_is_created(side: Side) -> None:
    async def story(bot: Bot) -> None:
        room_id = await bot.gateway.create_room((TEA, LIN), "周六茶会")
        listed = await bot.gateway.list_members(room_id)
        assert {one.id for one in listed.people} == {TEA, LIN, side.bot_id}
        assert listed.room.topic == "周六茶会"
        topics = {one.id: one.topic for one in await bot.gateway.list_rooms()}
        assert topics == {ROOM: TOPIC, room_id: "周六茶会"}

    tell(side, story)


def test_a_member_list_goes_past_every_cache(side: Side) -> None:
    async def story(bot: Bot) -> None:
        before = await bot.gateway.list_members(ROOM)
        assert {one.id: one.room_alias for one in before.people} == {TEA: "茶博士", LIN: "", side.bot_id: ""}
        await side.alias(TEA, "茶仙")
        await side.join(NEW, told=False)
        after = await bot.gateway.list_members(ROOM)
        names = {one.id: one.room_alias or one.name for one in after.people}
        assert names == {TEA: "茶仙", LIN: "小林", NEW: "新茶友", side.bot_id: "群星"}
        await side.say(TEA, "新名字")
        assert (await bot.inbox.next(MessageArrived)).talker.room_alias == "茶仙"

    tell(side, story)


def test_a_ping_is_answered(side: Side) -> None:
    async def story(bot: Bot) -> None:
        assert 0 <= await bot.gateway.ping() < 2

    tell(side, story)


@pytest.mark.parametrize("broken", [False, True], ids=["politely", "by an error"])
def test_any_end_of_the_stream_is_a_disconnect_that_heals(side: Side, broken: bool) -> None:
    async def story(bot: Bot) -> None:
        await side.end_stream(broken)
        changes = [await bot.inbox.next(LineChanged) for _ in range(2)]
        assert [one.connected for one in changes] == [False, True]
        assert (await bot.inbox.next(LoggedIn)).account.id == side.bot_id
        await side.say(TEA, "还在")
        assert (await bot.inbox.next(MessageArrived)).text == "还在"

    tell(side, story)


def test_a_logout_is_told_and_nothing_is_sent_until_login(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.log_out()
        lost = await bot.inbox.next(LineChanged)
        assert not lost.connected
        assert "kicked out by the phone" in lost.reason
        with pytest.raises(NotSent):
            await bot.gateway.send_text(ROOM, "在吗")
        await side.log_in()
        assert (await bot.inbox.next(LoggedIn)).account.name == "群星"
        assert bot.gateway.state().connected

    tell(side, story)
