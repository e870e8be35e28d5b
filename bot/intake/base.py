"""What every step of the intake is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import Event, RoomFound
from bot.gateway.base import Arrival, Person, RoomRef
from bot.linking import Linking
from bot.register import HEARD_STATUSES, Register

LATE_AFTER = timedelta(minutes=10)
"""What happened longer ago than this when it reaches us was replayed: stored, never answered."""

Found = list[tuple[str, Event]]
"""Events and, for each, what is added to the arrival's key to make its own key."""


@dataclass(slots=True)
class Desk:
    """Where arrivals are read. `compared` are the rooms whose member list was compared since the start.

    `missing` are rooms that were not in the last list of rooms.
    """

    register: Register
    check_account: Callable[[Session, Person, datetime], bool]
    linking: Linking
    compared: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)

    def find_room(self, session: Session, ref: RoomRef, now: datetime) -> tuple[int, Found]:
        """The room's key, and a RoomFound if it is new to us."""
        room, is_new = self.register.room_key(session, ref, now)
        return room, [(":room", RoomFound(at=now, room=room, name=ref.topic))] if is_new else []

    def heard_room(self, session: Session, ref: RoomRef, now: datetime) -> int | None:
        """The room's key if we know it and its talk is ours to hear."""
        room = self.register.known_room(session, ref)
        if room is None or self.register.room_status(session, room) not in HEARD_STATUSES:
            return None
        return room


def is_late(arrival: Arrival) -> bool:
    """Whether this was replayed long after the fact."""
    return arrival.received_at - arrival.at > LATE_AFTER
