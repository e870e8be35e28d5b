"""After a login under new ids: owners pair again, and groups are joined only when their owner says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing import Import, examine
from bot.importing.formats import Format
from bot.storage.history import History
from bot.storage.tables import Member, Message, Room
from bot.testing import Player, Stage

LOG = """\
2026-02-01 10:00:00 阿岚
牛栏坑的肉桂

2026-02-01 10:01:00 老周
水仙也不错

2026-02-01 10:02:00 小明
我先走了
"""


def test_authority_does_not_survive_new_ids(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"])
    stage.log_in_anew(room)
    zhou = stage.person("老周", newest=True)
    zhou.whispers("状态")
    zhou.hears_nothing()


def test_the_owner_joins_past_and_present(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林", "阿岚"])
    lan_before = stage.person("阿岚").key
    stage.person("阿岚").says(room, "牛栏坑的肉桂")
    now = stage.log_in_anew(room)
    zhou: Player = stage.person("老周", newest=True)
    stage.pair(zhou, now)
    assert "原来那个吗" in zhou.asks("启用本群")
    assert "接上了" in zhou.asks("是")
    assert "安静看着" in zhou.asks("启用本群")
    stage.advance(minutes=6)
    lan = stage.person("阿岚", newest=True)
    lan.says(now, "接着聊")
    assert lan.key == lan_before
    assert "在说话" not in zhou.asks("群列表")


def test_another_group_of_the_same_name_stays_apart(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["阿岚"])
    lan_before = stage.person("阿岚").key
    now = stage.log_in_anew(room)
    zhou = stage.person("老周", newest=True)
    stage.pair(zhou, now)
    zhou.asks("启用本群")
    assert "新群" in zhou.asks("不是")
    assert "安静看着" in zhou.asks("启用本群")
    stage.advance(minutes=6)
    lan = stage.person("阿岚", newest=True)
    lan.says(now, "你好")
    assert lan.key != lan_before


@pytest.fixture
def told(stage: Stage, tmp_path: Path) -> Player:
    """The owner of a group whose log was imported before the bot joined it."""
    log = tmp_path / "log.txt"
    log.write_text(LOG, encoding="utf-8")
    now = stage.clock.now() - timedelta(days=1)
    Import(
        stage.storage, examine(log, "岩茶同好会", stage.config.bot.zone, Format.TXT), "岩茶同好会", now
    ).run()
    stage.restart()
    zhou = stage.person("老周", friend=True)
    room = stage.room("岩茶同好会", members=["老周", "阿岚", "小林"], live=False)
    stage.pair(zhou, room)
    return zhou


def imported_by(stage: Stage, player: Player) -> list[str]:
    """What this person of today said in the log."""
    said = select(Message.text).where(Message.member_id == player.key, Message.origin == "import")
    return stage.read(lambda session: list(session.scalars(said)))


def test_an_imported_past_and_the_live_group_become_one(stage: Stage, told: Player) -> None:
    assert "导入的聊天记录里有一个" in told.asks("启用本群")
    assert "接上了" in told.asks("是")
    assert "安静看着" in told.asks("启用本群")
    stage.advance(minutes=6)
    assert stage.read(lambda session: list(session.scalars(select(Room.name)))) == ["岩茶同好会"]
    assert imported_by(stage, stage.person("阿岚")) == ["牛栏坑的肉桂"]
    assert imported_by(stage, told) == ["水仙也不错"]  # known before, by pairing: the two become one
    assert stage.read(lambda s: len(s.scalars(select(Member).where(Member.name == "老周")).all())) == 1
    people = stage.read(lambda s: {one.name for one in History(s, stage.clock.now()).members(1)})
    assert "小明" not in people  # in the log only: not in the group of today
    assert {"阿岚", "老周", "小林"} <= people


def test_an_imported_group_can_be_another_one(stage: Stage, told: Player) -> None:
    told.asks("启用本群")
    assert "新群" in told.asks("不是")
    assert "安静看着" in told.asks("启用本群")
    assert len(stage.read(lambda session: session.scalars(select(Room.id)).all())) == 2
