"""The adapter on a simulated network, in virtual time: order, retries, losses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError

from bot.gateway.base import (
    FriendRequestArrived,
    JoinArrived,
    LeaveArrived,
    LineChanged,
    LoggedIn,
    MessageArrived,
    OddArrived,
    RecallArrived,
    TopicArrived,
)
from bot.gateway.puppet import OddReport, events
from tests.unit.gateway.group import START, Group
from tests.unit.gateway.virtual_time import run


def test_the_line_is_up_after_login() -> None:
    async def main() -> None:
        async with Group() as group:
            up, login = group.inbox.all
            assert isinstance(up, LineChanged)
            assert up.connected
            assert isinstance(login, LoggedIn)
            assert login.account.name == "群星"
            state = group.gateway.state()
            assert (state.connected, state.reason, state.since) == (True, "", START)
            assert state.account == login.account

    run(main())


def test_order_is_kept_when_the_first_payload_is_the_slowest() -> None:
    async def main() -> None:
        async with Group() as group:
            delays = iter(range(9, 0, -1))

            async def slow(name: str, arguments: tuple[Any, ...]) -> None:
                if name == "message_payload":
                    await asyncio.sleep(next(delays) / 3)

            group.puppet.before_call = slow
            for number in range(9):
                group.room.say(group.tea, str(number))
            assert await group.inbox.texts(9) == [str(number) for number in range(9)]

    run(main())


def test_joins_and_messages_keep_their_order_too() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("contact_payload", 3.0)
            newcomer = group.puppet.person("新茶友")
            group.room.join(newcomer, inviter=group.tea)
            group.room.say(newcomer, "大家好")
            group.room.leave(newcomer)
            kinds = [
                type(await group.inbox.next(kind)) for kind in (JoinArrived, MessageArrived, LeaveArrived)
            ]
            assert kinds == [type(one) for one in group.inbox.all[2:]]

    run(main())


def test_a_burst_from_known_people_costs_one_call_a_message() -> None:
    async def main() -> None:
        async with Group() as group:
            group.room.say(group.tea, "暖场")
            await group.inbox.next(MessageArrived)
            group.spoil("nothing")
            for number in range(100):
                group.room.say(group.tea, str(number))
            await group.gateway.settled()
            assert group.calls == ["message_payload"] * 100

    run(main())


def test_somebody_unknown_is_fetched_once_however_many_messages_wait() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("contact_payload", 1.0)
            for number in range(20):
                group.room.say(group.tea, str(number))
            await group.gateway.settled()
            assert group.calls.count("contact_payload") == 1
            assert group.calls.count("room_member_payload") == 1
            assert group.calls.count("room_payload") == 1

    run(main())


def test_a_payload_that_fails_once_is_not_lost() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_payload", StreamTerminatedError("gone"), GRPCError(Status.INTERNAL), 60.0)
            group.room.say(group.tea, "一")
            assert (await group.inbox.next(MessageArrived)).text == "一"
            assert group.gateway.state().payloads_lost == 0

    run(main())


def test_a_payload_that_fails_for_good_is_odd_and_the_rest_goes_on() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_payload", *[GRPCError(Status.INTERNAL, "boom")] * 3, 3600.0)
            lost = group.room.say(group.tea, "一")
            await group.inbox.next(OddArrived)
            group.room.say(group.tea, "二")
            assert (await group.inbox.next(MessageArrived)).text == "二"
            odd = group.inbox.all[2]
            assert isinstance(odd, OddArrived)
            assert odd.key == f"odd:message:{lost.id}"
            assert (group.gateway.state().payloads_lost, group.gateway.state().odd_events) == (1, 1)

    run(main())


def test_a_person_who_cannot_be_fetched_does_not_cost_the_message() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("contact_payload", *[GRPCError(Status.INTERNAL)] * 4)
            group.room.say(group.tea, "一")
            group.room.say(group.tea, "二")
            first = await group.inbox.next(MessageArrived)
            assert (first.text, first.talker.id, first.talker.name) == ("一", group.tea.id, "阿茶")
            assert first.talker.kind == "unknown"
            assert (await group.inbox.next(MessageArrived)).text == "二"
            assert group.calls.count("contact_payload") == 4

    run(main())


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("message", object()),
        ("message", None),
        ("message", {("no", "json"): 1}),
        ("login", None),
        ("dirty", "x"),
        ("room-join", events.EventFriendshipPayload(friendship_id="x")),
        ("room-leave", 5),
        ("room-topic", {}),
        ("friendship", events.EventFriendshipPayload(friendship_id="nobody's")),
        ("room-invite", events.EventRoomInvitePayload(room_invitation_id="nobody's")),
        ("error", events.EventErrorPayload(data="boom")),
        ("reset", events.EventResetPayload(data="boom")),
        ("odd", OddReport("unknown type 99", "{}")),
    ],
)
def test_a_malformed_event_does_not_end_reception(name: str, payload: Any) -> None:
    async def main() -> None:
        async with Group() as group:
            group.puppet.report(name, payload)
            group.room.say(group.tea, "还在")
            assert (await group.inbox.next(MessageArrived)).text == "还在"
            assert isinstance(group.inbox.all[2], OddArrived)
            assert group.gateway.state().odd_events == 1

    run(main())


def test_a_replayed_message_has_the_same_key() -> None:
    async def main() -> None:
        async with Group() as group:
            said = group.room.say(group.tea, "一")
            group.puppet.replay(said.id)
            assert await group.inbox.texts(2) == ["一", "一"]
            first, second = group.inbox.all[2:]
            assert first.key == second.key == f"message:{said.id}"

    run(main())


def test_names_and_aliases_follow_their_changes() -> None:
    async def main() -> None:
        async with Group() as group:
            said = []
            changes: list[Callable[[], None]] = [
                lambda: None,
                lambda: group.room.set_alias(group.tea, "茶博士"),
                lambda: group.tea.rename("阿茶茶"),
                lambda: group.room.rename("红茶会", by=group.tea),
            ]
            for change in changes:
                change()
                group.room.say(group.tea, "喝茶")
                said.append(await group.inbox.next(MessageArrived))
            (topic,) = [one for one in group.inbox.all if isinstance(one, TopicArrived)]
        assert [(one.talker.name, one.talker.room_alias) for one in said] == [
            ("阿茶", ""),
            ("阿茶", "茶博士"),
            ("阿茶茶", "茶博士"),
            ("阿茶茶", "茶博士"),
        ]
        assert (topic.old, topic.room.topic) == ("岩茶同好会", "红茶会")
        assert [one.room.topic for one in said if one.room] == ["岩茶同好会"] * 3 + ["红茶会"]

    run(main())


def test_a_recall_a_quote_and_a_private_line() -> None:
    async def main() -> None:
        async with Group() as group:
            asked = group.room.say(group.lin, "水温多少？")
            answer = group.room.say(group.tea, "九十五度", quote=asked, mention=[group.lin])
            group.tea.recall(answer)
            group.tea.say("悄悄话")
            await group.inbox.next(MessageArrived)
            quoting = await group.inbox.next(MessageArrived)
            assert quoting.quote is not None
            assert (quoting.quote.name, quoting.quote.text) == ("小林", "水温多少？")
            assert (quoting.text, quoting.mention_ids) == ("@小林\u2005九十五度", (group.lin.id,))
            assert (await group.inbox.next(RecallArrived)).puppet_id == answer.id
            private = await group.inbox.next(MessageArrived)
            assert (private.room, private.conversation) == (None, group.tea.id)

    run(main())


def test_a_friend_request_can_be_accepted() -> None:
    async def main() -> None:
        async with Group() as group:
            request = group.lin.request_friendship("482913")
            arrived = await group.inbox.next(FriendRequestArrived)
            assert (arrived.greeting, arrived.request_id) == ("482913", request)
            assert arrived.person.name == "小林"
            await group.gateway.accept_friend(request)
            assert group.lin.friend

    run(main())


def test_a_login_code_is_shown() -> None:
    async def main() -> None:
        group = Group()
        group.puppet.logged_in = False
        async with group:
            await asyncio.sleep(1)
            payload = events.EventScanPayload(
                status=events.ScanStatus.Waiting, qrcode="https://login.example"
            )
            group.puppet.report("scan", payload)
            assert group.codes == ["https://login.example"]
            assert not group.gateway.state().connected
            assert "scanned" in group.gateway.state().reason

    run(main())
