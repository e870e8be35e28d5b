"""The few things that the page is drawn with: colours, letters, bars. Texts are cleaned and escaped here."""

from __future__ import annotations

from xml.sax.saxutils import unescape

from bot.report.fonts import CHINESE
from bot.report.lettering import drawable, fitted, runs, width

WIDTH, MARGIN = 1080, 76
INNER = WIDTH - 2 * MARGIN
PAPER, INK, QUIET, HAIR, PALE = "#fbf8f2", "#2b2a26", "#7f796d", "#e3dccf", "#ece6da"
LEAF, STAR, FADED = "#2f6f5e", "#c8623a", "#cfc7b8"
BETTER, WORSE = LEAF, STAR


class Canvas:
    """Collects SVG. `y` is where the next thing goes."""

    def __init__(self) -> None:
        self.y: float = 0
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        """A finished piece of SVG."""
        self._pieces.append(piece)

    def text(
        self, x: float, y: float, words: object, size: float = 24, colour: str = INK, *, bold: bool = False,
        anchor: str = "start", room: float = INNER, halo: bool = False,
    ) -> None:  # fmt: skip
        """One line of text at its base line, cut to `room`."""
        shown = fitted(drawable(words, 500), room, size, bold=bold)
        found = runs(shown)
        weight = ' font-weight="700"' if bold else ""
        edge = f' stroke="{PAPER}" stroke-width="5" paint-order="stroke"' if halo else ""
        if len(found) > 1:
            x -= width(shown, size, bold=bold) * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            anchor = "start"
        for family, run in found:
            self.add(
                f'<text x="{x:.1f}" y="{y:.1f}" font-family="{family}" font-size="{size:g}" fill="{colour}"'
                f' text-anchor="{anchor}" xml:space="preserve"{weight}{edge}>{run}</text>'
            )
            x += width(unescape(run), size, bold=bold)

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A bar with round ends."""
        self.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:g}"'
            f' rx="{max(min(width, height), 0) / 2:.1f}" fill="{colour}"/>'
        )

    def rule(self, y: float) -> None:
        """A thin line across the page."""
        self.add(f'<rect x="{MARGIN}" y="{y:.1f}" width="{INNER}" height="1.5" fill="{HAIR}"/>')

    def svg(self, height: float) -> str:
        """The whole page."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}"'
            f' viewBox="0 0 {WIDTH} {height:.0f}" font-family="{CHINESE}" xml:lang="zh-CN">'
            f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(self._pieces)}</svg>'
        )
