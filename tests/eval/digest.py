"""Whether a digest quotes faithfully: weekly digests over whole logs, each quote held against the log itself.

A quote is true if the log, read anew and without the bot, holds a line by the author who is named, of that
moment, in which these very words stand. What was said is read off the digest as people would see it; what the
bot has noted about it (message, letters) must say the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.importing.entries import Record
from bot.importing.formats import format_of, read_log
from bot.importing.source import open_source
from bot.words import plain
from tests.eval.frame import Figure, Options, Result, Row, Section
from tests.eval.lived import Lived, lived, logs_in

NAME = "digest"
FOLDER = "gitter"
REASON = "digest_weekly"
_QUOTE = re.compile(r"^  (?P<name>.+?)：「(?P<words>.*)」$")
_TOPIC = re.compile(r"^【(?P<topic>.+)】(?P<people>\d+) 个人聊了 (?P<messages>\d+) 句$")


@dataclass(frozen=True, slots=True)
class Said:
    """One quote as people see it."""

    name: str
    words: str


def run(folder: Path, options: Options) -> Result:
    """Every log of the folder."""
    return Result(NAME, [section(file) for file in logs_in(folder)])


def section(file: Path) -> Section:
    """One log."""
    log, lines = lived(file), lines_of(file)
    said = [one for told in log.said if told.reason == REASON for one in quotes_in(told.text)]
    true = [one for one in said if is_true(one, lines)]
    noted = noted_quotes(log)
    spoken = {(one.name.removesuffix("…"), one.words) for one in said}
    agreeing = [
        one
        for one in noted
        if any(one.name.startswith(name) and one.words == words for name, words in spoken)
    ]
    topics = [
        _TOPIC.match(line) for told in log.said if told.reason == REASON for line in told.text.splitlines()
    ]
    figures = {
        "digests": Figure(log.digests, places=0),
        "topics": Figure(sum(one is not None for one in topics), places=0),
        "quotes": Figure(len(said), places=0),
        "true_quotes": Figure(len(true), places=0).against(len(said)),
        "noted": Figure(len(noted), places=0),
        "noted_as_said": Figure(len(agreeing), places=0).against(len(noted)),
    }
    wrong = [f"  not in the log: {one.name}: {one.words}" for one in said if one not in set(true)]
    return Section(
        f"{log.name}: {len(log.messages)} messages", [Row("digest", figures, ours=True)], wrong[:9]
    )


def quotes_in(text: str) -> list[Said]:
    """The quotes of a digest, with who is said to have said them."""
    found = (_QUOTE.match(line) for line in text.splitlines())
    return [Said(one["name"], one["words"]) for one in found if one is not None]


def lines_of(file: Path) -> dict[str, list[str]]:
    """What each nick said, straight from the file."""
    source, lines = open_source(file), defaultdict(list)
    for entry in read_log(source, format_of(source), ZoneInfo("UTC")):
        if isinstance(entry, Record):
            lines[plain(entry.name)].append(entry.text)
    return lines


def is_true(said: Said, lines: dict[str, list[str]]) -> bool:
    """Whether this person has written these words; a long name is shown by its beginning."""
    shown = said.name.removesuffix("…")
    names = [said.name] if shown == said.name else [name for name in lines if name.startswith(shown)]
    return any(said.words in text for name in names for text in lines.get(name, ()))


def noted_quotes(log: Lived) -> list[Said]:
    """What the bot has written down about its quotes, made words again."""
    texts = {one.id: one for one in log.messages}
    return [
        Said(plain(texts[one.message].name), texts[one.message].text[one.begins : one.ends])
        for one in log.quotes
        if one.message in texts
    ]
