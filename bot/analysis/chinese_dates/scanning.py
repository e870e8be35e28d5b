"""Finding the pieces of a schedule in a line, and which of them belong together. Pure.

A piece that stands alone amid other words (周末 in 周末读书会) belongs to the topic if a whole schedule
stands elsewhere in the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.analysis.chinese_dates import each, named, near
from bot.analysis.chinese_dates.clocks import read_clock
from bot.analysis.chinese_dates.limits import read_limit
from bot.analysis.chinese_dates.patterns import READERS
from bot.analysis.chinese_dates.tokens import (
    DAY_TOKENS,
    LIMIT_TOKENS,
    LISTING,
    TIME_TOKENS,
    Ask,
    Choice,
    Clock,
    Every,
    Exactly,
    Found,
    PartOfDay,
)

READ_IN_THIS_ORDER = (each, near, named)
"""Importing them fills the list of readers."""

_GLUE = re.compile(
    r"\s|[,、。;:!/|·()\[\]「」『』【】\"'—–-]|的|在|于|和|及|与|跟|以及|还有|就|各|都|准时|准点|整点|定时|固定|一次|1次"
    r"|那天|当天|这天|里(?!程)|每(?=\s)|发一次|会(?=在)"
)
_LISTED = re.compile(LISTING)


@dataclass(slots=True)
class Cluster:
    """Pieces with nothing but small words between them."""

    pieces: list[Found] = field(default_factory=list)

    def has(self, *kinds: type) -> bool:
        """Whether one of the pieces is of these kinds."""
        return any(isinstance(piece.token, kinds) for piece in self.pieces)

    @property
    def has_days(self) -> bool:
        """Whether it says on which days."""
        return self.has(*DAY_TOKENS, Exactly) or self._asks(is_time=False)

    @property
    def has_times(self) -> bool:
        """Whether it says at what time."""
        return self.has(Clock, Exactly) or self._asks(is_time=True)

    def _asks(self, *, is_time: bool) -> bool:
        kinds = ("vague_time", "no_such_time", "too_often")
        return any(isinstance(one.token, Ask) and (one.token.kind in kinds) == is_time for one in self.pieces)


def scan(said: str, now: datetime) -> list[Cluster]:
    """All pieces of the line, in clusters."""
    clusters: list[Cluster] = [Cluster()]
    at, is_near = 0, True
    while at < len(said):
        found = _read(said, at, now)
        if found is not None:
            if not is_near and clusters[-1].pieces:
                clusters.append(Cluster())
            clusters[-1].pieces.append(found)
            at, is_near = found.end, True
            continue
        glue = _GLUE.match(said, at)
        is_near = is_near and glue is not None
        at = glue.end() if glue else at + 1
    return [cluster for cluster in clusters if cluster.pieces]


def _read(said: str, at: int, now: datetime) -> Found | None:
    return read_limit(said, at, now) or _read_days(said, at, now) or read_clock(said, at)


def _read_days(said: str, at: int, now: datetime) -> Found | None:
    for pattern, reader in READERS:
        match = pattern.match(said, at)
        if match is None or match.end() == at:
            continue
        try:
            token = reader(match, now)
        except Ask as question:
            return Found(at, match.end(), question)
        if token is not None:
            return Found(at, match.end(), token)
    return None


def schedule_of(clusters: Sequence[Cluster], said: str) -> list[Found]:
    """The pieces that are the schedule; the others are words of the topic."""
    limits = [
        piece for cluster in clusters for piece in cluster.pieces if isinstance(piece.token, LIMIT_TOKENS)
    ]
    cores = [Cluster([one for one in cluster.pieces if one not in limits]) for cluster in clusters]
    cores = [core for core in cores if core.pieces]
    whole = next((core for core in cores if core.has_days and core.has_times), None)
    if whole is not None:
        chosen = _without_tail(whole.pieces, said)
    else:
        days = next((core for core in cores if core.has_days), None)
        times = next((core for core in cores if core is not days and core.has_times), None)
        chosen = [piece for core in (days, times) if core is not None for piece in core.pieces]
        if days is None and times is None:
            chosen = [piece for core in cores[:1] for piece in core.pieces]
    return sorted([*chosen, *limits], key=lambda piece: piece.start)


def _without_tail(pieces: list[Found], said: str) -> list[Found]:
    """Without days and times at the end that begin the topic: 每周三 20:30 周末去哪儿."""
    kept: list[Found] = []
    for piece in pieces:
        core = Cluster(kept)
        is_whole = core.has_days and core.has_times
        if is_whole and _is_strange(kept[-1], piece, said):
            break
        kept.append(piece)
    while len(kept) > 1 and _is_day(kept[-1]) and Cluster(kept[:-1]).has_days and _ends_whole(kept[:-1]):
        kept.pop()
    return kept


def _ends_whole(pieces: list[Found]) -> bool:
    core = Cluster(pieces)
    return core.has_times and isinstance(pieces[-1].token, TIME_TOKENS)


def _is_strange(before: Found, piece: Found, said: str) -> bool:
    """Whether a time that follows a time is no second one."""
    if not isinstance(piece.token, TIME_TOKENS) or not isinstance(before.token, TIME_TOKENS):
        return False
    if isinstance(before.token, PartOfDay):
        return False
    is_listed = _LISTED.fullmatch(said[before.end : piece.start]) is not None
    return not is_listed and not (isinstance(piece.token, Clock) and (piece.token.plain or piece.token.part))


def _is_day(piece: Found) -> bool:
    return isinstance(piece.token, (Every, Choice, *DAY_TOKENS, Ask))
