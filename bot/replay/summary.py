"""What the bot would have said, in a few numbers and examples. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.replay.findings import WouldSay

EXAMPLES = 3
PARTS = {"morning": 6, "noon": 11, "afternoon": 14, "evening": 18, "night": 23}
"""The parts of a day, each with the hour at which it begins; the night lasts until the morning."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How often one plugin would have spoken with one urgency."""

    plugin: str
    urgency: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """`busiest` is the most on one day; `parts`, `people` and `kinds` come with their counts."""

    count: int
    unasked: int
    days: float
    busiest: int
    parts: tuple[tuple[str, int], ...]
    people: tuple[tuple[str, int], ...]
    kinds: tuple[Kind, ...]
    examples: tuple[WouldSay, ...]

    @property
    def a_day(self) -> float:
        """How often a day, counting a part of a day as a whole one."""
        return self.count / max(self.days, 1.0)


def summary_of(entries: Sequence[WouldSay], since: datetime, until: datetime, zone: ZoneInfo) -> Summary:
    """Sum up what would have been said in a span of time."""
    days = Counter(entry.at.astimezone(zone).date() for entry in entries)
    parts = Counter(_part_of_day(entry.at.astimezone(zone).hour) for entry in entries)
    kinds = Counter((entry.plugin, entry.urgency) for entry in entries)
    return Summary(
        count=len(entries),
        unasked=sum(entry.urgency == "initiative" for entry in entries),
        days=(until - since) / timedelta(days=1),
        busiest=max(days.values(), default=0),
        parts=tuple((name, parts[name]) for name in PARTS if parts[name]),
        people=tuple(Counter(name for entry in entries for name in entry.to if name).most_common()),
        kinds=tuple(Kind(plugin, urgency, count) for (plugin, urgency), count in kinds.most_common()),
        examples=tuple(_examples(entries)),
    )


def _part_of_day(hour: int) -> str:
    return next((name for name, begins in reversed(PARTS.items()) if hour >= begins), "night")


def _examples(entries: Sequence[WouldSay]) -> list[WouldSay]:
    """The latest of each sort, what nobody asked for first, then what is said most; filled up by more."""
    sorts = Counter((entry.plugin, entry.reason) for entry in entries)
    latest = {(entry.plugin, entry.reason): entry for entry in entries}
    chosen = sorted(
        latest.values(),
        key=lambda entry: (entry.urgency != "initiative", -sorts[entry.plugin, entry.reason]),
    )[:EXAMPLES]
    more = [entry for entry in reversed(entries) if entry not in chosen]
    return sorted([*chosen, *more[: EXAMPLES - len(chosen)]], key=lambda entry: entry.at)
