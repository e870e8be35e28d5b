"""How likely it is that so many of several independent things are true. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def at_least(count: int, chances: Iterable[float]) -> float:
    """The probability that at least so many of these come true, each on its own."""
    exactly = [
        1.0,
        *[0.0] * (count - 1),
    ]  # how likely 0, 1, … of those so far are; what is enough is left out
    for chance in chances:
        for number in range(count - 1, 0, -1):
            exactly[number] = exactly[number] * (1 - chance) + exactly[number - 1] * chance
        exactly[0] *= 1 - chance
    return 1.0 - sum(exactly) if count > 0 else 1.0
