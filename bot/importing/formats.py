"""The formats that can be read, and telling them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from bot.errors import QunxingError
from bot.importing import chatlab, csv_log, gitter, txt
from bot.importing.entries import BadLog, Entry
from bot.importing.source import Progress, Source
from bot.words import joined

LOOKED_AT = 400


class Format(StrEnum):
    """A format's name on the command line."""

    GITTER = "gitter"
    CHATLAB = "chatlab"
    CSV = "csv"
    TXT = "txt"


@dataclass(frozen=True, slots=True)
class Reader:
    """How a format is known by its first lines, and read."""

    looks_like: Callable[[list[str]], bool]
    read: Callable[[Iterable[str], tzinfo], Iterator[Entry]]


READERS = {
    Format.GITTER: Reader(gitter.looks_like, gitter.read),
    Format.CHATLAB: Reader(chatlab.looks_like, chatlab.read),
    Format.CSV: Reader(csv_log.looks_like, csv_log.read),
    Format.TXT: Reader(txt.looks_like, txt.read),
}


def format_named(name: str) -> Format | None:
    """The format of this name; None for "", which leaves it to the file. Raises QunxingError."""
    if not name.strip():
        return None
    try:
        return Format(name.strip().casefold())
    except ValueError:
        raise QunxingError("import.no_such_format", name=name, known=joined(list(Format), 9)) from None


def format_of(source: Source) -> Format:
    """The format of a file, by its beginning. Raises BadLog if it is none that we know, or empty."""
    head = next((block for block in source.blocks() if block.strip()), "").split("\n")[:LOOKED_AT]
    if not any(line.strip() for line in head):
        raise BadLog("import.empty")
    known = next((name for name, reader in READERS.items() if reader.looks_like(head)), None)
    if known is None:
        raise BadLog("import.unknown_format")
    return known


def read_log(
    source: Source, log_format: Format, zone: tzinfo, progress: Progress | None = None
) -> Iterator[Entry]:
    """Everything in a log, one after the other. Raises BadLog with the file's name and the line."""
    try:
        yield from READERS[log_format].read(source.blocks(progress), zone)
    except BadLog as error:
        raise error.within(source.path.name) from error
