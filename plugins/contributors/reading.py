"""The heavy half of the reckoning: reads what is new off the writer, answers with keys and words."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.analysis.originality import bare_text
from bot.analysis.reckoning import Known, reckoned
from bot.analysis.standing import RECENT, WINDOW, Standing
from bot.analysis.topics import Said, topics_of_help
from bot.analysis.usefulness import Helped
from bot.collector import collector_held_back
from bot.storage.engine import plain_connection
from bot.storage.history import History
from bot.storage.tables.base import milliseconds, moment
from plugins.contributors.days import read_days
from plugins.contributors.derived import Row, help_changes

TOPICS = 3
LOOKED_AT = 15
SPARE = 5
HELP_KEPT = 40
"""So many answers of one person are kept as evidence, the latest."""

_NO_PEOPLE = (
    "SELECT id FROM member WHERE is_self OR uncounted OR kind = 'official' OR forgotten_at IS NOT NULL"
)
_CREDITED = "SELECT member_id, count(*) FROM contributors_credit WHERE room_id = ? GROUP BY member_id"
_LEVELS = "SELECT member_id, level FROM contributors_level WHERE room_id = ?"
_THANKS = "SELECT member_id, giver_id, at FROM contributors_thanks WHERE room_id = ? AND at >= ?"
_TEXTS = "SELECT id, text FROM message WHERE id IN (SELECT value FROM json_each(?)) AND NOT recalled"
_SAID_BY = """
SELECT text FROM message WHERE member_id = ? AND room_id = ? AND at >= ? AND kind = 'text' AND NOT recalled
ORDER BY at, id
"""
_NAMES = """
SELECT lower(iif(membership.alias = '', member.name, membership.alias))
FROM membership JOIN member ON member.id = membership.member_id WHERE membership.room_id = ?
"""
_SPEAKERS = """
SELECT count(DISTINCT member_id) FROM message
WHERE room_id = ? AND at >= ? AND origin != 'self' AND NOT recalled AND instr(lower(text), ?)
"""


@collector_held_back()
def reckon(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Levels, help and nominees of one room, as JSON, and how far the talk has been read."""
    room, zone = payload["room"], ZoneInfo(payload["zone"])
    read = read_days(history, room, zone)
    known = _known(history, room, payload["owners"])
    night = reckoned(read.days, partial(_texts_of, history, room), known, history.now, zone)
    found = night.standings.values()
    topics_of = _topics(history, room, found)
    return {
        "levels": [_level(one, topics_of(one, TOPICS)) for one in found],
        "help": help_changes(history.session, room, _helps(found)),
        "nominees": [
            _nominee(one, _common(history, room, topics_of(one, LOOKED_AT))) for one in night.nominees
        ],
        "read": read.kept,
    }


def _known(history: History, room: int, owners: Sequence[int]) -> Known:
    raw = plain_connection(history.session)
    since = milliseconds(history.now - WINDOW)
    return Known(
        thanks=[_thanks(*row) for row in raw.execute(_THANKS, (room, since))],
        owners=owners,
        never={row[0] for row in raw.execute(_NO_PEOPLE)},
        credited=dict(raw.execute(_CREDITED, (room,))),
        levels=dict(raw.execute(_LEVELS, (room,))),
    )


def _thanks(member: int, giver: int, at: int) -> Helped:
    """Thanks given through the bot: help that somebody vouches for."""
    return Helped(member, giver, None, None, moment(at), 1.0, thanked=True)


def _texts_of(history: History, room: int, members: Collection[int]) -> dict[int, list[str]]:
    raw, since = plain_connection(history.session), milliseconds(history.now - WINDOW)
    return {
        member: [bare for row in raw.execute(_SAID_BY, (member, room, since)) if (bare := bare_text(row[0]))]
        for member in members
    }


def _topics(history: History, room: int, found: Iterable[Standing]) -> Callable[[Standing, int], list[str]]:
    """The words that somebody's help was about; whoever is called by name is no topic."""
    raw = plain_connection(history.session)
    wanted = {key for one in found for each in one.evidence for key in (each.question, each.answer) if key}
    texts: dict[int, str] = dict(raw.execute(_TEXTS, (json.dumps(sorted(wanted)),)))
    names = {row[0] for row in raw.execute(_NAMES, (room,))}

    def topics_of(one: Standing, count: int) -> list[str]:
        asked = tuple(_said(each, each.question, texts) for each in one.evidence if each.question is not None)
        answers = tuple(_said(each, each.answer, texts) for each in one.evidence if each.answer is not None)
        said = topics_of_help(asked, answers, count + SPARE)
        return [topic.word for topic in said if topic.word not in names][:count]

    return topics_of


def _common(history: History, room: int, words: Sequence[str]) -> list[str]:
    """Those that most people here speak of: what is told in public should be the group's own matter."""
    raw, since = plain_connection(history.session), milliseconds(history.now - WINDOW)
    speakers = {word: raw.execute(_SPEAKERS, (room, since, word)).fetchone()[0] for word in words}
    return sorted(words, key=lambda word: -speakers[word])[:TOPICS]


def _said(each: Helped, message: int, texts: Mapping[int, str]) -> Said:
    return Said(each.asker, message, texts.get(message, ""))


def _level(one: Standing, words: list[str]) -> dict[str, Any]:
    return {
        "member": one.member, "level": one.level, "people": round(one.people, 3), "rooted": one.rooted,
        "days": one.days, "rank": round(one.rank, 4), "topics": words,
        "last_at": one.evidence[-1].at.isoformat(),
    }  # fmt: skip


def _helps(found: Iterable[Standing]) -> Iterator[Row]:
    for each in found:
        for one in each.evidence[-HELP_KEPT:]:
            thanked = one.thanked or one.closed
            yield one.helper, one.asker, one.question, one.answer, milliseconds(one.at), thanked


def _nominee(one: Standing, words: list[str]) -> dict[str, Any]:
    recent = [each for each in one.evidence if one.evidence[-1].at - each.at <= RECENT]
    told = sorted(recent, key=lambda each: each.thanked or each.closed)  # what is plainly help is told first
    return {
        "member": one.member,
        "last_help_at": recent[-1].at.isoformat(),
        "topics": words,
        "evidence": {
            "helps": [[each.question, each.answer] for each in told if each.answer is not None],
            "askers": [asker for asker in one.askers if asker in {each.asker for each in recent}],
            "thanked_by": list(dict.fromkeys(each.asker for each in recent if each.thanked)),
            "days": len({each.at.date() for each in recent}),
        },
    }
