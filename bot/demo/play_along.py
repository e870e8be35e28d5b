"""`qunxing demo --play`: stepping into the simulated group, on a screen of its own or at a plain prompt."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from bot.demo import STORY, paper_for
from bot.demo.play_prompt import play_at_prompt
from bot.demo.play_room import stepped_in
from bot.demo.screen import Screen
from bot.demo.script import read_story
from bot.demo.words import said
from bot.logs import set_up_logs


def step_in(transcript: Path | None) -> None:
    """Play until the person at the terminal has had enough; `transcript` gets it all as plain text."""
    set_up_logs(None, "error")
    console, story = Console(), read_story(STORY)
    screen = Screen(console, story.owner)
    with paper_for(transcript, screen) as papers, stepped_in(story) as room:
        if not (console.is_terminal and sys.stdin.isatty()):
            play_at_prompt(room, console, papers)
        elif find_spec("textual") is None:
            screen.tell(said("play.no_textual"), "dim")
            play_at_prompt(room, console, papers)
        else:
            from bot.demo.play_app import PlayApp  # an extra, and slow to import

            app = PlayApp(room, papers)
            app.run()
            if app.failure is not None:
                raise app.failure
            screen.tell(said("play.bye"))
    if transcript is not None:
        screen.tell(said("ending.transcript", file=transcript), "dim")
