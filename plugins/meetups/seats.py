"""Who has a seat, who waits, whose turn it is: first come first served. Pure.

A party is somebody with `more` friends and takes that many seats more. A seat that is offered is taken until
the offer runs out. Whoever waits is served in the order of `place`; a party that does not fit whole is
offered what is there, and nobody behind it is let past.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["in", "waiting", "offered", "out"]
HOLDS = ("in", "offered")


@dataclass(frozen=True, slots=True)
class Party:
    """One line of the list."""

    key: int
    status: str
    place: int
    more: int = 0

    @property
    def seats(self) -> int:
        """How many seats it takes."""
        return 1 + self.more


def taken(parties: Iterable[Party]) -> int:
    """Seats that nobody else can have."""
    return sum(one.seats for one in parties if one.status in HOLDS)


def free(parties: Sequence[Party], capacity: int) -> int | None:
    """Seats that are left; None if there is no limit."""
    return max(capacity - taken(parties), 0) if capacity else None


def status_for(parties: Sequence[Party], capacity: int, more: int) -> Status:
    """How somebody who comes now stands: behind those who wait, and only where all of them fit."""
    left = free(parties, capacity)
    if left is None:
        return "in"
    is_queue = any(one.status == "waiting" for one in parties)
    return "in" if not is_queue and 1 + more <= left else "waiting"


def next_in_line(parties: Sequence[Party], capacity: int) -> tuple[Party, int] | None:
    """Who is to be offered what is free now, and how many friends fit beside them; None if nobody."""
    waiting = sorted((one for one in parties if one.status == "waiting"), key=lambda one: one.place)
    left = free(parties, capacity)
    if not waiting or left == 0:
        return None
    first = waiting[0]
    return first, first.more if left is None else min(first.more, left - 1)


def may_grow(parties: Sequence[Party], capacity: int, by: int) -> bool:
    """Whether somebody who comes may bring so many more."""
    left = free(parties, capacity)
    return left is None or (by <= left and not any(one.status == "waiting" for one in parties))


def ahead_of(parties: Iterable[Party], place: int) -> int:
    """How many parties wait before this place."""
    return sum(1 for one in parties if one.status == "waiting" and one.place < place)
