"""How a file's bytes become text: gzip or not, UTF-8, UTF-16 with its mark, GB18030; all else is refused.

The whole file is decoded once before anything else is done with it, because a single byte far down can
show that a guess from the beginning was wrong.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.importing.entries import BadLog

BLOCK = 1 << 20
CLEARLY_UTF8 = 20
"""So many characters of UTF-8 in a row are no chance: what breaks after them is damage."""

_GZIP = b"\x1f\x8b"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF32_LE = codecs.BOM_UTF32_LE  # begins like UTF-16's mark
_USUAL_SHARE = 0.7
_COMMON_FIRST_BYTES = range(0xB0, 0xD8)  # the 3,755 common characters of GB 2312
_PUNCTUATION_FIRST_BYTES = frozenset({0xA1, 0xA3})
_GZIP_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error)


def is_gzip(path: Path) -> bool:
    """Whether the file is compressed, whatever it is called."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def byte_blocks(file: BinaryIO, *, compressed: bool) -> Iterator[bytes]:
    """The (uncompressed) bytes of a file, a block at a time."""
    # read1, because read would keep back what stands before a broken end
    read = gzip.GzipFile(fileobj=file).read1 if compressed else file.read
    lines = 0
    try:
        while block := read(BLOCK):
            lines += block.count(b"\n")
            yield block
    except _GZIP_BROKEN as error:
        raise BadLog("import.broken_gzip", line=lines + 1) from error


def detect(path: Path) -> str:
    """The encoding of the whole file, as Python calls it. Raises BadLog with the line that fits none."""
    compressed = is_gzip(path)
    with path.open("rb") as file:
        head = next(byte_blocks(file, compressed=compressed), b"")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if head.startswith(_UTF32_LE) or (encoding is None and b"\x00" * 2 in head[:4]):
        raise BadLog("import.unknown_encoding", line=1)
    bad = _first_bad(path, compressed, encoding or "utf-8")
    if bad is None:
        return encoding or "utf-8"
    line, characters = bad
    if encoding is not None or characters >= CLEARLY_UTF8:
        raise BadLog("import.damaged_encoding", line=line)
    if not _reads_as_chinese(path, compressed):
        raise BadLog("import.unknown_encoding", line=line)
    bad = _first_bad(path, compressed, "gb18030")
    if bad is not None:
        raise BadLog("import.damaged_encoding", line=bad[0])
    return "gb18030"


def _first_bad(path: Path, compressed: bool, encoding: str) -> tuple[int, int] | None:
    """The line of the first bytes that the encoding does not know, and how many characters came before."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, foreign = 1, 0
    with path.open("rb") as file:
        blocks = byte_blocks(file, compressed=compressed)
        while True:
            block = next(blocks, b"")
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                return lines + before.count("\n"), foreign + _foreign(before)
            if not block:
                return None
            lines += text.count("\n")
            if foreign < CLEARLY_UTF8:
                foreign += _foreign(text)


def _foreign(text: str) -> int:
    return 0 if text.isascii() else sum(not character.isascii() for character in text)


def _reads_as_chinese(path: Path, compressed: bool) -> bool:
    """Whether most of what is not ASCII are common characters: nearly any bytes can be read as GB18030."""
    decoder = codecs.getincrementaldecoder("gb18030")("replace")
    with path.open("rb") as file:
        for block in byte_blocks(file, compressed=compressed):
            foreign = [character for character in decoder.decode(block) if not character.isascii()]
            if foreign:
                return sum(map(_is_usual, foreign)) >= _USUAL_SHARE * len(foreign)
    return True


def _is_usual(character: str) -> bool:
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return first in _COMMON_FIRST_BYTES or first in _PUNCTUATION_FIRST_BYTES
