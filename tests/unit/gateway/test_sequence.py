"""Resolved side by side, handed on in order of arrival, bounded."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.base import Arrival, OddArrived
from bot.gateway.sequence import Sequence
from tests.unit.gateway.virtual_time import run

NOW = datetime(2026, 3, 2, tzinfo=UTC)
Delay = Callable[[int], float]


def odd(number: int) -> OddArrived:
    return OddArrived(key=str(number), at=NOW, received_at=NOW, raw="", why=str(number))


class Bench:
    """A sequence over numbers that take `delay` to resolve."""

    def __init__(self, delay: Delay = lambda number: 1.0, **bounds: int) -> None:
        self.delay = delay
        self.busy = self.busiest = 0
        self.resolved: list[int] = []
        self.got: list[int] = []
        bounds = {"concurrency": 4, "window": 8, "backlog": 100} | bounds
        self.sequence: Sequence[int] = Sequence(self.resolve, **bounds)

    async def resolve(self, number: int) -> Arrival | None:
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        await asyncio.sleep(self.delay(number))
        self.busy -= 1
        self.resolved.append(number)
        return odd(number)

    async def deliver(self, arrival: Arrival) -> None:
        self.got.append(int(arrival.key))

    async def play(self, *steps: Awaitable[object]) -> None:
        running = asyncio.create_task(self.sequence.run(self.deliver))
        for step in steps:
            await step
        await self.sequence.settled()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_order_is_kept_when_the_first_is_the_slowest() -> None:
    bench = Bench(lambda number: 100.0 - number, concurrency=16, window=64)
    for number in range(50):
        bench.sequence.arrive(number)
    run(bench.play())
    assert bench.got == list(range(50))
    assert bench.resolved != bench.got


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=60), st.integers(1, 9), st.integers(1, 20))
def test_order_is_kept_whatever_the_delays(delays: list[float], concurrency: int, window: int) -> None:
    bench = Bench(lambda number: delays[number], concurrency=concurrency, window=window)
    for number in range(len(delays)):
        bench.sequence.arrive(number)
    run(bench.play())
    assert bench.got == list(range(len(delays)))
    assert bench.busiest <= concurrency


def test_complete_arrivals_keep_their_place_among_unresolved_ones() -> None:
    bench = Bench()
    bench.sequence.arrived(odd(0))
    bench.sequence.arrive(1)
    bench.sequence.arrived(odd(2))
    bench.sequence.arrive(3)
    run(bench.play())
    assert bench.got == [0, 1, 2, 3]


def test_no_more_than_the_window_waits_resolved_behind_a_slow_one() -> None:
    bench = Bench(lambda number: 1000.0 if number == 0 else 0.1, concurrency=4, window=8)
    for number in range(30):
        bench.sequence.arrive(number)

    async def halfway() -> None:
        await asyncio.sleep(500)
        assert sorted(bench.resolved) == list(range(1, 8))

    run(bench.play(halfway()))
    assert bench.got == list(range(30))


def test_reading_pauses_at_the_backlog_and_goes_on_when_half_of_it_is_gone() -> None:
    bench = Bench(concurrency=1, backlog=10)
    for number in range(9):
        bench.sequence.arrive(number)
    assert bench.sequence.room_for_more.is_set()
    bench.sequence.arrive(9)
    assert not bench.sequence.room_for_more.is_set()

    async def room() -> None:
        await bench.sequence.room_for_more.wait()
        assert len(bench.got) == 5

    run(bench.play(room()))
    assert bench.got == list(range(10))


def test_a_slow_consumer_slows_resolving_down() -> None:
    bench = Bench(lambda number: 0.0, window=8)

    async def slowly(arrival: Arrival) -> None:
        await asyncio.sleep(10)
        bench.got.append(int(arrival.key))
        assert len(bench.resolved) - len(bench.got) <= 8

    bench.deliver = slowly  # type: ignore[method-assign]
    for number in range(40):
        bench.sequence.arrive(number)
    run(bench.play())
    assert bench.got == list(range(40))


def test_what_fails_in_the_house_is_raised() -> None:
    bench = Bench()

    async def broken(arrival: Arrival) -> None:
        raise ZeroDivisionError

    async def main() -> None:
        bench.sequence.arrive(0)
        await bench.sequence.run(broken)

    with pytest.raises(ZeroDivisionError):
        run(main())


def test_it_is_settled_only_when_all_is_handed_on() -> None:
    bench = Bench(lambda number: random.Random(number).random())
    assert bench.sequence.idle()
    for number in range(20):
        bench.sequence.arrive(number)
    assert not bench.sequence.idle()
    run(bench.play())
    assert bench.sequence.idle()
    assert len(bench.got) == 20
