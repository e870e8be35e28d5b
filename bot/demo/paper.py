"""A performance as plain text that reads as a story: for `--transcript`, for the README, for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from bot.demo.stage import Shown
from bot.demo.words import quotable, said
from bot.words import visible

QUOTED_AT_MOST = 40
INDENT = " " * 6


@dataclass(frozen=True, slots=True)
class Paper:
    """An audience that writes everything down."""

    file: TextIO

    def day(self, heading: str) -> None:
        """A new day's heading."""
        self.file.write(f"\n—— {heading} ——\n\n")

    def show(self, shown: Shown) -> None:
        """One line, or several, for one thing."""
        self.file.write(line_of(shown) + "\n")

    def line_done(self) -> None:
        """Paper is patient."""


def line_of(shown: Shown) -> str:
    """One thing that is said or happens, on a line that further lines of its text are indented under."""
    mark = said("private_mark") if shown.place == "private" else ""
    rows = visible(shown.text).replace("\u2005", " ").strip().split("\n")
    words = "\n".join([rows[0], *((INDENT + row).rstrip() for row in rows[1:])])
    if not shown.who:
        return f"{shown.at:%H:%M} {mark}{said('paper.aside')}{words}"
    name = visible(shown.who)
    who = said("bot_mark", bot=name) if shown.is_bot else name
    to = said("to", who=shown.to).rstrip() if shown.is_bot and shown.to else ""
    quote = ""
    if shown.quote is not None:
        name, text = shown.quote
        quote = said("paper.quote", who=name, text=quotable(text, QUOTED_AT_MOST))
    return f"{shown.at:%H:%M} {mark}{who}{to}：{quote}{words}"
