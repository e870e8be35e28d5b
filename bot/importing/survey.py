"""The first reading of a log: it proves that the whole of it can be read, and counts what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.errors import QunxingError
from bot.importing.entries import BadLog, Entry, Header, Nameless, Notice, Profile, Record
from bot.importing.notices import joined_names
from bot.words import joined, normalised

MOST_PEOPLE = 100_000
MOST_NAMES = 20
MOST_ROOMS = 10_000


@dataclass(slots=True)
class Speaker:
    """A person as a log knows them. `name` and `alias` are the latest, `names` all of them, at most 20.

    `joined_at` is when a notice of the app told that they came, None if none did before their first line.
    """

    name: str
    alias: str
    named_only: bool
    first_at: datetime
    last_at: datetime
    joined_at: datetime | None = None
    messages: int = 0
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Survey:
    """What a log (of one conversation) holds. `ordered`: the times only rise, or only fall."""

    platform: str = ""
    room: str = ""
    messages: int = 0
    notices: int = 0
    nameless: int = 0
    joined_lines: int = 0
    quotes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    people: dict[str, Speaker] = field(default_factory=dict)
    joins: dict[str, datetime] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    days: dict[date, tuple[datetime, datetime]] = field(default_factory=dict)
    rises: bool = True
    falls: bool = True
    last_seen_at: datetime | None = None

    @property
    def ordered(self) -> bool:
        """Whether equal messages of the same moment stand together, or near enough."""
        return self.rises or self.falls

    @property
    def first_at(self) -> datetime | None:
        """The earliest message."""
        return min((first for first, _ in self.days.values()), default=None)

    @property
    def last_at(self) -> datetime | None:
        """The latest message."""
        return max((last for _, last in self.days.values()), default=None)

    def gaps(self, longer_than: timedelta) -> list[tuple[datetime, datetime]]:
        """Silences: from when until when nobody said anything."""
        days = sorted(self.days.values())
        return [(last, first) for (_, last), (first, _) in pairwise(days) if first - last > longer_than]

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        if isinstance(entry, Record):
            self._add_record(entry)
        elif isinstance(entry, Notice):
            self.notices += 1
            self._add_joins(entry)
        elif isinstance(entry, Nameless):
            self.nameless += 1
        elif isinstance(entry, Profile):
            self.profiles[entry.sender] = entry
        else:
            self.platform, self.room = entry.platform, entry.room

    def _add_record(self, record: Record) -> None:
        self.messages += 1
        self.kinds[record.kind] += 1
        self.joined_lines += record.joined
        self.quotes += bool(record.quote_text)
        at, before = record.at, self.last_seen_at
        if before is not None and at != before:
            self.rises, self.falls = self.rises and at > before, self.falls and at < before
        self.last_seen_at = at
        first, last = self.days.get(at.date(), (at, at))
        self.days[at.date()] = (min(first, at), max(last, at))
        speaker = self.people.get(record.sender)
        if speaker is None:
            speaker = self._new_speaker(record)
        speaker.messages += 1
        speaker.first_at = min(speaker.first_at, at)
        if at >= speaker.last_at:
            speaker.last_at = at
            speaker.name, speaker.alias = record.name or speaker.name, record.alias or speaker.alias
        if len(speaker.names) < MOST_NAMES:
            speaker.names.update(name for name in (record.name, record.alias) if name)

    def _new_speaker(self, record: Record) -> Speaker:
        if len(self.people) >= MOST_PEOPLE:
            raise BadLog("import.too_many_people", line=record.line, limit=MOST_PEOPLE)
        made = Speaker(record.name, record.alias, record.named_only, record.at, record.at)
        self.people[record.sender] = made
        return made

    def _add_joins(self, notice: Notice) -> None:
        if notice.at is None:
            return
        for name in joined_names(notice.text):
            if len(self.joins) < MOST_PEOPLE:
                self.joins[name] = min(self.joins.get(name, notice.at), notice.at)

    def settle(self) -> None:
        """After the last entry: names of today, and joins that the log tells."""
        for sender, profile in self.profiles.items():
            speaker = self.people.get(sender)
            if speaker is not None:
                speaker.name, speaker.alias = profile.name or speaker.name, profile.alias or speaker.alias
                speaker.names.update(name for name in (profile.name, profile.alias, *profile.others) if name)
        for speaker in self.people.values():
            speaker.name = speaker.name or speaker.alias
            told = min((self.joins[name] for name in speaker.names if name in self.joins), default=None)
            if told is not None and told < speaker.first_at:
                speaker.joined_at = told


@dataclass(slots=True)
class Conversations:
    """Sorts a log's entries by conversation: an export of a whole account holds many that are not ours."""

    wanted: str
    _surveys: dict[str, Survey] = field(default_factory=dict)
    _rooms: Counter[str] = field(default_factory=Counter)

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Count everything."""
        general = Survey()
        for entry in entries:
            if isinstance(entry, Header | Profile):
                general.add(entry)
                continue
            room = entry.room
            survey = self._surveys.get(room)
            if survey is None:
                survey = self._begin(room)
            if survey is not None:
                survey.add(entry)
        for survey in self._surveys.values():
            survey.platform, survey.room, survey.profiles = general.platform, general.room, general.profiles
            survey.settle()

    def _begin(self, room: str) -> Survey | None:
        """A survey for this conversation, if it may be the one: the first, or the one of the wanted name."""
        if len(self._rooms) < MOST_ROOMS:
            self._rooms[room] += 1
        if self._surveys and normalised(room) != normalised(self.wanted):
            return None
        return self._surveys.setdefault(room, Survey())

    def choose(self) -> tuple[str | None, Survey]:
        """The conversation to import (None: the whole log is one) and its survey.

        Raises QunxingError if there are several and none has the wanted name.
        """
        fitting = [room for room in self._surveys if room and normalised(room) == normalised(self.wanted)]
        if fitting:
            return fitting[0], self._surveys[fitting[0]]
        rooms = [room for room in self._rooms if room]
        if len(self._rooms) > 1:
            named = joined(rooms, 5)
            raise QunxingError("import.several_rooms", rooms=named, room=self.wanted)
        return None, next(iter(self._surveys.values()), Survey())
