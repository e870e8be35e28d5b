"""Times of day as people say them: 晚上八点半, 20:30, 早7点一刻, 8点到10点. Pure."""

from __future__ import annotations

import re
from datetime import time

from bot.analysis.chinese_dates.tokens import NUMBER, UPTO, Ask, Clock, Found, PartOfDay, number

PART = (
    r"(?:凌晨|清晨|大清早|清早|一大早|一早|早晨|早上|早间|上午|中午|正午|午间|午后|下午|傍晚|黄昏"
    r"|晚上|晚间|夜里|夜间|夜晚|半夜|深夜|午夜)"
)
PARTS = {
    "dawn": ("凌晨",),
    "morning": ("清晨", "大清早", "清早", "一大早", "一早", "早晨", "早上", "早间", "早", "晨"),
    "forenoon": ("上午",),
    "noon": ("中午", "正午", "午间"),
    "afternoon": ("午后", "下午"),
    "dusk": ("傍晚", "黄昏"),
    "night": ("晚上", "晚间", "夜里", "夜间", "夜晚", "半夜", "深夜", "午夜", "晚", "夜"),
}
PART_OF = {word: part for part, words in PARTS.items() for word in words}

_CLOCK = re.compile(
    rf"(?:(?P<part>{PART}|[早晚夜晨])\s*的?\s*)?(?:"
    r"(?P<h1>\d{1,2}):(?P<m1>\d{2})(?::\d{2})?(?!\d)\s*(?P<half1>[ap]m)?"
    rf"|(?P<h2>{NUMBER})\s*(?:点钟|点|时(?![间候段事光尚刻代差]))"
    rf"(?P<rest>\s*(?:半|整|钟|[一三13]刻|过?{NUMBER}分)|过?(?:\d{{2}}|零[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?)(?!\s*[、,号日月个周次期篇点分\d到至-]))?"
    r"|(?P<h3>\d{1,2})\s*(?P<half3>[ap]m)"
    r")(?P<vague>\s*(?:左右|前后|上下|多|来钟|出头|差不多))?"
)
_NOON_OR_MIDNIGHT = re.compile(r"正午|(?P<zero>零点|凌晨零点)|(?P<night>午夜|子夜)")
_RANGE = re.compile(UPTO)
_PART_ONLY = re.compile(rf"{PART}|[早晚](?=[\s,、]|$)")
_RANGES = {  # hours as said: those that stay, those that are twelve more
    "dawn": (range(7), ()),
    "morning": (range(4, 12), ()),
    "forenoon": (range(5, 13), ()),
    "noon": (range(11, 15), range(1, 4)),
    "afternoon": (range(12, 20), range(1, 9)),
    "dusk": (range(16, 21), range(4, 9)),
    "night": (range(17, 24), range(5, 12)),
}


def read_clock(said: str, at: int) -> Found | None:
    """A time of day at this place; the end of a span (8点到10点) is read over."""
    match = _CLOCK.match(said, at)
    if match is None:
        only = _PART_ONLY.match(said, at)
        return Found(at, only.end(), PartOfDay(PART_OF[only[0]])) if only else None
    if match["vague"]:
        return Found(at, match.end(), Ask("vague_time", match[0].strip()))
    clock, end = _read(match), match.end()
    upto = _RANGE.match(said, end)
    last = _CLOCK.match(said, upto.end()) if upto else None
    if last is not None:
        end = last.end()
    return Found(at, end, clock)


def _read(match: re.Match[str]) -> Clock | Ask:
    hour = number(match["h1"] or match["h2"] or match["h3"])
    minute = int(match["m1"]) if match["m1"] else _minutes((match["rest"] or "").strip())
    if not 0 <= hour <= 24 or not 0 <= minute < 60 or (hour == 24 and minute):
        return Ask("no_such_time", match[0].strip())
    half = match["half1"] or match["half3"]
    part = PART_OF[match["part"]] if match["part"] else ""
    if half:
        if not 1 <= hour <= 12:
            return Ask("no_such_time", match[0].strip())
        hour = hour % 12 + (12 if half == "pm" else 0)
        return Clock("", hour, minute, True, match[0].strip())
    return Clock(part, hour, minute, match["h1"] is not None, match[0].strip())


def _minutes(rest: str) -> int:
    if not rest or rest in ("整", "钟"):
        return 0
    if rest == "半":
        return 30
    if rest.endswith("刻"):
        return 15 if rest[0] in "一1" else 45
    return number(rest.removeprefix("过").removesuffix("分"))


def is_midnight(clock: Clock, part: str = "") -> bool:
    """晚上十二点, 24:00: the midnight that ends the day."""
    return clock.hour == 24 or (
        (clock.part or part) == "night" and clock.hour in (0, 12) and not clock.minute
    )


def time_of(clock: Clock, part: str = "") -> time:
    """The time that is meant, in the part of the day said before if the clock has none.

    Raises Ask for what may be the morning or the evening, and for what cannot be.
    """
    part = clock.part or part
    hour = clock.hour
    if not part:
        if not clock.plain and 1 <= hour <= 12:
            raise Ask("which_half", clock.word)
        return time(hour, clock.minute)
    if part == "dawn" and hour == 12:
        return time(0, clock.minute)
    if part == "night" and 1 <= hour <= 4:
        raise Ask("small_hours", clock.word)
    stays, more = _RANGES[part]
    if hour in more:
        return time(hour + 12, clock.minute)
    if hour not in stays:
        raise Ask("no_such_time", clock.word)
    return time(hour, clock.minute)
