"""The schedule grammar on sixty phrases written blind: is what was said understood, and the rest asked back?

A phrase counts as right if what should be asked back is asked back, or else if its next three dates are the
expected ones. `guessed` are phrases that should have been asked back and were not: the worst mistake.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.analysis.chinese_dates import Understood, understand
from bot.words import normalised, parse_clock
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section

NAME = "schedule"
FOLDER = ""
WRITTEN = Path(__file__).parent / "written"
FILE = "schedule_phrases.jsonl"
ZONE = ZoneInfo("Asia/Shanghai")
SHOWN = 12

Read = Callable[[str, datetime], "tuple[list[datetime], str] | None"]


@dataclass(frozen=True)
class Phrase:
    """One line of the file."""

    said: str
    now: datetime
    ask_back: bool
    dates: list[datetime]
    topic: str


def run(folder: Path, options: Options) -> Result:
    """Our grammar and a plain baseline on the same phrases."""
    file = folder / FILE if (folder / FILE).exists() else WRITTEN / FILE
    if not file.exists():
        raise Missing(f"{file} is not there")
    phrases = [_phrase(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [
        _row("patterns of one line (每天, 每周三, 明天 and a clock)", phrases, plain),
        _row("asks back always", phrases, lambda said, now: None),
        _row("the grammar", phrases, grammar, ours=True),
    ]
    wrong = [_told(one, grammar(one.said, one.now)) for one in phrases if not _is_right(one, grammar)]
    return Result(NAME, [Section(f"{len(phrases)} phrases", rows, wrong[:SHOWN])])


def grammar(said: str, now: datetime) -> tuple[list[datetime], str] | None:
    """What the bot understands: dates and topic; None if it asks back."""
    found = understand(said, now, ZONE)
    return (found.rule.next_dates(now, 3), found.topic) if isinstance(found, Understood) else None


_PLAIN = re.compile(r"^(每天|每日|每周[一二三四五六日天]|今天|明天|后天)\s*(\S+?)(?:\s+(.*))?$")


def plain(said: str, now: datetime) -> tuple[list[datetime], str] | None:
    """The obvious thing: a word for the days, a clock, the topic."""
    match = _PLAIN.match(normalised(said))
    clock = parse_clock(match[2]) if match else None
    if match is None or clock is None:
        return None
    hour, minute = (int(part) for part in clock.split(":"))
    local = now.astimezone(ZONE)
    first = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if match[1] in ("今天", "明天", "后天"):
        return [first + timedelta(days="今明后".index(match[1][0]))], match[3] or ""
    step = 1
    if match[1].startswith("每周"):
        weekday = "一二三四五六日".find(match[1][-1].replace("天", "日"))
        first, step = first + timedelta(days=(weekday - first.weekday()) % 7), 7
    first = first if first > local else first + timedelta(days=step)
    return [first + timedelta(days=step * index) for index in range(3)], match[3] or ""


def _row(method: str, phrases: Sequence[Phrase], read: Read, ours: bool = False) -> Row:
    right = sum(_is_right(one, read) for one in phrases)
    dated, asked = [one for one in phrases if not one.ask_back], [one for one in phrases if one.ask_back]
    guessed = sum(read(one.said, one.now) is not None for one in asked)
    topics = sum(_has_topic(one, read) for one in dated)
    figures = {
        "right": Figure(right, places=0),
        "of": Figure(len(phrases), places=0),
        "dates right": Figure(sum(_is_right(one, read) for one in dated), places=0),
        "of dated": Figure(len(dated), places=0),
        "guessed": Figure(guessed, places=0).against(0, at_most=True) if ours else Figure(guessed, places=0),
        "topics right": Figure(topics, places=0),
    }
    return Row(method, figures, ours)


def _is_right(phrase: Phrase, read: Read) -> bool:
    found = read(phrase.said, phrase.now)
    if phrase.ask_back or found is None:
        return phrase.ask_back and found is None
    return [one.timestamp() for one in found[0]] == [one.timestamp() for one in phrase.dates]


def _has_topic(phrase: Phrase, read: Read) -> bool:
    found = read(phrase.said, phrase.now)
    return found is not None and normalised(found[1]) == normalised(phrase.topic)


def _phrase(line: str) -> Phrase:
    raw = json.loads(line)
    return Phrase(
        raw["said"], datetime.fromisoformat(raw["now"]), raw["ask_back"],
        [_local(one) for one in raw["dates"] or []], raw["topic"] or "",
    )  # fmt: skip


def _local(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _told(phrase: Phrase, found: tuple[list[datetime], str] | None) -> str:
    shown = "asked back" if found is None else [f"{one.astimezone(ZONE):%m-%d %H:%M}" for one in found[0]]
    wanted = (
        "asked back" if phrase.ask_back else [f"{one.astimezone(ZONE):%m-%d %H:%M}" for one in phrase.dates]
    )
    return f"wrong: {phrase.said} ({phrase.now:%m-%d %H:%M}): {shown}, expected {wanted}"
