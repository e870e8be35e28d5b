"""The heavy half of the reckoning: reads weeks of talk off the writer, answers with keys and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.analysis.exchanges import exchanges
from bot.analysis.lines import Line
from bot.analysis.reckoning import Known, reckoned
from bot.analysis.standing import RECENT, WINDOW, Helped, Standing
from bot.analysis.topics import Said, topics_of_help
from bot.storage.history import History
from bot.storage.tables import Member
from plugins.contributors.tables import Credit, Level, PeerThanks

TOPICS = 3
LOOKED_AT = 15
SPARE = 5
HELP_KEPT = 40
"""So many answers of one person are kept as evidence, the latest."""


def reckon(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Levels, help and nominees of one room, as JSON."""
    room, zone = payload["room"], ZoneInfo(payload["zone"])
    since = history.now - WINDOW
    lines, links = history.lines(room, since), history.links(room, since)
    known = _known(history, room, payload["owners"], since)
    found_in = exchanges(lines, links, history.asking(room, since))
    night = reckoned(lines, links, found_in, known, history.now, zone)
    texts = {line.id: line.text for line in lines}
    found = night.standings.values()
    names = {one.name.lower() for one in history.members(room, present=False)}
    words = {one.member: _topics(one, texts, names) for one in found}
    return {
        "levels": [_level(one, words[one.member]) for one in found],
        "help": [_help(one) for each in found for one in each.evidence[-HELP_KEPT:]],
        "nominees": [
            _nominee(one, _common(_topics(one, texts, names, LOOKED_AT), lines)) for one in night.nominees
        ],
    }


def _known(history: History, room: int, owners: Sequence[int], since: datetime) -> Known:
    session = history.session
    no_people = select(Member.id).where(
        Member.is_self | Member.uncounted | Member.kind.in_(("official",)) | Member.forgotten_at.is_not(None)
    )
    credited = Counter(session.scalars(select(Credit.member_id).where(Credit.room_id == room)))
    levels = select(Level.member_id, Level.level).where(Level.room_id == room)
    return Known(
        thanks=_thanks(history, room, since), owners=owners, never=set(session.scalars(no_people)),
        credited=credited, levels={row.member_id: row.level for row in session.execute(levels)},
    )  # fmt: skip


def _thanks(history: History, room: int, since: datetime) -> list[Helped]:
    """Thanks given through the bot: help that somebody vouches for."""
    query = select(PeerThanks).where(PeerThanks.room_id == room, PeerThanks.at >= since)
    return [
        Helped(one.member_id, one.giver_id, None, None, one.at, 1.0, thanked=True)
        for one in history.session.scalars(query)
    ]


def _topics(
    one: Standing, texts: Mapping[int, str], names: Collection[str], count: int = TOPICS
) -> list[str]:
    """The words that their help was about; whoever is called by name is no topic."""
    asked = [_said(each, each.question, texts) for each in one.evidence if each.question is not None]
    answers = [_said(each, each.answer, texts) for each in one.evidence if each.answer is not None]
    found = topics_of_help(asked, answers, count + SPARE)
    return [topic.word for topic in found if topic.word not in names][:count]


def _common(words: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """Those that most people here speak of: what is told in public should be the group's own matter."""
    speakers = {word: len({line.member for line in lines if word in line.text.lower()}) for word in words}
    return sorted(words, key=lambda word: -speakers[word])[:TOPICS]


def _said(each: Helped, message: int, texts: Mapping[int, str]) -> Said:
    return Said(each.asker, message, texts.get(message, ""))


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
