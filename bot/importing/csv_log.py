"""Tables as WeChat exporters write them: a head line, then a row a message; a cell may have many lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from bot.importing.csv_columns import Columns, columns_of
from bot.importing.entries import BadLog, Entry, Header, Nameless, Notice, Record, clean, clean_name
from bot.importing.kinds import Kind, by_mark, by_number, by_word, caption
from bot.importing.notices import SYSTEM_SENDERS, is_system
from bot.importing.quoted import take_quote
from bot.importing.source import LONGEST_LINE, numbered
from bot.importing.times import moment

PLATFORM = "wechat"

_SEPARATORS = ",\t;"
_UNKNOWN_SENDERS = frozenset({"", "未知", "unknown", "null", "none"})
_SELF = "我"


def looks_like(head: list[str]) -> bool:
    """Whether a text that begins with these lines is such a table."""
    first = next((line for line in head if line.strip() and not line.startswith("sep=")), "")
    return _separator(first) is not None


def read(blocks: Iterable[str], zone: tzinfo) -> Iterator[Entry]:
    """The messages of a table. Raises BadLog."""
    yield Header(PLATFORM)
    lines = (f"{line}\n" for _, line in numbered(blocks))
    skipped = 0
    for first in lines:
        skipped += 1
        if first.strip() and not first.startswith("sep="):
            break
    else:
        return
    separator = _separator(first)
    columns = None if separator is None else columns_of(_cells(first, separator))
    if separator is None or columns is None:
        raise BadLog("import.no_columns", line=skipped, value=first.strip()[:60])
    for line, row in _rows(lines, separator, skipped):
        yield _entry(row, columns, line, zone)


def _separator(first: str) -> str | None:
    return next((one for one in _SEPARATORS if columns_of(_cells(first, one)) is not None), None)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _rows(lines: Iterable[str], separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line on which it begins."""
    csv.field_size_limit(LONGEST_LINE)  # the module's own limit is shorter than what people paste
    rows = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = before + rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise BadLog("import.bad_row", line=line) from error
        if row is None:
            return
        if any(row):
            yield line, row


def _entry(row: Sequence[str], columns: Columns, line: int, zone: tzinfo) -> Entry:
    at = _at(columns.cell(row, "at"), line, zone)
    room = clean_name(columns.cell(row, "room"))
    text = columns.cell(row, "text")
    kind = _kind(columns.cell(row, "type"), columns.cell(row, "sub_type"))
    sender, name, alias = _person(row, columns)
    if kind == "notice" or sender.casefold() in SYSTEM_SENDERS or name.casefold() in SYSTEM_SENDERS:
        return Notice(line, at, clean(text), room)
    if sender.casefold() in _UNKNOWN_SENDERS and name.casefold() in _UNKNOWN_SENDERS:
        return Notice(line, at, clean(text), room) if is_system(text) else Nameless(line, room)
    quoted = take_quote(text) if kind == "text" else None
    said = quoted.text if quoted else caption(kind, text)
    if kind == "text" and "type" not in columns.places:
        kind, said = by_mark(said)
    known = sender.casefold() not in _UNKNOWN_SENDERS and sender != _SELF
    return Record(
        line, at, sender if known else name or sender, name or sender, clean(said), kind,
        alias=alias if alias != name else "", named_only=not known,
        puppet_id=_message_id(columns.cell(row, "puppet_id")),
        reply_to=columns.cell(row, "reply_to")[:200],
        quote_name=clean_name(quoted.name) if quoted else "",
        quote_text=clean(quoted.original) if quoted else "",
        room=room, joined=max(text.count("\n"), 0),
    )  # fmt: skip


def _person(row: Sequence[str], columns: Columns) -> tuple[str, str, str]:
    """The sender's id, name and name in the room, each "" where the table does not tell."""
    sender = clean_name(columns.cell(row, "sender"))
    name = clean_name(columns.cell(row, "name"))
    alias = clean_name(columns.cell(row, "alias"))
    if not sender and not name and columns.cell(row, "is_self") in ("1", "True", "true", "是"):
        return "", _SELF, ""
    return sender, name or alias, alias


def _kind(word: str, sub: str) -> Kind:
    if not word:
        return "text"
    if word.isdecimal():
        return by_number(int(word[:18]), int(sub[:9]) if sub.isdecimal() else 0)
    return by_word(word)


def _message_id(cell: str) -> str:
    """A message's id; 0 and the like are what exporters write where they know none."""
    return "" if cell.strip("0") == "" or cell.casefold() in _UNKNOWN_SENDERS else cell[:200]


def _at(cell: str, line: int, zone: tzinfo) -> datetime:
    try:
        return moment(cell, zone)
    except (ValueError, OverflowError) as error:
        raise BadLog("import.bad_time", line=line, value=cell[:40]) from error
