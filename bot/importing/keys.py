"""What makes a message the same message when it is imported again, from this file or another."""

from __future__ import annotations

import sqlite3
from collections import Counter
from hashlib import blake2b

from bot.importing.entries import Record
from bot.storage.tables.base import EPOCH

PREFIX = "import:"
_MILLISECOND = 1_000_000 // 1_000


def milliseconds(record: Record) -> int:
    """The message's moment as the database keeps it."""
    since = record.at - EPOCH
    return since.days * 86_400_000 + since.seconds * 1_000 + since.microseconds // _MILLISECOND


def id_mark(platform: str, puppet_id: str) -> str:
    """The mark of a message that its platform has numbered."""
    return f"{platform}#{puppet_id}"


def puppet_key(room: int, mark: str) -> str:
    """What is kept as the message's puppet id: no live one can look like it."""
    return f"{PREFIX}{room}:{mark}"


class Occurrences:
    """Numbers equal messages, so that three times the same word in one minute stay three messages.

    Where a log is in order, equal messages stand together and only the present moment's need remembering;
    else all are, in a database of its own that SQLite spills to disk.
    """

    def __init__(self, *, ordered: bool) -> None:
        self._moment = -1
        self._counts: Counter[str] = Counter()
        self._scratch = None if ordered else _scratch()

    def number(self, at: int, digest: str) -> int:
        """How many times this message has come, this time included."""
        if self._scratch is not None:
            row = self._scratch.execute(_COUNT, (digest,)).fetchone()
            return int(row[0])
        if at != self._moment:
            self._moment = at
            self._counts.clear()
        self._counts[digest] += 1
        return self._counts[digest]

    def close(self) -> None:
        """Let go of what was kept."""
        if self._scratch is not None:
            self._scratch.close()


def content_mark(record: Record, at: int, occurrences: Occurrences) -> str:
    """The mark of a message without a number of its own: who said what, when, for the n-th time.

    It begins with the time, so that what is written together lies together in the database's index.
    """
    said = f"{at}\x1f{len(record.sender)}\x1f{record.sender}{record.text}"
    digest = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    number = occurrences.number(at, digest)
    return f"{at:x}.{digest}" if number == 1 else f"{at:x}.{digest}.{number}"


_COUNT = "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count"


def _scratch() -> sqlite3.Connection:
    """A nameless database that vanishes when it is closed; it holds digests only, nobody's words."""
    scratch = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    scratch.execute("PRAGMA journal_mode=OFF")
    scratch.execute("CREATE TABLE seen (digest TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID")
    scratch.execute("BEGIN")
    return scratch
