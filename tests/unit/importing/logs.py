"""Small logs for tests, and reading them as the import does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.importing import (
    BadLog,
    Entry,
    Format,
    Record,
    Report,
    examine,
    format_of,
    open_source,
    read_log,
    told,
)
from bot.messages import Texts

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXTS = Texts()

HEADER = {"chatlab": {"version": "0.0.2", "exportedAt": 1703001600},
          "meta": {"name": "茶友会", "platform": "wechat", "type": "group"}}  # fmt: skip


def entries(path: Path, log_format: Format | None = None) -> list[Entry]:
    """Everything in a log, its format told by itself if none is given."""
    source = open_source(path)
    return list(read_log(source, log_format or format_of(source), SHANGHAI))


def records(path: Path, log_format: Format | None = None) -> list[Record]:
    """The messages of a log."""
    return [entry for entry in entries(path, log_format) if isinstance(entry, Record)]


def written(folder: Path, text: str | bytes, name: str = "log.txt") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def chatlab(*messages: Mapping[str, object], members: object = (), **changed: object) -> str:
    """A ChatLab file with these messages; what a message lacks is usual."""
    usual = {"sender": "wxid_1", "accountName": "小林", "timestamp": 1703001600, "type": 0, "content": "好"}
    whole = {**HEADER, "members": list(members), "messages": [usual | dict(one) for one in messages]}  # type: ignore[call-overload]
    return json.dumps(whole | changed, ensure_ascii=False, indent=1)


def chatlab_lines(*messages: Mapping[str, object]) -> str:
    """The same as JSON lines."""
    usual = {"sender": "wxid_1", "accountName": "小林", "timestamp": 1703001600, "type": 0, "content": "好"}
    rows = [{"_type": "header", **HEADER}, *({"_type": "message", **usual, **one} for one in messages)]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"


def refused(do: Callable[[], object], key: str, line: int | None = None) -> str:
    """The one sentence with which a log is refused, checked for its key and its line."""
    with pytest.raises(BadLog) as caught:
        do()
    error = caught.value
    assert error.key == f"import.{key}"
    assert line is None or error.values.get("line") == line
    sentence = str(TEXTS.said(error))
    assert "\n" not in sentence
    assert "line" not in error.values or str(error.values["line"]) in sentence
    return sentence


def reported(path: Path, room: str = "茶友会") -> str:
    """The report of a dry run."""
    from datetime import timedelta

    log = examine(path, room, SHANGHAI)
    report = Report(path.name, log.log_format, log.source.encoding, room, log.survey)
    return "\n".join(told(report, TEXTS, SHANGHAI, timedelta(days=7)))
