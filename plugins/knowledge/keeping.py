"""What becomes of a question that was answered: a candidate, kept, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.analysis.exchange_reader import exchanges
from bot.analysis.lines import lines_of, links_of
from bot.context import Context
from bot.events import MessagePosted, MessageRecalled, QuestionSettled
from bot.storage.history import History
from plugins.knowledge.closing import Closed, answer_around, closed_in
from plugins.knowledge.question_tables import Kept, KeptThanks
from plugins.knowledge.said_by import is_live_here

CLOSING, LOOK_BACK, MARKED = "closed_questions", "closed_look_back", "marked_answer"
LOOK_AGAIN = timedelta(minutes=2)
WITHIN, MOST_READ = timedelta(days=3), 10_000
"""So far back thanks are looked for, in the liveliest of groups so many messages."""

ENOUGH_THANKS = 2
MOST_AT_ONCE = 300
LIVE = ("candidate", "kept")
_KNOWN = (
    "SELECT id, author_id, status FROM knowledge_answer WHERE room_id = ? AND question_id = ?"
    " ORDER BY id DESC LIMIT 1"
)
_THANKED = "SELECT member_id FROM knowledge_thanks WHERE answer_id = ?"


def notice(ctx: Context, event: MessagePosted) -> None:
    """Thanks or a quote may have closed a question: look soon, once for all that happens meanwhile."""
    ctx.later(LOOK_BACK, after=LOOK_AGAIN, room=event.room)


def look_back(ctx: Context) -> None:
    """Have the last days looked through for closed questions."""
    if is_live_here(ctx):
        since = ctx.now - WITHIN
        ctx.work(CLOSING, room=ctx.room_id, since=since.isoformat())


def find_closed(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The closed questions since a moment (None: ever)."""
    room, since = payload["room"], None
    if payload["since"]:
        since = datetime.fromisoformat(payload["since"])
        since = max(since, history.back(room, history.now, MOST_READ) or since)
    talk = history.heard(room, since)
    told = closed_in(lines_of(talk), links_of(talk), exchanges(talk))
    return {"asked": payload.get("asked", False), "closed": [_as_json(one) for one in told[-MOST_AT_ONCE:]]}


def _as_json(one: Closed) -> dict[str, Any]:
    return {
        "question": one.question, "asker": one.asker, "question_text": one.question_text,
        "answer": one.answer, "author": one.author, "messages": list(one.messages),
        "answer_text": one.answer_text, "said_at": one.said_at.isoformat(),
        "thankers": list(one.thankers), "quoted": one.quoted,
    }  # fmt: skip


def _from_json(told: dict[str, Any]) -> Closed:
    values = told | {
        "messages": tuple(told["messages"]), "thankers": tuple(told["thankers"]),
        "said_at": datetime.fromisoformat(told["said_at"]),
    }  # fmt: skip
    return Closed(**values)


def take_closed(ctx: Context, result: dict[str, Any]) -> None:
    """Make candidates of what was found; keep what helped two people."""
    fresh = 0
    for told in result["closed"]:
        closed = _from_json(told)
        if not _is_noted(ctx, closed):
            fresh += add(ctx, closed, "quoted" if told["quoted"] else "thanked") is not None
    if result["asked"]:
        ctx.reply(
            "knowledge_gathered", count=fresh, candidates=count(ctx, "candidate"), kept=count(ctx, "kept")
        )


def _is_noted(ctx: Context, closed: Closed) -> bool:
    """Whether this exchange and all who gave thanks in it are known: the same days are looked at often."""
    row = ctx.part.raw.execute(_KNOWN, (ctx.room_id, closed.question)).fetchone()
    if row is None:
        return False
    answer, author, status = row
    thanked = {member for (member,) in ctx.part.raw.execute(_THANKED, (answer,))}
    return status not in LIVE or thanked.issuperset(one for one in closed.thankers if one != author)


def add(ctx: Context, closed: Closed, origin: str) -> Kept | None:
    """A candidate for this exchange, None if there was one; who was helped is noted in any case."""
    message = ctx.history.message(closed.answer)
    if message is None or message.recalled:
        return None
    row = of_question(ctx, closed.question)
    fresh = None
    if row is None:
        row = fresh = Kept(
            room_id=ctx.room_id, question=closed.question_text, answer=closed.answer_text,
            asker_id=closed.asker, author_id=closed.author, question_id=closed.question,
            answer_id=closed.answer, messages=list(closed.messages),
            said_at=closed.said_at, origin=origin, revision=next_revision(ctx),
        )  # fmt: skip
        ctx.db.add(row)
        ctx.db.flush()
    if row.status in LIVE:
        note_thanks(ctx, row, closed.thankers)
    return fresh


def note_thanks(ctx: Context, row: Kept, members: Iterable[int]) -> None:
    """Those whom it helped; from the second distinct one on it is kept without anybody's confirmation."""
    for member in members:
        if member != row.author_id and ctx.db.get(KeptThanks, (row.id, member)) is None:
            ctx.db.add(KeptThanks(answer_id=row.id, member_id=member))
    ctx.db.flush()
    helped = ctx.db.scalar(select(func.count()).where(KeptThanks.answer_id == row.id)) or 0
    if row.status == "candidate" and row.replaces_id is None and helped >= ENOUGH_THANKS:
        keep(ctx, row, None)


def keep(ctx: Context, row: Kept, by: int | None) -> None:
    """Confirmed: it can be found from now on; what it corrects cannot."""
    row.status, row.confirmed_at, row.confirmed_by, row.unhelpful = "kept", ctx.now, by, 0
    row.revision = next_revision(ctx)
    if row.replaces_id is not None:
        old = ctx.db.get(Kept, row.replaces_id)
        if old is not None and old.status == "kept":
            change_status(ctx, old, "replaced")
    ctx.db.flush()


def change_status(ctx: Context, row: Kept, status: str) -> None:
    """It is found no more, or needs to be confirmed anew."""
    row.status, row.revision = status, next_revision(ctx)
    ctx.db.flush()


def of_question(ctx: Context, question: int) -> Kept | None:
    """What is known of a question already."""
    query = select(Kept).where(Kept.room_id == ctx.room_id, Kept.question_id == question)
    return ctx.db.scalars(query.order_by(Kept.id.desc()).limit(1)).first()


def count(ctx: Context, status: str) -> int:
    """How many of this room have this status."""
    query = select(func.count()).where(Kept.room_id == ctx.room_id, Kept.status == status)
    return ctx.db.scalar(query) or 0


def next_revision(ctx: Context) -> int:
    """The number of the next change in this room."""
    ctx.db.flush()
    return (ctx.db.scalar(select(func.max(Kept.revision)).where(Kept.room_id == ctx.room_id)) or 0) + 1


def find_marked(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Somebody marked a message: the questions that it answers."""
    said = history.message(payload["message"])
    closed: list[Closed | None] = []
    if said is not None:
        span = (said.room or 0, said.at - WITHIN, said.at + timedelta(hours=1))
        talk = history.heard(*span)
        by_id = {one.line.id: one.line for one in talk}
        closed = [answer_around(exchange, said.id, by_id) for exchange in exchanges(talk)]
    return {"message": payload["message"], "closed": [_as_json(one) for one in closed if one is not None]}


def take_marked(ctx: Context, result: dict[str, Any]) -> Kept | None:
    """If the message answers a question, both are kept; None if it does not."""
    for told in result["closed"]:
        closed = _from_json(told)
        row = add(ctx, closed, "marked") or of_question(ctx, closed.question)
        if row is not None and row.status in LIVE and ctx.member is not None:
            note_thanks(ctx, row, [ctx.member])
            return row
    return None


def hear_settled(ctx: Context, event: QuestionSettled) -> None:
    """An answer from a round table was given before everybody: it is kept as it is."""
    row = Kept(
        room_id=event.room, question=event.question_text, answer=event.answer_text, author_id=event.member,
        said_at=event.at, origin="settled", revision=next_revision(ctx),
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    keep(ctx, row, None)


def hear_recall(ctx: Context, event: MessageRecalled) -> None:
    """Who takes the message back takes the answer back."""
    rows = select(Kept).where(
        Kept.room_id == ctx.room_id, Kept.answer_id == event.message, Kept.status.in_(LIVE)
    )
    for row in ctx.db.scalars(rows).all():
        row.answer = ""
        change_status(ctx, row, "withdrawn")
