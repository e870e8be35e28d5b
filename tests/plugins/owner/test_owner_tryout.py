"""试运行: the owner sees what would have been said, live and in an imported past, before anything is."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.authority import new_code
from bot.gateway.cast import Sent
from bot.importing.formats import Format
from bot.importing.importer import Import, examine
from bot.storage.tables import Membership, Room
from bot.testing import Player, Stage, StageRoom
from plugins.welcome.tables import Host

BEGAN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
HOSTILE = "@所有人\u202e<b>$who</b>"


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """A room that its owner has not switched on; she paired for every room."""
    room = stage.room("岩茶同好会", owner="老周", members=["小林"], live=False)
    code = stage.write(lambda session: new_code(session, [], stage.clock.now()))
    assert "听你的" in stage.person("老周").asks(code)
    return room


@pytest.fixture
def boss(stage: Stage, room: StageRoom) -> Player:
    """老周."""
    return stage.person("老周")


@pytest.fixture
def imported(stage: Stage, tmp_path: Path) -> Callable[..., None]:
    """Imports a log of so many days, in which somebody speaks each hour of the morning."""

    def store(room: str, days: int = 20, newcomers: tuple[str, ...] = ("小满",)) -> None:
        lines = [
            (BEGAN + timedelta(days=day, hours=hour), "老林") for day in range(days) for hour in range(3)
        ]
        lines += [(BEGAN + timedelta(days=15, minutes=5 * at), one) for at, one in enumerate(newcomers)]
        log = tmp_path / "log.txt"
        said = [f"[{at:%Y-%m-%d %H:%M:%S}] <{name}> 今天喝什么" for at, name in sorted(lines)]
        log.write_text("\n".join(said) + "\n", encoding="utf-8")
        Import(stage.storage, examine(log, room, UTC, Format.GITTER), room, stage.clock.now()).run()
        stage.restart()

    return store


def page_of(sent: Sent) -> str:
    """The page in a file."""
    assert sent.file_name.endswith(".txt"), sent
    return sent.content.decode("utf-8-sig")


def pages(stage: Stage) -> list[Path]:
    """The files that lie about."""
    return list(stage.app.services.media_folder.glob("tryout-*"))


# Watched


def test_what_was_withheld_is_summed_up_and_leads_to_its_texts(
    stage: Stage, room: StageRoom, boss: Player
) -> None:
    boss.asks("启用本群")
    for name in ("小陈", "阿杰"):
        stage.person(name).joins(room)
        stage.advance(hours=1)
    room.hears_nothing()

    said = boss.asks("试运行")
    assert "会说 2 句" in said and "没有一句是没事找话" in said
    assert "· 迎新 2 句" in said and "小陈 1 次" in said and "上午" in said
    assert "1 今天" in said and "开口" in said
    sent = boss.hears()
    assert "@小陈" in page_of(sent) and "文案第" in page_of(sent)
    [file] = pages(stage)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.name not in sent.file_name

    assert "文案 迎新 1" in boss.asks("1")
    room.hears_nothing()


def test_one_evening_there_is_a_word_about_it_and_only_one(
    stage: Stage, room: StageRoom, boss: Player
) -> None:
    assert "试运行" in boss.asks("启用本群")
    stage.advance_until(stage.at("21:05"))
    boss.hears_nothing()
    stage.person("小陈").joins(room)
    stage.advance(days=1)
    told = boss.hears().text
    assert "会说 1 句" in told and "「试运行」" in told
    stage.person("阿杰").joins(room)
    stage.advance(days=3)
    boss.hears_nothing()


def test_who_has_looked_or_gone_live_is_told_nothing(stage: Stage, room: StageRoom, boss: Player) -> None:
    boss.asks("启用本群")
    stage.person("小陈").joins(room)
    stage.advance(minutes=5)
    boss.asks("试运行")
    page_of(boss.hears())
    stage.advance(days=2)
    boss.hears_nothing()
    boss.whispers("开口")
    room.hears()
    boss.hears()
    stage.advance(days=2)
    boss.hears_nothing()


def test_there_is_not_always_something_to_see(stage: Stage, room: StageRoom, boss: Player) -> None:
    assert "先发「启用本群」" in boss.asks("试运行")
    assert "没有导入过" in boss.asks("试运行 历史")
    boss.asks("启用本群")
    assert "一件也没遇上" in boss.asks("试运行")
    boss.whispers("开口")
    room.hears()
    boss.hears()
    assert "已经在" in boss.asks("试运行")
    assert not pages(stage)


# The past


def test_the_past_is_gone_through_with_the_settings_and_wordings_of_this_room(
    stage: Stage, room: StageRoom, boss: Player, imported: Callable[..., None]
) -> None:
    imported("岩茶同好会", newcomers=("小满", "阿岚"))
    boss.asks("文案 迎新 1 $people来喝茶！$about$step$help")
    said = boss.asks("试运行")
    assert "过一遍" in said and "62 句话" in said
    assert "小满" in said and "阿岚" in said and "老林" not in said
    assert "来喝茶" in said and "「启用本群」" in said
    assert "来喝茶" in page_of(boss.hears())

    boss.asks("功能 关 迎新")
    assert "一件也没有" in boss.asks("试运行 历史")
    assert "历史" in boss.asks("启用本群")
    assert "历史" in boss.asks("试运行")
    room.hears_nothing()
    assert not list(stage.app.services.media_folder.parent.glob("rehearsal-*"))


def test_the_past_is_gone_through_with_the_hosts_of_today(
    stage: Stage, room: StageRoom, boss: Player, imported: Callable[..., None]
) -> None:
    imported("岩茶同好会")
    stage.person("小林").whispers("你好")
    key, host, now = room.key, stage.person("小林").key, stage.clock.now()
    row = Host(room_id=key, member_id=host, status="agreed", asked_at=now, answered_at=now)
    joined = Membership(room_id=key, member_id=host, first_joined_at=now, joined_at=now)
    stage.write(lambda session: session.add_all([session.merge(joined), row]))
    assert "过一遍" in boss.asks("试运行")
    assert "@小林" in page_of(boss.hears())


def test_a_group_that_is_known_from_a_log_alone(
    stage: Stage, room: StageRoom, boss: Player, imported: Callable[..., None]
) -> None:
    imported("旧茶会", newcomers=(HOSTILE,))
    assert "旧茶会（只有导入的聊天）" in boss.asks("群列表")
    boss.asks("切换群 旧茶会")
    assert "还没进过" in boss.asks("启用本群")
    said = boss.asks("试运行")
    assert "61 句话" in said and "拉进群" in said
    assert "@" not in said and "\u202e" not in said
    assert "\u202e" not in page_of(boss.hears())


def test_asked_twice_it_is_done_once(
    stage: Stage, room: StageRoom, boss: Player, imported: Callable[..., None]
) -> None:
    imported("岩茶同好会")
    boss.person.say("试运行 历史")
    assert "正在看" in boss.asks("试运行 历史")
    page_of(boss.hears())
    boss.hears_nothing()


def test_what_never_comes_back_is_admitted(
    stage: Stage, room: StageRoom, boss: Player, imported: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    imported("岩茶同好会")
    monkeypatch.setattr("bot.apart.SMALL_ROOM", 0)  # only a process of its own can be told to end
    monkeypatch.setattr("bot.apart.AT_MOST_SECONDS", 0.01)
    assert "好了告诉你" in boss.asks("试运行 历史")
    stage.advance(minutes=45)
    assert "没跑成" in boss.hears().text


def test_pages_are_gone_when_somebody_is_forgotten(stage: Stage, room: StageRoom, boss: Player) -> None:
    boss.asks("启用本群")
    stage.person("小陈").joins(room)
    stage.advance(minutes=5)
    boss.asks("试运行")
    boss.hears()
    assert pages(stage)
    chen = stage.person("小陈")
    chen.asks("忘记我")
    chen.asks("忘记我")
    stage.advance(minutes=2)
    assert not pages(stage)


def test_others_rooms_are_not_shown(stage: Stage, room: StageRoom, imported: Callable[..., None]) -> None:
    imported("岩茶同好会")
    stranger = stage.person("小林")
    stranger.whispers("试运行 历史")
    stranger.hears_nothing()
    assert stage.read(lambda session: session.get_one(Room, room.key).status) == "seen"
