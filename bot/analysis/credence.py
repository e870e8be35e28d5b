"""How much it says that somebody was helped: nothing from a ring, little from a stranger's stranger.

Three questions about each pair of helper and asker. Was the asker here before the helper came, or are they
*rooted*: do they also talk with people who do not hang on the helper? Sock puppets and hired claqueurs do
not. And was the help *paid back*, directly or round a ring of friends? What comes back does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import cached_property
from itertools import pairwise

from bot.analysis.days import LocalDays
from bot.analysis.lines import Line, Link
from bot.analysis.newcomers import as_usual, elders, usual_elders
from bot.analysis.rings import inner_ring

Pair = tuple[int, int]
Flows = Mapping[int, Mapping[int, float]]
"""For each helper, whom they helped and how much."""

Days = Mapping[int, Mapping[date, set[int]]]
"""For each person the days on which they said something, and with whom they talked on each."""

NOTICED = 0.5
"""Less help than this is as likely as not a mistake of the one who reads the links."""

PRAISED = 0.8
LONGEST_RING = 3
PAID_TWICE = 2.0
"""Help that came back half as much is counted as paid back in full: a ring need not be even."""

HANGS_ON = 0.5
"""Who has so much of all their ties with the helper, or with others that hang on them, hangs on them too."""

KEEPS_TO_ITSELF = 0.15
LARGEST_PARTY = 60
"""A set of people with at most so much of their ties leading out is a party; larger ones are the group."""

FREE_DAYS = 2
ROOTS_FROM, ROOTS_UNTIL = 0.5, 2.0
"""With how many independent others somebody must talk to count a little, and to count in full."""


@dataclass(frozen=True)
class Scene:
    """Who talks with whom (`ties`, both ways), who helped whom (`flows`), and that with thanks (`praise`)."""

    ties: Mapping[int, Mapping[int, float]]
    flows: Flows
    praise: Flows
    days: Days = field(default_factory=dict)

    @cached_property
    def first(self) -> dict[int, date]:
        """The first day on which each spoke."""
        return {one: min(days) for one, days in self.days.items() if days}

    @cached_property
    def last(self) -> dict[int, date]:
        """The last day on which each spoke."""
        return {one: max(days) for one, days in self.days.items() if days}

    @cached_property
    def relations(self) -> dict[int, dict[int, float]]:
        """For each pair how much help there was between them, either way."""
        found: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for helper, helped in self.flows.items():
            for asker, amount in helped.items():
                found[helper][asker] += amount
                found[asker][helper] += amount
        return {one: dict(near) for one, near in found.items()}

    @cached_property
    def strength(self) -> dict[int, float]:
        """All of each person's ties together."""
        return {one: sum(near.values()) for one, near in self.ties.items()}

    @cached_property
    def shares(self) -> dict[int, list[tuple[int, float]]]:
        """For each person with whom they talk, and how much of all that other's ties this one is."""
        strength = self.strength
        return {
            one: [(other, tie / strength[other]) for other, tie in near.items() if tie]
            for one, near in self.ties.items()
        }


def ties(lines: Iterable[Line], links: Iterable[Link]) -> dict[int, dict[int, float]]:
    """For each pair of people how sure it is that they have talked with one another, between 0 and 1."""
    authors = {line.id: line.member for line in lines}
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for link in links:
        one, other = authors.get(link.message), authors.get(link.answers or 0)
        if one is None or other is None or one == other:
            continue
        doubt = (1 - found[one].get(other, 0.0)) * (1 - link.confidence)
        found[one][other] = found[other][one] = 1 - doubt
    return dict(found)


def weights(helper: int, scene: Scene) -> dict[int, float]:
    """How much each person that the helper helped counts, between 0 and 1."""
    helped = scene.flows.get(helper, {})
    party, core = Party(scene.shares, scene.strength), {helper} | friends(helper, scene)
    for member in core:
        party.take(member)
    take_dependants(party)
    circle = set(party.inside)
    elder = elders(helped, core, circle, scene.days)
    if not elder and not any(_standing_apart(asker, circle, scene) for asker in helped):
        return dict.fromkeys(helped, 0.0)  # a larger circle leaves them no more, and it is costly to find
    circle |= clique(party)
    ring = inner_ring(helped.keys(), helper, scene.relations)
    found = {}
    for asker in helped:
        apart = 1.0 if asker in elder else _standing_apart(asker, circle, scene)
        found[asker] = 0.0 if asker in ring else apart * (1 - paid_back(helper, asker, scene))
    return as_usual(found, helped, elder, usual_elders(core, scene.first, scene.last))


def _standing_apart(asker: int, circle: set[int], scene: Scene) -> float:
    others = circle - {asker}
    return max(rootedness(asker, others, scene.ties), independence(asker, others, scene.days))


def friends(helper: int, scene: Scene) -> set[int]:
    """Those who helped the helper too, or whose praise comes back to them round a small ring."""
    direct = {one for one, helped in scene.flows.items() if helped.get(helper, 0.0) >= NOTICED}
    found = {one for one in direct if scene.flows.get(helper, {}).get(one, 0.0) >= NOTICED}
    for asker, amount in scene.praise.get(helper, {}).items():
        if amount >= PRAISED and _comes_back(asker, helper, scene.praise) >= PRAISED:
            found.add(asker)
    return found


def take_dependants(circle: Party) -> None:
    """Into the circle with those who talk mostly with it, or with others who do."""
    while more := [one for one, share in circle.near.items() if share >= HANGS_ON]:
        for one in more:
            circle.take(one)


def clique(party: Party) -> set[int]:
    """Those who, with the party, keep so much to themselves that they are one of their own.

    It is grown by whoever has the largest share of ties inside; where hardly any ties lead out of it, and it
    is not much of the group, it is one.
    """
    best, whole = set[int](), sum(party.strength.values())
    while party.near and len(party.inside) < LARGEST_PARTY:
        party.take(party.nearest())
        if party.within + party.out > whole / 3:
            break
        if party.out <= KEEPS_TO_ITSELF * (party.within + party.out):
            best = set(party.inside)
    return best


@dataclass(slots=True)
class Party:
    """A set of people that grows. `near` are those with ties into it: how much of all their ties that is.

    `out` are the ties that lead out of it, `within` those inside it, counted both ways; `shares` and
    `strength` are those of the scene.
    """

    shares: Mapping[int, Sequence[tuple[int, float]]]
    strength: Mapping[int, float]
    inside: set[int] = field(default_factory=set)
    near: dict[int, float] = field(default_factory=dict)
    out: float = 0.0
    within: float = 0.0

    def nearest(self) -> int:
        """Who has the largest share of their ties inside."""
        most = max(self.near.values())
        return min([one for one, share in self.near.items() if share == most])

    def take(self, member: int) -> None:
        """One person more."""
        own = self.strength.get(member, 0.0)
        ties = self.near.pop(member, 0.0) * own
        self.inside.add(member)
        self.out += own - 2 * ties
        self.within += 2 * ties
        inside, near = self.inside, self.near
        for other, share in self.shares.get(member, ()):
            if other not in inside:
                near[other] = near.get(other, 0.0) + share


def rootedness(asker: int, circle: set[int], known: Mapping[int, Mapping[int, float]]) -> float:
    """0 for somebody who talks with the circle only, 1 for somebody well known to others."""
    others = sum(strength for other, strength in known.get(asker, {}).items() if other not in circle)
    return min(max((others - ROOTS_FROM) / (ROOTS_UNTIL - ROOTS_FROM), 0.0), 1.0)


def independence(asker: int, circle: set[int], days: Days) -> float:
    """1 for somebody who has a life here apart from the circle, 0 for whoever comes for it only.

    Who was here before the first of the circle came has one for certain.
    """
    own = days.get(asker, {})
    free = sum(1 for others in own.values() if not others & circle)
    if 2 * free < len(own):
        return 0.0
    came = min((min(days[one]) for one in circle if days.get(one)), default=None)
    was_here = came is not None and bool(own) and min(own) < came
    return 1.0 if was_here else min(free / FREE_DAYS, 1.0)


def days_of(lines: Iterable[Line], links: Iterable[Link], zone: tzinfo) -> dict[int, dict[date, set[int]]]:
    """On which days each person spoke, and with whom."""
    days = LocalDays(zone)
    found: dict[int, dict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
    met: dict[int, tuple[int, set[int]]] = {}
    for line in lines:
        partners = found[line.member][days.of(line.at)]
        partners.update(line.mentions)
        met[line.id] = line.member, partners
    for link in links:
        one, other = met.get(link.message), met.get(link.answers or 0)
        if one is not None and other is not None and one[0] != other[0]:
            one[1].add(other[0])
            other[1].add(one[0])
    return {member: dict(own) for member, own in found.items()}


def paid_back(helper: int, asker: int, scene: Scene) -> float:
    """Which part of the help came back to the helper, from the asker or round a ring of friends."""
    forth = scene.flows.get(helper, {}).get(asker, 0.0)
    back = _comes_back(asker, helper, scene.flows)
    if forth <= 0 or back < NOTICED:
        return 0.0
    return min(1.0, PAID_TWICE * back / forth)


def _comes_back(start: int, end: int, flows: Flows) -> float:
    """The most help that flows from start to end over at most LONGEST_RING - 1 steps."""
    best = flows.get(start, {}).get(end, 0.0)
    reached = {start: float("inf")}
    for _ in range(LONGEST_RING - 2):
        step: dict[int, float] = {}
        for one, amount in reached.items():
            for other, more in flows.get(one, {}).items():
                if other not in (start, end):
                    step[other] = max(step.get(other, 0.0), min(amount, more))
        best = max([best, *(min(amount, flows.get(one, {}).get(end, 0.0)) for one, amount in step.items())])
        reached = step
    return best


def answers_like_a_machine(delays: Sequence[float]) -> bool:
    """Whether most answers came faster, or more evenly, than anybody can read and type."""
    if len(delays) < MACHINE_ANSWERS:
        return False
    ordered = sorted(delays)
    middle = ordered[len(ordered) // 2]
    steady = sum(later - earlier for earlier, later in pairwise(ordered)) < MACHINE_SPREAD
    return middle < MACHINE_SECONDS or steady


MACHINE_ANSWERS = 5
MACHINE_SECONDS = 5.0
MACHINE_SPREAD = 2.0
