"""How one thing that is said or happens looks on a terminal: rows of a given width.

Everything that people or the bot say is data: it becomes `rich.text.Text` and is never read as markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rich.text import Text

from bot.demo.stage import Shown
from bot.demo.words import quotable, said
from bot.demo.wrapping import fitted, wrapped
from bot.words import visible

NAME_WIDTH = 9
TIME_WIDTH = 6
HEAD_WIDTH = TIME_WIDTH + NAME_WIDTH + 1
BESIDE_FROM = 42
"""In a narrower column the words stand below the name."""
INDENT = 2
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


@dataclass(slots=True)
class Brush:
    """Draws what is shown; each person keeps their colour."""

    owner: str
    _colours: dict[str, str] = field(default_factory=dict, init=False)

    def rows(self, shown: Shown, width: int, *, marked: bool = False) -> list[Text]:
        """The rows of one message at this width: time and name, then the words beside them, or below."""
        if not shown.who:
            words = (said("private_mark") if marked else "") + visible(shown.text)
            rows = wrapped(words, width - TIME_WIDTH)
            return [Text(" " * TIME_WIDTH + row, style="dim italic") for row in rows]
        indent = HEAD_WIDTH if width >= BESIDE_FROM else INDENT
        inner = width - indent
        body = [Text(row, style="dim") for row in self._quote(shown, inner)]
        words = self._marks(shown, marked) + visible(shown.text)
        body += [self._words(row, shown) for row in wrapped(words, inner)]
        if indent == INDENT:
            return [self._head(shown), *(Text.assemble(" " * indent, row) for row in body)]
        heads = [self._head(shown)] + [Text(" " * indent)] * (len(body) - 1)
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
