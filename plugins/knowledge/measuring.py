"""What a promise is measured by: posts of the bot and of people, answers, meetups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from bot import authority
from bot.analysis.exchanges import Exchange
from bot.analysis.open_questions import is_for_everybody
from bot.context import Context
from bot.storage.history import History
from bot.storage.tables import Message
from bot.words import normalised
from plugins.knowledge.question_tables import OpenQuestion
from plugins.knowledge.tables import Issue, Material, Plan, Promise

SHORTEST_POST = 8
LOOKED_AT = timedelta(days=9)


def evidence(ctx: Context, promise: Promise, since: datetime, until: datetime) -> list[int]:
    """The keys of what kept a promise in a span: issues for shares, messages for posts."""
    if promise.kind == "share":
        return _shares(ctx, promise, since, until)
    if promise.kind == "post":
        return _posts(ctx, promise, since, until)
    return []


def _shares(ctx: Context, promise: Promise, since: datetime, until: datetime) -> list[int]:
    query = select(Issue.id).where(
        Issue.room_id == promise.room_id, Issue.status == "posted", Issue.settled_at >= since,
        Issue.settled_at <= until,
    )  # fmt: skip
    return list(ctx.db.scalars(query.order_by(Issue.id)))


def is_coming(ctx: Context, room: int, until: datetime) -> bool:
    """Whether a planned share will come in time: there is something to post, or somebody agreed to speak."""
    planned = select(Issue.id, Issue.agreed, Plan.source).join(Plan, Plan.id == Issue.plan_id).where(
        Issue.room_id == room, Issue.status == "planned", Issue.due_at >= ctx.now, Issue.due_at < until,
        Plan.status == "active",
    )  # fmt: skip
    waiting = select(Material.id).where(Material.room_id == room, Material.status == "waiting")
    for issue, agreed, source in ctx.db.execute(planned).all():
        fits = waiting.where(or_(Material.issue_id == issue, Material.issue_id.is_(None)))
        if agreed or source == "digest" or ctx.db.scalar(fits.limit(1)) is not None:
            return True
    return False


def _posts(ctx: Context, promise: Promise, since: datetime, until: datetime) -> list[int]:
    found: list[int] = []
    for member in sorted(_posters(ctx, promise)):
        query = select(Message.id, Message.text).where(
            Message.member_id == member, Message.room_id == promise.room_id, Message.at >= since,
            Message.at <= until, Message.recalled.is_(False),
        )  # fmt: skip
        rows = ctx.db.execute(query.order_by(Message.at)).all()
        found += [row.id for row in rows if _is_about(row.text, promise.words)]
    return sorted(found)


def _is_about(text: str, words: str) -> bool:
    said = normalised(text)
    return words in said if words else len(said) >= SHORTEST_POST


def _posters(ctx: Context, promise: Promise) -> set[int]:
    """The owners, the bot itself, and whoever the promise names."""
    people = set(authority.owners_of(ctx.db, promise.room_id))
    if ctx.services.register.self_key is not None:
        people.add(ctx.services.register.self_key)
    said = normalised(promise.said)
    for one in ctx.history.members(promise.room_id):
        if len(one.name) > 1 and normalised(one.name) in said:
            people.add(one.member)
    return people


def answers(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The questions of the last days and when each was first answered; read off the writer."""
    since = max(datetime.fromisoformat(payload["since"]), history.now - LOOKED_AT)
    hours = payload["hours"]
    found = history.exchanges(payload["room"], since - timedelta(hours=hours), None)
    told = _earlier_answers(history, payload["room"], since)
    rows = [
        {
            "question": one.question,
            "asked_at": one.asked_at.isoformat(),
            "answer": one.answers[0].message if one.answers else one.question,
            "answered_at": at.isoformat() if (at := _first_answer(one, told)) else None,
        }
        for one in found
        if not one.to and one.asked_at >= since and is_for_everybody(one.text)
    ]
    return {"promise": payload["promise"], "rows": rows}


def _first_answer(one: Exchange, told: dict[int, datetime]) -> datetime | None:
    """When somebody answered, or an earlier answer of somebody's was told and stood."""
    moments = [*(answer.at for answer in one.answers[:1]), *filter(None, [told.get(one.question)])]
    return min(moments, default=None)


def _earlier_answers(history: History, room: int, since: datetime) -> dict[int, datetime]:
    """The questions to which an earlier answer was told that nobody called useless, and when."""
    query = select(OpenQuestion.message_id, OpenQuestion.acted_at).where(
        OpenQuestion.room_id == room, OpenQuestion.acted_at >= since, OpenQuestion.action == "answer"
    )
    return {row.message_id: row.acted_at for row in history.session.execute(query)}


def lasted(statuses: Iterable[str]) -> int:
    """How many of the last ends in a row were kept."""
    count = 0
    for status in statuses:
        if status != "kept":
            break
        count += 1
    return count
