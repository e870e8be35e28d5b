"""Shows a performance on a terminal: the group on the left, private talk on the right.

Everything that people or the bot say is data: it becomes `rich.text.Text` and is never read as markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.demo.pace import Pace
from bot.demo.stage import Shown
from bot.demo.words import quotable, said
from bot.demo.wrapping import fitted, wrapped
from bot.words import visible

TWO_COLUMNS_FROM = 100
WIDEST = 150
NAME_WIDTH = 9
TIME_WIDTH = 6
HEAD_WIDTH = TIME_WIDTH + NAME_WIDTH + 1
QUOTED_AT_MOST = 60
COLOURS = (
    "deep_sky_blue3", "medium_purple3", "spring_green4", "hot_pink3", "dark_goldenrod", "cadet_blue",
    "indian_red", "chartreuse4", "medium_orchid", "steel_blue", "light_salmon3", "dark_cyan", "rosy_brown",
    "slate_blue3", "sky_blue3", "pale_violet_red1",
)  # fmt: skip
"""Readable on black and on white."""
BOT_NAME = "bold white on dark_orange3"
BOT_WORDS = "dark_orange3"
MENTION = re.compile("@[^\\s\u2005]+")
GAP = " │ "


@dataclass(slots=True)
class Screen:
    """Prints what is to be seen, row after row, so that all of it stays in the terminal's memory."""

    console: Console
    owner: str
    pace: Pace | None = None
    _colours: dict[str, str] = field(default_factory=dict, init=False)

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
            return self._block(shown, self.width, marked=shown.place == "private")
        right = self.width - self.left - len(GAP)
        if shown.place == "private":
            empty = Text.assemble(" " * self.left, (GAP, "dim"))
            return [Text.assemble(empty, row) for row in self._block(shown, right)]
        block = self._block(shown, self.left)
        return [Text.assemble(row, " " * (self.left - row.cell_len), (GAP.rstrip(), "dim")) for row in block]

    def tell(self, text: str, style: str = "") -> None:
        """Something that is not part of the story."""
        for line in wrapped(text, self.width):
            self._print(Text(line, style=style))

    # Rows

    def _block(self, shown: Shown, width: int, *, marked: bool = False) -> list[Text]:
        """The rows of one message at this width: time and name, then the words beside them."""
        if not shown.who:
            words = (said("private_mark") if marked else "") + visible(shown.text)
            rows = wrapped(words, width - TIME_WIDTH)
            return [Text(" " * TIME_WIDTH + row, style="dim italic") for row in rows]
        inner = width - HEAD_WIDTH
        body = [Text(row, style="dim") for row in self._quote(shown, inner)]
        words = self._marks(shown, marked) + visible(shown.text)
        body += [self._words(row, shown) for row in wrapped(words, inner)]
        heads = [self._head(shown)] + [Text(" " * HEAD_WIDTH)] * (len(body) - 1)
        return [Text.assemble(head, row) for head, row in zip(heads, body, strict=True)]

    def _head(self, shown: Shown) -> Text:
        """Time and name."""
        name = said("bot_mark", bot=shown.who) if shown.is_bot else visible(shown.who)
        name = fitted(name, NAME_WIDTH).rstrip()
        head = Text.assemble((f"{shown.at:%H:%M} ", "dim"), (name, self._colour_of(shown)))
        head.append(" " * (HEAD_WIDTH - head.cell_len))
        return head

    def _marks(self, shown: Shown, marked: bool) -> str:
        """What tells a private line where it does not stand in the owner's own column."""
        to_other = shown.is_bot and shown.place == "private" and shown.to != self.owner
        return (said("private_mark") if marked else "") + (said("to", who=shown.to) if to_other else "")

    def _quote(self, shown: Shown, width: int) -> list[str]:
        if shown.quote is None:
            return []
        name, text = shown.quote
        return wrapped(said("quote", who=name, text=quotable(text, QUOTED_AT_MOST)), width)

    def _words(self, row: str, shown: Shown) -> Text:
        words = Text(row, style=BOT_WORDS if shown.is_bot else "")
        words.highlight_regex(MENTION, "bold")
        return words

    def _colour_of(self, shown: Shown) -> str:
        if shown.is_bot:
            return BOT_NAME
        return self._colours.setdefault(shown.person, COLOURS[len(self._colours) % len(COLOURS)])

    def _print(self, row: Text) -> None:
        self.console.print(row, no_wrap=True, overflow="ignore", crop=False, highlight=False)
