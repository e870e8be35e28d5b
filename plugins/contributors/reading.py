"""The heavy half of the reckoning: reads weeks of talk off the writer, answers with keys and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.analysis.credence import ties
from bot.analysis.helped import helped_in, machines, sellers
from bot.analysis.lines import Line
from bot.analysis.standing import RECENT, WINDOW, Group, Helped, Standing, nominees, standings
from bot.analysis.topics import Said, topics
from bot.storage.history import History
from bot.storage.tables import Member
from plugins.contributors.tables import Credit, Level, PeerThanks

TOPICS = 3
HELP_KEPT = 40
"""So many answers of one person are kept as evidence, the latest."""

SURE_ENOUGH = 0.3


def reckon(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Levels, help and nominees of one room, as JSON."""
    room, zone = payload["room"], ZoneInfo(payload["zone"])
    since = history.now - WINDOW
    lines = history.lines(room, since)
    helped = [*helped_in(history.exchanges(room, since)), *_thanks(history, room, since)]
    sure = [one for one in helped if one.confidence >= SURE_ENOUGH or one.thanked]
    group = _group(history, room, lines, sure, payload["owners"])
    found = standings(sure, replace(group, ties=ties(lines, history.links(room, since))), history.now, zone)
    texts = {line.id: line.text for line in lines}
    words = {one.member: _topics(one, texts) for one in found.values()}
    best = [one for one in nominees(found, history.now) if one.member not in payload["owners"]]
    return {
        "levels": [_level(one, words[one.member]) for one in found.values()],
        "help": [_help(one) for each in found.values() for one in each.evidence[-HELP_KEPT:]],
        "nominees": [_nominee(one, words[one.member]) for one in best],
    }


def _group(
    history: History, room: int, lines: Sequence[Line], helped: Sequence[Helped], owners: Sequence[int]
) -> Group:
    recent = Counter(line.member for line in lines if history.now - line.at <= RECENT)
    session = history.session
    no_people = select(Member.id).where(
        Member.is_self | Member.uncounted | Member.kind.in_(("official",)) | Member.forgotten_at.is_not(None)
    )
    credited = Counter(session.scalars(select(Credit.member_id).where(Credit.room_id == room)))
    levels = select(Level.member_id, Level.level).where(Level.room_id == room)
    return Group(
        people=len({line.member for line in lines}), messages=recent, ties={}, owners=owners,
        never=set(session.scalars(no_people)) | machines(helped) | sellers(lines),
        credited=credited, levels={row.member_id: row.level for row in session.execute(levels)},
    )  # fmt: skip


def _thanks(history: History, room: int, since: datetime) -> list[Helped]:
    """Thanks given through the bot: help that somebody vouches for."""
    query = select(PeerThanks).where(PeerThanks.room_id == room, PeerThanks.at >= since)
    return [
        Helped(one.member_id, one.giver_id, None, None, one.at, 1.0, thanked=True)
        for one in history.session.scalars(query)
    ]


def _topics(one: Standing, texts: Mapping[int, str]) -> list[str]:
    said = [
        Said(each.asker, message, texts.get(message, ""))
        for each in one.evidence
        for message in (each.question, each.answer)
        if message is not None
    ]
    return [topic.word for topic in topics(said, TOPICS)]


def _level(one: Standing, words: list[str]) -> dict[str, Any]:
    return {
        "member": one.member, "level": one.level, "people": round(one.people, 3), "rooted": one.rooted,
        "days": one.days, "rank": round(one.rank, 4), "topics": words,
        "last_at": one.evidence[-1].at.isoformat(),
    }  # fmt: skip


def _help(one: Helped) -> dict[str, Any]:
    return {
        "helper": one.helper, "asker": one.asker, "question": one.question, "answer": one.answer,
        "at": one.at.isoformat(), "thanked": one.thanked or one.closed,
    }  # fmt: skip


def _nominee(one: Standing, words: list[str]) -> dict[str, Any]:
    recent = [each for each in one.evidence if one.evidence[-1].at - each.at <= RECENT]
    return {
        "member": one.member,
        "last_help_at": recent[-1].at.isoformat(),
        "topics": words,
        "evidence": {
            "helps": [[each.question, each.answer] for each in recent if each.answer is not None],
            "askers": [asker for asker in one.askers if asker in {each.asker for each in recent}],
            "thanked_by": list(dict.fromkeys(each.asker for each in recent if each.thanked)),
            "days": len({each.at.date() for each in recent}),
        },
    }
