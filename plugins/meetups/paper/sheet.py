"""The question sheet of a round table, to be printed: by topic, with lines to write on. Pure.

A PDF of A4 pages: it opens in a chat on any phone, every print shop takes it, and no font is missing. Each
page is drawn as a picture with the packaged fonts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import resvg_py
from PIL import Image

from bot.report.fonts import font_files
from plugins.meetups.paper.sheet_pages import Sheet, page_svgs

LARGEST_BYTES = 1_900_000
FEW_PAGES = 8
FINE, PLAIN = 1.34, 1.0
"""How fine pages are drawn, if there are few or many; 1.0 is 150 dots an inch."""
_QUALITIES = (82, 70, 55, 40)


def question_sheet(sheet: Sheet) -> bytes:
    """The sheet as PDF."""
    pages = page_svgs(sheet)
    zoom = FINE if len(pages) <= FEW_PAGES else PLAIN
    images = [_image(svg, zoom) for svg in pages]
    content = b""
    for quality in _QUALITIES:
        content = _bound(images, zoom, quality)
        if len(content) <= LARGEST_BYTES:
            break
    return content


def _bound(images: Sequence[Image.Image], zoom: float, quality: int) -> bytes:
    stream = io.BytesIO()
    first, *rest = images
    first.save(stream, "PDF", save_all=True, append_images=rest, resolution=150 * zoom, quality=quality)
    return stream.getvalue()


def _image(svg: str, zoom: float) -> Image.Image:
    png = bytes(
        resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[*font_files()], zoom=zoom)
    )
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("L")
