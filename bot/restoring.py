"""`qunxing restore`: a backup becomes the database again, and what stood there is set aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.clock import SystemClock
from bot.errors import QunxingError
from bot.messages import CORE, Texts
from bot.opening import data_folder, read_config
from bot.storage.backup import backups, restore
from bot.storage.lock import only_one
from bot.storage.migrate import BACKUPS, upgrade

Confirm = Callable[[str], bool]


def restore_backup(path: Path, name: str, confirm: Confirm, tell: Callable[[str], None]) -> bool:
    """Restore the backup of that name, or the newest one; False if the person at the terminal says no.

    Raises QunxingError if there is none, if it does not hold, or if a bot is at work on the data.
    """
    config, _, _ = read_config(path)
    folder, texts = data_folder(config, path), Texts()
    backup = _chosen(folder, name)
    with only_one(folder):
        size = max(round(backup.stat().st_size / 1024**2), 1)
        if not confirm(str(texts.render(CORE, "restore.confirm", None, name=backup.name, size=size))):
            tell(str(texts.render(CORE, "restore.left", None)))
            return False
        now = SystemClock().now()
        aside = restore(folder, backup, now)
        upgrade(folder, now=now)
    tell(str(texts.render(CORE, "restore.done", None, name=backup.name)))
    if aside is not None:
        tell(str(texts.render(CORE, "restore.aside", None, name=f"{BACKUPS}/{aside.name}")))
    return True


def _chosen(folder: Path, name: str) -> Path:
    """A file of that name in the backup folder, or a path; without a name the newest daily backup."""
    if not name:
        found = backups(folder)
        if not found:
            raise QunxingError("restore.none")
        return found[0]
    for file in (folder / BACKUPS / name, Path(name)):
        if file.is_file():
            return file.resolve()
    names = [file.name for file in backups(folder)]
    raise QunxingError("restore.unknown", name=name, names="、".join(names) or "-")
