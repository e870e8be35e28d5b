"""Jobs at their hour and timers when due: once, also across restarts; what was missed is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from bot.context import Context
from bot.events import MessagePosted
from bot.group_settings import ClockTime
from bot.plugin import Plugin, Settings
from bot.schedule import next_time
from bot.storage.tables import Slot
from bot.testing import Stage
from tests.unit.core.house import rows, skip_to

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


class TeaSettings(Settings):
    at: ClockTime = Field(default="21:00", title="茶点", description="几点喝茶")


@pytest.fixture
def ran() -> list[tuple[str, str]]:
    """What ran and when, on Shanghai's clock: ("tea", "2日 21:00")."""
    return []


@pytest.fixture
def tea(ran: list[tuple[str, str]]) -> Plugin:
    tea = Plugin("tea", title="茶", settings=TeaSettings)

    @tea.job("evening", daily_at=lambda settings: settings.at)
    def evening(ctx: Context) -> None:
        ran.append((ctx.room_name, f"{ctx.local():%d日 %H:%M}"))

    return tea


def slots(stage: Stage, name: str = "evening") -> list[tuple[str, str]]:
    """Every slot of a job with its end: ("02日 21:00", "done")."""
    zone = stage.app.services.zone
    return [
        (f"{slot.due_at.astimezone(zone):%d日 %H:%M}", slot.status)
        for slot in sorted(rows(stage, Slot), key=lambda one: one.due_at)
        if slot.name == name
    ]


def change(stage: Stage, room: int | None, name: str, value: object) -> None:
    """The owner changes a setting of the tea plugin."""
    now = stage.clock.now()
    book = stage.app.services.settings
    stage.write(lambda session: book.change(session, now, room, "tea", name, value, None))


# Jobs


def test_a_daily_job_runs_at_its_hour_in_every_room_that_is_heard(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        stage.room("岩茶")
        stage.room("绿茶")
        for _ in range(2):
            skip_to(stage, "20:59")
            stage.advance(minutes=2)
        assert ran == [
            ("岩茶", "02日 21:00"),
            ("绿茶", "02日 21:00"),
            ("岩茶", "03日 21:00"),
            ("绿茶", "03日 21:00"),
        ]
        assert slots(stage)[-2:] == [("04日 21:00", "planned")] * 2


def test_a_job_for_the_whole_bot_runs_once_without_a_room(folder: Path) -> None:
    keeper, seen = Plugin("keeper", title="管家"), []

    @keeper.job("night", daily_at="03:30", per_room=False)
    def night(ctx: Context) -> None:
        seen.append((ctx.room, f"{ctx.local():%H:%M}"))

    with Stage(folder, plugins=[keeper]) as stage:
        stage.room("岩茶")
        stage.room("绿茶")
        skip_to(stage, "03:29")
        stage.advance(minutes=2)
        assert seen == [(None, "03:30")]


def test_a_restart_at_the_due_time_does_not_run_it_twice(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        stage.room("岩茶")
        skip_to(stage, "21:00")
        assert len(ran) == 1
        stage.restart()
        stage.settle()
        stage.advance(seconds=1)
        stage.restart()
        stage.advance(hours=1)
        assert len(ran) == 1


def test_a_slot_missed_by_a_little_is_caught_up_and_by_more_is_recorded_as_missed(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        stage.room("岩茶")
        stage.clock.move_to(stage.at("21:00") + timedelta(minutes=59))
        stage.restart()
        assert ran == [("岩茶", "02日 21:59")]
        stage.clock.move_to(stage.at("21:00") + timedelta(minutes=61))
        stage.restart()
        assert len(ran) == 1
        assert slots(stage) == [("02日 21:00", "done"), ("03日 21:00", "missed"), ("04日 21:00", "planned")]


def test_what_is_late_by_just_so_much_is_still_done(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        stage.room("岩茶")
        stage.clock.move_to(stage.at("21:00") + timedelta(hours=1))
        stage.restart()
        assert ran == [("岩茶", "02日 22:00")]


def test_a_clock_that_is_set_back_neither_repeats_a_job_nor_ends_it(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶")
        skip_to(stage, "21:00")
        stage.clock.move_by(-timedelta(minutes=30))
        change(stage, room.key, "at", "21:00")
        stage.advance(hours=1)
        assert ran == [("岩茶", "02日 21:00")]
        skip_to(stage, "21:00")
        assert ran[1:] == [("岩茶", "03日 21:00")]


def test_every_slot_that_was_missed_is_on_record(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        stage.room("岩茶")
        stage.end()
        stage.clock.move_to(stage.at("12:00") + timedelta(days=3))
        stage.begin()
        stage.settle()
        assert ran == []
        missed = [(day, "missed") for day in ("02日 21:00", "03日 21:00", "04日 21:00")]
        assert slots(stage) == [*missed, ("05日 21:00", "planned")]
        skip_to(stage, "21:00")
        assert ran == [("岩茶", "05日 21:00")]


def test_a_changed_setting_moves_what_is_planned(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        here, there = stage.room("岩茶"), stage.room("绿茶")
        change(stage, here.key, "at", "20:15")
        skip_to(stage, "20:14")
        stage.advance_until(stage.at("20:30"))
        assert ran == [("岩茶", "02日 20:15")]
        change(stage, here.key, "at", "21:30")
        stage.advance(hours=1)
        assert ran[1:] == [("绿茶", "02日 21:00"), ("岩茶", "02日 21:30")]
        assert there.key != here.key


def test_switched_off_it_does_not_run_and_switched_on_again_it_does(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶")
        change(stage, room.key, "enabled", "关")
        skip_to(stage, "21:01")
        assert ran == []
        change(stage, room.key, "enabled", "开")
        skip_to(stage, "20:59")
        stage.advance(minutes=2)
        assert ran == [("岩茶", "03日 21:00")]


@pytest.mark.parametrize("status", ["off", "left", "seen"])
def test_in_a_room_that_is_not_heard_no_job_runs(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]], status: str
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶")
        key, now = room.key, stage.clock.now()
        stage.write(lambda session: stage.app.services.register.set_room_status(session, key, status, now))
        skip_to(stage, "21:00")
        assert ran == []


@pytest.mark.parametrize("status", ["watching", "live"])
def test_a_room_that_is_heard_again_has_its_jobs_at_once(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]], status: str
) -> None:
    with Stage(folder, plugins=[tea]) as stage:
        key = stage.room("岩茶").key
        register = stage.app.services.register
        for each in ("off", status):
            now = stage.clock.now()
            stage.write(partial(register.set_room_status, room=key, status=each, now=now))
            stage.advance(minutes=1)
        skip_to(stage, "21:00")
        assert ran == [("岩茶", "02日 21:00")]


def test_a_job_can_be_asked_not_to_run_at_all(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.job("never", cron=lambda settings: None)
    def never(ctx: Context) -> None:
        raise AssertionError

    with Stage(folder, plugins=[tea]) as stage:
        stage.room("岩茶")
        stage.advance(minutes=1)
        assert slots(stage, "never") == []


def test_a_job_that_raises_is_recorded_and_comes_again_tomorrow(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.job("evening", daily_at="21:00")
    def evening(ctx: Context) -> None:
        ctx.say_text("喝茶", urgency="promised", reason="tea")
        raise LookupError

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶")
        skip_to(stage, "21:00")
        room.hears_nothing()
        assert slots(stage) == [("02日 21:00", "failed"), ("03日 21:00", "planned")]
        assert [slot.error for slot in rows(stage, Slot)] == ["LookupError", None]


def test_a_job_that_names_no_possible_time_does_not_stop_the_others(
    folder: Path, tea: Plugin, ran: list[tuple[str, str]]
) -> None:
    odd = Plugin("odd", title="怪")

    @odd.job("nonsense", cron="0 25 * * *")
    def nonsense(ctx: Context) -> None:
        raise AssertionError

    @odd.job("broken", cron=lambda settings: str(settings.no_such_setting))
    def broken(ctx: Context) -> None:
        raise AssertionError

    with Stage(folder, plugins=[odd, tea]) as stage:
        stage.room("岩茶")
        skip_to(stage, "21:00")
        assert ran == [("岩茶", "02日 21:00")]


def test_a_job_is_declared_with_one_time_only() -> None:
    tea = Plugin("tea", title="茶")
    for times in ({}, {"daily_at": "21:00", "cron": "0 21 * * *"}):
        with pytest.raises(ValueError, match="either"):
            tea.job("evening", **times)  # type: ignore[arg-type]


# Times


def after(cron: str, local: str, zone: ZoneInfo = SHANGHAI) -> str:
    """The next time that a cron line names after a local time, on the same clock."""
    start = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    found = next_time(cron, start, zone)
    assert found is not None and found.tzinfo is UTC
    return f"{found.astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        ("0 21 * * *", "2026-03-02 20:59:59", "2026-03-02 21:00"),
        ("0 21 * * *", "2026-03-02 21:00", "2026-03-03 21:00"),
        ("30 9 1 * *", "2026-03-02 00:00", "2026-04-01 09:30"),
        ("0 9 29 2 *", "2026-03-02 00:00", "2028-02-29 09:00"),
        # The days of the week as everybody else's cron counts them: 0 and 7 are Sunday.
        ("0 21 * * 0", "2026-03-02 00:00", "2026-03-08 21:00"),
        ("0 21 * * 7", "2026-03-02 00:00", "2026-03-08 21:00"),
        ("0 21 * * 1", "2026-03-02 00:00", "2026-03-02 21:00"),
        ("0 21 * * 1-5", "2026-03-06 22:00", "2026-03-09 21:00"),
        ("0 21 * * 0,6", "2026-03-02 00:00", "2026-03-07 21:00"),
        ("0 21 * * 5-7", "2026-03-02 00:00", "2026-03-06 21:00"),
        ("0 21 * * sun", "2026-03-02 00:00", "2026-03-08 21:00"),
        ("0 21 * * */2", "2026-03-02 00:00", "2026-03-03 21:00"),
    ],
)
def test_a_cron_line_names_the_next_time(cron: str, now: str, expected: str) -> None:
    assert after(cron, now) == expected


def test_a_time_that_the_clocks_skip_or_repeat_comes_once_a_day() -> None:
    def days(cron: str, start: datetime, count: int) -> list[str]:
        found, moment = [], start
        for _ in range(count):
            following = next_time(cron, moment, BERLIN)
            assert following is not None and following > moment
            moment = following
            found.append(f"{moment.astimezone(BERLIN):%d %H:%M}")
        return found

    spring = datetime(2026, 3, 27, 12, tzinfo=UTC)  # on the 29th there is no 02:30
    autumn = datetime(2026, 10, 23, 12, tzinfo=UTC)  # on the 25th there are two
    assert days("0 21 * * *", spring, 4) == ["27 21:00", "28 21:00", "29 21:00", "30 21:00"]
    assert days("30 2 * * *", spring, 4) == ["28 02:30", "29 03:30", "30 02:30", "31 02:30"]
    assert days("30 2 * * *", autumn, 4) == ["24 02:30", "25 02:30", "26 02:30", "27 02:30"]


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_a_daily_time_is_always_later_within_two_days_and_on_the_hour(
    start: datetime, zone: str, hour: int, minute: int
) -> None:
    moment, place = start.replace(tzinfo=UTC), ZoneInfo(zone)
    found = next_time(f"{minute} {hour} * * *", moment, place)
    assert found is not None
    assert moment < found <= moment + timedelta(hours=49)
    local = found.astimezone(place)
    skipped = local.utcoffset() != (found - timedelta(hours=2)).astimezone(place).utcoffset()
    assert (local.hour, local.minute) == (hour, minute) or skipped
    assert (local.second, local.microsecond) == (0, 0)


# Timers


@pytest.fixture
def bell(ran: list[tuple[str, str]]) -> Plugin:
    """A plugin whose timers members set in plain words: 记 30, 挪 60, 不记."""
    bell = Plugin("bell", title="铃")

    @bell.on(MessagePosted)
    def listen(ctx: Context, event: MessagePosted) -> None:
        word, _, minutes = event.text.partition(" ")
        if word == "不记":
            ctx.cancel_later("ring")
        else:
            after, known = timedelta(minutes=int(minutes)), "move" if word == "挪" else "keep"
            ctx.later("ring", after=after, if_planned=known, said=event.text)  # type: ignore[arg-type]

    @bell.timer("ring")
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        ran.append((payload["said"], f"{ctx.local():%H:%M}"))

    return bell


def test_a_timer_rings_once_when_it_is_due_also_after_a_restart(
    folder: Path, bell: Plugin, ran: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[bell]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "记 30")
        stage.restart()
        stage.advance(minutes=30)
        assert ran == [("记 30", "09:30")]
        stage.restart()
        stage.advance(hours=2)
        assert len(ran) == 1


@pytest.mark.parametrize(
    ("said", "rang"),
    [
        (["记 30", "记 60"], [("记 30", "09:30")]),
        (["记 30", "挪 60"], [("挪 60", "10:00")]),
        (["挪 60"], [("挪 60", "10:00")]),
        (["记 30", "不记"], []),
        (["记 30", "不记", "记 60"], [("记 60", "10:00")]),
        (["不记"], []),
    ],
)
def test_a_timer_that_is_planned_is_kept_moved_or_taken_back(
    folder: Path, bell: Plugin, ran: list[tuple[str, str]], said: list[str], rang: list[tuple[str, str]]
) -> None:
    with Stage(folder, plugins=[bell]) as stage:
        room = stage.room("岩茶", members=["小林"])
        for line in said:
            stage.person("小林").says(room, line)
        stage.advance(hours=2)
        assert ran == rang


def test_each_room_and_each_key_has_its_own_timer(folder: Path) -> None:
    bell, rang = Plugin("bell", title="铃"), []

    @bell.on(MessagePosted)
    def listen(ctx: Context, event: MessagePosted) -> None:
        ctx.later("ring", after=timedelta(minutes=5), key=event.text)

    @bell.timer("ring")
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        rang.append((ctx.room_name, ctx.member))

    with Stage(folder, plugins=[bell]) as stage:
        here, there = stage.room("岩茶", members=["小林"]), stage.room("绿茶", members=["小林"])
        for line in ("一", "二", "二"):
            stage.person("小林").says(here, line)
        stage.person("小林").says(there, "一")
        stage.advance(minutes=6)
        assert sorted(name for name, _ in rang) == ["岩茶", "岩茶", "绿茶"]


def test_a_timer_may_set_itself_again_and_a_settled_one_can_be_set_anew(folder: Path) -> None:
    bell, rang = Plugin("bell", title="铃"), []

    @bell.on(MessagePosted)
    def listen(ctx: Context, event: MessagePosted) -> None:
        ctx.later("ring", after=timedelta(minutes=5), left=2)

    @bell.timer("ring")
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        rang.append(payload["left"])
        if payload["left"]:
            ctx.later("ring", after=timedelta(minutes=5), left=payload["left"] - 1)

    with Stage(folder, plugins=[bell]) as stage:
        room = stage.room("岩茶", members=["小林"])
        for _ in range(2):
            stage.person("小林").says(room, "开始")
            stage.advance(hours=1)
        assert rang == [2, 1, 0, 2, 1, 0]


def test_a_timer_that_raises_is_recorded_and_one_missed_by_days_is_not_run(folder: Path) -> None:
    bell = Plugin("bell", title="铃")
    breaks: list[Callable[[], None]] = []

    @bell.on(MessagePosted)
    def listen(ctx: Context, event: MessagePosted) -> None:
        ctx.later(event.text, after=timedelta(minutes=5))

    @bell.timer("坏铃")
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        raise LookupError

    @bell.timer("晚铃")
    def ring_late(ctx: Context, payload: dict[str, Any]) -> None:
        breaks.append(lambda: None)

    with Stage(folder, plugins=[bell]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "坏铃")
        stage.advance(minutes=6)
        assert slots(stage, "坏铃") == [("02日 09:05", "failed")]
        for late, rings in ((timedelta(days=1, hours=23), 1), (timedelta(days=2, hours=1), 1)):
            stage.person("小林").says(room, "晚铃")
            stage.clock.move_by(late)
            stage.restart()
            assert len(breaks) == rings
        stage.person("小林").says(room, "没有这个铃")
        stage.advance(minutes=6)
        assert [status for _, status in slots(stage, "没有这个铃")] == ["missed"]


@pytest.mark.parametrize(("late", "rings"), [(9, ["短铃"]), (11, [])])
def test_a_timer_has_its_own_patience_whatever_another_plugin_calls_by_its_name(
    folder: Path, late: int, rings: list[str]
) -> None:
    bell, other = Plugin("bell", title="铃"), Plugin("other", title="别的铃")
    rang: list[str] = []

    @bell.on(MessagePosted)
    def listen(ctx: Context, event: MessagePosted) -> None:
        ctx.later("ring", after=timedelta(minutes=5))

    @bell.timer("ring", catch_up=timedelta(minutes=10))
    def ring(ctx: Context, payload: dict[str, Any]) -> None:
        rang.append("短铃")

    @other.timer("ring")
    def ring_late(ctx: Context, payload: dict[str, Any]) -> None:
        rang.append("长铃")

    with Stage(folder, plugins=[other, bell]) as stage:
        stage.person("小林").says(stage.room("岩茶", members=["小林"]), "开始")
        stage.clock.move_by(timedelta(minutes=5 + late))
        stage.restart()
        assert rang == rings


def test_a_timer_of_a_plugin_that_was_switched_off_meanwhile_does_not_speak(folder: Path) -> None:
    tea = Plugin("tea", title="茶")

    @tea.on(MessagePosted)
    def listen(ctx: Context, event: MessagePosted) -> None:
        ctx.later("pour", after=timedelta(minutes=5))

    @tea.timer("pour")
    def pour(ctx: Context, payload: dict[str, Any]) -> None:
        ctx.say_text("请用茶", urgency="promised", reason="tea")

    with Stage(folder, plugins=[tea]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "渴了")
        change(stage, room.key, "enabled", "关")
        room.hears_nothing(timedelta(minutes=10))
