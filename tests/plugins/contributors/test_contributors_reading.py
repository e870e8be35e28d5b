"""The reckoning reads the same in a process of its own as it does here."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.apart import work_apart
from bot.storage.history import History
from bot.testing import Stage, StageRoom
from plugins.contributors.reading import reckon
from tests.plugins.contributors.conftest import EXPERT, REGULARS, help_out


def test_the_other_process_answers_the_same(folder: Path, stage: Stage, room: StageRoom) -> None:
    for number in range(2):
        help_out(stage, room, EXPERT, REGULARS[number], number)
    order, now = {"room": room.key, "zone": "Asia/Shanghai", "owners": []}, stage.clock.now()
    here = stage.read(lambda session: reckon(History(session, now), order))
    there = asyncio.run(work_apart(folder, "contributors", "reckon", order, now))
    assert here["help"]["new"]
    assert there == here
