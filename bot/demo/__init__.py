"""`make demo`: two weeks of a tea group in half a minute, on a terminal.

The whole bot runs, in a simulated group and in a folder that is thrown away. `story.yaml` says what people
do, `stage` lets it happen, `screen` and `paper` show it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bot.demo.ending import Totals, totals
from bot.demo.pace import Pace
from bot.demo.paper import Paper
from bot.demo.screen import Screen
from bot.demo.script import Story, read_story
from bot.demo.stage import Audience, Performance, perform
from bot.demo.words import said
from bot.logs import set_up_logs
from bot.testing import Stage

STORY = Path(__file__).with_name("story.yaml")
SECONDS = 28.0
DISK = 5
"""The exit code for a disk that does not take what is to be written (see `bot.cli`)."""
MEMORY = Path("/dev/shm")
"""Where it exists, the folder that is thrown away need not touch the disk."""


def play(paced: bool, transcript: Path | None) -> None:
    """Play the demo on this terminal; unpaced if nobody watches. `transcript` gets it all as plain text."""
    set_up_logs(None, "error")
    console, story = Console(), read_story(STORY)
    pace = Pace(SECONDS, len(story.lines)) if paced and console.is_terminal else None
    screen = Screen(console, story.owner, pace)
    with paper_for(transcript, screen) as papers:
        screen.open(story.group)
        counted = play_to(story, [screen, *papers])
    _end(screen, counted, transcript)


def play_to(story: Story, audience: Sequence[Audience]) -> Totals:
    """Play a story from its first line to its last, in a folder that is thrown away; what it came to."""
    with thrown_away() as folder, Stage(folder, start=story.begins_at) as stage:
        performance = Performance(stage, story)
        perform(performance, audience)
        room = performance.room.key
        return stage.read(lambda session: totals(session, room))


@contextmanager
def thrown_away() -> Iterator[Path]:
    """A folder for one showing."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="qunxing-demo-", dir=memory) as folder:
        yield Path(folder)


@contextmanager
def paper_for(transcript: Path | None, screen: Screen) -> Iterator[list[Paper]]:
    """The paper to write on, if any; ends the program with a sentence if that cannot be written."""
    if transcript is None:
        yield []
        return
    try:
        file = transcript.open("w", encoding="utf-8")
    except OSError as error:
        screen.tell(said("transcript_unwritable", file=transcript, reason=error.strerror or ""), "red")
        raise SystemExit(DISK) from error
    with file:
        yield [Paper(file)]


def _end(screen: Screen, counted: Totals, transcript: Path | None) -> None:
    screen.day(said("ending.title"))
    people = {"newcomers": counted.newcomers, "greeted": counted.greeted, "greetings": counted.greetings}
    screen.tell(said("ending.people", **people))
    screen.tell(said("ending.talk", said=counted.said, own=counted.own, share=counted.share))
    private = {"whispered": counted.whispered, "whispered_back": counted.whispered_back}
    screen.tell(said("ending.private", **private))
    if transcript is not None:
        screen.tell(said("ending.transcript", file=transcript), "dim")
    screen.tell(said("ending.next"), "bold")
