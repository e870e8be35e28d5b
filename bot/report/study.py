"""Reads what the report needs from the record, and puts it together: figures, trend, advice, gaps.

The window ends today and is as long as the one before it, which the trend compares with; days are those of
the bot's timezone. Who asked not to be counted is left out of everything, and how many those are is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.analysis.advice import Advice, Introduce, Invite, LeaveRoom, PassOn, advice
from bot.analysis.daybook import Day
from bot.analysis.decentralisation import Figures, Talk, figures, message_counts
from bot.analysis.graph import Graph, reply_graph
from bot.collector import collector_held_back
from bot.report.reading import read_talk
from bot.storage.history import History
from bot.storage.records import LostTime
from bot.storage.tables import Room

DAYS = 28
WEEKS = 4
"""Into so many parts a window is cut for the lines of the trend."""
LABELLED = 12
"""So many of the busiest are named in the picture, if there is room."""
A_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Week:
    """One part of the trend: who talked how much, and how much of it the two busiest of then did."""

    since: datetime
    people: int
    messages: int
    of_two: int


@dataclass(frozen=True, slots=True)
class Emerging:
    """Somebody to be seen, and in a sentence what for."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What was talked about, and by how many different people."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is told. `names` has everybody whom it names; `before` is None without a record.

    `missing` are the times when nobody listened, `left_out` the members who are not counted.
    """

    room: str
    days: int
    zone: str
    figures: Figures
    before: Figures | None
    weeks: tuple[Week, ...]
    advice: tuple[Advice, ...]
    names: dict[int, str]
    began_at: datetime | None
    missing: tuple[LostTime, ...]
    left_out: int
    emerging: tuple[Emerging, ...] = ()
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """The report with what its picture is drawn from."""

    report: Report
    graph: Graph
    counts: Mapping[int, int]
    talk: Talk
    days: Mapping[date, Day]
    """Those of both windows, as is the talk."""
    owners: tuple[int, ...]
    present: Mapping[int, str]
    """Who can be named to the owner, and how."""


@collector_held_back()
def study(
    history: History, room: int, zone: ZoneInfo, owners: Collection[int] = (), *, days: int = DAYS,
    until: datetime | None = None,
) -> Study:  # fmt: skip
    """The report of a room for the `days` up to `until` (default: now)."""
    end = (until or history.now) + A_MOMENT
    since, earlier = _midnight(end, zone, days - 1), _midnight(end, zone, 2 * days - 1)
    members = {one.member: one for one in history.members(room, present=False)}
    uncounted = {key for key, one in members.items() if one.uncounted}
    talk, book = read_talk(history, room, earlier, end, zone)
    counted = sorted(set(owners) - uncounted)
    found = figures(talk, since, end, zone, counted)
    began = next(iter(history.messages(room, limit=1)), None)
    is_comparable = began is not None and began.at < earlier + timedelta(days=1)
    before = figures(talk, earlier, since, zone, counted) if is_comparable else None
    present = {key for key, one in members.items() if one.left_at is None and not one.is_self}
    pieces = tuple(advice(talk, found, counted, present - uncounted))
    part = talk.part(since, end)
    counts = message_counts(part.lines)
    graph = reply_graph(counts, part.replies)
    named = {*_named(found, pieces, counted), *list(counts)[:LABELLED]}
    report = Report(
        room=_room_name(history, room), days=days, zone=zone.key, figures=found, before=before,
        weeks=_weeks(talk, earlier if before else since, end, zone, days), advice=pieces,
        names={key: members[key].name for key in sorted(named) if key in members},
        began_at=began.at if began else None, missing=tuple(history.gaps(since, end)),
        left_out=len(uncounted & present),
    )  # fmt: skip
    here = {key: members[key].name for key in sorted(present - uncounted)}
    return Study(report, graph, counts, talk, book.all_days(), tuple(counted), here)


def _midnight(moment: datetime, zone: ZoneInfo, days: int) -> datetime:
    """The beginning of the day so many days before."""
    return datetime.combine(moment.astimezone(zone).date() - timedelta(days=days), time(), zone)


def _weeks(talk: Talk, since: datetime, until: datetime, zone: ZoneInfo, days: int) -> tuple[Week, ...]:
    """The trend in parts of equal length, the last of which ends with the window."""
    step, weeks, end = max(1, days // WEEKS), [], until
    while end > since:
        start = _midnight(end - A_MOMENT, zone, step - 1)
        if start < since:
            break
        counts = list(message_counts(talk.part(start, end).lines).values())
        weeks.append(Week(start, len(counts), sum(counts), sum(counts[:2])))
        end = start
    return tuple(weeks[::-1])


def _named(found: Figures, pieces: Iterable[Advice], owners: Iterable[int]) -> set[int]:
    """Everybody whom the report has to call by name."""
    named = {*found.without_top.silent, *found.hubs, *owners}
    for piece in pieces:
        if isinstance(piece, LeaveRoom | PassOn):
            named.update(who for one in piece.questions for who in (one.asker, *one.able))
        if isinstance(piece, Introduce):
            named.update((*piece.members, piece.guide))
        if isinstance(piece, LeaveRoom | Invite):
            named.add(piece.member)
    return named


def _room_name(history: History, room: int) -> str:
    return history.session.get_one(Room, room).name
