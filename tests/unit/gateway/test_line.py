"""The line: every end is a loss, and it comes back, for ever. In virtual time."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import pytest
from grpclib.exceptions import StreamTerminatedError

from bot.clock import MovableClock
from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import LineChanged, LoggedIn, MessageArrived
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from tests.unit.gateway.inbox import Inbox
from tests.unit.gateway.virtual_time import run

CLOCK = MovableClock(datetime(2026, 3, 2, tzinfo=UTC))
CALM = GatewaySettings(jitter=0.0)


class Attempts:
    """A gateway whose connection attempts are timed."""

    def __init__(self, settings: GatewaySettings = CALM, dice: random.Random | None = None) -> None:
        self.puppet = SimulatedPuppet(CLOCK)
        self.inbox = Inbox()
        self.at: list[float] = []
        self.gateway = WechatyGateway(self.factory, CLOCK, settings, dice=dice)

    def factory(self) -> SimulatedPuppet:
        self.at.append(asyncio.get_running_loop().time())
        return self.puppet

    async def run(self, *, seconds: float) -> None:
        """Run from now on for a while, then stop."""
        running = asyncio.create_task(self.gateway.run(self.inbox.deliver))
        await asyncio.sleep(seconds)
        await self.gateway.stop()
        await running

    def pauses(self) -> list[float]:
        return [round(later - sooner, 3) for sooner, later in zip(self.at, self.at[1:], strict=False)]

    def line(self) -> list[bool]:
        return [one.connected for one in self.inbox.all if isinstance(one, LineChanged)]


def test_the_gateway_being_down_at_start_is_a_lost_line_and_backs_off_for_ever() -> None:
    attempts = Attempts()
    attempts.puppet.reachable = False
    run(attempts.run(seconds=3600))
    assert attempts.pauses()[:8] == [1, 2, 5, 10, 30, 60, 60, 60]
    assert len(attempts.at) > 60
    assert attempts.line() == [False]
    assert "refused" in attempts.gateway.state().reason.lower()


def test_the_pauses_are_jittered() -> None:
    attempts = Attempts(GatewaySettings(jitter=0.1), random.Random(7))
    attempts.puppet.reachable = False
    run(attempts.run(seconds=600))
    expected = [1, 2, 5, 10, 30, 60, 60]
    assert all(
        0.9 * base <= pause <= 1.1 * base for base, pause in zip(expected, attempts.pauses(), strict=False)
    )
    assert attempts.pauses()[:7] != expected


@pytest.mark.parametrize(
    "error", [None, StreamTerminatedError("reset"), OSError("broken"), ValueError("bug")]
)
def test_any_end_of_the_stream_is_a_disconnect(error: Exception | None) -> None:
    attempts = Attempts()

    async def main() -> None:
        asyncio.get_running_loop().call_later(100, attempts.puppet.drop_line, error)
        await attempts.run(seconds=200)

    run(main())
    assert attempts.line() == [True, False, True]
    assert attempts.at == [0.0, 101.0]
    assert sum(isinstance(one, LoggedIn) for one in attempts.inbox.all) == 2


def test_a_line_that_held_starts_the_pauses_anew_and_one_that_did_not_does_not() -> None:
    attempts = Attempts(GatewaySettings(jitter=0.0, steady_after=10.0, ding_every=None))

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for moment in (5, 7, 10, 50, 80):
            loop.call_later(moment, attempts.puppet.drop_line)
        await attempts.run(seconds=100)

    run(main())
    assert attempts.at == [0, 6, 9, 15, 51, 81]


def test_a_dead_line_is_noticed_within_a_minute() -> None:
    attempts = Attempts()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for dies in (300.0, 700.0, 1111.0):
            loop.call_at(dies, setattr, attempts.puppet, "answers_dings", False)
            loop.call_at(dies + 90, setattr, attempts.puppet, "answers_dings", True)
        await attempts.run(seconds=1500)

    run(main())
    noticed = [at for at in attempts.at if at]
    assert attempts.line()[:2] == [True, False]
    assert all(any(dies < at <= dies + 61 for at in noticed) for dies in (300, 700, 1111))


def test_a_living_line_is_left_alone() -> None:
    attempts = Attempts()
    run(attempts.run(seconds=24 * 3600))
    assert attempts.line() == [True]


def test_any_traffic_counts_as_life() -> None:
    attempts = Attempts()

    async def main() -> None:
        talker = attempts.puppet.person("阿茶")
        room = attempts.puppet.room("群", [talker])
        running = asyncio.create_task(attempts.run(seconds=600))
        await asyncio.sleep(100)
        attempts.puppet.answers_dings = False
        while not running.done():
            room.say(talker, "喝茶")
            await asyncio.sleep(15)
        await running

    run(main())
    assert attempts.line() == [True]
    assert sum(isinstance(one, MessageArrived) for one in attempts.inbox.all) > 30


def test_a_puppet_that_never_dongs_is_not_taken_for_dead() -> None:
    attempts = Attempts()
    attempts.puppet.answers_dings = False
    run(attempts.run(seconds=3600))
    assert attempts.line() == [True]


def test_a_line_that_never_answers_at_all_is_dead_also_before_the_first_dong() -> None:
    attempts = Attempts()

    async def hang(name: str, arguments: object) -> None:
        await asyncio.Event().wait()

    attempts.puppet.before_call = hang
    run(attempts.run(seconds=100))
    assert len(attempts.at) >= 2
    assert attempts.line()[:2] == [True, False]


def test_a_gateway_that_comes_back_is_found_within_seconds_however_long_it_was_away() -> None:
    for away in (1, 20, 100, 1000, 1795):
        attempts = Attempts()

        async def main(attempts: Attempts = attempts, away: float = away) -> None:
            loop = asyncio.get_running_loop()

            def down() -> None:
                attempts.puppet.reachable = False
                attempts.puppet.drop_line(StreamTerminatedError("killed"))

            loop.call_at(50, down)
            loop.call_at(50 + away, setattr, attempts.puppet, "reachable", True)
            await attempts.run(seconds=50 + away + 30)

        run(main())
        assert attempts.line() == [True, False, True]
        assert attempts.at[-1] - (50 + away) <= 7


def test_a_pause_in_reading_is_not_taken_for_death() -> None:
    attempts = Attempts(GatewaySettings(jitter=0.0, backlog=10))

    async def main() -> None:
        talker = attempts.puppet.person("阿茶")
        room = attempts.puppet.room("群", [talker])
        busy = asyncio.Event()

        async def deliver(arrival: object) -> None:
            if isinstance(arrival, LineChanged):
                await attempts.inbox.deliver(arrival)
            if isinstance(arrival, MessageArrived):
                await busy.wait()

        running = asyncio.create_task(attempts.gateway.run(deliver))
        await asyncio.sleep(100)
        for _ in range(20):
            room.say(talker, "喝茶")
        attempts.puppet.answers_dings = False
        await asyncio.sleep(300)
        assert attempts.line() == [True]
        busy.set()
        await attempts.gateway.stop()
        await running

    run(main())


def test_a_factory_that_fails_is_a_lost_line() -> None:
    attempts = Attempts()

    def broken() -> SimulatedPuppet:
        attempts.factory()
        raise OSError("no such certificate")

    attempts.gateway = WechatyGateway(broken, CLOCK, CALM)
    run(attempts.run(seconds=10))
    assert attempts.pauses() == [1, 2, 5]
    assert "certificate" in attempts.gateway.state().reason


@pytest.mark.parametrize(("opens_after", "tried_after"), [(12.0, 15.0), (31.0, 35.0)])
def test_a_door_that_opens_ends_the_wait(opens_after: float, tried_after: float) -> None:
    """A minute's wait is not sat out: the door is knocked at, and pauses begin anew."""
    attempts = Attempts()
    attempts.puppet.reachable = False

    async def main() -> None:
        running = asyncio.create_task(attempts.run(seconds=250))
        await asyncio.sleep(1 + 2 + 5 + 10 + 30 + opens_after)
        attempts.puppet.reachable = True
        await running

    run(main())
    assert attempts.pauses()[:5] == [1, 2, 5, 10, 30]
    assert attempts.pauses()[5] == tried_after
    assert attempts.line() == [False, True, False] or attempts.line() == [False, True]
