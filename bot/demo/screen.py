"""Shows a performance on a terminal: the group on the left, private talk on the right."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.demo.brush import Brush
from bot.demo.pace import Pace
from bot.demo.stage import Shown
from bot.demo.words import said
from bot.demo.wrapping import wrapped

TWO_COLUMNS_FROM = 100
WIDEST = 150
GAP = " │ "


@dataclass(slots=True)
class Screen:
    """Prints what is to be seen, row after row, so that all of it stays in the terminal's memory."""

    console: Console
    owner: str
    pace: Pace | None = None
    _brush: Brush = field(init=False)

    def __post_init__(self) -> None:
        self._brush = Brush(self.owner)

    @property
    def width(self) -> int:
        """How many cells are used."""
        return min(self.console.width, WIDEST)

    @property
    def has_columns(self) -> bool:
        """Whether private talk has a column of its own."""
        return self.width >= TWO_COLUMNS_FROM

    @property
    def left(self) -> int:
        """The width of the group's column."""
        return self.width * 11 // 20 - len(GAP) if self.has_columns else self.width

    def open(self, group: str) -> None:
        """The head of the page."""
        self.tell(said("title", group=group), "bold")
        self.tell(said("intro"), "dim")
        self.tell(said("intro_columns" if self.has_columns else "intro_one_column"), "dim")

    def day(self, heading: str) -> None:
        """A new day."""
        self._print(Text())
        rule = Rule(Text(heading, style="bold"), style="dim", align="left")
        self.console.print(rule, width=self.width)

    def show(self, shown: Shown) -> None:
        """One thing that is said or happens."""
        for row in self._rows(shown):
            self._print(row)
        if self.pace is not None:
            self.pace.after(shown.text)

    def line_done(self) -> None:
        """Time for the next line."""
        if self.pace is not None:
            self.pace.line_done()

    def _rows(self, shown: Shown) -> list[Text]:
        """The block in its column."""
        if not self.has_columns:
            return self._brush.rows(shown, self.width, marked=shown.place == "private")
        right = self.width - self.left - len(GAP)
        if shown.place == "private":
            empty = Text.assemble(" " * self.left, (GAP, "dim"))
            return [Text.assemble(empty, row) for row in self._brush.rows(shown, right)]
        block = self._brush.rows(shown, self.left)
        return [Text.assemble(row, " " * (self.left - row.cell_len), (GAP.rstrip(), "dim")) for row in block]

    def tell(self, text: str, style: str = "") -> None:
        """Something that is not part of the story."""
        for line in wrapped(text, self.width):
            self._print(Text(line, style=style))

    def _print(self, row: Text) -> None:
        self.console.print(row, no_wrap=True, overflow="ignore", crop=False, highlight=False)
