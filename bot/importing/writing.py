"""The second reading of a log: its messages become rows, each once, however often it is imported."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.importing.entries import Entry, Record
from bot.importing.keys import Occurrences, content_mark, id_mark, milliseconds, puppet_key
from bot.importing.overlap import Overlap
from bot.importing.people import People
from bot.importing.replies import Replies
from bot.importing.rooms import RoomChoice
from bot.importing.rows import Rows, next_id
from bot.importing.survey import Survey
from bot.storage.engine import plain_connection
from bot.storage.search import index_rows
from bot.storage.tables import Mention, Message

CHUNK = 20_000
CHUNK_CHARACTERS = 8_000_000
ORIGIN = "import"

# WeChat ends a mention with a blank of its own, so that names can hold spaces; exporters may lose it.
_MENTION = re.compile("[@＠]([^@＠\u2005\n]{1,64})\u2005|[@＠]([^\\s@＠\u2005]{1,40})")
_AROUND_NAMES = ".,:;!?，。：；！？、)）"
_KNOWN = """
SELECT message.puppet_id, message.id FROM json_each(?) AS wanted
CROSS JOIN message ON message.puppet_id = wanted.value
"""
_ANSWERS = "UPDATE message SET quote_id = ? WHERE id = ? AND quote_id IS NULL AND id != ?"


class Prepared(NamedTuple):
    """A message with what does not depend on the database."""

    record: Record
    at: int
    mark: str


def chunks(
    entries: Iterable[Entry], survey: Survey, room: str | None, size: int = CHUNK
) -> Iterator[list[Prepared]]:
    """The messages of a conversation (None: of all), a bounded number at a time."""
    occurrences = Occurrences(ordered=survey.ordered)
    chunk: list[Prepared] = []
    characters = 0
    for entry in entries:
        if not isinstance(entry, Record) or (room is not None and entry.room != room):
            continue
        at = milliseconds(entry)
        if entry.puppet_id:
            mark = id_mark(survey.platform, entry.puppet_id)
        else:
            mark = content_mark(entry, at, occurrences)
        chunk.append(Prepared(entry, at, mark))
        characters += len(entry.text)
        if len(chunk) >= size or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    occurrences.close()
    if chunk:
        yield chunk


class Writer:
    """Writes chunks into one room. What it holds between chunks may be lost: a new import finds its way."""

    def __init__(self, session: Session, survey: Survey, room: RoomChoice, now: datetime) -> None:
        raw = plain_connection(session)
        self.added = self.known = self.heard = self.forgotten = self.quotes = 0
        self._room = room.id
        self._people = People(session, survey, room.id, now, is_real_room=room.is_real)
        self._replies = Replies(room.id, survey.platform, self._people, has_quotes=survey.quotes > 0)
        self._overlap = Overlap(raw, room.id)
        self._messages = Rows(
            Message,
            ("id", "room_id", "member_id", "at", "kind", "text", "quote_name", "quote_text", "quote_id",
             "puppet_id", "origin"),
        )  # fmt: skip
        self._mentions = Rows(Mention, ("message_id", "member_id"))
        self._indexed: list[tuple[int, str]] = []
        self._answers: list[tuple[int, int, int]] = []

    @property
    def seen(self) -> int:
        """How many messages came by."""
        return self.added + self.known + self.heard + self.forgotten

    def write(self, session: Session, chunk: list[Prepared]) -> None:
        """Store what is new among these messages."""
        raw = plain_connection(session)
        keys = [puppet_key(self._room, one.mark) for one in chunk]
        known = self._stored(raw, keys, chunk)
        self._overlap.look(raw, (one.at for one in chunk))
        self._people.begin(raw)
        free = next_id(raw, Message)
        for one, key in zip(chunk, keys, strict=True):
            message = known.get(key)
            if message is not None:
                self._meet_again(one.record, key, message, known)
            else:
                message = self._new(raw, one, key, free, known)
                free += message == free
            if message is not None:
                known[key] = message
                self._replies.remember(one.record, message)
        self._flush(raw)

    def finish(self, session: Session) -> None:
        """After the last chunk: answers to what came later in the log, and people known from before."""
        raw = plain_connection(session)
        for start in range(0, len(self._replies.pending), CHUNK):
            pending = self._replies.pending[start : start + CHUNK]
            known = _ids(raw, [key for pair in pending for key in pair]) | self._replies.heard
            self._answers += [
                (known[original], known[answer], known[original])
                for answer, original in pending
                if answer in known and original in known
            ]
        self._people.finish(raw)
        self._flush(raw)

    def _stored(self, raw: sqlite3.Connection, keys: list[str], chunk: list[Prepared]) -> dict[str, int]:
        originals = (self._replies.target_key(one.record) for one in chunk if one.record.reply_to)
        return _ids(raw, [*keys, *(key for key in originals if key is not None)])

    def _meet_again(self, record: Record, key: str, message: int, known: dict[str, int]) -> None:
        """A message that is there already; the import that brought it may not have come to its answer."""
        self.known += 1
        original = self._replies.target(record, key, known)
        if original is not None:
            self._answers.append((original, message, original))

    def _new(
        self, raw: sqlite3.Connection, one: Prepared, key: str, free: int, known: dict[str, int]
    ) -> int | None:
        """Collect the row of a new message; its id, or the live one's if the bot has heard it."""
        record = one.record
        heard = self._overlap.find(record, one.at)
        if heard is not None:
            self.heard += 1
            self._replies.heard[key] = heard
            return heard
        member = self._people.key(raw, record.sender)
        if member is None:
            self.forgotten += 1
            return None
        original = self._replies.target(record, key, known)
        self.added += 1
        self.quotes += original is not None
        self._messages.add(
            free, self._room, member, one.at, record.kind, record.text, record.quote_name or None,
            record.quote_text or None, original, key, ORIGIN,
        )  # fmt: skip
        if record.kind == "text" and record.text:
            self._indexed.append((free, record.text))
        if "@" in record.text or "＠" in record.text:
            self._mention(raw, free, member, record.text)
        return free

    def _mention(self, raw: sqlite3.Connection, message: int, member: int, text: str) -> None:
        found = (whole or part.strip(_AROUND_NAMES) for whole, part in _MENTION.findall(text))
        named = {self._people.named(name) for name in found}
        keys = {self._people.key(raw, sender) for sender in sorted(one for one in named if one is not None)}
        for key in sorted(key for key in keys if key is not None and key != member):
            self._mentions.add(message, key)

    def _flush(self, raw: sqlite3.Connection) -> None:
        self._people.write(raw)
        self._messages.write(raw)
        self._mentions.write(raw)
        before = raw.total_changes
        raw.executemany(_ANSWERS, self._answers)
        self.quotes += raw.total_changes - before
        self._answers.clear()
        index_rows(raw, self._indexed)
        self._indexed.clear()


def _ids(raw: sqlite3.Connection, keys: list[str]) -> dict[str, int]:
    """The ids of the messages of these keys, of those that are stored."""
    return dict(raw.execute(_KNOWN, (json.dumps(keys),)).fetchall())
