"""Room logs as `[YYYY-MM-DD HH:MM:SS] <nick> text`; a line without this head continues the one before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from bot.importing.body import Body
from bot.importing.entries import BadLog, Entry, Header, Nameless, Record, clean_name
from bot.importing.source import numbered
from bot.importing.times import plain_moment

HEAD = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] <([^>\n]*)> ?(.*)", re.DOTALL)
PLATFORM = "gitter"


def looks_like(head: list[str]) -> bool:
    """Whether a text that begins with these lines is such a log."""
    return any(HEAD.match(line) for line in head[:20])


def read(blocks: Iterable[str], zone: tzinfo) -> Iterator[Entry]:
    """The messages of a log. Raises BadLog."""
    yield Header(PLATFORM)
    begun: tuple[int, datetime, str, Body] | None = None
    for number, line in numbered(blocks):
        found = HEAD.match(line) if line.startswith("[") else None
        if found is not None:
            if begun is not None:
                yield _message(*begun)
            begun = (number, _at(found[1], zone, number), found[2], Body())
            begun[3].add(found[3])
        elif begun is not None:
            begun[3].add(line)
        elif line.strip():
            raise BadLog("import.no_head", line=number, value=line[:40])
    if begun is not None:
        yield _message(*begun)


def _at(stamp: str, zone: tzinfo, line: int) -> datetime:
    try:
        return plain_moment(stamp, zone)
    except ValueError as error:
        raise BadLog("import.bad_time", line=line, value=stamp) from error


def _message(line: int, at: datetime, nick: str, body: Body) -> Record | Nameless:
    name = clean_name(nick)
    if not name:
        return Nameless(line)
    return Record(line, at, name, name, body.text(), joined=body.lines - 1)
