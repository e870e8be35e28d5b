"""The ledger: what is due, what came, what is about to be missed, what was missed. Nothing is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.analysis.chinese_dates import RULE
from bot.context import Context
from bot.errors import QunxingError
from bot.events import MeetupHeld, PromiseMissed
from bot.words import Trusted, plain
from plugins.knowledge import logic, measuring
from plugins.knowledge.tables import Delivery, Promise
from plugins.knowledge.views import fitting, inform, is_on, lines, minutes_away, moment, number_and_rest

LOOK, EVERY = "ledger_look", timedelta(hours=1)
AWAY_TOO_LONG = 60
"""Minutes without a line after which nobody can say that nothing came."""

EXCERPT = 30
SHOWN = 3


def wake(ctx: Context) -> None:
    """Look in a moment, and every hour from then on."""
    ctx.later(LOOK, after=timedelta(seconds=5), if_planned="move")


def look(ctx: Context) -> None:
    """Settle what is due and warn of what is missing."""
    rows = select(Promise).where(Promise.room_id == ctx.room_id, Promise.status == "active")
    promises = list(ctx.db.scalars(rows.order_by(Promise.id)))
    if not promises:
        return
    ctx.later(LOOK, after=EVERY, if_planned="move")
    if not is_on(ctx):
        return
    for promise in promises:
        if promise.kind == "answer":
            ctx.work(
                "answers", room=promise.room_id, promise=promise.id, hours=promise.hours,
                since=promise.created_at.isoformat(),
            )  # fmt: skip
        else:
            open_up(ctx, promise)
            for delivery in _open(ctx, promise):
                _judge(ctx, promise, delivery)


def terms_of(promise: Promise) -> logic.Terms:
    """A stored promise as the pure functions want it."""
    rule = RULE.validate_python(promise.rule) if promise.rule is not None else None
    kind, unit = cast("logic.Kind", promise.kind), cast("logic.Unit", promise.unit)
    return logic.Terms(kind, rule, unit, promise.count, promise.hours, promise.words)


def named(ctx: Context, said: str) -> tuple[Promise, str]:
    """The active promise of this number, and what else was said. Raises QunxingError."""
    number, rest = number_and_rest(said)
    row = ctx.db.get(Promise, number or 0)
    if row is None or row.room_id != ctx.room_id or row.status != "active":
        raise QunxingError("no_such_promise", said=said if number is None else number)
    return row, rest


def open_up(ctx: Context, promise: Promise) -> None:
    """Write down everything that has fallen due for watching since the last look."""
    terms = terms_of(promise)
    since = promise.looked_until
    for period in logic.periods(terms, since, ctx.now + timedelta(seconds=1), ctx.zone):
        row = insert(Delivery).values(
            promise_id=promise.id, key=period.key, begins_at=period.begins_at, due_at=period.due_at,
            status="open", messages=[], away_minutes=0,
        )  # fmt: skip
        ctx.db.execute(row.on_conflict_do_nothing())
    promise.looked_until = max(since, ctx.now - timedelta(days=1))


def _open(ctx: Context, promise: Promise) -> list[Delivery]:
    query = select(Delivery).where(Delivery.promise_id == promise.id, Delivery.status == "open")
    return list(ctx.db.scalars(query.order_by(Delivery.due_at)))


def _judge(ctx: Context, promise: Promise, delivery: Delivery) -> None:
    found = measuring.evidence(ctx, promise, delivery.begins_at, delivery.due_at) or delivery.messages
    delivery.messages = list(found)
    if len(found) >= promise.count:
        _settle(ctx, delivery, "kept")
    elif ctx.now > delivery.due_at:
        delivery.away_minutes = minutes_away(ctx, delivery.begins_at, delivery.due_at)
        _miss(ctx, promise, delivery)
    elif (
        delivery.warned_at is None
        and ctx.now >= logic.warn_at(delivery.begins_at, delivery.due_at)
        and not (promise.kind == "share" and measuring.is_coming(ctx, promise.room_id, delivery.due_at))
    ):
        delivery.warned_at = ctx.now
        key = f"warn_{promise.kind}"
        values = fitting(ctx, key, said=promise.said, at=moment(ctx, delivery.due_at), number=promise.id)
        inform(ctx, key, **values)


def _settle(ctx: Context, delivery: Delivery, status: str) -> None:
    delivery.status, delivery.settled_at = status, ctx.now
    ctx.db.flush()


def _miss(ctx: Context, promise: Promise, delivery: Delivery) -> None:
    """Missed; or nobody knows, because we were away and what is measured is what people did."""
    was_away = delivery.away_minutes > AWAY_TOO_LONG and promise.kind in ("post", "meetup")
    at = moment(ctx, delivery.due_at)
    if was_away:
        _settle(ctx, delivery, "unsure")
        inform(ctx, "promise_unsure", said=promise.said, at=at, minutes=delivery.away_minutes)
        return
    _settle(ctx, delivery, "missed")
    inform(ctx, "promise_missed", said=promise.said, at=at)
    key = f"promise:{promise.id}:{delivery.key}"
    ctx.put_on_list(key, ctx.text("promise_missed", said=promise.said, at=at))
    ctx.emit(PromiseMissed(at=ctx.now, room=promise.room_id, promise=promise.said))


def mark_kept(ctx: Context, said: str) -> None:
    """The owner's word counts where nothing can be measured, and only before it is too late."""
    promise, _ = named(ctx, said)
    if promise.kind != "free":
        ctx.reply("mark_measured", said=promise.said)
        return
    open_up(ctx, promise)
    delivery = next(iter(_open(ctx, promise)), None)
    if delivery is None:
        ctx.reply("mark_nothing", said=promise.said)
        return
    delivery.messages = [*delivery.messages, 0]
    if len(delivery.messages) >= promise.count:
        _settle(ctx, delivery, "kept")
    ctx.note("promise_kept", subject=f"promise.{promise.id}", new=delivery.key)
    ctx.reply("mark_kept", said=promise.said)


def notice_meetup(ctx: Context, event: MeetupHeld) -> None:
    """A meetup was held: write it into the span that it lies in."""
    query = select(Promise).where(
        Promise.room_id == event.room, Promise.status == "active", Promise.kind == "meetup"
    )
    for promise in ctx.db.scalars(query):
        open_up(ctx, promise)
        for delivery in _open(ctx, promise):
            if delivery.begins_at <= event.at <= delivery.due_at:
                delivery.messages = [*delivery.messages, event.id]
                _judge(ctx, promise, delivery)


# Answers


def note_answers(ctx: Context, result: dict[str, Any]) -> None:
    """Write down which questions were answered in time; warn of those whose time runs out."""
    promise = ctx.db.get(Promise, result["promise"])
    if promise is None or promise.status != "active":
        return
    late: list[Delivery] = []
    soon: list[Delivery] = []
    for row in result["rows"]:
        delivery = _question(ctx, promise, row)
        if delivery.status != "open":
            continue
        _judge_question(ctx, promise, delivery, row)
        if delivery.status == "missed":
            late.append(delivery)
        elif delivery.status == "open" and _runs_out(ctx, delivery):
            delivery.warned_at = ctx.now
            soon.append(delivery)
    _tell_questions(ctx, promise, late, soon)


def _question(ctx: Context, promise: Promise, row: dict[str, Any]) -> Delivery:
    asked_at, key = datetime.fromisoformat(row["asked_at"]), f"question:{row['question']}"
    fresh = insert(Delivery).values(
        promise_id=promise.id, key=key, begins_at=asked_at, status="open", messages=[row["question"]],
        due_at=asked_at + timedelta(hours=promise.hours), away_minutes=0,
    )  # fmt: skip
    ctx.db.execute(fresh.on_conflict_do_nothing())
    query = select(Delivery).where(Delivery.promise_id == promise.id, Delivery.key == key)
    return ctx.db.execute(query).scalar_one()


def _judge_question(ctx: Context, promise: Promise, delivery: Delivery, row: dict[str, Any]) -> None:
    answered = datetime.fromisoformat(row["answered_at"]) if row["answered_at"] else None
    if answered is not None and answered <= delivery.due_at:
        delivery.messages = sorted({row["question"], row["answer"]})
        _settle(ctx, delivery, "kept")
    elif ctx.now > delivery.due_at:
        delivery.away_minutes = minutes_away(ctx, delivery.begins_at, delivery.due_at)
        status = "unsure" if delivery.away_minutes > AWAY_TOO_LONG else "missed"
        _settle(ctx, delivery, status)


def _runs_out(ctx: Context, delivery: Delivery) -> bool:
    length = delivery.due_at - delivery.begins_at
    return delivery.warned_at is None and ctx.now >= delivery.due_at - length / 4


def _tell_questions(ctx: Context, promise: Promise, late: list[Delivery], soon: list[Delivery]) -> None:
    if soon:
        words = lines(_words(ctx, one) for one in soon[:SHOWN])
        inform(ctx, "warn_answer", count=len(soon), hours=promise.hours, words=words)
    if late:
        words = lines(_words(ctx, one) for one in late[:SHOWN])
        inform(ctx, "answers_missed", said=promise.said, count=len(late), words=words)
        key = f"answers:{promise.id}:{late[-1].key}"
        text = ctx.text("answers_missed", said=promise.said, count=len(late), words=words)
        ctx.put_on_list(key, text)
        ctx.emit(PromiseMissed(at=ctx.now, room=promise.room_id, promise=promise.said))


def _words(ctx: Context, delivery: Delivery) -> Trusted:
    said = ctx.history.message(delivery.messages[0])
    words = plain(said.text, EXCERPT) if said is not None else ""
    return ctx.text("question_line", words=words, at=moment(ctx, delivery.begins_at))


def call_people(ctx: Context) -> None:
    """Put the question whose time runs out first before the room once more."""
    query = (
        select(Delivery, Promise)
        .join(Promise, Promise.id == Delivery.promise_id)
        .where(Promise.room_id == ctx.room_id, Promise.kind == "answer", Promise.status == "active")
        .where(Delivery.status == "open", Delivery.warned_at.is_not(None), Delivery.due_at > ctx.now)
        .order_by(Delivery.due_at)
        .limit(1)
    )
    found = ctx.db.execute(query).first()
    said = ctx.history.message(found[0].messages[0]) if found is not None else None
    if said is None or not said.text:
        ctx.reply("call_nothing")
        return
    ctx.say("call_out", urgency="promised", words=plain(said.text, 60))
    ctx.reply("called_out", words=plain(said.text, EXCERPT))
