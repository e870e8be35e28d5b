"""Stepping in without a screen: a line in, what comes of it out. For pipes, tests and simple terminals."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console

from bot.demo.play_room import PlayRoom
from bot.demo.screen import Screen
from bot.demo.stage import Audience
from bot.demo.words import said


def play_at_prompt(room: PlayRoom, console: Console, others: Sequence[Audience] = ()) -> None:
    """Play until the lines end or somebody leaves."""
    screen = Screen(console, room.story.owner)
    for number, line in enumerate(room.opening()):
        screen.tell(line, "dim" if number else "bold")
    for typed in _lines(room):
        room.do(typed, [screen, *others])
        if room.over:
            break
    screen.tell(said("play.bye"))


def _lines(room: PlayRoom) -> Iterator[str]:
    """What is typed: after a prompt at a terminal, just the lines of a pipe or a file."""
    if not sys.stdin.isatty():
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        yield from sys.stdin
        return
    while True:
        try:
            yield input(f"{room.moment()} > ")
        except (EOFError, KeyboardInterrupt):
            return
