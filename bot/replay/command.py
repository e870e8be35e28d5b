"""`qunxing replay`: from files to a report, in a folder of its own that is thrown away."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.app import App, build
from bot.clock import MovableClock
from bot.config import Config
from bot.errors import QunxingError
from bot.gateway.base import Arrival, Gateway, RoomRef
from bot.importing.entries import Record
from bot.importing.formats import Format, format_of, read_log
from bot.importing.source import Progress, open_source
from bot.messages import Texts
from bot.opening import read_config
from bot.plugin import Plugin
from bot.replay.engine import NoNetwork, Replay
from bot.replay.log import PastRoom
from bot.replay.report import Past, WouldSay, json_lines, page, past_of, would_say
from bot.storage.engine import Storage, open_storage
from bot.storage.migrate import upgrade

SEED = 1
"""The dice of a replay fall the same way each time, unless the configuration gives a seed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a replay, and where its two reports lie."""

    past: Past
    entries: list[WouldSay]
    rate: float
    page: Path
    lines: Path


def replay_files(
    files: Sequence[Path], log_format: Format | None, room: str, config_file: Path, out: Path,
    progress: Callable[[Path], Progress] | None = None,
) -> Outcome:  # fmt: skip
    """Run the bot over these logs as one room's past and write `replay.md` and `replay.jsonl` into `out`."""
    config, plugins, broken = read_config(config_file)
    zone = config.bot.zone
    records = chain.from_iterable(_records(file, log_format, zone, progress) for file in files)
    with tempfile.TemporaryDirectory(prefix="qunxing-replay-") as scratch:
        replay = Rehearsal(Path(scratch), config, plugins, broken)
        try:
            key = replay.go(room, PastRoom(RoomRef("replay", room)).arrivals(records))
            past = replay.storage.read_now(lambda session: past_of(session, key))
            now = replay.clock.now()
            entries = replay.storage.read_now(lambda session: would_say(session, None, None, now))
        finally:
            replay.storage.close()
    out.mkdir(parents=True, exist_ok=True)
    page_file, lines_file = out / "replay.md", out / "replay.jsonl"
    page_file.write_text(page(past, entries, Texts(), zone, now), encoding="utf-8")
    lines_file.write_text("".join(f"{line}\n" for line in json_lines(entries)), encoding="utf-8")
    return Outcome(past, entries, replay.rate, page_file, lines_file)


class Rehearsal:
    """A silent bot on a fresh database and a clock that starts with the first arrival."""

    def __init__(
        self, folder: Path, config: Config, plugins: Sequence[Plugin], broken: dict[str, str]
    ) -> None:
        upgrade(folder)
        self.storage: Storage = open_storage(folder)
        self.clock: MovableClock
        self.rate = 0.0
        self._config, self._plugins, self._broken = config, plugins, broken

    def go(self, room: str, arrivals: Iterator[Arrival]) -> int:
        """Go through all arrivals; the room's key. Raises QunxingError if there are none."""
        first = next(arrivals, None)
        if first is None:
            raise QunxingError("replay.empty")
        self.clock = MovableClock(first.received_at)
        app = self._app()
        asyncio.run(app.begin())
        key = self.storage.write_now(lambda session: open_room(app, session, room, self.clock))
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


def open_room(app: App, session: Session, name: str, clock: MovableClock) -> int:
    """The room that is replayed, live from the beginning."""
    register, now = app.services.register, clock.now()
    key, _ = register.room_key(session, RoomRef("replay", name), now)
    register.set_room_status(session, key, "live", now)
    return key


def _records(
    file: Path, log_format: Format | None, zone: ZoneInfo, progress: Callable[[Path], Progress] | None
) -> Iterator[Record]:
    source = open_source(file)
    known = log_format or format_of(source)
    entries = read_log(source, known, zone, progress(file) if progress else None)
    return (entry for entry in entries if isinstance(entry, Record))
