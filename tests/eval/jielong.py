"""Sign-up lists as members copy them on: is the whole list right after the message, and cherries left alone?

`right` counts examples where everything is: whether it is a sign-up at all, the title, and everybody in order
with persons and note (signs and spaces aside). `people` leaves the notes and the title out. `false` are lists
and lines of other things that were taken for ours: the worst mistake, beside `lost`: somebody who is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.words import normalised
from plugins.meetups.jielong import Entry, Jielong, concerns, hear, is_of_other_things, read
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section

NAME = "jielong"
FOLDER = ""
WRITTEN = Path(__file__).parent / "written"
BLIND, OWN = "jielong.jsonl", "jielong_own.jsonl"
SHOWN = 16

Line = tuple[str, int, str]
Stand = tuple[str, list[Line]] | None
Read = Callable[["Example"], Stand]


@dataclass(frozen=True)
class Example:
    """One line of a file: the list as it stood, what came from whom, and the list after it."""

    style: str
    before: str
    said: list[tuple[str, str]]
    expected: Stand


def run(folder: Path, options: Options) -> Result:
    """Our reading and plain baselines on the examples written blind, and on those of the parser's writer."""
    sections = []
    for name, whose in ((BLIND, "written blind"), (OWN, "written by who wrote the parser")):
        file = folder / name if (folder / name).exists() else WRITTEN / name
        if not file.exists():
            raise Missing(f"{file} is not there")
        examples = [_example(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        rows = [
            _row("nobody signs up ever", examples, lambda example: None),
            _row("the posted list counts, `1. name` each", examples, plain),
            _row("read, told apart and merged", examples, ours, ours=True),
        ]
        wrong = [_told(one) for one in examples if not _is_right(one, ours(one))]
        sections.append(Section(f"{len(examples)} examples {whose}", rows, wrong[:SHOWN]))
    return Result(NAME, sections)


def ours(example: Example) -> Stand:
    """What the bot makes of it, as the plugin would."""
    senders = [sender for sender, _ in example.said]
    standing = read(example.before, senders) if example.before else None
    if standing is not None and is_of_other_things(standing):
        return None
    is_ours = False
    for sender, said in example.said:
        if standing is None:
            posted = read(said, [sender])
            if posted is not None and concerns(posted, None):
                standing, is_ours = posted, True
            continue
        merged = hear(standing, said, sender)
        if merged is not None:
            is_ours = True
            standing = Jielong(merged.title or standing.title, merged.entries, True)
    if standing is None or not is_ours:
        return None
    return standing.title, [_line(one) for one in standing.coming]


_PLAIN = re.compile(r"^\s*\d+[.、]\s*(\S+)(?:\s*\+(\d+))?")


def plain(example: Example) -> Stand:
    """The obvious thing: whoever posts a list with 接龙 in it says who comes."""
    said = example.said[-1][1]
    if "接龙" not in said:
        return None
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    found = [match for match in map(_PLAIN.match, lines) if match]
    title = next((line for line in lines[1:] if not _PLAIN.match(line)), "")
    return title, [(match[1], 1 + int(match[2] or 0), "") for match in found]


def _line(entry: Entry) -> Line:
    return entry.name, entry.count, entry.note


def _row(method: str, examples: Sequence[Example], read_one: Read, ours: bool = False) -> Row:
    found = [(one, read_one(one)) for one in examples]
    people = sum(_people(one.expected) == _people(got) for one, got in found)
    false = sum(got is not None and one.expected is None for one, got in found)
    missed = sum(got is None and one.expected is not None for one, got in found)
    lost = sum(len(set(_names(one.expected)) - set(_names(got))) for one, got in found)
    counted = {
        "right": sum(_is_right(one, got) for one, got in found), "people right": people, "of": len(examples),
        "false": false, "missed": missed, "people lost": lost,
    }  # fmt: skip
    figures = {key: Figure(value, places=0) for key, value in counted.items()}
    if ours:
        figures["false"] = figures["false"].against(0, at_most=True)
    return Row(method, figures, ours)


def _names(stand: Stand) -> list[str]:
    return [normalised(name) for name, _, _ in stand[1]] if stand else []


def _people(stand: Stand) -> list[tuple[str, int]] | None:
    return [(normalised(name), count) for name, count, _ in stand[1]] if stand else None


def _is_right(example: Example, found: Stand) -> bool:
    wanted = example.expected
    if wanted is None or found is None:
        return wanted is found
    if _people(wanted) != _people(found) or _bare(wanted[0]) != _bare(found[0]):
        return False
    return [_bare(note) for _, _, note in wanted[1]] == [_bare(note) for _, _, note in found[1]]


def _bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", normalised(words))


def _example(line: str) -> Example:
    raw = json.loads(line)
    if raw.get("said_list"):
        said = list(zip(raw["sender"], raw["said_list"], strict=True))
    else:
        said = [(raw["sender"], raw["said"])]
    expect = raw["expect"]
    lines = [(one["name"], one["count"], one["note"]) for one in expect["lines"]]
    return Example(
        raw["style"], raw["before"], said, (expect["title"], lines) if expect["is_signup"] else None
    )


def _told(example: Example) -> str:
    return f"wrong ({example.style}): {ours(example)}, expected {example.expected}"
