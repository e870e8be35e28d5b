"""What the packaged fonts can draw, and how wide: read from their own tables, so that no name breaks a page.

The renderer falls back from font to font only for whole stretches of text; we choose for each character.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

CHINESE = "Noto Sans CJK SC"
EMOJI = "Noto Emoji"
_CJK_FILE = "NotoSansCJK-VF.otf.ttc"
_FIRST = ("NotoSans[wght].ttf", "NotoEmoji[wght].ttf", "NotoSansSymbols[wght].ttf")
"""Asked in this order after the Chinese font, before those of single scripts."""
_NAMES = {"NotoEmoji": EMOJI, "NotoSansSymbols": "Noto Sans Symbols", "NotoSans": "Noto Sans"}
_UNICODE = {(0, 4): 2, (0, 6): 2, (3, 10): 2, (0, 3): 1, (3, 1): 1}
"""Which character maps speak Unicode, and how well."""


@dataclass(frozen=True, slots=True)
class Font:
    """One font: its family, and of each stretch of characters the first one, the last one and its glyph.

    `glyphs` gives the glyphs one by one where they do not follow one another.
    """

    family: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    glyphs: tuple[int | tuple[int, ...], ...]
    advances: tuple[int, ...]
    em: int

    def glyph(self, character: str) -> int:
        """The glyph of a character; 0 if the font has none."""
        code = ord(character)
        place = bisect_right(self.starts, code) - 1
        if place < 0 or code > self.ends[place]:
            return 0
        glyphs, offset = self.glyphs[place], code - self.starts[place]
        return glyphs[offset] if isinstance(glyphs, tuple) else glyphs + offset

    def width(self, character: str) -> float:
        """How wide a character is, in ems."""
        glyph = self.glyph(character)
        return self.advances[min(glyph, len(self.advances) - 1)] / self.em


@cache
def font_files() -> tuple[str, ...]:
    """All packaged fonts, for the renderer."""
    return tuple(str(path) for path in _paths())


@cache
def fonts() -> tuple[Font, ...]:
    """All upright packaged fonts, in the order in which they are asked."""
    return tuple(_read(path) for path in _paths() if "Italic" not in path.name)


@cache
def font_of(character: str) -> Font | None:
    """The first font that can draw a character; None if nobody can."""
    return next((font for font in fonts() if font.glyph(character)), None)


@cache
def emoji_font() -> Font:
    """The font of emoji."""
    return next(font for font in fonts() if font.family == EMOJI)


def _paths() -> list[Path]:
    folders = []
    for package in ("manimgx_fonts_cjk", "manimgx_fonts"):
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            folders.append(Path(spec.origin).parent)
    found = [path for folder in folders for path in sorted(folder.glob("*.tt[cf]"))]
    order = {name: place for place, name in enumerate((_CJK_FILE, *_FIRST))}
    return sorted(found, key=lambda path: (order.get(path.name, len(order)), path.name))


def _family(path: Path) -> str:
    stem = path.name.partition("[")[0]
    if path.name == _CJK_FILE:
        return CHINESE
    return _NAMES.get(stem) or f"Noto Sans {stem.removeprefix('NotoSans')}"


def _read(path: Path) -> Font:
    content = path.read_bytes()
    first = struct.unpack_from(">I", content, 12)[0] if content[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", content, first + 4)[0]
    tables = {
        content[at : at + 4]: struct.unpack_from(">I", content, at + 8)[0]
        for at in range(first + 12, first + 12 + 16 * count, 16)
    }
    pieces = sorted(_pieces(content, _character_map(content, tables[b"cmap"])))
    wide = struct.unpack_from(">H", content, tables[b"hhea"] + 34)[0]
    metrics = struct.unpack_from(f">{2 * wide}H", content, tables[b"hmtx"])
    starts, ends, glyphs = zip(*pieces, strict=True)
    em = struct.unpack_from(">H", content, tables[b"head"] + 18)[0]
    return Font(_family(path), starts, ends, glyphs, metrics[::2], em)


def _character_map(content: bytes, table: int) -> int:
    """Where the best character map of a font begins."""
    count = struct.unpack_from(">H", content, table + 2)[0]
    records = [struct.unpack_from(">HHI", content, table + 4 + 8 * place) for place in range(count)]
    known = [(_UNICODE[one[:2]], one[2]) for one in records if one[:2] in _UNICODE]
    return int(table + max(known)[1])


def _pieces(content: bytes, at: int) -> Iterator[tuple[int, int, int | tuple[int, ...]]]:
    if struct.unpack_from(">H", content, at)[0] == 12:
        count = struct.unpack_from(">I", content, at + 12)[0]
        for place in range(at + 16, at + 16 + 12 * count, 12):
            yield struct.unpack_from(">III", content, place)
        return
    double = struct.unpack_from(">H", content, at + 6)[0]
    ends, starts, deltas, offsets = (at + 14 + shift + double * row for row, shift in enumerate((0, 2, 2, 2)))
    for place in range(0, double, 2):
        end, start, delta, offset = (
            struct.unpack_from(">H", content, column + place)[0] for column in (ends, starts, deltas, offsets)
        )
        listed = offsets + place + offset
        codes = range(start, min(end, 0xFFFE) + 1)
        if offset:
            found = [struct.unpack_from(">H", content, listed + 2 * (code - start))[0] for code in codes]
            glyphs = tuple((glyph + delta) % 65536 if glyph else 0 for glyph in found)
        else:
            glyphs = tuple((code + delta) % 65536 for code in codes)
        if glyphs:
            yield start, min(end, 0xFFFE), glyphs
