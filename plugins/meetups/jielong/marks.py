"""The numbers in front of the lines of a 接龙, in all the ways in which people write them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.words import number_said

_KEYCAPS = "(?:[0-9]\ufe0f?\u20e3)+|\U0001f51f"
_ROUND = "[①-⑳㉑-㉟㊱-㊿❶-❿➀-➉➊-➓⓫-⓴⓵-⓾⑴-⒇⒈-⒛]"
_IN_BRACKETS = r"[(（\[【]\s*(?:\d{1,3})\s*[)）\]】]"
_DOTTED = r"\d{1,3}\s*(?:[.．。、､)）]|[,，:：](?!\d))(?!\d)"
_CHINESE = "[一二三四五六七八九十]{1,3}[、.．]"
_STRONG = re.compile(f"(?:{_KEYCAPS}|{_ROUND}|{_IN_BRACKETS}|{_DOTTED}|{_CHINESE})\\s*[.．、:：]?\\s*")
_UNIT = r"[月日号點点年时分人个位周天楼元块斤箱份盒岁期届级%％:：/-]"
_WEAK = re.compile(rf"\d{{1,3}}(?:\s+(?!\s*{_UNIT})|(?!{_UNIT})(?=[^\W\d_])|\s*[-–—]\s*(?=[^\W\d_])|\s*$)")
_INLINE = re.compile(
    f"(?:{_KEYCAPS}|{_ROUND})\\s*[.．、]?\\s*|(?<=\\s)(?:{_IN_BRACKETS}|{_DOTTED})\\s*|(?<=[^\\W\\d_])\\d{{1,2}}[.．、](?!\\d)\\s*"
)
_INLINE_WEAK = re.compile(rf"(?<=\s)\d{{1,3}}(?:\s+|(?!{_UNIT}))(?!{_UNIT})(?=[^\W\d_])")
_BULLET = re.compile(r"^\s*(?:[-•·*➤▪️]\s+(?=\S))?\s*")
AHEAD = 4
"""So far may a number without a dot run ahead of its line: some people skip one."""


def numbered(line: str, last: int) -> list[tuple[int, str]]:
    """The numbers of a line with what follows each; empty if it has none. `last` is the number before."""
    line = _BULLET.sub("", line)
    mark, is_weak = _STRONG.match(line), False
    if mark is None:
        mark, is_weak = _WEAK.match(line), True
        if mark is None or not last <= _value(mark[0]) <= last + AHEAD:
            return []
    return list(_split(_value(mark[0]), line[mark.end() :], is_weak))


def heading_end(line: str) -> int:
    """Where the list begins that somebody wrote behind its heading, on the same line; its end if nowhere."""
    mark = _next(1, line, False)
    return mark.start() if mark else len(line)


def _split(number: int, rest: str, is_weak: bool) -> Iterator[tuple[int, str]]:
    """Several people on one line: `1.甲 2.乙 3.丙`."""
    while (mark := _next(number + 1, rest, is_weak)) is not None:
        yield number, rest[: mark.start()].strip()
        number, rest = number + 1, rest[mark.end() :]
    yield number, rest.strip()


def holds_number(words: str) -> bool:
    """Whether words could be taken for several lines, once they stand behind a number."""
    return _INLINE.search(f" {words}") is not None


def _next(number: int, rest: str, is_weak: bool) -> re.Match[str] | None:
    """The next number on the same line; within 「」 there is none."""
    marks = (_INLINE_WEAK if is_weak else _INLINE).finditer(rest)
    return next((mark for mark in marks if _value(mark[0]) == number and not _is_quoted(rest, mark)), None)


def _is_quoted(rest: str, mark: re.Match[str]) -> bool:
    before = rest[: mark.start()]
    return before.count("「") > before.count("」")


def _value(mark: str) -> int:
    """The number that a mark stands for."""
    if "\U0001f51f" in mark:
        return 10
    round_ones = [letter for letter in mark if re.match(_ROUND, letter)]
    if round_ones:
        return int(unicodedata.numeric(round_ones[0]))
    digits = "".join(str(unicodedata.digit(letter)) for letter in mark if letter.isdecimal())
    if digits:
        return int(digits)
    return int(number_said(re.sub(r"[、.．\s:：]", "", mark)) or 0)
