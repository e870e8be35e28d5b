"""The demo's script: who says what and when, as `story.yaml` has it. What the bot says is never in it.

A line is `HH:MM who (direction)：words`. Directions, all optional:

    09:00 老周：早                      says it in the group; @name mentions, [图片] and the like are kinds
    09:00 老周 (quotes 三坑两涧)：…       quotes the latest message that holds these words
    09:00 老周 (private)：状态           says it to the bot in private
    09:00 老周 (befriends)：{pairing}    adds the bot as a friend with this greeting
    09:00 老周 (takes back)：            takes back what they said last in the group
    09:00 小满、阿峰 (join)：             come in; `(join unseen)`: the gateway does not report it
    09:00 阿峰 (leave)：                 goes
    09:00 (invites)：                    the bot is brought into the group
    09:00 (pair)：                       whoever runs the bot prints a pairing code
    09:00 (restart)：…                   the bot dies and is started again
    09:00 (note)：…                      a word to the audience

`{name}` is filled from what the bot really said, by the pattern of that name under `fill`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from bot.events import MessageKind

DIRECTIONS = frozenset(
    {
        "", "quotes", "private", "befriends", "takes back", "join", "join unseen", "leave", "leave unseen",
        "invites", "pair", "restart", "note",
    }
)  # fmt: skip
WITHOUT_PEOPLE = frozenset({"invites", "pair", "restart", "note"})
WITHIN_A_MINUTE = timedelta(seconds=14)
"""How far lines of the same minute lie apart."""

_LINE = re.compile(
    r"(?P<time>\d\d:\d\d) (?P<who>[^(：]*?) ?(?:\((?P<direction>[^)]*)\))?：(?P<words>.*)", re.DOTALL
)


class ScriptMistake(ValueError):
    """A script that cannot be played: for whoever writes it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that people do. `words` of a quote's direction are in `about`."""

    at: datetime
    who: tuple[str, ...]
    direction: str
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the story with its lines in the order of their times."""

    date: date
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A whole script. `people` maps the script's names to the network's, where these differ."""

    group: str
    owner: str
    members: tuple[str, ...]
    people: Mapping[str, str]
    kinds: Mapping[str, MessageKind]
    fill: Mapping[str, re.Pattern[str]]
    days: tuple[Day, ...]
    zone: ZoneInfo
    live: bool = False
    """Whether the bot speaks in the group from the start, its owner paired, or is invited in the story."""

    @property
    def begins_at(self) -> datetime:
        """Shortly before the first line."""
        return self.days[0].lines[0].at - timedelta(minutes=5)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of every day."""
        return tuple(line for day in self.days for line in day.lines)

    def names(self) -> tuple[str, ...]:
        """Everybody who appears, in the order of their appearance."""
        seen = dict.fromkeys(self.members)
        seen.update(dict.fromkeys(one for line in self.lines for one in line.who))
        return tuple(seen)


def read_story(path: Path) -> Story:
    """Read a script; raises ScriptMistake with the line that cannot be played."""
    raw: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    zone = ZoneInfo(raw.get("zone", "Asia/Shanghai"))
    start: date = raw["starts"]
    return Story(
        group=raw["group"],
        owner=raw["owner"],
        members=tuple(raw["members"]),
        people=raw.get("people") or {},
        kinds=raw.get("kinds") or {},
        fill={name: re.compile(pattern) for name, pattern in (raw.get("fill") or {}).items()},
        days=tuple(_day(start, one, zone) for one in raw["days"]),
        zone=zone,
        live=raw.get("live", False),
    )


def _day(start: date, raw: dict[str, Any], zone: ZoneInfo) -> Day:
    """The day's scenes as one row of lines: each scene keeps its order, the scenes find theirs by time."""
    day = start + timedelta(days=int(raw["day"]) - 1)
    scenes = [[read_line(one, day, zone) for one in scene["lines"]] for scene in raw["scenes"]]
    for scene in scenes:
        for before, after in pairwise(scene):
            if after.at < before.at:
                raise ScriptMistake(f"day {raw['day']}, {after.at:%H:%M} {after.words}: goes back in time")
    lines = sorted((line for scene in scenes for line in scene), key=lambda line: line.at)
    return Day(day, raw.get("title", ""), _apart(lines))


def read_line(text: str, day: date, zone: ZoneInfo) -> Line:
    """One line of the script."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise ScriptMistake(f"not a line: {text}")
    direction, _, about = (match["direction"] or "").partition(" ")
    if match["direction"] in DIRECTIONS:
        direction, about = match["direction"] or "", ""
    who = tuple(filter(None, re.split("[、 ]+", match["who"])))
    if direction not in DIRECTIONS or bool(who) == (direction in WITHOUT_PEOPLE):
        raise ScriptMistake(f"who does what? {text}")
    at = datetime.combine(day, time.fromisoformat(match["time"]), zone)
    return Line(at, who, direction, about, match["words"])


def _apart(lines: list[Line]) -> tuple[Line, ...]:
    """Lines of the same minute one after the other."""
    placed: list[Line] = []
    for line in lines:
        at = line.at
        if placed and at <= placed[-1].at:
            at = placed[-1].at + WITHIN_A_MINUTE
        placed.append(Line(at, line.who, line.direction, line.about, line.words))
    return tuple(placed)
