"""A bot without a network: what arrives is put in by hand, and what it sends is only counted."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from bot.app import App, build
from bot.clock import SystemClock
from bot.config import Config
from bot.gateway.base import (
    Deliver,
    Gateway,
    GatewayState,
    LoggedIn,
    MembersListed,
    MessageArrived,
    NotSent,
    Person,
    RoomRef,
)
from bot.register import Register
from bot.storage.connection import database_file
from bot.storage.engine import Storage
from tests.faults.rig import UNPACED
from tests.faults.witness import make_witness

BOT = Person(id="bot", name="小群星")
ROOM = RoomRef(id="tea@chatroom", topic="茶友会")
PEOPLE = tuple(Person(id=f"u{number}", name=f"友{number}") for number in range(20))


class StillGateway:
    """As much of a gateway as is asked for here, and always connected.

    `sent` are the texts; `sending` is called with each, before it counts as sent.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.sending: Callable[[], Awaitable[None]] | None = None

    def state(self) -> GatewayState:
        return GatewayState(connected=True, account=BOT)

    async def run(self, deliver: Deliver) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def send_text(self, conversation: str, text: str, mention_ids: tuple[str, ...] = ()) -> str | None:
        if self.sending is not None:
            await self.sending()
        self.sent.append(text)
        return None

    async def list_rooms(self) -> tuple[RoomRef, ...]:
        return (ROOM,)

    async def list_members(self, room_id: str) -> MembersListed:
        raise NotSent("nobody to ask")


def still_app(folder: Path, seed: int) -> App:
    """A bot on an upgraded data folder; `begin` it, `receive` and `handle_inbox` by hand."""
    gateway, storage = StillGateway(), Storage(database_file(folder))
    config, dice = Config(sending=UNPACED), random.Random(seed)
    app = build(config, cast(Gateway, gateway), SystemClock(), dice, storage, [make_witness()])
    storage.write_now(_know_room)
    return app


def _know_room(session: Session) -> None:
    register, now = Register(), SystemClock().now()
    key, _ = register.room_key(session, ROOM, now)
    register.set_room_status(session, key, "live", now)


def login(now: datetime) -> LoggedIn:
    """The bot's own account comes in."""
    return LoggedIn(key=f"login:{now.timestamp()}", at=now, received_at=now, account=BOT)


def message(number: int, now: datetime, text: str = "", *, in_room: bool = True) -> MessageArrived:
    """The message with this number."""
    talker = PEOPLE[number % len(PEOPLE)]
    at = now + timedelta(microseconds=number)
    return MessageArrived(
        key=f"message:m{number}", at=at, received_at=at, puppet_id=f"m{number}", talker=talker,
        room=ROOM if in_room else None, conversation=ROOM.id if in_room else talker.id,
        text=text or f"第{number}句，喝茶去",
    )  # fmt: skip
