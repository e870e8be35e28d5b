"""Moments as logs write them, in the clock of a zone where they name none."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

YEARS = range(1990, 2101)

_WITHIN_HOUR = {f"{s // 60:02d}:{s % 60:02d}": timedelta(seconds=s) for s in range(3600)}
_HALF = r"凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|AM|PM|am|pm"
WRITTEN = (
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s*(?:星期|周)[一二三四五六日天])?[ T,]*"
    rf"(?:(?:{_HALF})\s?)?\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}}(?:[.,]\d{{1,9}})?)?"
    r"(?:\s?(?:AM|PM|am|pm))?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?"
)
"""A pattern (without groups) for a moment with year, month, day, hour and minute."""

_PARTS = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?:\s*(?:星期|周)[一二三四五六日天])?[ T,]*"
    rf"(?:({_HALF})\s?)?(\d{{1,2}})[:：](\d{{2}})(?:[:：](\d{{2}})(?:[.,](\d{{1,9}}))?)?"
    r"(?:\s?(AM|PM|am|pm))?(?:\s?(Z|[+-]\d{2}:?\d{2}))?"
)
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "PM"})
_MILLISECONDS_FROM = 10**11
"""A larger number counts milliseconds: as seconds it would be after the year 5000."""


def plain_moment(text: str, zone: tzinfo) -> datetime:
    """The moment `YYYY-MM-DD HH:MM:SS`, fast: logs write millions of them. Raises ValueError."""
    within = _WITHIN_HOUR.get(text[14:])
    if within is None or text[13:14] != ":":
        raise ValueError(text)
    return _hour(text[:13], zone) + within


@lru_cache(maxsize=4096)
def _hour(text: str, zone: tzinfo) -> datetime:
    year, month, day, hour = text[:4], text[5:7], text[8:10], text[11:]
    if text[4] + text[7] + text[10] != "-- " or not f"{year}{month}{day}{hour}".isdecimal():
        raise ValueError(text)
    local = datetime(int(year), int(month), int(day), int(hour), tzinfo=zone)
    return _believable(local.astimezone(UTC))


def moment(text: str, zone: tzinfo) -> datetime:
    """A moment in any of the usual ways to write it, Unix seconds and milliseconds too. Raises ValueError."""
    text = text.strip()
    with suppress(ValueError):  # most are plain; the others are looked at closely
        return plain_moment(text, zone)
    if re.fullmatch(r"\d{9,14}(?:\.\d{1,9})?", text, re.ASCII):
        return unix_moment(float(text))
    found = _PARTS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, half, hour, minute, second, fraction, half_after, offset = found.groups()
    local = datetime(
        int(year), int(month), int(day), _of_day(int(hour), half or half_after), int(minute),
        int(second or 0), int((fraction or "0")[:6].ljust(6, "0")),
        tzinfo=_offset(offset) if offset else zone,
    )  # fmt: skip
    return _believable(local.astimezone(UTC))


def unix_moment(stamp: float) -> datetime:
    """The moment so many seconds (or milliseconds: see how large it is) after 1970. Raises ValueError."""
    seconds = stamp / 1000 if abs(stamp) >= _MILLISECONDS_FROM else stamp
    try:
        return _believable(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError(str(stamp)) from error


def _of_day(hour: int, half: str | None) -> int:
    half = half.upper() if half else ""
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    if half == "中午" and hour < 3:
        return hour + 12
    if half in ("凌晨", "AM") and hour == 12:
        return 0
    return hour


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))


def _believable(moment: datetime) -> datetime:
    """No chat is older than chatting, or comes from the next century."""
    if moment.year not in YEARS:
        raise ValueError(str(moment))
    return moment
