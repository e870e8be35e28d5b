"""What owners mean by what they write: numbers, places, spans of silence, names of settings. All pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeVar

from rapidfuzz import fuzz

from bot.words import normalised, number_said, parse_clock, parse_duration

Item = TypeVar("Item")

RESTORE_WORDS = frozenset({"恢复", "默认", "还原", "恢复默认"})
ALL_WORDS = frozenset({"全部", "都", "所有", "全都", "全"})
MORE_WORDS = frozenset({"更多", "下一页", "继续", "后面"})
YES_WORDS = frozenset({"是", "是的", "对", "对的", "嗯", "好", "好的", "yes", "ok"})

LONGEST_HUSH = timedelta(days=30)
_NEAR_NAME = 75
_BETWEEN = re.compile(r"[\s,，、;；和跟]+")
_SOFT = frozenset(
    {"会", "会儿", "一会", "一会儿", "下", "一下", "点", "点儿", "一点", "一点儿", "些", "一些"}
)
_ORDINAL = re.compile(r"^第|(?:号|个|条|项|件)$")
_DAYS = {"今天": 0, "今晚": 0, "今夜": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2}
_DAY_PARTS = {"今晚": "晚上", "今夜": "晚上", "明早": "早上", "明晚": "晚上"}
_UNTIL = re.compile(r"^(?:到|至|直到)?(今天|今晚|今夜|明天|明早|明晚|后天)?(.*?)(?:为止|之前|前)?$")
_IN_NAMES = " \t　.·的:：/_-"
_TO_VALUE = re.compile(r"^[\s:：=＝,，]*(?:改成|改为|设为|设成|换成|调成|调到|变成|等于|是)?[\s:：=＝,，]*")


def whole_number(said: str) -> int | None:
    """The whole number in `3`, `３`, `三`, `第3条`; None if it is none."""
    number = number_said(_ORDINAL.sub("", _ORDINAL.sub("", normalised(said))))
    return int(number) if number is not None and number.is_integer() and 0 <= number < 100_000 else None


def numbers_in(said: str) -> list[int] | None:
    """The numbers in `1 3、5`, each once; None if something in it is none."""
    numbers = [whole_number(part) for part in _BETWEEN.split(normalised(said)) if part]
    found = [number for number in numbers if number is not None]
    return list(dict.fromkeys(found)) if found and len(found) == len(numbers) else None


def places_meant(said: str, names: Sequence[str]) -> list[int]:
    """Which of these names is meant: by its number from one, its whole name, a part of it, or nearly so.

    Several if it could be more than one of them.
    """
    wanted = _bare(said)
    known = [_bare(name) for name in names]
    exact = [index for index, name in enumerate(known) if name == wanted]
    number = whole_number(said)
    if not exact and number is not None and 1 <= number <= len(names):
        return [number - 1]
    within = [index for index, name in enumerate(known) if wanted and wanted in name]
    near = [index for index, name in enumerate(known) if fuzz.ratio(wanted, name) >= _NEAR_NAME]
    return exact or within or near


def hush_end(said: str, now: datetime, usual: timedelta) -> datetime | None:
    """Until when to be silent after `安静`, `2小时`, `3`, `到明早八点`; None if that cannot be told.

    `now` is local time. A number alone is hours.
    """
    text = normalised(said).replace(" ", "")
    if not text or text in _SOFT:
        return now + usual
    span = parse_duration(text)
    number = number_said(text)
    if span is None and number is not None:
        span = timedelta(hours=number) if number < 10_000 else None
    if span is not None:
        return now + span if timedelta() < span <= LONGEST_HUSH else None
    return _moment_meant(text, now)


def _moment_meant(text: str, now: datetime) -> datetime | None:
    """`到9点`, `明早八点半`, `到后天`: the next such moment."""
    found = _UNTIL.match(text)
    day, rest = (found[1] or "", found[2]) if found else ("", text)
    clock = parse_clock(_DAY_PARTS.get(day, "") + rest) if rest else ("00:00" if _DAYS.get(day) else None)
    if clock is None:
        return None
    hour, minute = map(int, clock.split(":"))
    moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(
        days=_DAYS.get(day, 0)
    )
    if not day and moment <= now:
        moment += timedelta(days=1)
    return moment if moment > now else None


def name_and_rest(said: str, names: Iterable[str]) -> tuple[str, str] | None:
    """The longest of the names with which the line begins, and the value after it; None if it names none.

    `等待时间改成90秒` and `迎新 等待时间 90秒` are read alike: what stands between words does not count.
    """
    found: tuple[str, str] | None = None
    for name in names:
        rest = _rest_after(_bare(name), said)
        if rest is not None and (found is None or len(rest) < len(found[1])):
            found = (name, rest)
    return None if found is None else (found[0], _TO_VALUE.sub("", found[1], count=1).strip())


def taken_in_turns(groups: Iterable[Sequence[Item]]) -> list[Item]:
    """The first of each group, then the second of each, and so on."""
    rounds = zip_longest(*([(one,) for one in group] for group in groups), fillvalue=())
    return [one for each in rounds for held in each for one in held]


def _rest_after(name: str, said: str) -> str | None:
    position = 0
    for letter in name:
        while position < len(said) and said[position] in _IN_NAMES:
            position += 1
        if position >= len(said) or normalised(said[position]) != letter:
            return None
        position += 1
    return said[position:] if name else None


def _bare(said: str) -> str:
    return "".join(letter for letter in normalised(said) if letter not in _IN_NAMES)
