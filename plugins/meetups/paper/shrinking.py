"""Pictures made small enough for a file that travels in one message. Pure."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

LARGEST_PIXELS = 40_000_000
SIDES = (1400, 1000, 700, 450)
QUALITY = 80


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG and its size in pixels."""

    content: bytes
    width: int
    height: int


def shrunk(content: bytes, budget: int) -> Picture | None:
    """The picture upright and within `budget` bytes; None if it is none, or a trap."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a decompression bomb is only warned of
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > LARGEST_PIXELS:
                    return None
                upright = _on_white(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None
    for side in SIDES:
        upright.thumbnail((side, side))
        file = io.BytesIO()
        upright.save(file, "JPEG", quality=QUALITY)
        if file.tell() <= budget:
            return Picture(file.getvalue(), upright.width, upright.height)
    return None


def _on_white(image: Image.Image) -> Image.Image:
    """Without what shines through."""
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")
