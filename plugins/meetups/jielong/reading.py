"""A 接龙 as people really post it, read line by line. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from bot.words import visible
from plugins.meetups.jielong.entries import MOST_QUOTES, Entry, entries_in, entry_in
from plugins.meetups.jielong.marks import heading_end, numbered

HEADER = "#接龙"
LONGEST = 6000
MOST_LINES = 300
LONGEST_TITLE = 80
_HEADER = re.compile(r"[#＃]\s*(?:群|微信)?接龙[#＃]?\s*[:：,，]?\s*")
_EXAMPLE = re.compile(
    r"\s*[(（【]?\s*(?:例(?:如|子|：|:|\s|】|\)|）|$)|示例|范例|样例|格式|模板|(?:e\.?g\b|ex)[.:：\s])", re.I
)
_REMARK = re.compile(
    r"截止|截至|时间|地点|地址|名额|请|谢谢|感谢|注意|备注|人均|费用|集合|已满|以上|大家|接龙|报名|活动|欢迎|最多|限\d|满\d"
    r"|说明|复制|往下|继续|[。！!？?]$|[：:]|http|^[-—=*_~.…\s]*$|^[(（]?共"
)
CALLED = re.compile(r"接龙|报名|报个名|报一下|签到表|名单|(?:参加|参与|[来去])的(?:请|都|往|在|写|留|人)?")
"""A heading that calls for names."""
LONGEST_LOOSE = 14
"""Characters of a line without a number that may be a name with a note."""


@dataclass(frozen=True, slots=True)
class Jielong:
    """A list as it was posted: entries in order, everybody once; those who wrote that they leave as well."""

    title: str
    entries: tuple[Entry, ...]
    is_headed: bool = False
    example: str = ""
    details: tuple[str, ...] = ()

    @property
    def coming(self) -> tuple[Entry, ...]:
        """Those who come."""
        return tuple(one for one in self.entries if one.is_coming)


@dataclass(slots=True)
class _Page:
    """What has been read so far."""

    known: Collection[str]
    heading: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    example: str = ""
    last: int = 0
    numbers: int = 0


def read(text: str, known: Collection[str] = ()) -> Jielong | None:
    """The list that a message is; None if it is none. `known` are names that may hold anything.

    Numbered lines without a heading are read too: whether they are somebody's list of ours or the steps of
    a recipe, `concerns` decides.
    """
    lines = [line.strip() for line in visible(text[:LONGEST]).splitlines()][:MOST_LINES]
    start = next((place for place, line in enumerate(lines) if _HEADER.search(line)), None)
    page = _Page(known)
    if start is not None:
        heading = _HEADER.split(lines[start], maxsplit=1)[1]
        end = heading_end(heading)
        lines = [heading[:end].strip(), heading[end:], *lines[start + 1 :]]
    for line in lines:
        if line:
            _take(page, line)
    if not page.numbers and (start is not None or _is_called(page)):
        _take_unnumbered(page)
    if start is None and not page.entries and not page.numbers:
        return None
    title = _title(page.heading[0]) if page.heading else ""
    details = (*page.heading[1:], *page.loose)
    return Jielong(title, _once(page.entries), start is not None, page.example, details)


def _take(page: _Page, line: str) -> None:
    """One line: a number with somebody, the example, the heading, or somebody who wrote below."""
    found = numbered(line, page.last)
    if found and not page.numbers and not page.heading and _is_heading(found, line):
        found = []
    for number, body in found:
        page.numbers += 1
        page.last = number
        if _EXAMPLE.match(body):
            page.example = page.example or body
        else:
            page.entries += entries_in(body, page.known, number)
    if found:
        return
    if _EXAMPLE.match(line):
        page.example = page.example or line
    elif not page.numbers:
        page.heading.append(line)
    elif line[0] in "(（" and page.entries and not page.loose:
        page.entries[-1] = _with_note(page.entries[-1], line)
    elif _is_somebody(line, page.known):
        page.entries += entries_in(line, page.known)
    else:
        page.loose.append(line)


def _is_heading(found: list[tuple[int, str]], line: str) -> bool:
    """A first line that begins with a number and is no first entry: `12.20 聚会`."""
    return len(found) == 1 and found[0][0] > 1 and "接龙" in line


def _is_somebody(line: str, known: Collection[str]) -> bool:
    """Whether a line without a number is a name, perhaps with a note."""
    if any(name and line.startswith(name) for name in known):
        return True
    entry = entry_in(line)
    return len(line) <= LONGEST_LOOSE and 0 < len(entry.name) <= 8 and _REMARK.search(line) is None


def _is_called(page: _Page) -> bool:
    """A heading without 接龙 that calls for names, and nothing but names under it."""
    first, *rest = page.heading or [""]
    return (
        CALLED.search(first) is not None and bool(rest) and all(_is_somebody(one, page.known) for one in rest)
    )


def _take_unnumbered(page: _Page) -> None:
    """A list whose people did without numbers: short lines under the title."""
    title, rest = page.heading[:1], page.heading[1:]
    somebody = [line for line in rest if _is_somebody(line, page.known)]
    page.heading = [*title, *(line for line in rest if line not in somebody)]
    for line in somebody:
        page.entries += entries_in(line, page.known)


def _with_note(entry: Entry, words: str) -> Entry:
    """A remark that slipped to the next line."""
    more = entry_in(f"{entry.name} {words}", (entry.name,))
    note = " ".join(part for part in (entry.note, more.note) if part)
    return replace(
        entry, note=note, count=max(entry.count, more.count), is_coming=entry.is_coming and more.is_coming
    )


def _once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Everybody once, at their first place, with what they wrote last unless that is only the name."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        before = kept.get(entry.key)
        if before is None:
            kept[entry.key] = entry
        elif not entry.is_bare:
            kept[entry.key] = replace(entry, number=before.number)
    return tuple(kept.values())


def _title(line: str) -> str:
    """The heading; one that could not stand there without 「」 loses them."""
    title = line.strip().rstrip(":：").rstrip()
    inner = title[1:-1]
    is_quoted = title[:1] + title[-1:] == "「」" and 0 < len(inner) <= LONGEST_TITLE
    if not is_quoted or title.startswith("「" * (MOST_QUOTES + 1)):
        return title
    return title if reads_as_title(inner) else inner


def reads_as_title(title: str) -> bool:
    """Whether a heading is read as this heading and nothing else."""
    found = read(f"{HEADER}\n{title}\n\n1. A")
    return found is not None and found.title == title and len(found.entries) == 1 and not found.details
