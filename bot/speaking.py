"""Writing outgoing rows: the only way anything is said or done towards WeChat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot.outbox import EXPIRES_AFTER, Urgency
from bot.storage.engine import plain_connection
from bot.storage.tables import Outgoing
from bot.storage.tables.base import milliseconds
from bot.words import Trusted, means_everybody, plain

ActKind = Literal[
    "invite", "remove", "recall", "announce", "rename", "create_room", "accept_friend", "accept_invitation",
    "fetch",
]  # fmt: skip
MENTION_END = "\u2005"
_ADD = (
    "INSERT INTO outgoing (plugin, urgency, kind, room_id, member_id, text, mentions, payload, reason,"
    " merge_key, event_id, status, created_at, not_before, expires_at, tries)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?, ?, 0)"
)
_WAITING = (
    "SELECT id FROM outgoing WHERE status = 'planned' AND plugin = ? AND room_id IS ? AND member_id IS ?"
    " AND merge_key = ?"
)
_TURNED_TO = """
SELECT 1 FROM (
  SELECT urgency, mentions FROM outgoing WHERE room_id = ? AND claimed_at > ?
  UNION ALL
  SELECT urgency, mentions FROM outgoing WHERE status = 'planned' AND room_id = ?
) AS said, json_each(said.mentions) AS named
WHERE said.urgency = ? AND named.value = ? LIMIT 1
"""
LONGEST_NAME = 20
AGAIN_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One thing to be said or done: where, how urgently, until when, and why."""

    plugin: str
    urgency: Urgency
    text: str = ""
    room: int | None = None
    member: int | None = None
    mentions: tuple[int, ...] = ()
    kind: str = "text"
    payload: dict[str, Any] | None = None
    reason: str = ""
    merge_key: str | None = None
    event: int | None = None
    not_before: datetime | None = None
    keep_for: timedelta | None = None


def put(session: Session, words: Words, now: datetime, split_at: int) -> int:
    """Write the row (several for a long text); the key of the first.

    With a `merge_key`, a row of the same plugin, place and key that is still waiting takes the new words.
    """
    if words.merge_key is not None:
        waiting = _waiting(session, words)
        if waiting is not None:
            waiting.text, waiting.mentions = words.text, list(words.mentions)
            waiting.payload, waiting.reason = words.payload or {}, words.reason
            session.flush()
            return waiting.id
    start = max(now, words.not_before or now)
    expires_at = start + (words.keep_for or EXPIRES_AFTER[words.urgency])
    keys = [
        _add(session, words, part, now, start, expires_at)
        for part in (split_text(words.text, split_at) if words.kind == "text" else [words.text])
    ]
    return keys[0]


def put_again(session: Session, row: Outgoing, now: datetime) -> int:
    """Plan once more what an owner wants to be said or done again; the key of the new row."""
    fresh = Words(
        plugin=row.plugin, urgency="answer", kind=row.kind, text=row.text, room=row.room_id,
        member=row.member_id, mentions=tuple(row.mentions), payload=row.payload, reason=row.reason,
        event=row.event_id,
    )  # fmt: skip
    return _add(session, fresh, row.text, now, now, now + AGAIN_WITHIN)


def take_back(session: Session, outgoing: int, now: datetime) -> bool:
    """Cancel a row that has not been claimed yet; False if it is too late for that."""
    row = session.get(Outgoing, outgoing)
    if row is None or row.status != "planned":
        return False
    row.status, row.settled_at = "cancelled", now
    session.flush()
    return True


def is_turned_to(
    session: Session, room: int, member: int, since: datetime, urgency: Urgency = "initiative"
) -> bool:
    """Whether words of ours of this urgency name a member, since then or any moment now."""
    session.flush()
    bounds = (room, milliseconds(since), room, urgency, member)
    return plain_connection(session).execute(_TURNED_TO, bounds).fetchone() is not None


def split_text(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` characters, cut at an empty line, a line or a sentence where possible."""
    parts = []
    while len(text) > limit:
        head = text[:limit]
        cut = max(head.rfind("\n\n"), head.rfind("\n"), head.rfind("。") + 1)
        cut = cut if cut > limit // 2 else limit
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip("\n")
    return [part for part in (*parts, text) if part.strip()] or [text]


def mention_token(name: str) -> Trusted:
    """`@name` as WeChat marks it, followed by the separator that ends a mention.

    Whoever calls themselves 所有人 is named with a harmless sign: nobody may make us call the whole group.
    """
    said = plain(name, limit=LONGEST_NAME)
    called = f"＠{said.lstrip('＠')}" if means_everybody(said) else f"@{said}"
    return Trusted(f"{called}{MENTION_END}")


def _waiting(session: Session, words: Words) -> Outgoing | None:
    session.flush()
    place = (words.plugin, words.room, words.member, words.merge_key)
    row = plain_connection(session).execute(_WAITING, place).fetchone()
    return None if row is None else session.get_one(Outgoing, row[0])


def _add(
    session: Session, words: Words, text: str, now: datetime, start: datetime, expires_at: datetime
) -> int:
    row = (
        words.plugin, words.urgency, words.kind, words.room, words.member, str(text), dumps(words.mentions),
        dumps(words.payload or {}), words.reason, words.merge_key, words.event, milliseconds(now),
        milliseconds(start), milliseconds(expires_at),
    )  # fmt: skip
    key = plain_connection(session).execute(_ADD, row).lastrowid
    assert key is not None  # SQLite gives every inserted row a key
    return key
