"""Settings in layers, changed by owners in their own words, found by what people call them, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bot.config import load_config
from bot.errors import QunxingError
from bot.group_settings import ClockTime
from bot.messages import Texts
from bot.plugin import Plugin, Settings
from bot.setting_values import value_meant
from bot.settings import SettingsBook
from bot.storage.tables.base import Base
from bot.storage.tables.desk import AuditRow, SettingRow

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEA, COFFEE, NEW = 1, 2, 3
OWNER = 7
CONFIG = """
group: {theme: 大家}
plugins:
  welcome: {wait_seconds: 70, follow_minutes: 20}
rooms:
  茶友会:
    group: {theme: 茶}
    plugins:
      welcome: {enabled: false, wait_seconds: 80}
"""


class WelcomeSettings(Settings):
    wait_seconds: int = Field(default=60, ge=5, le=600, title="等待时间", description="等几秒")
    follow_minutes: float = Field(default=10, ge=0, title="关照间隔", description="隔几分钟")
    lively: bool = Field(default=False, title="热闹", description="热闹一点")
    at: ClockTime = Field(default="09:00", title="早上几点", description="几点")
    tone: Literal["warm", "dry"] = Field(default="warm", title="口气", description="口气")
    hosts: list[str] = Field(default=[], max_length=3, title="伙伴", description="伙伴")


class TeaSettings(Settings):
    lively: bool = Field(default=True, title="热闹", description="茶会热闹")


PLUGINS = [
    Plugin("welcome", title="迎新", settings=WelcomeSettings),
    Plugin("tea", title="茶会", settings=TeaSettings),
    Plugin("owner", title="群主台", always_on=True),
]


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [Base.metadata.tables[name] for name in ("setting", "audit")])
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def names() -> dict[int, str]:
    return {TEA: "茶友会", COFFEE: "咖啡", NEW: "新群"}


@pytest.fixture
def book(tmp_path: Path, session: Session, names: dict[int, str]) -> SettingsBook:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    config = load_config(tmp_path / "config.yaml", PLUGINS, {})
    book = SettingsBook(config, PLUGINS, lambda room: names[room], Texts())
    book.load(session)
    return book


Say = Callable[..., Any]


@pytest.fixture
def say(book: SettingsBook, session: Session) -> Say:
    """The owner changes a setting: what it is then."""

    def say(room: int | None, plugin: str, name: str, said: object) -> Any:
        return book.change(session, NOW, room, plugin, name, said, OWNER).new

    return say


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(QunxingError) as caught:
        call()
    assert Texts().said(caught.value)
    return caught.value.key


def test_the_nearest_layer_holds(book: SettingsBook, say: Say) -> None:
    def waits() -> list[int]:
        return [book.for_plugin("welcome", room).wait_seconds for room in (TEA, COFFEE, None)]

    assert waits() == [80, 70, 70]
    say(None, "welcome", "wait_seconds", "90")
    assert waits() == [90, 90, 90]
    say(TEA, "welcome", "wait_seconds", "100")
    assert waits() == [100, 90, 90]
    assert book.for_plugin("welcome", TEA).follow_minutes == 20
    assert book.for_plugin("welcome", TEA).lively is False
    say(TEA, "welcome", "wait_seconds", "默认")
    say(None, "welcome", "wait_seconds", "恢复默认")
    assert waits() == [80, 70, 70]


def test_the_group_has_layers_too(book: SettingsBook, say: Say) -> None:
    assert [book.group(room).theme for room in (TEA, COFFEE, None)] == ["茶", "大家", "大家"]
    say(COFFEE, "group", "theme", "咖啡")
    assert [book.group(room).theme for room in (TEA, COFFEE, None)] == ["茶", "咖啡", "大家"]


def test_plugins_are_switched_in_layers(book: SettingsBook, say: Say) -> None:
    assert [book.enabled("welcome", room) for room in (TEA, COFFEE, None)] == [False, True, True]
    assert say(TEA, "welcome", "enabled", "开") is True
    assert say(None, "welcome", "enabled", "关") is False
    assert [book.enabled("welcome", room) for room in (TEA, COFFEE, None)] == [True, False, False]
    assert book.enabled("owner", TEA) and not book.enabled("nothing", TEA)
    assert refused(lambda: say(TEA, "owner", "enabled", "关")) == "setting.always_on"


def test_a_rename_brings_the_other_rooms_config(book: SettingsBook, names: dict[int, str]) -> None:
    assert book.group(NEW).theme == "大家"
    names[NEW] = "茶友会"
    book.invalidate()
    assert book.group(NEW).theme == "茶"


def test_settings_are_built_once_until_something_changes(book: SettingsBook, say: Say) -> None:
    before, version = book.for_plugin("welcome", TEA), book.version
    assert book.for_plugin("welcome", TEA) is before
    say(TEA, "welcome", "lively", "开")
    assert book.for_plugin("welcome", TEA) is not before
    assert before.lively is False
    assert book.version > version


def test_changes_are_stored_and_on_record(book: SettingsBook, session: Session, say: Say) -> None:
    say(TEA, "welcome", "at", "21：30")
    [row] = session.scalars(select(SettingRow)).all()
    assert (row.room_id, row.name, row.value, row.changed_by, row.changed_at) == (
        TEA,
        "at",
        "21:30",
        OWNER,
        NOW,
    )
    [audit] = session.scalars(select(AuditRow)).all()
    assert (audit.subject, audit.old, audit.new, audit.member_id) == ("welcome.at", "09:00", "21:30", OWNER)
    again = SettingsBook(book._config, PLUGINS, lambda room: "", Texts())
    again.load(session)
    assert again.for_plugin("welcome", TEA).at == "21:30"


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("wait_seconds", "30", 30), ("wait_seconds", "３０", 30), ("wait_seconds", "三十", 30),
        ("wait_seconds", "30秒", 30), ("wait_seconds", "半分钟", 30), ("wait_seconds", "两分钟", 120),
        ("wait_seconds", 45, 45), ("follow_minutes", "两小时", 120), ("follow_minutes", "30分钟", 30),
        ("follow_minutes", "一个半小时", 90), ("follow_minutes", "90 秒", 1.5), ("follow_minutes", "15", 15),
        ("lively", "开", True), ("lively", "是", True), ("lively", "关", False), ("lively", "否", False),
        ("lively", "ON", True), ("lively", "不要", False), ("lively", True, True),
        ("at", "21：30", "21:30"), ("at", "晚上九点半", "21:30"), ("at", "7:00", "07:00"),
        ("tone", "Dry", "dry"), ("hosts", "甲、乙，丙", ["甲", "乙", "丙"]), ("hosts", "无", []),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(say: Say, name: str, said: object, meant: object) -> None:
    assert say(COFFEE, "welcome", name, said) == meant


@pytest.mark.parametrize(("said", "meant"), [("5 条", 5), ("一天十次", "一天十次"), ("20个", 20), ("", "")])
def test_measure_words_are_forgiven(said: str, meant: object) -> None:
    assert value_meant(said, int, "sends") == meant


@pytest.mark.parametrize(
    ("name", "said"),
    [("wait_seconds", "一小时"), ("wait_seconds", "很久"), ("wait_seconds", "1.5"), ("lively", "也许"),
     ("at", "25:00"), ("tone", "蓝"), ("hosts", "甲、乙、丙、丁"), ("wait_seconds", "")],
)  # fmt: skip
def test_wrong_values_are_refused_and_change_nothing(
    book: SettingsBook, session: Session, say: Say, name: str, said: str
) -> None:
    before = book.for_plugin("welcome", TEA)
    assert refused(lambda: say(TEA, "welcome", name, said)) == "setting.wrong_value"
    assert book.for_plugin("welcome", TEA) == before
    assert not session.scalars(select(AuditRow)).all()


def test_unknown_settings_are_refused(say: Say) -> None:
    assert refused(lambda: say(TEA, "welcome", "nothing", "1")) == "setting.unknown"


def test_undo_goes_back_step_by_step(book: SettingsBook, session: Session, say: Say) -> None:
    say(TEA, "welcome", "wait_seconds", "100")
    say(TEA, "welcome", "wait_seconds", "110")
    say(COFFEE, "welcome", "wait_seconds", "300")
    say(TEA, "welcome", "enabled", "开")
    undone = [book.undo(session, NOW, TEA, OWNER) for _ in range(3)]
    assert [(one.title, one.old, one.new) for one in undone] == [
        ("迎新", True, False), ("等待时间", 110, 100), ("等待时间", 100, 80),
    ]  # fmt: skip
    assert refused(lambda: book.undo(session, NOW, TEA, OWNER)) == "setting.nothing_to_undo"
    assert book.for_plugin("welcome", COFFEE).wait_seconds == 300
    assert not book.enabled("welcome", TEA)


def test_undo_of_a_return_to_the_default(book: SettingsBook, session: Session, say: Say) -> None:
    say(TEA, "welcome", "wait_seconds", "100")
    say(TEA, "welcome", "wait_seconds", "默认")
    assert book.undo(session, NOW, TEA, OWNER).new == 100
    assert book.for_plugin("welcome", TEA).wait_seconds == 100


def test_undo_for_all_rooms_is_its_own(book: SettingsBook, session: Session, say: Say) -> None:
    say(TEA, "welcome", "lively", "开")
    say(None, "welcome", "wait_seconds", "100")
    assert book.undo(session, NOW, None, OWNER).name == "wait_seconds"
    assert book.for_plugin("welcome", TEA).lively


def test_a_change_goes_back_with_its_transaction(book: SettingsBook, session: Session, say: Say) -> None:
    say(TEA, "group", "theme", "一")
    session.commit()
    savepoint = session.begin_nested()
    say(TEA, "group", "theme", "二")
    savepoint.rollback()
    assert book.group(TEA).theme == "一"
    with session.begin_nested():
        say(TEA, "group", "theme", "三")
    assert book.group(TEA).theme == "三"
    session.rollback()
    assert book.group(TEA).theme == "一"


def test_a_stored_value_that_is_refused_today_is_left_out(book: SettingsBook, session: Session) -> None:
    for name, value in (("wait_seconds", 9999), ("lively", True), ("gone", 1)):
        row = SettingRow(room_id=TEA, plugin="welcome", name=name, value=value, changed_at=NOW)
        session.add(row)
    session.flush()
    book.load(session)
    assert (book.for_plugin("welcome", TEA).wait_seconds, book.for_plugin("welcome", TEA).lively) == (
        80,
        True,
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("等待时间", "welcome.wait_seconds"), ("wait_seconds", "welcome.wait_seconds"),
        ("welcome.wait_seconds", "welcome.wait_seconds"), ("迎新 等待时间", "welcome.wait_seconds"),
        ("迎新的等待时间", "welcome.wait_seconds"), ("Wait Seconds", "welcome.wait_seconds"),
        ("茶会热闹", "tea.lively"), ("迎新·热闹", "welcome.lively"), ("群主题", "group.theme"),
        ("本群 安静开始", "group.quiet_from"),
    ],
)  # fmt: skip
def test_settings_are_found_by_what_people_call_them(book: SettingsBook, said: str, found: str) -> None:
    field = book.find(said)
    assert f"{field.plugin}.{field.name}" == found


@pytest.mark.parametrize(
    ("said", "key"),
    [("等带时间", "setting.unknown_near"), ("完全不是", "setting.unknown"),
     ("热闹", "setting.ambiguous"), ("", "setting.unknown")],
)  # fmt: skip
def test_what_is_not_found_gets_a_hint(book: SettingsBook, said: str, key: str) -> None:
    assert refused(lambda: book.find(said)) == key


def test_plugins_are_found_by_title_and_name(book: SettingsBook) -> None:
    assert book.find_plugin("迎新").name == book.find_plugin(" Welcome ").name == "welcome"
    assert refused(lambda: book.find_plugin("茶汇")) == "setting.unknown_plugin"
    assert refused(lambda: book.find_plugin("welcom")) == "setting.unknown_plugin_near"


def test_titles_are_unique_within_a_plugin_and_everything_is_described(book: SettingsBook) -> None:
    for plugin in ("group", "welcome", "tea"):
        fields = list(book.fields(plugin))
        assert len({field.title for field in fields}) == len(fields)
        assert all(field.description for field in fields)
