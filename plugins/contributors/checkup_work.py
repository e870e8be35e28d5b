"""The reading behind 群体检: off the writer; leaves the picture and its words in files, hands back texts."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import Texts
from bot.report.highlights import with_highlights
from bot.report.picture import NotDrawn, as_png
from bot.report.study import Study, study
from bot.report.wording import as_short_text, as_text
from bot.storage.history import History

PREFIX = "checkup-"
A_WEEK = timedelta(days=6, hours=12)
"""Before so much of a group is known, nobody is told anything unasked."""


def new_file(media: Path) -> Path:
    """Where a picture will stand; nobody can guess its name, and it goes when the other media go."""
    return media / f"{PREFIX}{secrets.token_hex(16)}.png"


def delete_files(media: Path) -> None:
    """Delete all reports: they may name somebody who is to be forgotten."""
    for file in media.glob(f"{PREFIX}*"):
        file.unlink(missing_ok=True)


def words_beside(picture: Path) -> str:
    """The words that belong to a picture; "" if they are gone."""
    file = picture.with_suffix(".txt")
    return file.read_text(encoding="utf-8") if file.exists() else ""


def examine(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The report of a room: short and whole in words, and where its picture is ("": there is none)."""
    texts, room = Texts(), payload["room"]
    texts.load(history.session)
    found = study(history, room, ZoneInfo(payload["zone"]), payload["owners"])
    found = with_highlights(found, texts)
    is_empty = not found.report.figures.messages
    words = as_text(found.report, texts, room)
    file = (
        _draw(found, texts, room, Path(payload["file"]), words) if payload["picture"] and not is_empty else ""
    )
    began = found.report.began_at
    is_early = is_empty or began is None or began > history.now - A_WEEK
    return {
        "is_early": is_early,
        "text": words,
        "short": as_short_text(found.report, texts, room),
        "file": file,
    }


def _draw(found: Study, texts: Texts, room: int, file: Path, words: str) -> str:
    """Leave the picture with its words beside it; "" if it cannot be drawn."""
    try:
        picture = as_png(found, texts, room)
    except NotDrawn:
        return ""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(file, picture)
    _write(file.with_suffix(".txt"), words.encode())
    return str(file)


def _write(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
