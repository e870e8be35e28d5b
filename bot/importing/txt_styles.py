"""How plain-text logs begin a message. One file has one style, found by counting which one fits most lines.

A style is settled before anything is read, so that a line inside a message that happens to look like
another style's head stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.importing.times import WRITTEN

_NAME = r"\S(?:[^\n]{0,98}\S)?"
_SHORT_NAME = r"[^\s:：](?:[^\n:：]{0,62}[^\s:：])?"

DAY = re.compile(r"[\s—–\-=*]{2,}(\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)[\s—–\-=*]*")
"""`—————  2024-05-04  —————`: WeChat's own mail export tells the day once and the hours beside the names."""


@dataclass(frozen=True, slots=True)
class Style:
    """`head` matches a whole line that begins a message and has groups `at`, `name` and perhaps `text`."""

    name: str
    head: re.Pattern[str]
    needs_day: bool = False


_AT = rf"[\[(【（]?(?P<at>{WRITTEN})[\])】）]?"
_IN_BRACKETS = rf"[\[(（](?P<at>{WRITTEN})[\])）]"
_AT_END = rf"[\[(（\s](?P<at>{WRITTEN})[\])）]?"
_HOUR = r"(?P<at>\d{1,2}:\d\d(?::\d\d)?)"

STYLES = (
    # [2024-01-02 10:00:00] 名字: 内容 / 2024-01-02 10:00 名字：内容
    Style("line", re.compile(rf"{_AT}\s*[-–]?\s*(?P<name>{_SHORT_NAME})\s?[:：]\s?(?P<text>.*)")),
    # 名字 (2024-01-02 10:00:00): 内容
    Style("line_name_first", re.compile(rf"(?P<name>{_NAME})\s?{_IN_BRACKETS}\s?[:：]\s?(?P<text>.*)")),
    # 2024-01-02 10:00:00 名字
    Style("block", re.compile(rf"{_AT}\s+(?P<name>{_NAME})\s*")),
    # 名字 2024-01-02 10:00:00 / 名字(wxid) 2024/1/2 下午3:04 / 名字 (2024-01-02 10:00)
    Style("block_name_first", re.compile(rf"(?P<name>{_NAME})\s*{_AT_END}\s*[:：]?\s*")),
    # 名字  10:00, under a line with the day
    Style("mail", re.compile(rf"(?P<name>{_NAME})\s+{_HOUR}\s*"), needs_day=True),
)


def style_of(lines: Sequence[str]) -> Style | None:
    """The style that most of the first lines' heads have; None if no line is a head."""
    scores = [(sum(style.head.fullmatch(line) is not None for line in lines), style) for style in STYLES]
    if not any(DAY.fullmatch(line) for line in lines):
        scores = [(score, style) for score, style in scores if not style.needs_day]
    best = max(scores, key=lambda one: one[0])  # among equals the first, which is the more demanding one
    return best[1] if best[0] else None
