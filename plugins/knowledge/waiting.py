"""A question is watched, looked at when an answer should have come, and leads to one quiet action at most."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.analysis.open_questions import is_for_everybody
from bot.context import Context
from bot.events import MessagePosted, MessageRecalled, QuestionAnswered
from bot.pacing import after_quiet
from bot.speaking import take_back
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.tables.base import milliseconds, moment
from bot.words import plain
from plugins.knowledge import asking, helpers, judging, listing
from plugins.knowledge.question_tables import Helper, OpenQuestion, Pace
from plugins.knowledge.said_by import is_live_here

LOOK, DAY_LATER = "question_look", "question_day_later"
LOOK_UP, MEASURE = "question_look_up", "question_pace"
AGAIN, JUDGE, JUDGE_DAY_LATER = "question_again", "question_judge", "question_judge_day_later"
A_DAY = timedelta(days=1)
STALE_AFTER = timedelta(hours=14)
"""Nobody is helped by a word on a question from so long ago; the list of the day after remains."""

MEASURED, MOST_MEASURED = timedelta(days=60), 10_000
MEASURE_AGAIN = timedelta(days=7)
"""That changes little in a week; while there are too few answers to tell, each day counts."""

SAID_WITHIN = timedelta(minutes=20)
"""If it is not the time to speak so soon, it is not said at all: then somebody may have answered."""

_NOTE = """
INSERT INTO knowledge_question (message_id, room_id, asker_id, asked_at, status)
VALUES (?, ?, ?, ?, 'waiting')
"""
_WAITS = "SELECT 1 FROM knowledge_question WHERE message_id = ? AND status = 'waiting'"
_PACE = "SELECT minutes, answers, measured_at FROM knowledge_pace WHERE room_id = ?"
_CALLED = (
    "SELECT 1 FROM knowledge_question WHERE room_id = ? AND acted_at > ? AND status = 'waiting'"
    " AND outgoing_id IS NOT NULL LIMIT 1"
)


def watch(ctx: Context, event: MessagePosted) -> None:
    """Note a question that is for everybody, and look again when the room's usual time is over."""
    if event.late or event.room is None or event.kind != "text" or event.mentions_bot or event.mentions:
        return
    if event.quote is not None or not is_for_everybody(event.text):
        return
    if ctx.history.is_called(event.room, asking.addressed(event.text)):
        return  # it begins with somebody's name
    if ctx.history.member(event.member) is None:
        return
    row = (event.message, event.room, event.member, milliseconds(event.at))
    plain_connection(ctx.db).execute(_NOTE, row)
    minutes = _usual_minutes(ctx)
    if ctx.settings.open_questions:
        ctx.later(
            LOOK, at=event.at + timedelta(minutes=minutes), key=str(event.message), question=event.message
        )
    ctx.later(DAY_LATER, at=event.at + A_DAY, key=str(event.message), question=event.message)


def _usual_minutes(ctx: Context) -> int:
    """The room's usual time as it was measured last; it is measured anew when somebody asks."""
    known = ctx.part.raw.execute(_PACE, (ctx.room_id,)).fetchone()
    minutes, answers, measured_at = known or (asking.UNKNOWN_MINUTES, 0, 0)
    keeps_for = MEASURE_AGAIN if answers >= asking.ENOUGH_ANSWERS else A_DAY
    if ctx.now - moment(measured_at) > keeps_for:
        ctx.db.merge(Pace(room_id=ctx.room_id, minutes=minutes, answers=answers, measured_at=ctx.now))
        ctx.db.flush()
        ctx.work(MEASURE, room=ctx.room_id)
    return int(minutes)


def measure(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The room's usual time, from its last two months."""
    room, since = payload["room"], history.now - MEASURED
    found = history.exchanges(room, max(since, history.back(room, history.now, MOST_MEASURED) or since))
    minutes, answers = asking.usual_minutes(found)
    return {"room": room, "minutes": minutes, "answers": answers}


def measured(ctx: Context, result: dict[str, Any]) -> None:
    """Remember the room's usual time."""
    row = ctx.db.get(Pace, result["room"])
    if row is not None:
        row.minutes, row.answers = result["minutes"], result["answers"]
        ctx.db.flush()


def look(ctx: Context, payload: dict[str, Any]) -> None:
    """The usual time is over: if nobody has answered, look for an earlier answer and for who may know."""
    if not is_waiting(ctx, payload["question"]):
        return
    row = ctx.db.get(OpenQuestion, payload["question"])
    if row is None or not ctx.settings.open_questions or not is_live_here(ctx):
        return
    morning = _after_quiet(ctx)
    if ctx.now - row.asked_at > STALE_AFTER:
        return
    if morning > ctx.now:
        ctx.later(LOOK, at=morning, key=str(row.message_id), if_planned="move", question=row.message_id)
        return
    ctx.work(LOOK_UP, room=ctx.room_id, **judging.asked(row))


def act(ctx: Context, result: dict[str, Any]) -> None:
    """One quiet action, once: an earlier answer, else one helper, else nothing."""
    row = ctx.db.get(OpenQuestion, result["question"])
    if row is None or row.status != "waiting" or row.acted_at is not None or not is_live_here(ctx):
        return
    if result["status"] != "waiting":
        settle(ctx, row, result["status"])
        return
    if judging.is_stale(ctx, result):
        ctx.work(LOOK_UP, room=ctx.room_id, **judging.asked(row))
        return
    row.acted_at = ctx.now
    outgoing = listing.say_earlier_answer(ctx, row, result["found"], result["say"], SAID_WITHIN)
    if outgoing is not None:
        row.action, row.outgoing_id = "answer", outgoing
    else:
        helper = helpers.choose(ctx, result["helpers"], row.asker_id)
        if helper is not None:
            row.helper_id, row.action = helper, "helper"
            row.outgoing_id = _call(ctx, row, helper)
    ctx.db.flush()


def _call(ctx: Context, row: OpenQuestion, helper: int) -> int | None:
    said = ctx.history.message(row.message_id)
    words = plain(said.text, 40) if said is not None else ""
    text = ctx.text(
        "question_helper", helper=ctx.mention([helper]), asker=ctx.name_of(row.asker_id), words=words
    )
    return ctx.say_text(
        text, urgency="initiative", reason="question_helper", mention=[helper], keep_for=SAID_WITHIN
    )


def settle(ctx: Context, row: OpenQuestion, status: str) -> None:
    """The question waits no longer; what was to be said about it is not said."""
    row.status, row.settled_at = status, ctx.now
    if row.outgoing_id is not None and take_back(ctx.db, row.outgoing_id, ctx.now):
        row.action = None
        row.helper_id = None
    ctx.cancel_later(LOOK, key=str(row.message_id))
    ctx.db.flush()


def hear_answer(ctx: Context, event: QuestionAnswered) -> None:
    """Somebody answered."""
    if not is_waiting(ctx, event.question):
        return
    row = ctx.db.get(OpenQuestion, event.question)
    if row is not None:
        settle(ctx, row, "answered")


def is_waiting(ctx: Context, question: int) -> bool:
    """Whether a question is watched and waits: most that is asked about does not, and costs only this."""
    return ctx.part.raw.execute(_WAITS, (question,)).fetchone() is not None


def hear_more(ctx: Context, event: MessagePosted) -> None:
    """What is said right after a helper was called, or a recall, may make the call needless."""
    if event.room is None:
        return
    since = ctx.now - SAID_WITHIN
    if ctx.part.raw.execute(_CALLED, (event.room, milliseconds(since))).fetchone() is None:
        return  # nearly always, and this is asked at each word
    planned = select(OpenQuestion).where(
        OpenQuestion.room_id == event.room, OpenQuestion.acted_at > since,
        OpenQuestion.status == "waiting", OpenQuestion.outgoing_id.is_not(None),
    )  # fmt: skip
    for row in ctx.db.scalars(planned).all():
        ctx.later(AGAIN, key=str(row.message_id), question=row.message_id)


def judge_again(ctx: Context, payload: dict[str, Any]) -> None:
    """Something was said after the call: judge anew, once for all that comes at a time."""
    if is_waiting(ctx, payload["question"]):
        row = ctx.db.get_one(OpenQuestion, payload["question"])
        ctx.work(JUDGE, room=row.room_id, **judging.asked(row))


def judged(ctx: Context, result: dict[str, Any]) -> None:
    """If it waits no longer, the call is taken back as far as that is possible."""
    row = ctx.db.get(OpenQuestion, result["question"])
    if row is None or row.status != "waiting":
        return
    if result["status"] != "waiting":
        settle(ctx, row, result["status"])


def hear_recall(ctx: Context, event: MessageRecalled) -> None:
    """The question was taken back."""
    row = ctx.db.get(OpenQuestion, event.message)
    if row is not None and row.status == "waiting":
        settle(ctx, row, "left")


def leave_alone(ctx: Context, member: int) -> None:
    """Somebody asked not to be counted: their questions wait no more, and they are not called any more."""
    asked = select(OpenQuestion).where(OpenQuestion.asker_id == member, OpenQuestion.status == "waiting")
    for row in ctx.db.scalars(asked).all():
        settle(ctx.in_room(row.room_id), row, "left")
        ctx.in_room(row.room_id).cancel_later(DAY_LATER, key=str(row.message_id))
    ctx.db.execute(update(Helper).where(Helper.member_id == member).values(status="stopped"))


def day_later(ctx: Context, payload: dict[str, Any]) -> None:
    """After a day it is judged once more."""
    if is_waiting(ctx, payload["question"]):
        row = ctx.db.get_one(OpenQuestion, payload["question"])
        ctx.work(JUDGE_DAY_LATER, room=row.room_id, **judging.asked(row))


def judged_a_day_later(ctx: Context, result: dict[str, Any]) -> None:
    """It stands on the owner's list now; the asker is asked whether it may go to the round table."""
    judged(ctx, result)
    row = ctx.db.get(OpenQuestion, result["question"])
    if row is None or row.status != "waiting":
        return
    if row.action == "answer":  # the earlier answer has done, or 没帮上 would have been said
        settle(ctx, row, "acted")
        return
    row.listed_at = ctx.now
    ctx.db.flush()
    listing.put_on_list(ctx, row)


def _after_quiet(ctx: Context) -> datetime:
    group = ctx.services.settings.group(ctx.room_id)
    begins, ends = time.fromisoformat(group.quiet_from), time.fromisoformat(group.quiet_until)
    return after_quiet(ctx.now, begins, ends, ctx.zone)
