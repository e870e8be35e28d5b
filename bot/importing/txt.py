"""Plain text as people save it: a head with time and name, then what was said, on the same line or below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain, islice

from bot.importing.body import Body
from bot.importing.entries import BadLog, Entry, Header, Nameless, Notice, Record, clean, clean_name
from bot.importing.kinds import by_mark
from bot.importing.notices import SYSTEM_SENDERS, is_system
from bot.importing.quoted import take_quote
from bot.importing.source import numbered
from bot.importing.times import moment
from bot.importing.txt_styles import DAY, Style, style_of

LOOKED_AT = 400
LONGEST_HEAD = 250
PLATFORM = "wechat"

# QQ and chatlog write the id behind the name. Only what cannot be part of a nickname is taken for one.
_WITH_ID = re.compile(
    r"(.*?)\s?(?:[(（](\d{5,12}|wxid_\w{4,40}|gh_\w{4,40}|\w+@openim)[)）]|<([^<>@\s]+@[^<>\s]+)>)"
)
_TITLE = re.compile(r"^(?:【(?:管理员|群主|潜水|冒泡|吐槽|活跃|话唠|传说)】\s*)+")
_PREAMBLE = ("消息记录", "消息分组", "消息对象")
_RULE = "========"


@dataclass(slots=True)
class _Begun:
    line: int
    at: datetime
    who: str
    body: Body


def looks_like(head: list[str]) -> bool:
    """Whether a text that begins with these lines is such a log."""
    return style_of([line for line in head if len(line) <= LONGEST_HEAD]) is not None


def read(blocks: Iterable[str], zone: tzinfo) -> Iterator[Entry]:
    """The messages of a log. Raises BadLog."""
    yield Header(PLATFORM)
    lines = numbered(blocks)
    first = list(islice(lines, LOOKED_AT))
    style = style_of([line for _, line in first if len(line) <= LONGEST_HEAD])
    if style is None:
        if any(line.strip() for _, line in first):
            raise BadLog("import.no_head", line=first[0][0], value=first[0][1][:40])
        return
    yield from _read(chain(first, lines), style, zone)


def _read(lines: Iterable[tuple[int, str]], style: Style, zone: tzinfo) -> Iterator[Entry]:
    day = ""
    begun: _Begun | None = None
    for number, line in lines:
        short = len(line) <= LONGEST_HEAD
        if short and style.needs_day and (found_day := DAY.fullmatch(line)):
            day = found_day[1]
            continue
        found = style.head.fullmatch(line) if short or "text" in style.head.groupindex else None
        if found is None or (style.needs_day and not day):
            if begun is not None and not _is_ornament(line):
                begun.body.add(line)
            continue
        if begun is not None:
            yield _entry(begun)
        begun = _Begun(number, _at(f"{day} {found['at']}", number, zone), found["name"], Body())
        if "text" in style.head.groupindex:
            begun.body.add(found["text"])
    if begun is not None:
        yield _entry(begun)


def _is_ornament(line: str) -> bool:
    """Rules and headings that QQ's export draws."""
    return line.startswith((*_PREAMBLE, _RULE))


def _entry(begun: _Begun) -> Entry:
    text = begun.body.text().strip("\n")
    who = _TITLE.sub("", begun.who.strip())
    with_id = _WITH_ID.fullmatch(who)
    name = clean_name(with_id[1] if with_id else who)
    sender = clean_name((with_id[2] or with_id[3]) if with_id else "")
    if sender in SYSTEM_SENDERS or name.casefold() in SYSTEM_SENDERS:
        return Notice(begun.line, begun.at, text)
    if not text and is_system(who):
        return Notice(begun.line, begun.at, clean(who))
    if not name and not sender:
        return Nameless(begun.line)
    quoted = take_quote(text)
    kind, said = by_mark(quoted.text)
    return Record(
        begun.line, begun.at, sender or name, name or sender, clean(said), kind, named_only=not sender,
        quote_name=clean_name(quoted.name), quote_text=clean(quoted.original),
        joined=max(begun.body.lines - 1, 0),
    )  # fmt: skip


def _at(text: str, line: int, zone: tzinfo) -> datetime:
    try:
        return moment(text, zone)
    except (ValueError, OverflowError) as error:
        raise BadLog("import.bad_time", line=line, value=text.strip()[:40]) from error
