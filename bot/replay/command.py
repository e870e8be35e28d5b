"""`qunxing replay`: from files to a report, in a folder of its own that is thrown away."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bars import bar
from bot.errors import QunxingError
from bot.gateway.base import RoomRef
from bot.importing.entries import BadLog, Record
from bot.importing.formats import Format, format_of, read_log
from bot.importing.source import open_source
from bot.messages import Texts
from bot.opening import read_config
from bot.replay.findings import Past, WouldSay, past_of, would_say
from bot.replay.log import PastRoom
from bot.replay.rehearsal import Rehearsal
from bot.replay.report import Report, json_lines, page


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
    *, with_plugins: bool = True,
) -> Outcome:  # fmt: skip
    """Run the bot over these logs as one room's past and write `replay.md` and `replay.jsonl` into `out`.

    A room's past is one whole: killed in the middle, it leaves nothing, and begins anew the next time.
    """
    with _telling(out):
        _look_at(out)
    config, plugins, broken = read_config(config_file)
    zone = config.bot.zone
    records = chain.from_iterable(_records(file, log_format, zone) for file in files)
    plugins = plugins if with_plugins else []
    with tempfile.TemporaryDirectory(prefix="qunxing-replay-") as scratch:
        replay = Rehearsal(Path(scratch), config, plugins, broken)
        try:
            place = RoomRef("replay", room)
            key = replay.go(place, PastRoom(place).arrivals(records))
            past = replay.storage.read_now(lambda session: past_of(session, key))
            now = replay.clock.now()
            entries = replay.storage.read_now(lambda session: would_say(session, None, None, now))
        finally:
            replay.storage.close()
    report = Report(past.since or now, past.until or now, past, entries, replay.wording, zone, now)
    page_file, lines_file = out / "replay.md", out / "replay.jsonl"
    with _telling(out):
        out.mkdir(parents=True, exist_ok=True)
        page_file.write_text(page(report, Texts()), encoding="utf-8")
        lines_file.write_text("".join(f"{line}\n" for line in json_lines(entries)), encoding="utf-8")
    return Outcome(past, entries, replay.rate, page_file, lines_file)


@contextmanager
def _telling(out: Path) -> Iterator[None]:
    """What keeps the reports from being written, in a sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise QunxingError("replay.unwritable", folder=str(out), reason=reason) from error


def _look_at(out: Path) -> None:
    """A folder that cannot be had is told before the work, not after it."""
    nearest = next(one for one in (out.absolute(), *out.absolute().parents) if one.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(nearest, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _records(file: Path, log_format: Format | None, zone: ZoneInfo) -> Iterator[Record]:
    try:
        source = open_source(file)
        known = log_format or format_of(source)
        with bar(file.name) as moved:
            for entry in read_log(source, known, zone, moved):
                if isinstance(entry, Record):
                    yield entry
    except BadLog as error:
        raise error.within(file.name) from error
