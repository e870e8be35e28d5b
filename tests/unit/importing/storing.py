"""A database to import into, and everything in it that an import writes."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.importing import Import, Outcome, examine
from bot.storage.connection import DATABASE
from bot.storage.engine import Storage, open_storage
from bot.storage.migrate import upgrade

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOM = "茶友会"
BEGIN = 1_703_001_600
TABLES = {
    "room": "id", "member": "id", "membership": "room_id, member_id", "puppet_alias": "scope, puppet_id",
    "message": "id", "mention": "message_id, member_id", "event": "id", "outgoing": "id", "slot": "id",
}  # fmt: skip


@contextmanager
def house(folder: Path) -> Iterator[Storage]:
    """An open database in a folder."""
    upgrade(folder)
    storage = open_storage(folder)
    try:
        yield storage
    finally:
        storage.close()


def imported(storage: Storage, path: Path, room: str = ROOM, **how: Any) -> Outcome:
    """Import a log the usual way."""
    return Import(storage, examine(path, room, SHANGHAI), room, NOW, **how).run()


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that an import can write, and the search index's own check of itself."""
    with sqlite3.connect(folder / DATABASE) as raw:
        found = {
            table: raw.execute(f"SELECT * FROM {table} ORDER BY {key}").fetchall()
            for table, key in TABLES.items()
        }
        found["indexed"] = raw.execute("SELECT id FROM message_search_docsize ORDER BY id").fetchall()
        found["tokens"] = raw.execute("SELECT count(*) FROM message_search('w')").fetchall()
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()
    return found


def rows(storage: Storage, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query finds."""
    return storage.read_now(lambda session: session.info["raw"].execute(query, values).fetchall())


def chatlab(path: Path, *messages: Mapping[str, object], platform: str = "wechat") -> Path:
    """A ChatLab file as JSON lines; what a message lacks is usual, the time goes on by a minute."""
    head = {"_type": "header", "chatlab": {"version": "0.0.2", "exportedAt": BEGIN},
            "meta": {"name": ROOM, "platform": platform, "type": "group"}}  # fmt: skip
    lines: list[Mapping[str, object]] = [head]
    for number, message in enumerate(messages):
        usual = {"_type": "message", "sender": "wxid_1", "accountName": "小林", "type": 0,
                 "timestamp": BEGIN + 60 * number, "content": f"第 {number} 句"}  # fmt: skip
        lines.append(usual | dict(message))
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def data_file(*parts: str) -> Path:
    """A file of the public data; the test is skipped where there is none."""
    default = Path(__file__).parents[4] / "shared" / "data"
    path = Path(os.environ.get("QUNXING_DATA") or default).joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"no {'/'.join(parts)}: set QUNXING_DATA")
    return path
