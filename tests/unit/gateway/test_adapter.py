"""The adapter on a simulated network, in virtual time: order, retries, losses, accounts, sending."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError

from bot.clock import MovableClock
from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import (
    FriendRequestArrived,
    JoinArrived,
    LeaveArrived,
    LineChanged,
    LoggedIn,
    MessageArrived,
    NotSent,
    OddArrived,
    RecallArrived,
    Refused,
    TopicArrived,
    Uncertain,
)
from bot.gateway.puppet import OddReport, events
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from tests.unit.gateway.inbox import Inbox
from tests.unit.gateway.virtual_time import run

START = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
Hook = Callable[[str, tuple[Any, ...]], Awaitable[None]]


class Group:
    """A tea group on a simulated network, with a running gateway; `async with Group() as group`."""

    def __init__(self, **settings: Any) -> None:
        self.clock = MovableClock(START)
        self.puppet = SimulatedPuppet(self.clock)
        self.tea = self.puppet.person("阿茶", friend=True)
        self.lin = self.puppet.person("小林")
        self.room = self.puppet.room("岩茶同好会", [self.tea, self.lin])
        self.inbox = Inbox()
        self.codes: list[str] = []
        self.calls: list[str] = []
        self.gateway = WechatyGateway(
            lambda: self.puppet, self.clock, GatewaySettings(**settings), show_code=self.codes.append
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Group:
        self.running = asyncio.create_task(self.gateway.run(self.inbox.deliver))
        self._stack.push_async_callback(self._end)
        if self.puppet.reachable and self.puppet.logged_in:
            await self.inbox.next(LoggedIn)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def _end(self) -> None:
        await self.gateway.stop()
        await self.running

    def spoil(self, call: str, *errors: Exception | float, after: bool = False) -> None:
        """The next calls of that name fail with these, or take that many seconds first."""
        todo = list(errors)

        async def hook(name: str, arguments: tuple[Any, ...]) -> None:
            self.calls.append(name)
            if name == call and todo:
                trouble = todo.pop(0)
                if isinstance(trouble, Exception):
                    raise trouble
                await asyncio.sleep(trouble)

        if after:
            self.puppet.after_call = hook
        else:
            self.puppet.before_call = hook


# -- what arrives


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


# -- accounts


def test_a_logout_is_a_lost_line_and_a_login_brings_it_back() -> None:
    async def main() -> None:
        async with Group() as group:
            group.puppet.log_out("kicked by the phone")
            lost = await group.inbox.next(LineChanged)
            lost = lost if not lost.connected else await group.inbox.next(LineChanged)
            assert "kicked by the phone" in lost.reason
            with pytest.raises(NotSent):
                await group.gateway.send_text(group.room.id, "在吗")
            group.puppet.log_in()
            assert (await group.inbox.next(LineChanged)).connected
            await group.inbox.next(LoggedIn)
            await group.gateway.send_text(group.room.id, "回来了")

    run(main())


def test_another_account_is_delivered_for_the_house_to_decide() -> None:
    async def main() -> None:
        async with Group() as group:
            group.room.say(group.tea, "一")
            group.puppet.log_out()
            group.puppet.log_in(group.puppet.person("别人的号"))
            assert (await group.inbox.next(LoggedIn)).account.name == "别人的号"
            assert group.gateway.state().account is not None

    run(main())


def test_our_own_words_are_known_as_such() -> None:
    async def main() -> None:
        async with Group() as group:
            await group.gateway.send_text(group.room.id, "欢迎", (group.tea.id,))
            echo = await group.inbox.next(MessageArrived)
            assert (echo.from_self, echo.text, echo.mention_ids) == (True, "欢迎", (group.tea.id,))

    run(main())


# -- stopping


def test_what_has_arrived_is_still_handed_on_at_stop() -> None:
    async def main() -> list[str]:
        group = Group()
        async with group:
            group.spoil("message_payload")
            for number in range(50):
                group.room.say(group.tea, str(number))
            await asyncio.sleep(0)
        return [one.text for one in group.inbox.all if isinstance(one, MessageArrived)]

    assert run(main()) == [str(number) for number in range(50)]


def test_an_error_of_the_house_ends_the_run() -> None:
    async def main() -> None:
        group = Group()

        async def broken(arrival: object) -> None:
            raise ZeroDivisionError

        await group.gateway.run(broken)

    with pytest.raises(ZeroDivisionError):
        run(main())


# -- sending


def test_without_a_line_nothing_is_sent() -> None:
    async def main() -> None:
        group = Group()
        with pytest.raises(NotSent):
            await group.gateway.send_text(group.room.id, "在吗")
        assert group.puppet.sent == []

    run(main())


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (ConnectionRefusedError(), NotSent),
        (GRPCError(Status.PERMISSION_DENIED, "no"), Refused),
        (GRPCError(Status.UNKNOWN, "操作太频繁"), Refused),
        (StreamTerminatedError("Connection lost"), Uncertain),
        (GRPCError(Status.UNKNOWN, "something"), Uncertain),
        (3600.0, Uncertain),
    ],
)
def test_a_send_that_fails_says_what_is_known(trouble: Exception | float, kind: type[Exception]) -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_send_text", trouble)
            with pytest.raises(kind):
                await group.gateway.send_text(group.room.id, "早")
            assert group.puppet.sent == []
            assert group.calls.count("message_send_text") == 1

    run(main())


def test_an_error_after_the_message_is_out_is_uncertain() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("message_send_text", GRPCError(Status.INTERNAL, "late"), after=True)
            with pytest.raises(Uncertain):
                await group.gateway.send_text(group.room.id, "早")
            assert [one.text for one in group.puppet.sent] == ["早"]

    run(main())


@pytest.mark.parametrize("size", [0, 2 * 1024 * 1024 + 1])
def test_a_file_over_two_megabytes_is_not_sent(size: int) -> None:
    async def main() -> None:
        async with Group() as group:
            with pytest.raises(NotSent, match="bytes"):
                await group.gateway.send_file(group.room.id, "茶.png", b"x" * size)
            assert group.puppet.sent == []

    run(main())


def test_a_call_of_any_kind_never_hangs() -> None:
    async def main() -> None:
        async with Group() as group:
            gateway = group.gateway

            async def hang(name: str, arguments: tuple[Any, ...]) -> None:
                await asyncio.Event().wait()

            group.puppet.before_call = hang
            calls = [
                gateway.send_text("r", "x"), gateway.send_file("r", "x.png", b"x"), gateway.recall("m"),
                gateway.invite("r", "u"), gateway.remove("r", "u"), gateway.announce("r", "x"),
                gateway.rename("r", "x"), gateway.create_room(("u",), "x"), gateway.accept_friend("f"),
                gateway.accept_invitation("i"), gateway.list_rooms(), gateway.list_members("r"),
                gateway.download("m"), gateway.ping(),
            ]  # fmt: skip
            for call in calls:
                with pytest.raises(Uncertain):
                    await call

    run(main())


def test_a_member_list_goes_past_every_cache() -> None:
    async def main() -> None:
        async with Group() as group:
            group.room.say(group.tea, "一")
            await group.inbox.next(MessageArrived)
            group.room.aliases[group.tea.id] = "茶博士"
            group.room.members.pop(group.lin.id)
            group.spoil("nothing")
            listed = await group.gateway.list_members(group.room.id)
            assert {one.id: one.room_alias for one in listed.people} == {
                group.tea.id: "茶博士",
                group.puppet.me.id: "",
            }
            assert group.calls[:2] == ["dirty_payload", "dirty_payload"]
            group.room.say(group.tea, "二")
            assert (await group.inbox.next(MessageArrived)).talker.room_alias == "茶博士"

    run(main())


def test_members_are_fetched_with_bounded_concurrency() -> None:
    async def main() -> None:
        async with Group(concurrency=5) as group:
            group.room.join(*(group.puppet.person(f"人{number}") for number in range(60)), told=False)
            busy = busiest = 0

            async def count(name: str, arguments: tuple[Any, ...]) -> None:
                nonlocal busy, busiest
                busy += 1
                busiest = max(busiest, busy)
                await asyncio.sleep(0.1)
                busy -= 1

            group.puppet.before_call = count
            listed = await group.gateway.list_members(group.room.id)
            assert len(listed.people) == 63
            assert busiest == 5

    run(main())


def test_a_ping_is_answered_by_its_dong() -> None:
    async def main() -> None:
        async with Group() as group:
            group.spoil("ding", 0.25)
            assert await group.gateway.ping() == pytest.approx(0.25)
            group.puppet.answers_dings = False
            with pytest.raises(Uncertain):
                await group.gateway.ping()

    run(main())
