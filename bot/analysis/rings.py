"""Rings: people who help one another and hardly anybody else. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

MOSTLY = 0.5
"""Who has so much of all help, given and got, with others of a set belongs to it."""


def inner_ring(
    askers: Collection[int], helper: int, relations: Mapping[int, Mapping[int, float]]
) -> set[int]:
    """Those of the helped who, the helper apart, help and are helped mostly by others of them.

    Whoever somebody helps are strangers to one another as a rule. `relations` is how much help there was
    between two people, either way.
    """
    ring = set(askers) - {helper}
    while leaving := [one for one in ring if not _belongs(one, ring, helper, relations.get(one, {}))]:
        ring.difference_update(leaving)
    return ring


def _belongs(one: int, ring: Collection[int], helper: int, near: Mapping[int, float]) -> bool:
    within = sum(amount for other, amount in near.items() if other in ring and other != one)
    whole = sum(amount for other, amount in near.items() if other != helper)
    return within > 0 and within >= MOSTLY * whole
