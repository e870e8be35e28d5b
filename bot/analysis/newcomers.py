"""Who was here before a helper came and who came after: a spare account is hardly ever older than its owner.

Nobody who has helped strangers has helped only such as came with them or after: in every group there are
those who were here before. So those count in full, and the others as far as there are usual ones beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

LONG_BEFORE = timedelta(days=14)
"""Nobody waits so long for whom they are to thank: whoever was here so long before is no spare account."""

BEFORE = timedelta(days=7)
"""So long before is enough for somebody who has talked with others then."""

LATER = 0.7
"""Who came with the helper or after may be here because of them: they count so much at most."""

TIMES_USUAL = 2.0
"""Of those who came later there may be so many times as many among the helped as there are in the group."""


def elders(
    askers: Collection[int], core: set[int], circle: set[int], days: Mapping[int, Mapping[date, set[int]]]
) -> set[int]:
    """Those of the askers who had a life here before the first of the core (helper and friends) came.

    Whom they met then counts if that was nobody of the circle and no other asker.
    """
    suspect = circle.union(askers)
    found = set()
    for asker in askers:
        came = min((min(days[one]) for one in core if one != asker and days.get(one)), default=None)
        own = days.get(asker)
        if came is None or not own:
            continue
        earlier = came - min(own)
        has_met = any(others - suspect for day, others in own.items() if day < came)
        if earlier >= LONG_BEFORE or (earlier >= BEFORE and has_met):
            found.add(asker)
    return found


def usual_elders(core: Collection[int], first: Mapping[int, date], last: Mapping[int, date]) -> float | None:
    """Which share of those who have spoken since the first of the core came was here before.

    `first` and `last` are the days on which each spoke; None if that is not known.
    """
    came = min((first[one] for one in core if one in first), default=None)
    if came is None:
        return None
    since = [one for one, day in last.items() if day >= came and one not in core]
    return sum(1 for one in since if came - first[one] >= BEFORE) / max(1, len(since))


def as_usual(
    weights: Mapping[int, float], helped: Mapping[int, float], elder: Collection[int], usual: float | None
) -> dict[int, float]:
    """The weights of those who came later made less, the more if there are far more of them than is usual.

    `helped` is how much each was helped.
    """
    if usual is None:
        return dict(weights)
    amounts = {asker: weight * min(1.0, helped[asker]) for asker, weight in weights.items()}
    old = sum(amount for asker, amount in amounts.items() if asker in elder)
    new = sum(amounts.values()) - old
    most = TIMES_USUAL * old * (1 - usual) / usual if usual > 0 else new
    less = LATER * (min(1.0, most / new) if new > 0 else 1.0)
    return {asker: weight if asker in elder else less * weight for asker, weight in weights.items()}
