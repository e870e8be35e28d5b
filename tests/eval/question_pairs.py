"""Pairs of questions with a mark whether they ask the same, as a search problem.

Every distinct sentence is the pool; the first sentence of a positive pair is a query, and whatever positive
pairs join to it, directly or through others, asks the same. A query's own sentence is never its answer.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.eval.frame import Missing


@dataclass(frozen=True)
class Query:
    """A sentence of the pool (by its place) and the places of those that ask the same."""

    text: str
    own: int
    same: frozenset[int]

    @property
    def held_out(self) -> bool:
        """Whether the trained weights never saw this query: half of all, by their text."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0

    @property
    def loses_its_answers(self) -> bool:
        """Whether, for the evaluation of when to speak, all that asks the same is taken away: half, again."""
        return hashlib.sha256(self.text.encode()).digest()[1] % 2 == 0


@dataclass(frozen=True)
class PairSet:
    """One file."""

    name: str
    pool: list[str]
    queries: list[Query]


def read_folder(folder: Path) -> list[PairSet]:
    """Every file of a folder that holds pairs: `a TAB b TAB 0|1`, or a CSV with a head line."""
    files = sorted([*folder.glob("*.txt"), *folder.glob("*.csv")])
    if not files:
        raise Missing(f"no .txt or .csv with pairs in {folder}")
    return [pair_set(path.stem, read_pairs(path)) for path in files]


def read_pairs(path: Path) -> list[tuple[str, str, bool]]:
    """The pairs of one file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".csv":
            return [(row["sentence1"], row["sentence2"], row["label"] == "1") for row in csv.DictReader(file)]
        split = (line.rstrip("\r\n").split("\t") for line in file)
        return [(parts[0], parts[1], parts[2] == "1") for parts in split if len(parts) == 3]


def pair_set(name: str, pairs: list[tuple[str, str, bool]]) -> PairSet:
    """The search problem that pairs make."""
    places = {
        text: at for at, text in enumerate(dict.fromkeys(t for one, other, _ in pairs for t in (one, other)))
    }
    same = joined([(places[one], places[other]) for one, other, positive in pairs if positive])
    asked = dict.fromkeys(one for one, _, positive in pairs if positive)
    queries = [Query(text, places[text], frozenset(same[places[text]] - {places[text]})) for text in asked]
    return PairSet(name, list(places), [query for query in queries if query.same])


def joined(pairs: list[tuple[int, int]]) -> dict[int, set[int]]:
    """For each place all places that pairs join to it, itself among them."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        neighbours[one].add(other)
        neighbours[other].add(one)
    groups: dict[int, set[int]] = {}
    for start in neighbours:
        if start in groups:
            continue
        group, waiting = {start}, [start]
        while waiting:
            fresh = neighbours[waiting.pop()] - group
            group |= fresh
            waiting += fresh
        groups |= dict.fromkeys(group, group)
    return groups


def small(pairs: PairSet, size: int, seed: int) -> PairSet:
    """A pool of about so many sentences of a set, as few as a group has kept: whole groups of a kind."""
    dice = random.Random(seed)
    chosen: set[int] = set()
    for query in dice.sample(pairs.queries, len(pairs.queries)):
        if len(chosen) >= size // 2:
            break
        chosen |= {query.own, *query.same}
    others = [at for at in range(len(pairs.pool)) if at not in chosen]
    chosen.update(dice.sample(others, min(len(others), size - len(chosen))))
    order = {old: new for new, old in enumerate(sorted(chosen))}
    queries = [
        Query(one.text, order[one.own], frozenset(order[at] for at in one.same))
        for one in pairs.queries
        if one.own in chosen and one.same <= chosen
    ]
    return PairSet(f"{pairs.name}, {len(chosen)} sentences", [pairs.pool[at] for at in order], queries)
