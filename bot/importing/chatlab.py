"""ChatLab's exchange format, version 0.0.x: one JSON object, or JSON lines with a `_type` each.

Names change: a message tells the names at its time, `members` those of the day of the export, with the
aliases that the exporting person gave.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from itertools import chain
from typing import Any

from bot.importing.entries import BadLog, Entry, Header, Nameless, Notice, Profile, Record, clean, clean_name
from bot.importing.json_stream import JsonText
from bot.importing.kinds import Kind, caption
from bot.importing.source import numbered
from bot.importing.times import unix_moment

_TYPES: dict[int, Kind] = {
    0: "text", 1: "image", 2: "voice", 3: "video", 4: "file", 5: "sticker", 7: "link", 8: "location",
    20: "red_envelope", 21: "transfer", 22: "notice", 23: "unknown", 24: "link", 25: "text",
    26: "chat_history", 27: "contact", 80: "notice", 81: "notice", 99: "unknown",
}  # fmt: skip
_BEGIN = re.compile(r"\s*(?:#[^\n]*\n\s*)*\{")
_JSON_LINES = re.compile(r"\s*(?:#[^\n]*\n\s*)*\{[^\n]*\"_type\"\s*:")
_PLATFORM = re.compile(r"[^a-z0-9_-]+")


def looks_like(head: list[str]) -> bool:
    """Whether a text that begins with these lines is JSON; a wrong one is told apart when it is read."""
    return _BEGIN.match("\n".join(head)) is not None


def read(blocks: Iterable[str], zone: tzinfo) -> Iterator[Entry]:
    """The messages of a log, and who is in it. Raises BadLog."""
    blocks = iter(blocks)
    first = next(blocks, "")
    whole = chain([first], blocks)
    return _read_lines(whole) if _JSON_LINES.match(first) else _read_object(JsonText(whole))


def _read_object(text: JsonText) -> Iterator[Entry]:
    found: set[str] = set()
    for key in text.members():
        found.add(key)
        line = text.line
        if key == "chatlab":
            _check_version(text.value(), line)
        elif key == "meta":
            yield _header(text.value(), line)
        elif key == "members":
            yield from (_profile(value, at) for at, value in text.items())
        elif key == "messages":
            yield from (_message(value, at) for at, value in text.items())
        else:
            text.value()
    if text.next():
        raise BadLog("import.bad_json", line=text.line)
    for needed in ("chatlab", "messages"):
        if needed not in found:
            raise BadLog("import.no_part", line=text.line, field=needed)


def _read_lines(blocks: Iterable[str]) -> Iterator[Entry]:
    begun = False
    for number, line in numbered(blocks):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        value = _object(_decoded(stripped, number), number)
        kind = value.get("_type")
        if not begun and kind != "header":
            raise BadLog("import.no_part", line=number, field="header")
        begun = True
        if kind == "header":
            _check_version(value.get("chatlab"), number)
            yield _header(value.get("meta", {}), number)
        elif kind == "member":
            yield _profile(value, number)
        elif kind == "message":
            yield _message(value, number)


def _decoded(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLog("import.bad_json", line=number) from error


def _check_version(header: Any, line: int) -> None:
    version = _text(_object(header, line), "version", line)
    if not version.startswith("0."):
        raise BadLog("import.version", line=line, value=version[:40])


def _header(meta: Any, line: int) -> Header:
    meta = _object(meta, line)
    if meta.get("type") == "private":
        raise BadLog("import.private_chat", line=line)
    platform = _PLATFORM.sub("-", _text(meta, "platform", line).casefold())[:30].strip("-")
    return Header(platform or "other", clean_name(_text(meta, "name", line)))


def _profile(value: Any, line: int) -> Profile:
    value = _object(value, line)
    aliases = value.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise BadLog("import.bad_field", line=line, field="aliases")
    return Profile(
        clean_name(_id(value, "platformId", line)),
        clean_name(_text(value, "accountName", line)),
        clean_name(_text(value, "groupNickname", line)),
        tuple(clean_name(alias) for alias in aliases[:20]),
    )


def _message(value: Any, line: int) -> Record | Notice | Nameless:
    value = _object(value, line)
    at, content = _at(value, line), _text(value, "content", line)
    kind = _TYPES.get(_number(value, "type", line), "unknown")
    if kind == "notice":
        return Notice(line, at, clean(content))
    sender = clean_name(_id(value, "sender", line))
    name = clean_name(_text(value, "accountName", line))
    if not sender and not name:
        return Nameless(line)
    return Record(
        line, at, sender or name, name, clean(content if kind == "text" else caption(kind, content)), kind,
        alias=clean_name(_text(value, "groupNickname", line)), named_only=not sender,
        puppet_id=_id(value, "platformMessageId", line)[:200],
        reply_to=_id(value, "replyToMessageId", line)[:200],
    )  # fmt: skip


def _object(value: Any, line: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadLog("import.bad_json", line=line)
    return value


def _text(value: dict[str, Any], field: str, line: int) -> str:
    found = value.get(field)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise BadLog("import.bad_field", line=line, field=field)
    return found


def _id(value: dict[str, Any], field: str, line: int) -> str:
    """An id, which some exporters write as a number."""
    found = value.get(field)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found) if abs(found) < 10**30 else ""
    return _text(value, field, line)


def _number(value: dict[str, Any], field: str, line: int) -> int:
    found = value.get(field)
    if isinstance(found, bool) or not isinstance(found, int):
        raise BadLog("import.bad_field", line=line, field=field)
    return found


def _at(value: dict[str, Any], line: int) -> datetime:
    found = value.get("timestamp")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BadLog("import.bad_field", line=line, field="timestamp")
    try:
        return unix_moment(float(found)) if math.isfinite(found) else unix_moment(-1)
    except (ValueError, OverflowError) as error:
        raise BadLog("import.bad_time", line=line, value=str(found)[:40]) from error
