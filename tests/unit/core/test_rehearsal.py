"""A past gone through again: who counts as new in it, what is read of it, and how it is summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.config import config_of
from bot.host import find_plugins
from bot.importing.formats import Format
from bot.importing.importer import Import, examine
from bot.messages import Texts
from bot.replay.findings import Past, WouldSay
from bot.replay.past import Cast, Stretch, has_past, last_stretch, rehearse
from bot.replay.report import Report, json_lines, page
from bot.replay.summary import summary_of
from bot.replay.wording import Wording
from bot.storage.engine import Storage, open_storage
from bot.storage.history import History
from bot.storage.tables import Member

ZONE = ZoneInfo("Asia/Shanghai")
BEGAN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
LONG = timedelta(weeks=8)
Lines = list[tuple[timedelta, str]]


def days(number: float) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def storage(folder: Path) -> Iterator[Storage]:
    storage = open_storage(folder)
    yield storage
    storage.close()


@pytest.fixture
def stretch_of(storage: Storage, tmp_path: Path) -> Callable[..., Stretch]:
    """Imports a log and reads the end of it again."""

    def read(lines: Lines, longest: timedelta = LONG, most: int = 1_000) -> Stretch:
        log = tmp_path / "log.txt"
        rows = [f"[{BEGAN + at:%Y-%m-%d %H:%M:%S}] <{name}> 早，@阿岚 喝茶" for at, name in lines]
        log.write_text("\n".join(rows) + "\n", encoding="utf-8")
        outcome = Import(storage, examine(log, "茶", UTC, Format.GITTER), "茶", NOW).run()
        found = storage.read_now(
            lambda session: last_stretch(History(session, NOW), outcome.room, "茶", longest, most)
        )
        assert found is not None
        return found

    return read


def newcomers(stretch: Stretch) -> set[str]:
    return {one.own_name for one in stretch.members.values() if not stretch.was_there(one)}


def test_who_spoke_in_the_first_week_was_there_before(stretch_of: Callable[..., Stretch]) -> None:
    stretch = stretch_of([(days(0), "阿岚"), (days(6), "老林"), (days(8), "小满"), (days(30), "阿岚")])
    assert newcomers(stretch) == {"小满"} and not stretch.is_cut


def test_of_a_short_log_the_first_quarter(stretch_of: Callable[..., Stretch]) -> None:
    stretch = stretch_of([(days(0), "阿岚"), (days(0.9), "老林"), (days(2), "小满"), (days(4), "阿岚")])
    assert newcomers(stretch) == {"小满"}


def test_only_the_end_of_a_long_past_is_read(stretch_of: Callable[..., Stretch]) -> None:
    lines = [(days(day), "老林" if day else "阿岚") for day in range(100)] + [(days(99.5), "阿岚")]
    stretch = stretch_of(lines, longest=days(20))
    assert len(stretch.messages) == 21 and stretch.is_cut
    assert newcomers(stretch) == set()
    assert len(stretch_of(lines, most=5).messages) == 5


def test_arrivals_come_in_order_and_newcomers_join_first(stretch_of: Callable[..., Stretch]) -> None:
    arrivals = list(Cast(stretch_of([(days(0), "阿岚"), (days(9), "小满"), (days(20), "阿岚")])).arrivals())
    assert [one.key.split(":")[0] for one in arrivals] == ["message", "join", "message", "message"]
    assert [one.received_at for one in arrivals] == sorted(one.received_at for one in arrivals)


def test_the_same_past_gives_the_same_words(
    stretch_of: Callable[..., Stretch], storage: Storage, tmp_path: Path
) -> None:
    stretch = stretch_of([(days(0), "阿岚"), (days(9), "小满"), (days(9.1), "小满"), (days(20), "阿岚")])
    plugins = find_plugins()[0]
    config = config_of({"bot": {"name": "小群星"}}, plugins)
    once, again = (rehearse(stretch, tmp_path, config, plugins, []) for _ in range(2))
    assert once == again and once.past.messages == 4
    assert once.entries[0].to == ("小满",)
    assert list(json_lines(once.entries)) == list(json_lines(again.entries))
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("rehearsal")] == []


def test_who_asked_not_to_be_counted_is_not(stretch_of: Callable[..., Stretch], storage: Storage) -> None:
    lines = [(days(0), "阿岚"), (days(20), "阿岚")]
    stretch_of(lines)
    storage.write_now(lambda session: session.execute(update(Member).values(uncounted=True)))
    assert all(one.uncounted for one in stretch_of(lines).members.values())


def test_a_room_without_an_import_has_no_past(storage: Storage) -> None:
    assert not storage.read_now(lambda session: has_past(session, 1))
    assert storage.read_now(lambda s: last_stretch(History(s, NOW), 1, "茶", days(1), 1)) is None


# Summing up


def entry(
    hour: float, plugin: str = "welcome", urgency: str = "welcome", reason: str = "greeting"
) -> WouldSay:
    at = datetime(2026, 3, 2, tzinfo=ZONE).astimezone(UTC) + timedelta(hours=hour)
    return WouldSay(at, "茶", ("小陈", ""), False, plugin, urgency, reason, f"第 {hour} 句")


def test_numbers_can_be_counted_again() -> None:
    entries = [entry(1), entry(9), entry(20), entry(23.5), entry(33, "ties", "initiative", "anniversary")]
    summary = summary_of(entries, entries[0].at, entries[0].at + days(2), ZONE)
    assert (summary.count, summary.unasked, summary.busiest, summary.a_day) == (5, 1, 4, 2.5)
    assert summary.parts == (("morning", 2), ("evening", 1), ("night", 2))
    assert summary.people == (("小陈", 5),)
    assert [(kind.plugin, kind.count) for kind in summary.kinds] == [("welcome", 4), ("ties", 1)]
    assert [one.reason for one in summary.examples] == ["greeting", "greeting", "anniversary"]


def test_nothing_is_summed_up_too() -> None:
    summary = summary_of([], BEGAN, BEGAN, ZONE)
    assert summary.count == 0 and summary.a_day == 0 and summary.examples == ()


def test_a_page_holds_no_more_than_a_few_examples_of_a_sort() -> None:
    entries = [entry(hour) for hour in range(30)] + [entry(31, "ties", "initiative", "\u202e[x](y)")]
    past, wording = Past(0, 0, None, None, ()), Wording({"welcome": "迎新"}, {"welcome": ["greeting"]})
    report = Report(BEGAN, NOW, past, entries, wording, ZONE, NOW)
    told = page(report, Texts())
    assert "## 迎新（文案第 1 句）" in told and "一共 30 次" in told and told.count("\n- 今天") <= 9
    assert "## ties" in told and "\u202e" not in told
