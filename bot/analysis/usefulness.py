"""What one person did for another, and how likely it is that their answers are of use. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, log

USUAL, USUAL_WEIGHT = 0.4, 10
"""To so many answers their askers come back in the logs that this was tried on; it weighs as much as ten."""

HARDLY = 0.25
"""Whose answers are of no use is heard so many times as often as is usual: people are polite."""


@dataclass(frozen=True, slots=True)
class Helped:
    """One person helped another. `seconds` is how long the answer took; thanks alone have no question."""

    helper: int
    asker: int
    question: int | None
    answer: int | None
    at: datetime
    confidence: float
    thanked: bool = False
    closed: bool = False
    topics: tuple[str, ...] = ()
    seconds: float | None = None
    heard: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether the asker came back to it: with thanks, or with the next thing."""
        return self.thanked or self.closed or self.heard


def usually_heard(helped: Sequence[Helped]) -> float:
    """To how many of the answers in this group their askers come back."""
    heard = sum(1 for one in helped if one.is_heard)
    return (heard + USUAL * USUAL_WEIGHT) / (len(helped) + USUAL_WEIGHT)


def weighed(mine: Sequence[Helped], usual: float) -> list[Helped]:
    """Answers to which nobody came back are as sure as it is that this person's answers are of use.

    Either askers come back to them as is usual here, or they hardly ever do: which of the two is likelier?
    """
    heard = sum(1 for one in mine if one.is_heard)
    left = len(mine) - heard
    odds = left * log((1 - usual) / (1 - HARDLY * usual)) - heard * log(HARDLY)
    useful = 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
    return [one if one.is_heard else replace(one, confidence=useful * one.confidence) for one in mine]
