"""What an experiment found, next to what was promised."""

from __future__ import annotations

import math
import resource
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Number = int | float


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that must hold: `found` is at most `limit`, or at least if `is_floor`."""

    what: str
    found: Number
    limit: Number
    is_floor: bool = False

    @property
    def kept(self) -> bool:
        return self.found >= self.limit if self.is_floor else self.found <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.is_floor else "≤"
        return f"{self.what}: {self.found} (must be {sign} {self.limit})"


@dataclass(slots=True)
class Report:
    """One experiment's figures. `remarks` say how it was done where that can differ, or what was skipped."""

    name: str
    seed: int
    promises: list[Promise] = field(default_factory=list)
    figures: dict[str, Number] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def at_most(self, what: str, found: Number, limit: Number = 0) -> None:
        self.promises.append(Promise(what, _rounded(found), limit))

    def at_least(self, what: str, found: Number, limit: Number) -> None:
        self.promises.append(Promise(what, _rounded(found), limit, is_floor=True))

    def figure(self, what: str, found: Number) -> None:
        self.figures[what] = _rounded(found)

    def remark(self, said: str) -> None:
        if said not in self.remarks:
            self.remarks.append(said)

    def broken(self) -> list[str]:
        """The promises that were not kept, as sentences."""
        return [str(promise) for promise in self.promises if not promise.kept]

    def require(self) -> None:
        """Raise with the seed and all that was found, if a promise was broken."""
        if self.broken():
            raise AssertionError(
                f"{self.name}, seed {self.seed}: {'; '.join(self.broken())}\n{self.as_json()}"
            )

    def as_json(self) -> dict[str, Any]:
        found = {promise.what: promise.found for promise in self.promises}
        return {
            "experiment": self.name,
            "seed": self.seed,
            "kept": not self.broken(),
            "broken": self.broken(),
            "promises": found,
            "figures": self.figures,
            "remarks": self.remarks,
        }


def percentile(values: Sequence[Number], part: float) -> float:
    """The value below or at which this part of all lies; 0 if there are none."""
    ordered = sorted(values)
    return float(ordered[max(math.ceil(part * len(ordered)) - 1, 0)]) if ordered else 0.0


def open_files() -> int:
    """How many file descriptors this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def resident_mib() -> float:
    """How much memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _rounded(found: Number) -> Number:
    return round(found, 3) if isinstance(found, float) else found
