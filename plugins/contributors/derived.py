"""What was derived last night is replaced by what was derived tonight; only what differs is written."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

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


def replace_help(ctx: Context, helps: Iterable[dict[str, Any]]) -> None:
    """The help of tonight, without messages that have been forgotten while it was being read."""
    found: list[Row] = [
        (
            one["helper"], one["asker"], one["question"], one["answer"], _stored(one["at"]),
            bool(one["thanked"]),
        )
        for one in helps
    ]  # fmt: skip
    raw = plain_connection(ctx.db)
    before = {tuple(row[1:]): row[0] for row in raw.execute(_OF_HELP, (ctx.room_id,))}
    new = [row for row in found if row not in before]
    known = _known(ctx, {key for row in new for key in row[2:4] if key is not None})
    raw.executemany(_NO_HELP, [(before[row],) for row in before.keys() - set(found)])
    raw.executemany(_HELP, [(ctx.room_id, *row[:2], *_kept(row[2:4], known), *row[4:]) for row in new])


def _kept(messages: Iterable[int | None], known: Collection[int]) -> list[int | None]:
    return [one if one in known else None for one in messages]


def _known(ctx: Context, messages: Collection[int]) -> set[int]:
    return {row[0] for row in ctx.part.raw.execute(_KNOWN, (json.dumps(sorted(messages)),))}


def _stored(moment: str) -> int:
    return milliseconds(datetime.fromisoformat(moment))
