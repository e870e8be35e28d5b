"""The questions at the door: one at a time, kindly, each put at most three times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.events import MessagePosted
from bot.words import Trusted, normalised
from plugins.gatekeeping import deciding, inviting, logic
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.logic import Question
from plugins.gatekeeping.people import (
    is_a_command,
    is_inside,
    is_open,
    is_stranger,
    may_be_code,
    move,
    open_doors,
)
from plugins.gatekeeping.tables import Application

ANSWER, WHICH = "answer", "which_room"
ANSWER_WITHIN = timedelta(days=3)
"""Who says nothing for so long has gone on their way; nobody is asked twice unprompted."""

KEPT_FOR = timedelta(days=1)
"""A question waits so long for a line that is down."""


def begin(ctx: Context, one: Application, doors: list[int]) -> None:
    """Find the right door, and put the first question."""
    rooms = [_as_known(ctx, room) for room in doors]
    meant = doors[0] if len(doors) == 1 else logic.room_meant(one.greeting, rooms)
    if meant is not None:
        _at_door(ctx, one, meant)
        return
    if one.status == "knocking":
        move(ctx, one, "choosing")
    names = [ctx.text("room_line", room=name, theme=theme) if theme else name for _, name, theme in rooms]
    ctx.tell(one.member_id, "which_room", rooms=Trusted(logic.numbered(names)), keep_for=KEPT_FOR)
    ctx.ask(WHICH, one.member_id, wait=ANSWER_WITHIN, application=one.id, rooms=doors)


def _as_known(ctx: Context, room: int) -> tuple[int, str, str]:
    there = ctx.in_room(room)
    return room, there.room_name, there.room.theme if there.room else ""


@plugin.answer(WHICH)
def hear_which(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """The applicant says which group."""
    one = _theirs(ctx, event, payload, "choosing")
    if one is None or _is_for_others(ctx, event):
        return False
    if normalised(event.text) in logic.GIVES_UP:
        _let_go(ctx, one)
        return True
    doors = [room for room in payload["rooms"] if is_open(ctx, room)]
    rooms = [_as_known(ctx, room) for room in doors]
    names = tuple(name for _, name, _ in rooms)
    chosen = logic.answer_to(Question("", names), event.text) if event.kind == "text" else None
    room = doors[names.index(chosen)] if chosen is not None else logic.room_meant(event.text, rooms)
    if room is not None:
        one.tries = 0
        _at_door(ctx, one, room)
    elif not _has_tried_enough(ctx, one):
        begin(ctx, one, doors or open_doors(ctx, one.member_id))
    return True


def _at_door(ctx: Context, one: Application, room: int) -> None:
    one.room_id = room
    move(ctx, one, "asking")
    there = ctx.in_room(room)
    questions = questions_of(there)
    hello = there.text("hello", name=ctx.services.bot_name, room=there.room_name)
    count = there.text("one_question") if len(questions) == 1 else there.text("two_questions")
    put(there, one, Trusted(f"{hello}{count}"))


def questions_of(ctx: Context) -> list[Question]:
    """What is asked at this door: one or two questions, the owner's or one from the theme."""
    settings = ctx.settings
    asked = (settings.question_1, settings.fits_1), (settings.question_2, settings.fits_2)
    found = [logic.question_of(text, fits) for text, fits in asked if text.strip()]
    return found or [Question(_usual_question(ctx), (), logic.words_of(settings.fits_1))]


def _usual_question(ctx: Context) -> str:
    theme = ctx.room.theme if ctx.room else ""
    return ctx.text("usual_question_theme", theme=theme) if theme else ctx.text("usual_question")


def put(ctx: Context, one: Application, before: str = "") -> None:
    """Put the question that is open."""
    questions = questions_of(ctx)
    question = questions[min(len(one.answers), len(questions) - 1)]
    parts = [before, question.text, logic.numbered(question.options)]
    if question.options:
        parts.append(ctx.text("answer_by_number"))
    text = Trusted("\n".join(part for part in parts if part))
    ctx.tell_text(one.member_id, text, reason="question", keep_for=KEPT_FOR)
    ctx.ask(ANSWER, one.member_id, wait=ANSWER_WITHIN, application=one.id)


@plugin.answer(ANSWER)
def hear_answer(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """The applicant answers; whatever else they say is left to whoever it is for."""
    one = _theirs(ctx, event, payload, "asking")
    if one is None or one.room_id is None or _is_for_others(ctx, event):
        return False
    there = ctx.in_room(one.room_id)
    if is_inside(ctx, one.room_id, one.member_id):
        move(ctx, one, "joined")
        return False
    if not is_open(ctx, one.room_id):
        move(ctx, one, "lapsed")
        there.tell(one.member_id, "closed_meanwhile", room=there.room_name)
    elif normalised(event.text) in logic.GIVES_UP:
        _let_go(there, one)
    else:
        _take(there, one, event)
    return True


def _take(ctx: Context, one: Application, event: MessagePosted) -> None:
    """One answer: kept, or asked for again."""
    questions = questions_of(ctx)
    question = questions[min(len(one.answers), len(questions) - 1)]
    answer = logic.answer_to(question, event.text) if event.kind == "text" else None
    is_fitting = answer is not None and logic.fits(question, answer)
    if answer is None or not (is_fitting or ctx.settings.owner_decides):
        _again(ctx, one, question, answer)
        return
    one.answers = [*one.answers, {"asked": question.text, "said": answer, "fits": is_fitting}]
    one.tries, one.touched_at = 0, ctx.now
    ctx.db.flush()
    if len(one.answers) < len(questions):
        put(ctx, one, ctx.text("next_question"))
    else:
        deciding.all_answered(ctx, one)


def _again(ctx: Context, one: Application, question: Question, answer: str | None) -> None:
    """The same question once more, or the end after the third time."""
    if answer is not None and one.tries + 1 >= logic.MOST_TRIES:
        said = {"asked": question.text, "said": answer, "fits": False}
        one.answers = [*one.answers, said]
        deciding.decline(ctx, one)
    elif not _has_tried_enough(ctx, one):
        put(ctx, one, ctx.text("say_more") if answer is not None else ctx.text("not_understood"))


def _has_tried_enough(ctx: Context, one: Application) -> bool:
    one.tries, one.touched_at = one.tries + 1, ctx.now
    ctx.db.flush()
    if one.tries < logic.MOST_TRIES:
        return False
    move(ctx, one, "lapsed")
    ctx.tell(one.member_id, "enough_for_now", keep_for=KEPT_FOR)
    return True


def _let_go(ctx: Context, one: Application) -> None:
    move(ctx, one, "lapsed")
    ctx.tell(one.member_id, "let_go")


def _theirs(ctx: Context, event: MessagePosted, payload: dict[str, Any], status: str) -> Application | None:
    """The application that this answers, if it still stands so and the person still owns nothing."""
    one = ctx.db.get(Application, payload["application"])
    if one is None or one.status != status or one.member_id != event.member:
        return None
    if is_stranger(ctx, event.member):
        return one
    move(ctx, one, "lapsed")
    return None


def _is_for_others(ctx: Context, event: MessagePosted) -> bool:
    """A pairing code, or something like 忘记我, is never an answer."""
    return event.kind == "text" and (may_be_code(ctx, event.text) or is_a_command(ctx, event.text))


def say_where_it_stands(ctx: Context, one: Application) -> None:
    """Somebody asks again: the question, or what is being waited for."""
    if one.room_id is None:
        begin(ctx, one, open_doors(ctx, one.member_id))
        return
    there = ctx.in_room(one.room_id)
    if one.status == "asking":
        put(there, one)
    elif one.status == "waiting":
        there.tell(one.member_id, "still_waiting", room=there.room_name)
    elif one.status == "fits":
        inviting.say_why_later(there, one, always=True)
    else:
        there.tell(one.member_id, "invited_already", room=there.room_name)
