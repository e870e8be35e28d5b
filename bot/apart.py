"""Background work in a process of its own: what would keep this one busy for more than a moment.

A thread would not do: Python runs one thread at a time, and the bot must go on listening. The other process
opens the database for reading only, finds the plugin and its work by their names, and writes the result
to its standard output. When the bot is told to stop, it is stopped too.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.logs import set_up_logs, told
from bot.storage.engine import read_apart
from bot.storage.history import History
from bot.storage.tables import Message

log = structlog.get_logger(__name__)

AT_MOST_SECONDS = 600.0
POLITENESS = 10
"""How far the other process steps back when the machine is busy."""

SMALL_ROOM = 1_000
"""With fewer messages than this, starting a process would take longer than the work itself."""


def is_large(session: Session, room: int | None) -> bool:
    """Whether work on this room (None: on all of them) is worth a process of its own."""
    if room is None:
        return True
    query = select(Message.id).where(Message.room_id == room).offset(SMALL_ROOM).limit(1)
    return session.scalar(query) is not None


async def work_apart(
    folder: Path, plugin: str, name: str, payload: dict[str, Any], now: datetime
) -> dict[str, Any] | str:
    """Run a plugin's work on the data in that folder; its result, or (a string) why there is none."""
    order = {
        "folder": str(folder),
        "plugin": plugin,
        "name": name,
        "payload": payload,
        "now": now.isoformat(),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.apart", cwd=Path(__file__).parents[1],
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(AT_MOST_SECONDS):
            answer, complaint = await process.communicate(json.dumps(order).encode())
    except TimeoutError:
        return "took too long"
    finally:
        if process.returncode is None:  # too long, or the bot is told to stop
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.error("work_apart_failed", plugin=plugin, name=name, why=_last_line(complaint))
        return f"exit {process.returncode}"
    result: dict[str, Any] = json.loads(answer)
    return result


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def main() -> int:
    """Read the order from standard input and answer on standard output, which nothing else may use."""
    answers, sys.stdout = sys.stdout, sys.stderr
    set_up_logs(None, "error")
    os.nice(POLITENESS)
    try:
        result = _do(json.load(sys.stdin))
    except Exception as error:
        sys.stderr.write(f"{told(error)}\n")
        return 1
    json.dump(result, answers)
    return 0


def _do(order: dict[str, Any]) -> dict[str, Any]:
    from bot.host import find_plugins  # here only: the bot that hires has its plugins already

    plugin = next(one for one in find_plugins()[0] if one.name == order["plugin"])
    function, now = plugin.works[order["name"]].function, datetime.fromisoformat(order["now"])
    return read_apart(
        Path(order["folder"]), lambda session: function(History(session, now), order["payload"])
    )


if __name__ == "__main__":
    sys.exit(main())
