"""Importing a log: read it whole to see that it is sound, then read it again and store it.

A log of ordinary size is stored in one transaction. A larger one is stored in chunks; killed in the middle,
it is imported again, and what is there already is passed over, so that the rows are those of one run.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from bot.errors import QunxingError
from bot.importing.entries import BadLog, clean_name
from bot.importing.formats import Format, format_of, read_log
from bot.importing.report import Outcome
from bot.importing.rooms import RoomChoice, choose_room
from bot.importing.source import Progress, Source, open_source
from bot.importing.survey import Conversations, Survey
from bot.importing.writing import CHUNK, Prepared, Writer, chunks
from bot.storage.engine import Storage

WHOLE_UP_TO = 100_000


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read once and is sound. `room` is the conversation in it, None if it is all one."""

    source: Source
    log_format: Format
    zone: tzinfo
    room: str | None
    survey: Survey
    state: tuple[int, int]


def examine(
    path: Path,
    room_name: str,
    zone: tzinfo,
    log_format: Format | None = None,
    progress: Progress | None = None,
) -> Log:
    """Read a log and count what it holds. Raises QunxingError, BadLog with the line, if it is not sound."""
    if not clean_name(room_name):
        raise QunxingError("import.no_room_name")
    try:
        source = open_source(path)
        state = source.state()
        known = log_format or format_of(source)
        conversations = Conversations(room_name)
        conversations.add_all(read_log(source, known, zone, progress))
        room, survey = conversations.choose()
        if not survey.messages:
            raise BadLog("import.empty")
    except BadLog as error:
        raise error.within(path.name) from error
    return Log(source, known, zone, room, survey, state)


@dataclass(slots=True)
class Import:
    """One import of one log. `after_chunk` is told how many messages have come by so far.

    In a log of ordinary size that is before the commit, in a larger one after it.
    """

    storage: Storage
    log: Log
    room_name: str
    now: datetime
    chunk: int = CHUNK
    whole_up_to: int = WHOLE_UP_TO
    progress: Progress | None = None
    after_chunk: Callable[[int], None] = lambda written: None
    _writer: Writer | None = field(default=None, init=False)
    _room: RoomChoice | None = field(default=None, init=False)
    _is_stopped: bool = field(default=False, init=False)

    def run(self) -> Outcome:
        """Store the log's messages. Raises QunxingError; a log of ordinary size is then not stored at all."""
        begun = time.perf_counter()
        with _collector_at_rest():
            self._run()
        assert self._writer is not None
        assert self._room is not None
        done, room = self._writer, self._room
        return Outcome(
            room.id, room.is_new, done.added, done.known, done.heard, done.forgotten, done.quotes,
            time.perf_counter() - begun,
        )  # fmt: skip

    def _run(self) -> None:
        if self.log.survey.messages <= self.whole_up_to:
            try:
                self.storage.write_now(self._write_all)
            except KeyboardInterrupt:
                self._is_stopped = True  # the writer is a thread of its own and would go on to the end
                raise
            return
        writer = self.storage.write_now(self._begin)
        for chunk in self._chunks():
            self.storage.write_now(partial(writer.write, chunk=chunk))
            self.after_chunk(writer.seen)
        self.storage.write_now(self._finish)

    def _write_all(self, session: Session) -> None:
        writer = self._begin(session)
        for chunk in self._chunks():
            writer.write(session, chunk)
            self.after_chunk(writer.seen)
            if self._is_stopped:
                raise KeyboardInterrupt
        self._finish(session)

    def _chunks(self) -> Iterator[list[Prepared]]:
        log = self.log
        entries = read_log(log.source, log.log_format, log.zone, self.progress)
        return chunks(entries, log.survey, log.room, self.chunk)

    def _begin(self, session: Session) -> Writer:
        self._room = choose_room(session, self.room_name, self.now)
        self._writer = Writer(session, self.log.survey, self._room, self.now)
        return self._writer

    def _finish(self, session: Session) -> None:
        """Raises QunxingError if the file is not what it was when it was examined."""
        assert self._writer is not None
        changed = self.log.source.state() != self.log.state
        if changed or self._writer.seen != self.log.survey.messages:
            raise QunxingError("import.changed", file=self.log.source.path.name)
        self._writer.finish(session)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Rows by the thousand make Python look for garbage again and again: not among what was there before."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
