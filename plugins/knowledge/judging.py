"""Whether a question still waits, judged by the talk around it: off the writer, on a snapshot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.analysis.exchange_reader import exchanges
from bot.analysis.lines import lines_of
from bot.analysis.unanswered import unanswered
from bot.context import Context
from bot.storage.history import History
from plugins.knowledge import asking
from plugins.knowledge.question_tables import OpenQuestion

BEFORE = timedelta(hours=2)
MOST = 2_000
"""So many messages before a question and after it are looked at, in the liveliest of groups."""


def asked(row: OpenQuestion) -> dict[str, Any]:
    """What the work has to know of a question."""
    return {"question": row.message_id, "asker": row.asker_id, "asked_at": row.asked_at.isoformat()}


def judge(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What has become of it, and how much had been said by then."""
    question, room, asker = payload["question"], payload["room"], payload["asker"]
    asked_at = datetime.fromisoformat(payload["asked_at"])
    since = max(asked_at - BEFORE, history.back(room, asked_at, MOST) or asked_at - BEFORE)
    until = history.ahead(room, asked_at, MOST)
    talk = history.heard(room, since, until)
    names = (history.name_of(asker, room),)
    status = asking.still_waits(question, lines_of(talk), exchanges(talk), unanswered(talk), names)
    if status == "waiting" and not history.present(room, [asker]):
        status = "left"
    return {
        "question": question, "room": room, "status": status, "since": since.isoformat(),
        "until": until.isoformat() if until else None, "said": history.count(room, since, until),
    }  # fmt: skip


def is_stale(ctx: Context, result: dict[str, Any]) -> bool:
    """Whether more was said while it was judged."""
    said: int = result["said"]
    since, until = datetime.fromisoformat(result["since"]), result.get("until")
    return ctx.history.count(result["room"], since, until and datetime.fromisoformat(until)) != said
