"""`qunxing status`: how the bot is, for people and for machines."""

from __future__ import annotations

from pathlib import Path

from bot.clock import SystemClock
from bot.health import Status, read_health, waiting_rows
from bot.messages import CORE, Texts
from bot.opening import data_folder, read_config
from bot.storage.engine import open_storage
from bot.storage.lock import is_held


def look(path: Path) -> Status:
    """Read the health file and the database, disturbing nobody."""
    config, _, _ = read_config(path)
    folder = data_folder(config, path)
    is_fresh, health = read_health(folder, SystemClock().now())
    alive = is_fresh and is_held(folder)  # one that has stopped leaves its last word behind
    if not (folder / "qunxing.sqlite3").exists():
        return Status(alive, health, {})
    storage = open_storage(folder)
    try:
        return Status(alive, health, storage.read_now(waiting_rows))
    finally:
        storage.close()


def as_sentences(status: Status) -> str:
    """The same for people."""
    texts = Texts()
    if not status.health:
        return str(texts.render(CORE, "status.never", None))
    if not status.alive:
        return str(texts.render(CORE, "status.dead", None, at=status.health["at"]))
    key = "status.up" if status.health["connected"] else "status.line_down"
    lines = [str(texts.render(CORE, key, None, pid=status.health["pid"]))]
    if status.rows:
        waiting = status.rows["outgoing"]
        lines.append(
            str(
                texts.render(
                    CORE, "status.waiting", None, planned=waiting["planned"], unknown=waiting["unknown"],
                    items=status.rows["owner_items"],
                )
            )
        )  # fmt: skip
    return "\n".join(lines)
