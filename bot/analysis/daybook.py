"""A room's days, each reduced to what the reckoning of who helps needs.

The talk is read once, line by line, in order. What is settled of a day (nothing said later can change it) can
be put away and need not be read again, so a night costs what was said since the last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zlib import crc32

from bot.analysis.days import LocalDays
from bot.analysis.exchange_reader import ExchangeReader, asks
from bot.analysis.helped import SHORTEST_AD, HelpFact, Spoken, bare, facts_of, sells
from bot.analysis.lines import Heard, Line, Link
from bot.analysis.open_exchanges import OPEN_FOR, Open
from bot.analysis.originality import Told, denies

Pair = tuple[int, int]

REFUTES = 0.4
"""A reply that is less sure than this says nothing about an answer."""


@dataclass(slots=True)
class Day:
    """What one day holds: `said` how often each person spoke, `sold` their advertisements by what they say.

    `met` are the people with whom each who spoke had to do; `doubts` how unsure it is for each pair (smaller
    key first) that they talked with one another; `helped` belongs to the questions of this day.
    """

    said: dict[int, int] = field(default_factory=dict)
    sold: dict[int, list[int]] = field(default_factory=dict)
    met: dict[int, set[int]] = field(default_factory=dict)
    doubts: dict[Pair, float] = field(default_factory=dict)
    helped: list[HelpFact] = field(default_factory=list)


@dataclass(slots=True)
class DayBook:
    """Where the reading of a room stands, with the days that are not settled yet."""

    zone: tzinfo
    days: dict[date, Day] = field(default_factory=dict)
    reader: ExchangeReader = field(default_factory=ExchangeReader)
    spoken: dict[int, Spoken] = field(default_factory=dict)
    """The answers of exchanges that are still open, by message."""
    _local: LocalDays = field(init=False)
    _local_above: LocalDays = field(init=False)
    _told: dict[int, list[Told]] = field(default_factory=dict)
    """By person, what others have said to them within `ECHOES_WITHIN`."""

    def __post_init__(self) -> None:
        self._local, self._local_above = LocalDays(self.zone), LocalDays(self.zone)

    def read(self, heard: Heard) -> None:
        """Take in the next line."""
        line, link, above, question = heard
        day, member = self._day(self._local.of(line.at)), line.member
        day.said[member] = day.said.get(member, 0) + 1
        met = day.met.get(member)
        if met is None:
            met = day.met[member] = set()
        met.update(line.mentions)
        if line.kind == "text" and len(line.text) >= SHORTEST_AD and sells(line.text):
            day.sold.setdefault(member, []).append(crc32(bare(line.text).encode()))
        if link is not None and above is not None and above.member != member:
            met.add(above.member)
            self._meet(day, line, link, above)
            self._refute(line, link)
        asking = asks(line, question)
        answer = self.reader.read(line, link, asks=asking)
        if answer is not None:
            self.spoken[line.id] = Spoken(line, self._told_to_asker(line.id), asks=asking)
        self._adopt()
        self.hear(line, above)

    def _adopt(self) -> None:
        """Take in the answers that only what came after them made known as such."""
        for one in self.reader.adopted:
            if one.message not in self.spoken:
                words = Spoken(Line(one.message, one.member, one.at, one.text), asks=one.asks)
                if one.says is not None:
                    words.judge(False, one.says)
                self.spoken[one.message] = words
        self.reader.adopted.clear()

    def hear(self, line: Line, above: Line | None) -> None:
        """Remember to whom a line was said, so that an echo of it is known."""
        told = None
        if above is not None and above.member != line.member and above.member not in line.mentions:
            told = Told(line)
            self._told_to(above.member).append(told)
        for one in dict.fromkeys(line.mentions) if line.mentions else ():
            if one != line.member:
                self._told_to(one).append(told or Told(line))

    def settle(self, before: datetime) -> dict[date, Day]:
        """Put away what nothing that is said at that time or later can change: whole days, done with."""
        for one in self.reader.settle(before):
            self._day(self._local.of(one.asked_at)).helped += self._facts(one)
        answers = {one.message for each in self.reader.found for one in each.answers}
        self.spoken = {key: one for key, one in self.spoken.items() if key in answers}
        self._told = {}  # asked for by those who come after only as `hear` tells it anew
        first = self._local.of(before - OPEN_FOR)
        return {day: self.days.pop(day) for day in sorted(self.days) if day < first}

    def all_days(self) -> dict[date, Day]:
        """The days that are not settled, as they stand now."""
        found = {
            day: Day(one.said, one.sold, one.met, one.doubts, list(one.helped))
            for day, one in self.days.items()
        }
        for one in self.reader.found:
            found.setdefault(self._local.of(one.asked_at), Day()).helped += self._facts(one)
        return found

    def _day(self, day: date) -> Day:
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = Day()
        return found

    def _facts(self, one: Open) -> list[HelpFact]:
        return facts_of(one.closed(), self.spoken)

    def _meet(self, day: Day, line: Line, link: Link, above: Line) -> None:
        pair = (line.member, above.member) if line.member < above.member else (above.member, line.member)
        day.doubts[pair] = day.doubts.get(pair, 1.0) * (1.0 - link.confidence)
        if line.at - above.at <= OPEN_FOR:
            self._day(self._local_above.of(above.at)).met.setdefault(above.member, set()).add(line.member)

    def _refute(self, line: Line, link: Link) -> None:
        answer = self.spoken.get(link.answers or 0)
        if answer is None or link.confidence < REFUTES or line.member == answer.line.member:
            return
        exchange = self.reader.part_of.get(answer.line.id)
        if isinstance(exchange, Open) and exchange.takes(line) and denies(line.text):
            answer.is_refuted = True

    def _told_to_asker(self, answer: int) -> list[Told]:
        exchange = self.reader.part_of[answer]
        return self._told_to(exchange.asker) if isinstance(exchange, Open) else []

    def _told_to(self, member: int) -> list[Told]:
        found = self._told.get(member)
        if found is None:
            found = self._told[member] = []
        return found


def day_book(talk: Iterable[Heard], zone: tzinfo) -> DayBook:
    """The whole of a talk, read at once."""
    book = DayBook(zone)
    for one in talk:
        book.read(one)
    return book
