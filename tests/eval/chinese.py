"""Chinese chats with gold links: TV dialogues of `questions/` interleaved, and the chats linked by hand."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from bot.analysis.lines import Line
from tests.eval.frame import Missing
from tests.eval.irc import Chat

WRITTEN = Path(__file__).parent / "written" / "linked_chats.jsonl"
DIALOGUES_A_CHAT = 24
AT_ONCE = (2, 3, 4)
_START = datetime(2026, 3, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Utterance:
    """What somebody says in a dialogue, and when."""

    dialogue: int
    speaker: str
    text: str
    seconds: float


def read_dialogues(folder: Path) -> list[list[tuple[str, str]]]:
    """Dialogues of at least four utterances between at least two people, as speaker and text."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                key = f"{path.name} {row['Dialogue_ID']}"
                found.setdefault(key, []).append((row["Speaker"], row["Utterance"]))
    if not found:
        raise Missing(f"no *.csv with dialogues in {folder.name or folder}/")
    return [one for one in found.values() if len(one) >= 4 and len({speaker for speaker, _ in one}) >= 2]


def interleaved(dialogues: list[list[tuple[str, str]]], seed: int) -> list[Chat]:
    """Chats in which two to four dialogues run at once. Nobody's name is known: there are no mentions."""
    dice = random.Random(seed)
    order = dice.sample(dialogues, len(dialogues))
    starts = range(0, len(order) - DIALOGUES_A_CHAT + 1, DIALOGUES_A_CHAT)
    return [_woven(order[at : at + DIALOGUES_A_CHAT], str(at), dice) for at in starts]


def _woven(dialogues: list[list[tuple[str, str]]], name: str, dice: random.Random) -> Chat:
    at_once = dice.choice(AT_ONCE)
    free = [0.0] * at_once
    said: list[Utterance] = []
    for number, dialogue in enumerate(dialogues):
        place = free.index(min(free))
        now = free[place] + dice.uniform(0, 60)
        for speaker, text in dialogue:
            said.append(Utterance(number, speaker, text, now))
            now += 1 + 0.1 * len(text) + dice.expovariate(1 / 8)
        free[place] = now
    said.sort(key=lambda one: one.seconds)
    people = {key: at for at, key in enumerate(sorted({(one.dialogue, one.speaker) for one in said}), 1)}
    lines = [
        Line(at, people[one.dialogue, one.speaker], _START + timedelta(seconds=round(one.seconds)), one.text)
        for at, one in enumerate(said)
    ]
    gold = dict(_turns(said))
    authors = {line.id: line.member for line in lines}
    return Chat(f"{name}, {at_once} at once", lines, {at: f"{at}" for at in people.values()}, gold, authors)


def _turns(said: list[Utterance]) -> Iterator[tuple[int, frozenset[int]]]:
    """Only what begins a turn is scored: it answers the turn before it, or opens its dialogue."""
    last: dict[int, int] = {}
    for at, one in enumerate(said):
        before = last.get(one.dialogue)
        if before is None:
            yield at, frozenset({at})
        elif said[before].speaker != one.speaker:
            yield at, frozenset({before})
        last[one.dialogue] = at


def written() -> list[Chat]:
    """The chats that somebody wrote and linked by hand without knowing the model."""
    if not WRITTEN.exists():
        raise Missing("the written chats are not there")
    rows = [json.loads(row) for row in WRITTEN.read_text("utf-8").splitlines() if row.strip()]
    return [_written(chat, list(theirs)) for chat, theirs in groupby(rows, key=lambda row: int(row["chat"]))]


def _written(chat: int, rows: list[dict[str, object]]) -> Chat:
    known = {str(name): at for at, name in enumerate(dict.fromkeys(row["name"] for row in rows), 1)}
    authors = {int(str(row["id"])): known[str(row["name"])] for row in rows}
    lines = []
    for row in rows:
        hour, minute, second = map(int, str(row["at"]).split(":"))
        mentions = row["mentions"] if isinstance(row["mentions"], list) else []
        quote = None if row["quote"] is None else int(str(row["quote"]))
        lines.append(
            Line(
                int(str(row["id"])), known[str(row["name"])],
                _START.replace(hour=0) + timedelta(hours=hour, minutes=minute, seconds=second),
                str(row["text"]), row["kind"],  # type: ignore[arg-type]
                tuple(known[name] for name in mentions if name in known),
                quote, None if quote is None else authors[quote],
            )
        )  # fmt: skip
    gold = {int(str(row["id"])): frozenset({int(str(row["answers"]))}) for row in rows}
    return Chat(f"written {chat}", lines, {at: name for name, at in known.items()}, gold, authors)
