"""Every sentence that the bot can say, on one page: by plugin, by the moment it is said, with its length.

The moment stands in the messages.yaml itself, as the heading (`# —— … ——`) above the texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

SCREEN_WIDTH, SCREEN_LINES = 17, 22
"""What is taken for a phone's screen: Chinese characters in a line of a bubble, lines in sight at once."""

GROUP_LINES = 10
"""Half a screen: more than this said in a group pushes away what people were saying."""

FILLING = "字"
PLACEHOLDER = 6
"""Characters that a placeholder stands for, as a rule: a name, a number, a day."""

_HEADING = re.compile(r"^#\s*——\s*(?P<moment>.+?)\s*——\s*$")
_KEY = re.compile(r"^(?P<key>[a-z][\w.]*):")
_NAMED = re.compile(r"\$(?:\w+|\{\w+\})")


def moments_in(path: Path) -> dict[str, str]:
    """For each key of a messages.yaml the heading that it stands under; "" before the first one."""
    found, moment = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.match(line):
            moment = heading["moment"]
        elif key := _KEY.match(line):
            found[key["key"]] = moment
    return found


def screen_lines(text: str) -> int:
    """How many lines of a phone a text takes, its placeholders filled with something short."""
    filled = _NAMED.sub(FILLING * PLACEHOLDER, text)
    return sum(max(1, -(-_width(line) // (2 * SCREEN_WIDTH))) for line in filled.split("\n"))


def _width(line: str) -> int:
    """In half characters: what is wide counts two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in line)


def by_moment(path: Path, keys: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The keys of a file under their headings, in its order."""
    moments = moments_in(path)
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(moments.get(key, ""), []).append(key)
    yield from groups.items()
