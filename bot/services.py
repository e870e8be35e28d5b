"""What all handlers of one bot draw on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.base import GatewayState
from bot.messages import Texts
from bot.plugin import Plugin
from bot.register import Register
from bot.schedule import Schedule
from bot.settings import SettingsBook
from bot.storage.tables import Expectation


@dataclass(slots=True)
class Services:
    """What all contexts of one bot draw on. Built once, in `bot.app`."""

    register: Register
    settings: SettingsBook
    texts: Texts
    schedule: Schedule
    dice: random.Random
    zone: ZoneInfo
    bot_name: str
    split_at: int
    media_folder: Path
    gateway_state: Callable[[], GatewayState]
    plugins: Callable[[], Sequence[Plugin]]
    stirred: int = 0
    """Grows whenever something was written that can become due; see `bot.agenda`."""
    must_empty_wal: bool = False
    """Something was forgotten: after the commit, the WAL is to be emptied."""
    expected: set[tuple[int, int]] = field(default_factory=set)
    """Whose answers some plugin may wait for, by member and room (0: in private); never too few."""

    def stir(self) -> None:
        """Something was written that can become due."""
        self.stirred += 1

    def load_expected(self, session: Session) -> None:
        """Learn from the database whose answers are waited for."""
        rows = session.execute(select(Expectation.member_id, Expectation.room_id))
        self.expected = {(row.member_id, row.room_id) for row in rows}


@dataclass(frozen=True, slots=True)
class RoomView:
    """The room a handler works in, as its owner has described it."""

    id: int
    name: str
    status: str
    theme: str
    promise: str


def view_of(services: Services, session: Session, room: int) -> RoomView:
    """The room as a handler sees it."""
    register, group = services.register, services.settings.group(room)
    return RoomView(
        room, register.room_name(room), register.room_status(session, room), group.theme, group.promise
    )
