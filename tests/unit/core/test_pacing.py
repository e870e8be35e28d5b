"""When something may be said: caps in every window, quiet hours on every clock, a budget of unasked words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import HOUR, MINUTE, Limits, Sent, after_budget, after_quiet, after_window, ready_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
NOTHING = Sent((), (), ())

LIMITS = Limits(
    per_minute=4, per_hour=30, account_per_minute=8, quiet_from=time(22, 30), quiet_until=time(7, 30),
    initiatives_per_day=3, initiative_gap=timedelta(hours=1), zone=SHANGHAI,
)  # fmt: skip

ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
CLOCK_TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
# Around the clock changes of the zones above.
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 3, 7), datetime(2026, 4, 6)),  # noqa: DTZ001
    st.datetimes(datetime(2026, 10, 3), datetime(2026, 11, 2)),  # noqa: DTZ001
).map(lambda naive: naive.replace(tzinfo=UTC))


def shanghai(clock: str, day: int = 2) -> datetime:
    """That time of a day in March 2026 in Shanghai, as UTC."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def in_any_window(times: Sequence[datetime], window: timedelta) -> int:
    """How many of the times fall into the fullest window of that length."""
    return max((sum(one <= other < one + window for other in times) for one in times), default=0)


def talked(limits: Limits, urgencies: Sequence[str], gaps: Sequence[int]) -> list[tuple[str, datetime]]:
    """What goes out when when the words come in at these gaps (in seconds) and each waits its turn."""
    said: list[tuple[str, datetime]] = []
    wanted = now = shanghai("21:00")
    for urgency, gap in zip(urgencies, gaps, strict=False):
        wanted += timedelta(seconds=gap)
        now = max(now, wanted)
        times = [at for _, at in said]
        sent = Sent(times, times, [at for kind, at in said if kind == "initiative"])
        now = ready_at(urgency, True, sent, limits, now)
        said.append((urgency, now))
    return said


@given(
    gaps=st.lists(st.integers(0, 2_000), max_size=20),
    urgencies=st.lists(st.sampled_from(["answer", "promised", "welcome", "initiative"]), max_size=20),
    per_minute=st.integers(1, 5),
    per_hour=st.integers(1, 20),
    account=st.integers(1, 6),
)
def test_caps_hold_in_every_window_whatever_comes(
    gaps: list[int], urgencies: list[str], per_minute: int, per_hour: int, account: int
) -> None:
    limits = replace(LIMITS, per_minute=per_minute, per_hour=per_hour, account_per_minute=account)
    said = talked(limits, urgencies, gaps)
    times = [at for _, at in said]
    assert in_any_window(times, MINUTE) <= min(per_minute, account)
    assert in_any_window(times, HOUR) <= per_hour
    for urgency, at in said:
        clock = at.astimezone(SHANGHAI).time()
        assert urgency == "answer" or time(7, 30) <= clock < time(22, 30)
    unasked = [at for urgency, at in said if urgency == "initiative"]
    assert in_any_window(unasked, limits.initiative_gap) <= 1
    days = [at.astimezone(SHANGHAI).date() for at in unasked]
    assert max(map(days.count, days), default=0) <= limits.initiatives_per_day


@given(
    times=st.lists(st.integers(0, 200), max_size=12).map(sorted),
    allowed=st.integers(1, 5),
    at=st.integers(0, 200),
)
def test_a_full_window_is_waited_out_and_not_a_moment_longer(times: list[int], allowed: int, at: int) -> None:
    moments = [NOON + timedelta(seconds=one) for one in times if one <= at]
    start = NOON + timedelta(seconds=at)
    free = after_window(moments, allowed, MINUTE, start)

    def is_free(moment: datetime) -> bool:
        return sum(moment - MINUTE < one <= moment for one in moments) < allowed

    assert is_free(free)
    seconds = int((free - start).total_seconds())
    assert not any(is_free(start + timedelta(seconds=one)) for one in range(seconds))


@given(at=MOMENTS, zone=ZONES, quiet_from=CLOCK_TIMES, quiet_until=CLOCK_TIMES)
def test_quiet_hours_end_at_a_loud_moment_and_nothing_loud_is_skipped(
    at: datetime, zone: str, quiet_from: time, quiet_until: time
) -> None:
    end = after_quiet(at, quiet_from, quiet_until, ZoneInfo(zone))

    def is_quiet(moment: datetime) -> bool:
        clock = moment.astimezone(ZoneInfo(zone)).time()
        if quiet_from <= quiet_until:
            return quiet_from <= clock < quiet_until
        return clock >= quiet_from or clock < quiet_until

    assert end >= at and end.tzinfo is UTC
    assert (end == at) == (not is_quiet(at))
    assert end - at <= timedelta(hours=25)
    # In steps of ten minutes; where the clock is put forward, up to an hour more of silence is fine.
    steps = int((end - at) / (10 * MINUTE))
    loud = [one for one in range(steps) if not is_quiet(at + one * 10 * MINUTE)]
    assert not loud or steps - loud[0] <= 6


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("22:29", "22:29"),
        ("22:30", "07:30 next"),
        ("23:59", "07:30 next"),
        ("00:00", "07:30"),
        ("07:29", "07:30"),
        ("07:30", "07:30"),
        ("12:00", "12:00"),
    ],
)
def test_quiet_hours_wrap_around_midnight(now: str, until: str) -> None:
    clock, _, next_day = until.partition(" ")
    expected = shanghai(clock, 3 if next_day else 2)
    assert after_quiet(shanghai(now), time(22, 30), time(7, 30), SHANGHAI) == expected


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    assert after_quiet(shanghai("13:10"), time(13), time(14), SHANGHAI) == shanghai("14:00")
    assert after_quiet(shanghai("14:00"), time(13), time(14), SHANGHAI) == shanghai("14:00")
    assert after_quiet(shanghai("13:10"), time(13), time(13), SHANGHAI) == shanghai("13:10")


def test_the_morning_comes_at_half_past_seven_by_the_clock_on_the_wall_also_when_it_was_changed() -> None:
    spring = datetime(2026, 3, 28, 23, tzinfo=BERLIN).astimezone(UTC)  # the clocks go forward that night
    autumn = datetime(2026, 10, 24, 23, tzinfo=BERLIN).astimezone(UTC)  # and back in this one
    for evening, hours in ((spring, 7.5), (autumn, 9.5)):
        morning = after_quiet(evening, time(22, 30), time(7, 30), BERLIN)
        assert morning.astimezone(BERLIN).strftime("%H:%M") == "07:30"
        assert morning - evening == timedelta(hours=hours)


def test_answers_go_out_at_night_and_everything_else_waits_for_the_morning() -> None:
    night = shanghai("23:00")
    assert ready_at("answer", True, NOTHING, LIMITS, night) == night
    for urgency in ("promised", "welcome", "initiative"):
        assert ready_at(urgency, True, NOTHING, LIMITS, night) == shanghai("07:30", 3)


def test_a_silence_that_the_owner_asked_for_binds_all_but_answers() -> None:
    hushed = replace(LIMITS, hushed_until=NOON + timedelta(hours=2))
    assert ready_at("answer", True, NOTHING, hushed, NOON) == NOON
    assert ready_at("promised", True, NOTHING, hushed, NOON) == NOON + timedelta(hours=2)
    assert ready_at("promised", True, NOTHING, replace(hushed, hushed_until=NOON), NOON) == NOON


def test_the_budget_binds_unasked_words_in_a_room_alone() -> None:
    three = [shanghai("09:00"), shanghai("10:00"), shanghai("11:00")]
    sent = Sent(room=three, account=(), initiatives=three)
    assert ready_at("initiative", True, sent, LIMITS, NOON) == shanghai("07:30", 3)
    assert ready_at("initiative", False, sent, LIMITS, NOON) == NOON
    assert ready_at("welcome", True, sent, LIMITS, NOON) == NOON


def test_unasked_words_keep_their_distance() -> None:
    sent = Sent(room=(), account=(), initiatives=[NOON - timedelta(minutes=20)])
    assert ready_at("initiative", True, sent, LIMITS, NOON) == NOON + timedelta(minutes=40)


def test_the_budget_starts_anew_at_midnight_on_the_rooms_clock() -> None:
    three = [shanghai("20:00"), shanghai("21:00"), shanghai("22:00")]
    loud = replace(LIMITS, quiet_from=time(0), quiet_until=time(0))
    assert after_budget(three, loud, shanghai("23:30")) == shanghai("00:00", 3)
    assert after_budget(three, loud, shanghai("00:00", 3)) == shanghai("00:00", 3)


def test_a_room_that_wants_no_unasked_words_gets_none_for_days() -> None:
    never = replace(LIMITS, initiatives_per_day=0)
    assert ready_at("initiative", True, NOTHING, never, NOON) >= NOON + timedelta(days=1)
    assert ready_at("promised", True, NOTHING, never, NOON) == NOON


def test_nothing_allowed_means_tomorrow() -> None:
    tomorrow = NOON + timedelta(days=1)
    assert after_window([NOON], 0, HOUR, NOON) == tomorrow
    assert after_window([], 0, HOUR, NOON) == tomorrow
    assert after_budget([], replace(LIMITS, initiatives_per_day=0), NOON) == tomorrow
    assert after_budget([], replace(LIMITS, initiatives_per_day=1), NOON) == NOON


def test_a_minute_has_sixty_seconds_and_a_day_begins_at_midnight() -> None:
    four = [NOON - timedelta(seconds=60 - number) for number in range(4)]
    assert ready_at("answer", True, Sent(four, four, ()), LIMITS, NOON) == NOON
    three = [*four[1:], NOON]
    assert ready_at("answer", True, Sent([*three, NOON], [], ()), LIMITS, NOON) > NOON
    limits = replace(LIMITS, initiative_gap=timedelta(0), initiatives_per_day=1)
    assert after_budget([shanghai("00:00")], limits, shanghai("12:00")) == shanghai("00:00", 3)
    assert after_budget([shanghai("23:59", 1)], limits, shanghai("12:00")) == shanghai("12:00")


def test_quiet_hours_by_day_include_their_first_minute() -> None:
    def free(clock: str) -> bool:
        at = shanghai(clock)
        return after_quiet(at, time(13, 0), time(14, 0), SHANGHAI) == at

    assert [free(clock) for clock in ("12:59", "13:00", "13:59", "14:00")] == [True, False, False, True]
