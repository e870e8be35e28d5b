"""What was derived last night is replaced by what was derived tonight; only what differs is written."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.context import Context
from bot.storage.engine import plain_connection
from bot.storage.tables.base import milliseconds

_LEVEL = """
INSERT OR REPLACE INTO contributors_level
  (room_id, member_id, level, people, rooted, days, rank, topics, last_at, reckoned_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NO_LEVEL = """
DELETE FROM contributors_level WHERE room_id = ? AND member_id NOT IN (SELECT value FROM json_each(?))
"""
_HELP = """
INSERT INTO contributors_help (room_id, helper_id, asker_id, question_id, answer_id, at, thanked)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_OF_HELP = """
SELECT id, helper_id, asker_id, question_id, answer_id, at, thanked FROM contributors_help WHERE room_id = ?
"""
_NO_HELP = "DELETE FROM contributors_help WHERE id = ?"
_KNOWN = "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?))"

Row = tuple[int, int, int | None, int | None, int, bool]
"""Helper, asker, question, answer, when, and whether thanks were given."""


def help_changes(session: Session, room: int, found: Iterable[Row]) -> dict[str, Any]:
    """What is new in tonight's help (`new`), and what of last night's is no more (`gone`); off the writer."""
    rows = plain_connection(session).execute(_OF_HELP, (room,))
    before = {(*row[1:6], bool(row[6])): row[0] for row in rows}
    tonight = dict.fromkeys(found)
    return {
        "new": [list(row) for row in tonight if row not in before],
        "gone": [key for row, key in before.items() if row not in tonight],
    }


def replace_levels(ctx: Context, levels: Iterable[dict[str, Any]], locked: Collection[int]) -> None:
    """The levels of tonight; those of people whom the owner has locked stay as they are."""
    now, raw = milliseconds(ctx.now), plain_connection(ctx.db)
    rows = [
        (
            ctx.room_id, one["member"], one["level"], one["people"], one["rooted"], one["days"], one["rank"],
            json.dumps(one["topics"]), _stored(one["last_at"]), now,
        )
        for one in levels
    ]  # fmt: skip
    raw.execute(_NO_LEVEL, (ctx.room_id, json.dumps([*locked, *(row[1] for row in rows)])))
    raw.executemany(_LEVEL, rows)


def change_help(ctx: Context, changes: dict[str, Any], here: Collection[int]) -> None:
    """Write tonight's help, without people and messages that have been forgotten while it was being read."""
    raw, room = plain_connection(ctx.db), ctx.room_id
    new = [row for row in changes["new"] if row[0] in here and row[1] in here]
    known = _known(ctx, {key for row in new for key in row[2:4] if key is not None})
    raw.executemany(_NO_HELP, [(key,) for key in changes["gone"]])
    raw.executemany(_HELP, [(room, *row[:2], *_kept(row[2:4], known), *row[4:]) for row in new])


def _kept(messages: Iterable[int | None], known: Collection[int]) -> list[int | None]:
    return [one if one in known else None for one in messages]


def _known(ctx: Context, messages: Collection[int]) -> set[int]:
    return {row[0] for row in ctx.part.raw.execute(_KNOWN, (json.dumps(sorted(messages)),))}


def _stored(moment: str) -> int:
    return milliseconds(datetime.fromisoformat(moment))
