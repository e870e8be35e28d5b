"""A recount of the report's figures, as somebody with pencil and paper would do it: slowly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from fractions import Fraction
from itertools import combinations

from bot.analysis.exchanges import Exchange
from bot.analysis.lines import Line, Link


class Recount:
    """Counts by going through everything again for each question."""

    def __init__(
        self, lines: Sequence[Line], links: Sequence[Link], exchanges: Sequence[Exchange],
        since: datetime, until: datetime, zone: tzinfo,
    ) -> None:  # fmt: skip
        self.zone, self.since, self.until = zone, since, until
        self.lines = [one for one in lines if since <= one.at and one.at < until]
        self.exchanges = [one for one in exchanges if since <= one.asked_at and one.asked_at < until]
        self.pairs: list[tuple[int, int, object]] = []
        for link in links:
            for answer in self.lines:
                for answered in lines:
                    is_link = link.message == answer.id and link.answers == answered.id
                    if is_link and answer.member != answered.member:
                        self.pairs.append((answer.member, answered.member, self.day(answer.at)))
        self.people = sorted(
            {one.member for one in self.lines} | {who for a, b, _ in self.pairs for who in (a, b)}
        )

    def day(self, at: datetime) -> object:
        local = at.astimezone(self.zone)
        return (local.year, local.month, local.day)

    def talkers(self) -> list[int]:
        spoke = {one.member for one in self.lines}
        return sorted(spoke, key=lambda who: (-self.spoken(who), who))

    def spoken(self, who: int) -> int:
        return sum(1 for one in self.lines if one.member == who)

    def size(self) -> int:
        month = (28 * 24 * 3600) - (self.until - self.since).total_seconds()
        people = len({one.member for one in self.lines if (one.at - self.since).total_seconds() >= -month})
        size = 2
        while Fraction(size) ** 2 * 4 < people:
            size += 1
        return size

    def is_real(self, day: object, gone: set[int]) -> bool:
        those = [(a, b) for a, b, when in self.pairs if when == day and a not in gone and b not in gone]
        return len(those) >= self.size() and len({who for pair in those for who in pair}) >= self.size()

    def days(self, gone: set[int]) -> tuple[int, int]:
        all_days = {when for _, _, when in self.pairs}
        real = [day for day in all_days if self.is_real(day, set())]
        return sum(1 for day in real if self.is_real(day, gone)), len(real)

    def questions(self, gone: set[int]) -> tuple[int, int]:
        before = after = 0
        for one in self.exchanges:
            helpers = {answer.member for answer in one.answers}
            if one.asker in gone or not helpers:
                continue
            before += 1
            after += bool(helpers - gone)
        return after, before

    def connected(self, gone: set[int]) -> tuple[int, int]:
        others = [who for who in self.people if who not in gone]
        met = [who for who in others if any(who in pair[:2] for pair in self.pairs)]
        best = 0
        for who in met:
            reached, grew = {who}, True
            while grew:
                grew = False
                for a, b, _ in self.pairs:
                    if a not in gone and b not in gone and (a in reached) != (b in reached):
                        reached |= {a, b}
                        grew = True
            best = max(best, len(reached))
        return (best if best > 1 else 0), len(met)

    def absence_factor(self) -> int:
        talkers = self.talkers()
        for size in range(1, len(talkers) + 1):
            if any(
                2 * sum(map(self.spoken, some)) >= len(self.lines) for some in combinations(talkers, size)
            ):
                return size
        return 0

    def degree(self, who: int) -> int:
        return len({a + b - who for a, b, _ in self.pairs if who in (a, b)})

    def centralisation(self) -> float:
        degrees = [self.degree(who) for who in self.people]
        if len(degrees) < 3:
            return 0
        return sum(max(degrees) - one for one in degrees) / ((len(degrees) - 1) * (len(degrees) - 2))

    def hubs(self) -> set[int]:
        most = max(map(self.degree, self.people), default=0)
        return {who for who in self.people if self.degree(who) >= 2 and self.degree(who) > most / 2}
