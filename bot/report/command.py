"""`qunxing report`: the picture of a group from the database, and the same in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import authority
from bot.clock import SystemClock
from bot.errors import QunxingError
from bot.messages import Texts
from bot.opening import opened
from bot.report.highlights import with_highlights
from bot.report.picture import NotDrawn, as_png
from bot.report.study import Study, study
from bot.report.wording import as_text
from bot.storage.history import History
from bot.storage.tables import Room
from bot.words import joined, normalised

SHOWN = 8
STILL_GOING = timedelta(days=2)
"""A record whose last word is older is looked at from its own end."""


def report_room(config: Path, room: str, out: Path, days: int, tell: Callable[[str], None]) -> bool:
    """Write the picture and tell the text; whether there is a picture. Raises QunxingError."""
    if out.suffix.lower() != ".png":
        raise QunxingError("report.not_png", file=out.name)
    texts = Texts()
    with opened(config, quiet=True) as house:
        key = house.storage.read_now(lambda session: room_named(session, room))
        zone = house.config.bot.zone

        def read(session: Session) -> Study:
            history = History(session, SystemClock().now())
            last = next(iter(history.recent(key, 1)), None)
            is_past = last is not None and last.at < history.now - STILL_GOING
            until = last.at if last is not None and is_past else history.now
            return study(history, key, zone, authority.owners_of(session, key), days=days, until=until)

        found = with_highlights(house.storage.read_now(read), texts)
    tell(as_text(found.report, texts))
    tell("")
    return _write(found, texts, out, tell)


def room_named(session: Session, name: str) -> int:
    """The room of this name. Raises QunxingError if there is none, or more than one."""
    rooms = list(session.execute(select(Room.id, Room.name).order_by(Room.id)))
    if not rooms:
        raise QunxingError("report.no_rooms")
    fitting = [row.id for row in rooms if row.name == name]
    fitting = fitting or [row.id for row in rooms if normalised(row.name) == normalised(name)]
    if not fitting:
        known = joined([f"「{row.name}」" for row in rooms], limit=SHOWN)
        raise QunxingError("report.no_such_room", room=name, known=known)
    if len(fitting) > 1:
        raise QunxingError("report.several_rooms", room=name)
    return int(fitting[0])


def _write(found: Study, texts: Texts, out: Path, tell: Callable[[str], None]) -> bool:
    try:
        picture = as_png(found, texts)
    except NotDrawn:
        tell(texts.said(QunxingError("report.no_picture")))
        return False
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(picture)
    except OSError as error:
        raise QunxingError("report.unwritable", file=str(out), reason=error.strerror or "") from error
    tell(texts.said(QunxingError("report.done", file=str(out))))
    return True
