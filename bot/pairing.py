"""`qunxing pair`: a new one-time code, printed where only the machine's owner sees it; and `qunxing unpair`.

The bot may be running meanwhile: the code goes through the database, which both processes can write in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.authority import new_code, unpair_all
from bot.clock import SystemClock
from bot.errors import QunxingError
from bot.messages import CORE, Texts
from bot.opening import data_folder, read_config
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade
from bot.storage.tables import Room


def print_code(path: Path, rooms: list[str], tell: Callable[[str], None]) -> None:
    """Make a code for these rooms (none: every room) and tell it, with what it covers and how to use it."""
    config, _, _ = read_config(path)
    folder = data_folder(config, path)
    now = SystemClock().now()
    if not (folder / "qunxing.sqlite3").exists():
        upgrade(folder, now=now)
    storage = open_storage(folder)
    texts = Texts()
    try:
        known = storage.read_now(_room_names)
        if rooms and not set(rooms) & set(known):
            raise QunxingError("pair.unknown_rooms", rooms="、".join(rooms))
        code = storage.write_now(lambda session: new_code(session, rooms, now))
    finally:
        storage.close()
    covered = [name for name in known if not rooms or name in rooms]
    unknown = [name for name in rooms if name not in known]
    tell(texts.render(CORE, "pair.code", None, code=code, bot=config.bot.name))
    if covered:
        tell(texts.render(CORE, "pair.covers", None, rooms="、".join(covered)))
    elif not rooms:
        tell(texts.render(CORE, "pair.covers_none_yet", None))
    if unknown:
        tell(texts.render(CORE, "pair.unknown_rooms", None, rooms="、".join(unknown)))


def take_back(path: Path, tell: Callable[[str], None]) -> None:
    """Nobody is an owner any more, and no code is of use, open or used for every room to come."""
    config, _, _ = read_config(path)
    folder = data_folder(config, path)
    count = 0
    if (folder / "qunxing.sqlite3").exists():
        storage = open_storage(folder)
        try:
            count = storage.write_now(lambda session: unpair_all(session, SystemClock().now()))
        finally:
            storage.close()
    tell(Texts().render(CORE, "pair.taken_back", None, count=count))


def _room_names(session: Session) -> list[str]:
    return list(session.scalars(select(Room.name).where(Room.status != "left").order_by(Room.id)))
