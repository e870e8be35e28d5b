"""What every evaluation shares: what is asked of it, what it answers, and how sure a figure is.

An evaluation is a module of this package with

    NAME = "links"            how it is called on the command line (the module's own name)
    FOLDER = "irc"            its folder inside the data folder ("" where it needs none)
    def run(folder: Path, options: Options) -> Result

It raises `Missing` where the folder does not hold what it needs; that is told, never passed over.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
SEED = 20260
DRAWS = 1000


class Missing(Exception):
    """The data that an evaluation needs is not there."""


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    data: Path
    mentions: float | None = None
    seed: int = SEED
    draws: int = DRAWS


@dataclass(frozen=True)
class Figure:
    """A measured value, its 95 % interval if it has one, and the target that it is held against."""

    value: float
    low: float | None = None
    high: float | None = None
    target: float | None = None
    at_most: bool = False
    places: int = 1

    def against(self, target: float, *, at_most: bool = False) -> Figure:
        """The same figure with its target."""
        return Figure(self.value, self.low, self.high, target, at_most, self.places)

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached, judged on the figure as it is printed; None without a target."""
        if self.target is None:
            return None
        shown = round(self.value, self.places)
        return shown <= self.target if self.at_most else shown >= self.target

    def __str__(self) -> str:
        text = f"{self.value:.{self.places}f}"
        if self.low is not None and self.high is not None:
            text += f" [{self.low:.{self.places}f}, {self.high:.{self.places}f}]"
        if self.reached is not None:
            text += f" {'✓' if self.reached else '✗'}{'≤' if self.at_most else '≥'}{self.target:g}"
        return text


@dataclass(frozen=True)
class Row:
    """One method and its figures. The baselines are rows too."""

    method: str
    figures: dict[str, Figure]
    ours: bool = False


@dataclass(frozen=True)
class Section:
    """Methods side by side on the same files."""

    title: str
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """What an evaluation found."""

    name: str
    sections: list[Section]

    def as_json(self) -> dict[str, Any]:
        """For machines. The figures of our own method in the first section stand at the top as well."""
        told = [
            {
                "title": section.title,
                "rows": [{"method": row.method, "ours": row.ours, **_flat(row)} for row in section.rows],
                "notes": section.notes,
            }
            for section in self.sections
        ]
        ours = [row for section in self.sections[:1] for row in section.rows if row.ours]
        top = _flat(ours[0]) if ours else {}
        return {"evaluation": self.name, **top, "reached": self.reached, "sections": told}

    @property
    def reached(self) -> bool:
        """Whether every target of our own methods was reached."""
        figures = [one for part in self.sections for row in part.rows for one in row.figures.values()]
        return all(figure.reached is not False for figure in figures)

    def as_text(self) -> str:
        """For people: a table for each section."""
        parts = []
        for section in self.sections:
            parts += [f"\n{self.name}: {section.title}", *_table(section.rows), *section.notes]
        return "\n".join(parts)


def _flat(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, figure in row.figures.items():
        told[key] = round(figure.value, 4)
        if figure.low is not None and figure.high is not None:
            told[f"{key}_interval"] = [round(figure.low, 4), round(figure.high, 4)]
        if figure.target is not None:
            told[f"{key}_target"] = figure.target
    return told


def _table(rows: Sequence[Row]) -> list[str]:
    keys = list(dict.fromkeys(key for row in rows for key in row.figures))
    lines = [["", *keys]]
    for row in rows:
        shown = [str(row.figures[key]) if key in row.figures else "" for key in keys]
        lines.append([("* " if row.ours else "  ") + row.method, *shown])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]


def interval(
    parts: Sequence[T],
    statistic: Callable[[Sequence[T]], float],
    options: Options,
    places: int = 1,
) -> Figure:
    """A statistic over parts (files, dialogues, cuts) with its 95 % interval by drawing parts again."""
    dice = random.Random(options.seed)
    value = statistic(parts)
    if len(parts) < 2:
        return Figure(value, places=places)
    drawn = sorted(statistic(dice.choices(parts, k=len(parts))) for _ in range(options.draws))
    return Figure(
        value, drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn)) - 1], None, False, places
    )


@dataclass(frozen=True)
class Counts:
    """What F1 is made of: how many were right, how many were told, how many there were."""

    right: int = 0
    told: int = 0
    true: int = 0


def f1(parts: Sequence[Counts]) -> float:
    """F1 over all parts together, from 0 to 1."""
    told, true = sum(part.told for part in parts), sum(part.true for part in parts)
    return 2 * sum(part.right for part in parts) / (told + true) if told + true else 0.0


def f1_percent(parts: Sequence[Counts]) -> float:
    """The same from 0 to 100, as link figures are given."""
    return 100 * f1(parts)
