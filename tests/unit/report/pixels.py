"""Looks at a PNG without a library for pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"


class Pixels:
    """The colours of a PNG with 8 bits a channel, as the renderer writes them."""

    def __init__(self, png: bytes) -> None:
        assert png.startswith(PNG)
        chunks = dict(_chunks(png))
        self.width, self.height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
        assert depth == 8 and kind in (2, 6)
        self.channels = 4 if kind == 6 else 3
        self.rows = list(self._rows(zlib.decompress(chunks[b"IDAT"])))

    def colours(self, left: float, top: float, right: float, bottom: float) -> set[bytes]:
        """The different colours within a part of the page, given in shares of its width and in pixels."""
        first, last = int(left * self.width), int(right * self.width)
        return {
            row[column * self.channels : column * self.channels + 3]
            for row in self.rows[int(top) : int(bottom)]
            for column in range(first, last)
        }

    def _rows(self, content: bytes) -> Iterator[bytes]:
        size = self.width * self.channels
        before = bytearray(size)
        for place in range(self.height):
            start = place * (size + 1)
            row = bytearray(content[start + 1 : start + 1 + size])
            _unfilter(content[start], row, before, self.channels)
            yield bytes(row)
            before = row


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, data = 8, b""
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + size]
        data += content if name == b"IDAT" else b""
        yield (name, data) if name == b"IDAT" else (name, content)
        at += size + 12


def _unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    if kind == 0:
        return
    for place in range(len(row)):
        left = row[place - step] if place >= step else 0
        corner = above[place - step] if place >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[place]
        elif kind == 3:
            guess = (left + above[place]) // 2
        else:
            guess = _nearest(left, above[place], corner)
        row[place] = (row[place] + guess) & 255


def _nearest(left: int, above: int, corner: int) -> int:
    towards = left + above - corner
    return min((left, above, corner), key=lambda one: abs(towards - one))
