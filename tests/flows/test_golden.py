"""Every story, replayed and compared with its golden transcript. `UPDATE_GOLDEN=1` writes them anew.

A golden transcript is there to be read: after an update, read what has changed aloud before committing it.
"""

from __future__ import annotations

import os

import pytest

from bot.demo import STORY as DEMO
from tests.flows.replay import GOLDEN, STORIES, transcript

SCRIPTS = {"demo": DEMO} | {path.stem: path for path in sorted(STORIES.glob("*.yaml"))}


@pytest.mark.parametrize("name", SCRIPTS)
def test_story_reads_as_before(name: str) -> None:
    golden, played = GOLDEN / f"{name}.txt", transcript(SCRIPTS[name])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(played, encoding="utf-8")
    assert played.splitlines() == golden.read_text(encoding="utf-8").splitlines()


def test_no_golden_transcript_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SCRIPTS)
