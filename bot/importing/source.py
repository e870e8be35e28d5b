"""A log's text, a block at a time: a file of a gigabyte never lies in memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import QunxingError
from bot.importing.encoding import byte_blocks, detect, is_gzip
from bot.importing.entries import BadLog

LONGEST_LINE = 8_000_000

Progress = Callable[[int, int], None]
"""Told how many of how many bytes have been read."""


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file and the encoding of its text."""

    path: Path
    encoding: str
    compressed: bool
    size: int

    def blocks(self, progress: Progress | None = None) -> Iterator[str]:
        """The text, line ends made `\\n`."""
        plain = codecs.getincrementaldecoder(self.encoding)()
        decoder = io.IncrementalNewlineDecoder(plain, translate=True)
        with self.path.open("rb") as file:
            for block in byte_blocks(file, compressed=self.compressed):
                yield decoder.decode(block)
                if progress is not None:
                    progress(min(file.tell(), self.size), self.size)
        yield decoder.decode(b"", final=True)

    def state(self) -> tuple[int, int]:
        """Size and time of last change: what differs when somebody writes to the file meanwhile."""
        found = self.path.stat()
        return found.st_size, found.st_mtime_ns


def open_source(path: Path) -> Source:
    """Look at a file. Raises QunxingError if it cannot be read, BadLog if its bytes are not text."""
    try:
        if path.is_dir():
            raise QunxingError("import.is_folder", file=path.resolve().name)
        if not path.is_file():
            raise QunxingError("import.no_file", file=path.name)
        size = path.stat().st_size
        return Source(path, detect(path), is_gzip(path), size)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise QunxingError("import.unreadable", file=path.name, reason=reason) from error


def numbered(blocks: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines of a text with their numbers from 1, without their ends.

    Only `\\n` ends a line: chats hold form feeds and Unicode's own line separators inside messages.
    """
    number, rest = 0, ""
    for block in blocks:
        parts = (rest + block).split("\n")
        rest = parts.pop()
        if len(rest) > LONGEST_LINE:
            raise BadLog("import.line_too_long", line=number + len(parts) + 1)
        for part in parts:
            number += 1
            yield number, part
    if rest:
        yield number + 1, rest
