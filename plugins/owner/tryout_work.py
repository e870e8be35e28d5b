"""The reading behind 试运行: runs off the writer, puts the whole page into a file, hands back the numbers."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import select

from bot.config import config_of
from bot.host import find_plugins
from bot.messages import Texts
from bot.replay.chosen import chosen_in
from bot.replay.findings import Past, past_of, would_say
from bot.replay.past import last_stretch, rehearse
from bot.replay.report import Report, Sayer, page
from bot.replay.summary import Summary, summary_of
from bot.replay.wording import Wording
from bot.storage.history import History
from bot.storage.tables import Room, TextOverride

WEEKS = 8
MESSAGES = 20_000
"""As much of a past is gone through: its end tells best what is to be expected."""
PREFIX = "tryout-"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the span that was looked at, the numbers, and the file that holds the whole page.

    `is_cut`: there is an earlier past that was not looked at.
    """

    past: Past
    since: datetime
    until: datetime
    is_cut: bool
    summary: Summary
    file: str


FOUND = TypeAdapter(Found)


def new_file(media: Path) -> Path:
    """Where a page will stand; nobody can guess its name, and it goes with the other media when it is old."""
    return media / f"{PREFIX}{secrets.token_hex(16)}.txt"


def delete_files(media: Path) -> None:
    """Delete all pages: they may name somebody who is to be forgotten."""
    for file in media.glob(f"{PREFIX}*"):
        file.unlink(missing_ok=True)


def look_at_watched(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Read what was withheld in a group since the watching began."""
    session, room, zone, now = history.session, payload["room"], ZoneInfo(payload["zone"]), history.now
    since = session.get_one(Room, room).status_at
    entries = would_say(session, room, since, now)
    past = past_of(session, room, since)
    wording = Wording(**payload["wording"])
    report = Report(since, now, past, entries, wording, zone, now, watched=True)
    _write(Path(payload["file"]), report, Texts())
    found = Found(past, since, now, False, summary_of(entries, since, now, zone), payload["file"])
    return _as_json(found)


def go_through_past(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Lead another bot, silent and with this room's settings and wordings, through the imported past."""
    session, room, file = history.session, payload["room"], Path(payload["file"])
    name = session.get_one(Room, room).name
    stretch = last_stretch(history, room, name, timedelta(weeks=WEEKS), MESSAGES)
    assert stretch is not None
    plugins = find_plugins()[0]
    stretch = replace(stretch, chosen=chosen_in(session, plugins, room))
    config, texts = config_of(payload["config"], plugins), Texts()
    done = rehearse(stretch, file.parents[1], config, plugins, _own_texts(history, room))
    since, until, zone = stretch.messages[0].at, stretch.messages[-1].at, config.bot.zone
    remarks = [stretch.remark(Sayer(texts))]
    report = Report(since, until, done.past, done.entries, done.wording, zone, done.now, remarks=remarks)
    _write(file, report, texts)
    summary = summary_of(done.entries, since, until, zone)
    return _as_json(Found(done.past, since, until, stretch.is_cut, summary, str(file)))


def _own_texts(history: History, room: int) -> list[TextOverride]:
    """The owner's wordings for this room, as wordings for all rooms."""
    query = select(TextOverride).where(TextOverride.room_id.in_((0, room))).order_by(TextOverride.room_id)
    own = {(row.plugin, row.name): row for row in history.session.scalars(query)}
    return [
        TextOverride(room_id=0, plugin=plugin, name=name, text=row.text, changed_at=row.changed_at)
        for (plugin, name), row in own.items()
    ]


def _write(file: Path, report: Report, texts: Texts) -> None:
    """The page, if there is anything on it. Phones tell by the mark at its head that it is UTF-8."""
    if not report.entries:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig") as opened:
        opened.write(page(report, texts))


def _as_json(found: Found) -> dict[str, Any]:
    told: dict[str, Any] = FOUND.dump_python(found, mode="json")
    return told
