"""What arrives, told alike by the simulated puppet and by the real gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.events import MessageKind
from bot.gateway.base import (
    FriendConfirmedArrived,
    FriendRequestArrived,
    InvitationArrived,
    JoinArrived,
    LeaveArrived,
    LineChanged,
    LoggedIn,
    MessageArrived,
    OddArrived,
    RecallArrived,
    TopicArrived,
)
from tests.contract.sides import LIN, NEW, ROOM, TEA, TOPIC, Bot, Side, attached

Story = Callable[[Bot], Awaitable[None]]


def tell(side: Side, story: Story) -> None:
    """Play a story with a bot that is attached and logged in."""

    async def main() -> None:
        async with attached(side) as bot:
            await story(bot)

    asyncio.run(main())


def test_login_names_the_account(side: Side) -> None:
    async def story(bot: Bot) -> None:
        up, login = bot.inbox.all
        assert isinstance(up, LineChanged)
        assert up.connected
        assert isinstance(login, LoggedIn)
        assert (login.account.id, login.account.name) == (side.bot_id, "群星")

    tell(side, story)


def test_a_group_message_carries_everything(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.say(TEA, "@群星\u2005 帮助", mentions=(side.bot_id,))
        found = await bot.inbox.next(MessageArrived)
        assert (found.talker.id, found.talker.name, found.talker.room_alias) == (TEA, "阿茶", "茶博士")
        assert found.talker.is_friend
        assert found.room is not None
        assert (found.room.id, found.room.topic, found.conversation) == (ROOM, TOPIC, ROOM)
        assert (found.text, found.kind, found.mention_ids) == ("@群星\u2005 帮助", "text", (side.bot_id,))
        assert not found.from_self
        assert abs((found.at - found.received_at).total_seconds()) < 10

    tell(side, story)


def test_a_private_message(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.say(TEA, "群列表", room=None)
        found = await bot.inbox.next(MessageArrived)
        assert (found.room, found.conversation, found.text) == (None, TEA, "群列表")
        assert (found.talker.name, found.talker.room_alias) == ("阿茶", "")

    tell(side, story)


def test_a_quoted_reply(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.say(TEA, "「小林：水温\n多少度？」\n- - - - - - - - - - - - - - -\n九十五度")
        found = await bot.inbox.next(MessageArrived)
        assert found.quote is not None
        assert (found.quote.name, found.quote.text, found.text) == ("小林", "水温\n多少度？", "九十五度")

    tell(side, story)


KINDS: list[MessageKind] = [
    "text", "image", "voice", "video", "sticker", "file", "link", "mini_program", "contact", "location",
    "red_envelope", "transfer", "chat_history", "unknown",
]  # fmt: skip


def test_every_kind_of_message(side: Side) -> None:
    async def story(bot: Bot) -> None:
        for kind in KINDS:
            await side.say(TEA, "", kind=kind)
        assert [(await bot.inbox.next(MessageArrived)).kind for _ in KINDS] == KINDS

    tell(side, story)


def test_order_is_kept_whatever_the_payloads_delays(side: Side) -> None:
    async def story(bot: Bot) -> None:
        for delay in (0.5, 0.3, 0.2, 0.1, 0.05):
            await side.fault("message_payload", delay=delay)
        words = [f"第{number}句" for number in range(20)]
        for word in words:
            await side.say(TEA, word)
        assert await bot.inbox.texts(20) == words

    tell(side, story)


def test_joins_leaves_and_topics_in_order_with_messages(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.join(NEW, inviter=TEA)
        await side.say(NEW, "大家好")
        joined = await bot.inbox.next(JoinArrived)
        assert [one.name for one in joined.people] == ["新茶友"]
        assert joined.inviter is not None
        assert (joined.inviter.id, joined.room.topic) == (TEA, TOPIC)
        assert (await bot.inbox.next(MessageArrived)).text == "大家好"
        await side.leave(NEW, remover=TEA)
        await side.rename("红茶会")
        left = await bot.inbox.next(LeaveArrived)
        assert [one.id for one in left.people] == [NEW]
        assert left.remover is not None
        topic = await bot.inbox.next(TopicArrived)
        assert (topic.old, topic.room.topic, topic.room.id) == (TOPIC, "红茶会", ROOM)

    tell(side, story)


def test_a_join_can_come_without_invitees(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.join(NEW, named=False)
        assert (await bot.inbox.next(JoinArrived)).people == ()
        listed = await bot.gateway.list_members(ROOM)
        assert NEW in {one.id for one in listed.people}

    tell(side, story)


def test_a_leave_without_remover_does_not_end_reception(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.leave(LIN)
        left = await bot.inbox.next(LeaveArrived)
        assert ([one.name for one in left.people], left.remover) == (["小林"], None)
        await side.say(TEA, "还在")
        assert (await bot.inbox.next(MessageArrived)).text == "还在"

    tell(side, story)


def test_a_friend_request_is_accepted_and_confirmed(side: Side) -> None:
    async def story(bot: Bot) -> None:
        request = await side.request_friendship(LIN, "482913")
        asked = await bot.inbox.next(FriendRequestArrived)
        assert (asked.person.id, asked.person.name, asked.greeting) == (LIN, "小林", "482913")
        assert asked.request_id == request
        await bot.gateway.accept_friend(request)
        confirmed = await bot.inbox.next(FriendConfirmedArrived)
        assert (confirmed.person.id, confirmed.person.is_friend) == (LIN, True)

    tell(side, story)


def test_an_invitation_into_a_room(side: Side) -> None:
    async def story(bot: Bot) -> None:
        invitation = await side.invite_bot(TEA, "白茶群")
        found = await bot.inbox.next(InvitationArrived)
        assert (found.inviter.id, found.topic, found.invitation_id) == (TEA, "白茶群", invitation)
        await bot.gateway.accept_invitation(invitation)

    tell(side, story)


def test_a_recall(side: Side) -> None:
    async def story(bot: Bot) -> None:
        message = await side.say(TEA, "说错了")
        await side.recall(message)
        await bot.inbox.next(MessageArrived)
        assert (await bot.inbox.next(RecallArrived)).puppet_id == message

    tell(side, story)


def test_a_replayed_message_has_the_same_key(side: Side) -> None:
    async def story(bot: Bot) -> None:
        message = await side.say(TEA, "一")
        await side.replay(message)
        first = await bot.inbox.next(MessageArrived)
        second = await bot.inbox.next(MessageArrived)
        assert first.key == second.key

    tell(side, story)


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_timestamps_are_seconds_or_milliseconds(side: Side, unit: int) -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    async def story(bot: Bot) -> None:
        await side.say(TEA, "早", stamp=int(moment.timestamp()) * unit)
        assert (await bot.inbox.next(MessageArrived)).at == moment

    tell(side, story)


@pytest.mark.parametrize("trouble", ["error", "hang"])
def test_a_payload_that_fails_once_is_not_lost(side: Side, trouble: str) -> None:
    async def story(bot: Bot) -> None:
        await side.fault("message_payload", error=trouble == "error", hang=trouble == "hang")
        await side.say(TEA, "一")
        assert (await bot.inbox.next(MessageArrived)).text == "一"

    tell(side, story)


def test_a_payload_that_fails_for_good_does_not_block_the_rest(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.fault("message_payload", error=True, times=4)
        await side.say(TEA, "一")
        odd = await bot.inbox.next(OddArrived)
        assert odd.key.startswith("odd:message:")
        await side.say(TEA, "二")
        assert (await bot.inbox.next(MessageArrived)).text == "二"
        assert bot.gateway.state().payloads_lost == 1

    tell(side, story)


def test_a_burst_from_known_people_costs_one_call_a_message(side: Side) -> None:
    async def story(bot: Bot) -> None:
        await side.say(TEA, "暖场")
        await bot.inbox.texts(1)
        before = await side.calls()
        for number in range(50):
            await side.say(TEA, str(number))
        await bot.inbox.texts(51)
        assert dict(await side.calls() - before) == {"message_payload": 50}

    tell(side, story)
