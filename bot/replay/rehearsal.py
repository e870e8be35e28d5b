"""A silent bot of its own on a fresh database, to be led through a past."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from bot.app import App, build
from bot.clock import MovableClock
from bot.config import Config
from bot.errors import QunxingError
from bot.gateway.base import Arrival, Gateway, RoomRef
from bot.plugin import Plugin
from bot.replay.engine import NoNetwork, Replay
from bot.replay.wording import Wording, wording_of
from bot.storage.engine import Storage, open_storage
from bot.storage.migrate import upgrade

SEED = 1
"""The dice of a replay fall the same way each time, unless the configuration gives a seed."""


class Rehearsal:
    """A silent bot on a fresh database and a clock that starts with the first arrival."""

    def __init__(
        self, folder: Path, config: Config, plugins: Sequence[Plugin], broken: dict[str, str]
    ) -> None:
        upgrade(folder)
        self.storage: Storage = open_storage(folder)
        self.clock: MovableClock
        self.wording: Wording
        self.rate = 0.0
        self._config, self._plugins, self._broken = config, plugins, broken

    def go(
        self, room: RoomRef, arrivals: Iterator[Arrival],
        prepare: Callable[[App, Session, int], None] = lambda app, session, room: None,
    ) -> int:  # fmt: skip
        """Go through all arrivals; the room's key. Raises QunxingError if there are none.

        `prepare` can write into the room what was so before the first arrival.
        """
        first = next(arrivals, None)
        if first is None:
            raise QunxingError("replay.empty")
        self.clock = MovableClock(first.received_at)
        app = self._app()
        asyncio.run(app.begin())
        self.wording = wording_of(app.host.all(), app.services.texts)
        key = self.storage.write_now(lambda session: open_room(app, session, room, self.clock))
        self.storage.write_now(lambda session: prepare(app, session, key))
        run = Replay(app, self.clock)
        run.run(chain([first], arrivals))
        self.rate = run.messages / run.seconds if run.seconds else 0.0
        return key

    def _app(self) -> App:
        dice = random.Random(self._config.bot.seed or SEED)
        silent_line = cast("Gateway", NoNetwork())  # a silent app asks it for nothing but its state
        return build(
            self._config, silent_line, self.clock, dice, self.storage, self._plugins, self._broken,
            silent=True,
        )  # fmt: skip


def open_room(app: App, session: Session, room: RoomRef, clock: MovableClock) -> int:
    """The room that is replayed, live from the beginning."""
    register, now = app.services.register, clock.now()
    key, _ = register.room_key(session, room, now)
    register.set_room_status(session, key, "live", now)
    return key
