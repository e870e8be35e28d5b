"""Texts that ask and texts that do not: the dialogues of `questions/`, and lines of English chats.

A dialogue belongs to the held-out fifth, or not, by its own name, so that no list has to be kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from tests.eval.frame import Missing
from tests.eval.irc import BOTS, Chat

_MARKS = re.compile(r"\s*\?+\s*$")


@dataclass(frozen=True)
class Utterance:
    """One utterance of a dialogue."""

    dialogue: str
    text: str
    asks: bool

    @property
    def is_held_out(self) -> bool:
        """Whether nothing ever learns from its dialogue."""
        return crc32(self.dialogue.encode()) % 5 == 0


def read_dialogues(folder: Path) -> list[Utterance]:
    """Every utterance of the folder's *.csv."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                text = (row.get("Utterance") or "").strip()
                if text:
                    found.append(Utterance(row["Dialogue_ID"], text, row["DA"] == "question"))
    if not found:
        raise Missing(f"no *.csv with dialogues in {folder.name or folder}/")
    return found


def english(chats: Sequence[Chat]) -> list[Utterance]:
    """Lines of chats; a line asks if it ends in a question mark, which is then taken away.

    Those who leave the mark out are counted as not asking: a figure on these lines can only be too low.
    """
    found = []
    for chat in chats:
        for line in chat.lines:
            if chat.members[line.member] not in BOTS and len(line.text) > 3:
                asks = _MARKS.search(line.text) is not None
                if asks or "?" not in line.text:
                    found.append(Utterance(chat.name, _MARKS.sub("", line.text), asks))
    return found
