"""The reply graph: who answers whom how often, and what its shape says. Pure functions.

The shape counts people, not messages: two who ever answered each other know each other here (`partners`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.analysis.exchanges import SURE_ENOUGH
from bot.analysis.lines import Heard


class Reply(NamedTuple):
    """One message that answers somebody else: who answered whom, and when."""

    at: datetime
    member: int
    to: int


@dataclass(frozen=True, slots=True)
class Graph:
    """`people` are all who are looked at, answered or not; `answered[a, b]` is how often a answered b."""

    people: frozenset[int]
    answered: Mapping[tuple[int, int], int]

    def without(self, silent: Collection[int]) -> Graph:
        """What is left if these people say nothing and nobody answers them."""
        gone = frozenset(silent)
        kept = {pair: times for pair, times in self.answered.items() if gone.isdisjoint(pair)}
        return Graph(self.people - gone, kept)

    def partners(self) -> dict[int, set[int]]:
        """With whom each person has exchanged words, in either direction."""
        met: dict[int, set[int]] = {person: set() for person in self.people}
        for one, other in self.answered:
            met[one].add(other)
            met[other].add(one)
        return met

    def ties(self) -> dict[tuple[int, int], int]:
        """Both directions of a pair together, under (smaller key, greater key)."""
        sums: dict[tuple[int, int], int] = {}
        for (one, other), times in self.answered.items():
            pair = (one, other) if one < other else (other, one)
            sums[pair] = sums.get(pair, 0) + times
        return sums


def reply(heard: Heard) -> Reply | None:
    """What a line is in the graph: an answer to the one above if that is somebody else's and sure enough."""
    line, link, above, _ = heard
    if link is None or above is None or link.confidence < SURE_ENOUGH or line.member == above.member:
        return None
    return Reply(line.at, line.member, above.member)


def reply_graph(people: Iterable[int], found: Iterable[Reply]) -> Graph:
    """The graph of these replies; whoever takes part in one belongs to it."""
    answered: dict[tuple[int, int], int] = {}
    for reply in found:
        pair = (reply.member, reply.to)
        answered[pair] = answered.get(pair, 0) + 1
    return Graph(frozenset(people).union(*answered), answered)


def circles(graph: Graph) -> list[frozenset[int]]:
    """The sets of people who are connected with one another by any way, the largest first."""
    root = {person: person for person in graph.people}

    def find(person: int) -> int:
        while root[person] != person:
            root[person] = root[root[person]]
            person = root[person]
        return person

    for one, other in graph.answered:
        root[find(one)] = find(other)
    together: dict[int, set[int]] = {}
    for person in graph.people:
        together.setdefault(find(person), set()).add(person)
    return sorted(map(frozenset, together.values()), key=lambda circle: (-len(circle), min(circle)))


def centralisation(graph: Graph) -> float:
    """Freeman's centralisation by degree: 1 for a star, 0 where everybody is connected alike."""
    degrees = [len(met) for met in graph.partners().values()]
    count = len(degrees)
    if count < 3:
        return 0.0
    greatest = max(degrees)
    return sum(greatest - degree for degree in degrees) / ((count - 1) * (count - 2))


def hubs(graph: Graph) -> tuple[int, ...]:
    """People with more than half as many partners as the best connected has, best connected first.

    A star has one hub, a ring and a clique have nothing but hubs: no number of messages or people decides.
    """
    degrees = {person: len(met) for person, met in graph.partners().items()}
    greatest = max(degrees.values(), default=0)
    found = [person for person, degree in degrees.items() if degree > 1 and 2 * degree > greatest]
    return tuple(sorted(found, key=lambda person: (-degrees[person], person)))
