"""Reading what speaks for a topic, off the writer: the talk of the last weeks, and what was named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.analysis.lines import Line
from bot.context import Context
from bot.storage.history import History
from bot.words import plain
from plugins.meetups import after_tables, proposing, scene
from plugins.meetups.tables import Question
from plugins.meetups.topic_words import topic_words

WEEKS = timedelta(weeks=4)
BEFORE = timedelta(weeks=12)
MOST_BEFORE = 6_000
ALIVE_PEOPLE_A_DAY = 3
TOGETHER = timedelta(weeks=26)
"""Wishes, stages and pooled questions that are older are let go."""


def called(ctx: Context, member: int) -> str:
    """Somebody who is evidence, by name only while they may be named."""
    return scene.called(ctx, member if scene.counted(ctx, member) else None)


def study(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The topics of the last four weeks, and whether the group is alive enough, with the numbers for it."""
    room, zone = payload["room"], ZoneInfo(payload["zone"])
    since = history.now - WEEKS
    lines = history.lines(room, since)
    days: dict[object, set[int]] = {}
    for line in lines:
        days.setdefault(line.at.astimezone(zone).date(), set()).add(line.member)
    people = len({line.member for line in lines})
    lively = sum(1 for members in days.values() if len(members) >= ALIVE_PEOPLE_A_DAY)
    found = proposing.proposals(gathered(history, room, lines, payload["theme"]))
    return {
        "asked": payload["asked"],
        "people": people,
        "days": lively,
        "is_alive": people >= payload["alive_people"] and lively >= payload["alive_days"],
        "options": [_as_option(one) for one in found],
    }


def _as_option(one: proposing.Proposal) -> dict[str, Any]:
    return {
        "title": plain(one.title, scene.TITLE),
        "form": one.form,
        "speaker": one.speaker,
        "questions": list(one.questions),
        "reasons": [_short(reason) for reason in one.reasons],
    }


def _short(reason: dict[str, Any]) -> dict[str, Any]:
    return {**reason, "words": plain(reason["words"], 40)} if "words" in reason else reason


def gathered(history: History, room: int, lines: list[Line], theme: str) -> proposing.Evidence:
    """Everything that speaks for a topic now."""
    since = history.now - WEEKS
    asked = [
        proposing.Asked(one.question, one.asker, one.text, one.helpers)
        for one in history.exchanges(room, since)
        if one.text.strip()
    ]
    before = history.lines(room, since - BEFORE, since)[-MOST_BEFORE:]
    return proposing.Evidence(
        asked=asked,
        matters=_matters(history, room),
        users=_users(lines),
        people=len({line.member for line in lines}),
        users_before=_users(before),
        people_before=len({line.member for line in before}),
        of_the_group=topic_words(theme) | _names(history, room),
    )


def _names(history: History, room: int) -> frozenset[str]:
    """What people here are called: whoever is asked by name is no topic."""
    names = (one.name for one in history.members(room, present=False))
    return frozenset(word for name in names for word in (name.lower(), *topic_words(name)))


def _users(lines: Iterable[Line]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for line in lines:
        if line.kind == "text":
            for word in topic_words(line.text):
                found.setdefault(word, set()).add(line.member)
    return {word: frozenset(people) for word, people in found.items()}


def _matters(history: History, room: int) -> list[proposing.Matter]:
    """What was named: wishes, shares and stages, and the questions that were left to a round table."""
    since = history.now - TOGETHER
    named = select(after_tables.Matter).where(
        after_tables.Matter.room_id == room, after_tables.Matter.at >= since,
        after_tables.Matter.kind.in_(("wish", "share", "stage")),
    )  # fmt: skip
    rows = history.session.scalars(named.order_by(after_tables.Matter.id))
    matters = [proposing.Matter(row.kind, row.text, row.member_id) for row in rows if row.text]  # type: ignore[arg-type]
    pool = select(Question).where(
        Question.room_id == room, Question.meetup_id.is_(None), Question.asked_at >= since
    )
    return matters + [
        proposing.Matter("pool", row.text, row.asker_id) for row in history.session.scalars(pool)
    ]
