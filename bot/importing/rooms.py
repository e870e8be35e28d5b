"""Which room a log belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot import authority
from bot.errors import QunxingError
from bot.importing.entries import clean_name
from bot.storage.tables import PuppetAlias, Room
from bot.words import normalised

_RANKS = {"live": 0, "watching": 0, "seen": 1, "off": 2, "left": 2}


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """A room, and whether it was made just now. `is_real`: WeChat knows it, the bot is or was in it."""

    id: int
    is_new: bool
    is_real: bool


def choose_room(session: Session, name: str, now: datetime) -> RoomChoice:
    """The room of this name, the one that the bot is in before others; if there is none, a new one, off.

    A new one belongs to whoever paired for every room.

    Raises QunxingError if the name means several rooms that are equally good.
    """
    name = clean_name(name)
    real = exists().where(PuppetAlias.scope == "room", PuppetAlias.key == Room.id)
    rows = session.execute(
        select(Room.id, Room.name, Room.status, real.label("real")).order_by(Room.id)
    ).all()
    fitting = [row for row in rows if row.name == name]
    fitting = fitting or [row for row in rows if normalised(row.name) == normalised(name)]
    ranked = sorted(fitting, key=lambda row: (not row.real, _RANKS.get(row.status, 2)))
    if not ranked:
        row = Room(name=name, status="off", found_at=now, status_at=now)
        session.add(row)
        session.flush()
        authority.entrust(session, row.id, now)
        return RoomChoice(row.id, is_new=True, is_real=False)
    best = ranked[0]
    rank = (not best.real, _RANKS.get(best.status, 2))
    if sum((not row.real, _RANKS.get(row.status, 2)) == rank for row in ranked) > 1:
        raise QunxingError("import.room_ambiguous", room=name)
    return RoomChoice(best.id, is_new=False, is_real=bool(best.real))
