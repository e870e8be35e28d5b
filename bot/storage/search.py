"""Finding words in what was said: an FTS5 index in which every character is a token of its own.

A phrase query over single characters finds every substring, which Chinese, written without spaces, needs.
Characters are indexed as their hexadecimal code points, so that neither SQLite's idea of a letter nor its
query syntax ever sees what people wrote. A mark stands where a run of Latin letters or digits begins: a
Latin word in a query finds words that begin with it, not pieces from the middle of others.

The index holds positions and no text. To take a message out, FTS5 must be told the same text again: take it
out of the index first, change or delete the row after.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot.storage.engine import plain_connection
from bot.storage.tables import Message, UtcTime
from bot.storage.tokens import normalised, spaced_tokens, tokens

MAX_WORDS = 8
MAX_WORD_LENGTH = 60
CANDIDATES = 500
"""The newest messages that fit are ranked, at most so many: ranking is what costs time."""

LOOKED_AT = 20_000
"""Of messages that fit, at most so many are put in the order of their times: those that were stored last."""

CHUNK = 500
MERGE_PAGES = 500

_INSERT = "INSERT INTO message_search(rowid, text) VALUES (?, ?)"
_DELETE = "INSERT INTO message_search(message_search, rowid, text) VALUES ('delete', ?, ?)"

# CROSS JOIN makes SQLite ask the index first, whatever it thinks of it. An imported message was stored after
# older and after newer ones, so that the order of keys is not that of time.
_CANDIDATES = (
    sql(f"""
    SELECT message.id, message.room_id, message.member_id, message.at, message.text
    FROM (
      SELECT fitting.id AS id
      FROM message_search CROSS JOIN message AS fitting ON fitting.id = message_search.rowid
      WHERE message_search MATCH :match AND fitting.room_id IS NOT NULL AND NOT fitting.recalled
        AND (:room IS NULL OR fitting.room_id = :room)
        AND (:since IS NULL OR fitting.at >= :since) AND (:until IS NULL OR fitting.at < :until)
        AND (:include_bot OR fitting.origin != 'self')
      ORDER BY message_search.rowid DESC LIMIT {LOOKED_AT}
    ) AS found CROSS JOIN message ON message.id = found.id
    ORDER BY message.at DESC, message.id DESC LIMIT {CANDIDATES}
    """)
    .bindparams(bindparam("since", type_=UtcTime), bindparam("until", type_=UtcTime))
    .columns(Message.id, Message.room_id, Message.member_id, Message.at, Message.text)
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `score` is comparable within one search only; higher is better."""

    message: int
    room: int
    member: int
    at: datetime
    text: str
    score: float


def index_message(session: Session, message: int, text: str) -> None:
    """Make a new message findable. To be called once for a message."""
    index_messages(session, [(message, text)])


def index_messages(session: Session, messages: Iterable[tuple[int, str]]) -> None:
    """Make new messages findable: (key, text) of each."""
    session.flush()
    index_rows(plain_connection(session), messages)


def index_rows(raw: sqlite3.Connection, messages: Iterable[tuple[int, str]]) -> None:
    """`index_messages` for rows that no session holds."""
    _write(raw, _INSERT, messages)


def remove_messages(session: Session, messages: Iterable[int]) -> None:
    """Take messages out of the index, while their texts still stand in the table.

    Those that are not in the index are passed over.
    """
    keys = list(messages)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        stored = session.execute(select(Message.id, Message.text).where(Message.id.in_(chunk)))
        texts = {row.id: row.text for row in stored}
        raw = plain_connection(session)
        _write(raw, _DELETE, [(key, texts[key]) for key in _indexed(session, texts)])


def replace_message(session: Session, message: int, old: str, new: str) -> None:
    """Change what a message is found by, from its old text to its new one."""
    raw = plain_connection(session)
    if _indexed(session, [message]):
        _write(raw, _DELETE, [(message, old)])
    _write(raw, _INSERT, [(message, new)])


def rebuild(session: Session) -> int:
    """Make the index anew from the table, room messages with words only; how many are in it then.

    For repairs and after an import; takes seconds for each 100,000 messages.
    """
    session.execute(sql("INSERT INTO message_search(message_search) VALUES ('delete-all')"))
    wanted = select(Message.id, Message.text).where(Message.room_id.is_not(None), Message.kind == "text")
    last, count = 0, 0
    while rows := session.execute(wanted.where(Message.id > last).order_by(Message.id).limit(5_000)).all():
        index_messages(session, ((row.id, row.text) for row in rows))
        last, count = rows[-1].id, count + len(rows)
    return count


def tidy(session: Session, pages: int = MERGE_PAGES) -> bool:
    """Do one bounded step of merging the index's segments; whether more is left.

    A nightly job repeats it, each step a write of its own, until it returns False. FTS5's `optimize` and
    merges of negative size are not used: each adds levels that are never taken away, and after some
    hundred of them SQLite takes the index for damaged.
    """
    before = _changes(session)
    session.execute(
        sql("INSERT INTO message_search(message_search, rank) VALUES ('merge', :pages)"),
        {"pages": abs(pages)},
    )
    return _changes(session) - before >= 2  # one change is the statement itself


def search(
    session: Session,
    words: str,
    room: int | None = None,
    *,
    limit: int = 10,
    since: datetime | None = None,
    until: datetime | None = None,
    include_bot: bool = False,
) -> list[Hit]:
    """The messages that hold every one of the words (split at spaces), best first.

    Better is: the words make up more of the message; among equals, the newer. `since` is inclusive,
    `until` exclusive. Any text is a valid query; one without letters, digits or symbols finds nothing.
    """
    phrases = _phrases(words)
    if not phrases:
        return []
    asked = {
        "match": " AND ".join(f'"{phrase}"' for phrase in phrases),
        "room": room,
        "since": since,
        "until": until,
        "include_bot": include_bot,
    }
    hits = [
        Hit(row.id, row.room_id, row.member_id, row.at, row.text, _score(row.text, phrases))
        for row in session.execute(_CANDIDATES, asked)
    ]
    fitting = [hit for hit in hits if hit.score > 0]
    return sorted(fitting, key=lambda hit: (hit.score, hit.at, hit.message), reverse=True)[:limit]


def find_phrase(session: Session, phrase: str) -> list[int]:
    """The keys of all messages in which these words stand in this order; for repairs, not for people."""
    wanted = " ".join(tokens(phrase))
    if not wanted:
        return []
    statement = sql("SELECT rowid FROM message_search WHERE message_search MATCH :phrase")
    return list(session.scalars(statement, {"phrase": f'"{wanted}"'}))


def _phrases(words: str) -> list[str]:
    asked = normalised(words[: 2 * MAX_WORDS * MAX_WORD_LENGTH]).split()
    phrases = (" ".join(tokens(word[:MAX_WORD_LENGTH])) for word in asked)
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))[:MAX_WORDS]


def _score(text: str, phrases: Sequence[str]) -> float:
    """How much of the message the words are, 0 if one is missing (a leftover of the index)."""
    said = tokens(text)
    line = _spaced(said)
    counts = [line.count(_spaced(phrase.split())) for phrase in phrases]
    if not all(counts):
        return 0.0
    covered = sum(
        min(count, 3) * (phrase.count(" ") + 1) for count, phrase in zip(counts, phrases, strict=True)
    )
    return covered / (len(said) + 12)  # 12: a one-word message is not the best answer there is


def _spaced(said: list[str]) -> str:
    """Tokens with a space on both sides of each, so that whole ones are counted."""
    return f" {'  '.join(said)} "


def _write(raw: sqlite3.Connection, statement: str, messages: Iterable[tuple[int, str]]) -> None:
    rows = [(key, found) for key, text in messages if (found := spaced_tokens(text))]
    if rows:
        raw.executemany(statement, rows)


def _indexed(session: Session, keys: Iterable[int]) -> list[int]:
    listed = ",".join(str(int(key)) for key in keys)
    return list(session.scalars(sql(f"SELECT id FROM message_search_docsize WHERE id IN ({listed})")))


def _changes(session: Session) -> int:
    return int(session.scalar(sql("SELECT total_changes()")) or 0)
