"""Which work is worth a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import insert

from bot.apart import SMALL_ROOM, is_large
from bot.storage.tables import Message
from bot.testing import Stage


def test_only_a_large_room_is_worth_it(folder: Path) -> None:
    with Stage(folder) as stage:
        room = stage.room("岩茶同好会", owner="老周", members=["小林"])
        stage.person("小林").says(room, "早")
        assert not stage.read(lambda session: is_large(session, room.key))
        row = {"room_id": room.key, "member_id": stage.person("小林").key, "at": stage.clock.now()}
        rows = [row | {"text": "早", "kind": "text"} for _ in range(SMALL_ROOM)]
        asyncio.run(stage.app.storage.write(lambda session: session.execute(insert(Message), rows)))
        assert stage.read(lambda session: is_large(session, room.key))
        assert stage.read(lambda session: is_large(session, None))
