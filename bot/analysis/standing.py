"""Who stands out by helping: levels from distinct people helped on distinct days, and who is emerging.

Raw messages count for nothing. One friend never suffices, a ring of friends counts for nothing, and a new
quiet helper is ranked before a loud regular. Pure: what was helped and a `now` in, standings out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from math import log10, sqrt

from bot.analysis import credence
from bot.analysis.chances import at_least
from bot.analysis.credence import Days, Scene
from bot.analysis.usefulness import Helped, usually_heard, weighed

WINDOW = timedelta(days=84)
HALF_LIFE = timedelta(days=28)
RECENT = timedelta(days=21)
FRESH = timedelta(days=2)
"""Whoever last helped longer ago than this is not announced: yesterday's news at the latest."""

UNTHANKED = 0.6
"""An answer that was neither thanked, quoted nor the end of the question counts so much."""

STAYS_ABOVE = 0.9
HELPER, STAR = 1, 2
ROOTED = 0.5
LEAST_ROOTED, STAR_ROOTED = 2, 3
SMALL = 8
"""So many people must count in full: one fewer where hardly more are there."""

SURE = 0.2
"""So sure must it be that so many people were helped; of links and thanks a part is always misread."""

GROWTH = 1.5
FADING = 0.6
"""Whoever is new need not grow, but whose help has become so much less is not on the rise either."""

LEAST_SHARE = 0.15
"""Whoever talks much answers somebody by mere chance: at least so much of the talk must be help."""

LARGE = 50
PROVEN = timedelta(days=5)
"""In a large group, where nobody knows everybody, help is announced only so long after the first of it."""

LOUD = 0.5
"""Those who say most and together so much of all are the loud; everybody hears them anyway."""

LOUDER = 3.0
"""In a large group only who says so many times as much as people do on average."""

LOUD_PEOPLE, LOUD_SHARE = 2.0, 0.3
"""Of a loud one, so many times as many people and so much of the talk must be help."""

OWNER_COUNTS = 0.2
CREDITED_COUNTS = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """The group around the helpers. `messages` are recent ones by member, `people` who is active.

    `never` can have no standing at all (bots, ad posters, who asked not to be counted); `owners` and the
    `credited` (how often lately) are ranked lower; `levels` is what the last reckoning found.
    """

    people: int
    messages: Mapping[int, int]
    ties: Mapping[int, Mapping[int, float]]
    owners: Collection[int] = ()
    never: Collection[int] = ()
    days: Days = field(default_factory=dict)
    credited: Mapping[int, int] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    followers: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody's help amounts to. `askers` are the people who count, surest first.

    `people` is their
    weighted number, `rooted` how many of them count in full, `days` on how many days; `recent` and `before`
    are the weighted number of the last three weeks and of the three before; `talk_share` is how much of what
    they say lately helps somebody.
    """

    member: int
    level: int
    people: float
    rooted: int
    days: int
    recent: float
    before: float
    rank: float
    talk_share: float
    askers: tuple[int, ...]
    evidence: tuple[Helped, ...]
    stands_out: bool = True
    is_new: bool = False
    is_known: bool = True
    leads: bool = True

    @property
    def is_emerging(self) -> bool:
        """Whether the help is new or grows, rather than being what one has long been known for."""
        return self.recent >= (FADING if self.is_new else GROWTH) * self.before


def bar(people: int) -> tuple[float, int]:
    """How many people, on how many days, one must have helped in a group of this size to be a star."""
    return 0.6 + 0.3 * log10(max(people, 5)), 2 if people < LARGE else 3


def standings(helped: Sequence[Helped], group: Group, now: datetime, zone: tzinfo) -> dict[int, Standing]:
    """Everybody who helped somebody that counts, highest rank first."""
    known = [
        one
        for one in helped
        if now - WINDOW < one.at <= now and one.helper != one.asker and one.confidence > 0
        and one.helper not in group.never and one.asker not in group.never
    ]  # fmt: skip
    praise = _flows([one for one in known if one.thanked], zone)
    loud, usual = loudest(group.messages), usually_heard(known)
    scene = Scene(group.ties, _flows(known, zone), praise, group.days)
    by_helper: dict[int, list[Helped]] = defaultdict(list)
    for one in known:
        by_helper[one.helper].append(one)
    found = [
        _standing(member, weighed(mine, usual), scene, group, loud, now, zone)
        for member, mine in by_helper.items()
    ]
    counted = [one for one in found if one.askers]
    return {one.member: one for one in sorted(counted, key=lambda one: (-one.rank, one.member))}


def nominees(found: Mapping[int, Standing], now: datetime) -> list[Standing]:
    """The emerging stars who helped only just now and whose talk is help, best first."""
    return [
        one
        for one in found.values()
        if one.level >= STAR and one.is_emerging and one.stands_out and one.talk_share >= LEAST_SHARE
        and one.rank > 0 and one.is_known and one.leads and now - one.evidence[-1].at <= FRESH
    ]  # fmt: skip


def _standing(
    member: int, mine: Sequence[Helped], scene: Scene, group: Group, loud: Collection[int], now: datetime,
    zone: tzinfo,
) -> Standing:  # fmt: skip
    weights = credence.weights(member, scene)
    whole = _people(mine, weights, now, zone)
    recent = _people([one for one in mine if now - one.at <= RECENT], weights, now, zone)
    older = [one for one in mine if RECENT < now - one.at <= 2 * RECENT]
    before = _people(older, weights, now - RECENT, zone)
    counted = {asker for asker in whole if weights[asker] > 0}
    evidence = sorted((one for one in mine if one.asker in counted), key=lambda one: one.at)
    rooted = sum(1 for asker in counted if weights[asker] >= ROOTED)
    days = len({_day(one.at, zone) for one in evidence if weights[one.asker] >= ROOTED})
    people, new, old = (_capped(amounts, weights) for amounts in (whole, recent, before))
    sure = _sureness(mine, weights, group.people, zone)
    level = _level(people, sure, group.people, group.levels.get(member, 0))
    helps = len([one for one in evidence if now - one.at <= RECENT])
    rank = _rank(member, new, old, helps, group)
    share = helps / group.messages[member] if group.messages.get(member) else 1.0
    surest = sorted(counted, key=lambda asker: (-whole[asker], asker))
    return Standing(
        member, level, people, rooted, days, new, old, rank, share, tuple(surest), tuple(evidence),
        stands_out=member not in loud or _outdoes(people, share, group),
        is_known=bool(evidence) and now - evidence[0].at >= (PROVEN if group.people >= LARGE else FRESH),
        is_new=all(now - one.at <= 2 * RECENT for one in evidence), leads=member not in group.followers,
    )  # fmt: skip


def loudest(messages: Mapping[int, int]) -> set[int]:
    """The fewest people who together say half of everything, if they say far more than others do."""
    found, left = set[int](), LOUD * sum(messages.values())
    far_more = LOUDER * sum(messages.values()) / max(1, len(messages))
    for member in sorted(messages, key=lambda one: (-messages[one], one)):
        if left <= 0 or (len(messages) >= LARGE and messages[member] < far_more):
            break
        found.add(member)
        left -= messages[member]
    return found


def _outdoes(people: float, share: float, group: Group) -> bool:
    return people >= LOUD_PEOPLE * bar(group.people)[0] and share >= LOUD_SHARE


def _people(
    mine: Sequence[Helped], weights: Mapping[int, float], now: datetime, zone: tzinfo
) -> dict[int, float]:
    """What each asker counts: at most one a pair, once a day, less the longer ago."""
    daily: dict[tuple[int, date], float] = {}
    for one in mine:
        key = one.asker, _day(one.at, zone)
        faded = _amount(one) * 0.5 ** ((now - one.at) / HALF_LIFE)
        daily[key] = max(daily.get(key, 0.0), faded)
    total: dict[int, float] = defaultdict(float)
    for (asker, _), amount in daily.items():
        total[asker] += amount
    return {asker: min(amount, 1.0) * weights[asker] for asker, amount in total.items()}


def _capped(amounts: Mapping[int, float], weights: Mapping[int, float]) -> float:
    """Who is hardly rooted counts together at most as much as the others do: no crowd of strangers alone."""
    rooted = sum(amount for asker, amount in amounts.items() if weights[asker] >= ROOTED)
    return rooted + min(rooted, sum(amounts.values()) - rooted)


def _sureness(
    mine: Sequence[Helped], weights: Mapping[int, float], group: int, zone: tzinfo
) -> dict[int, float]:
    """By level how sure it is that somebody has helped so many people as it needs, on as many days."""
    chance: dict[tuple[int, date], float] = {}
    for one in mine:
        key = one.asker, _day(one.at, zone)
        chance[key] = max(chance.get(key, 0.0), _amount(one) * weights[one.asker])
    people: dict[int, float] = {}
    idle: dict[date, float] = {}
    for (asker, day), helped in chance.items():
        people[asker] = max(people.get(asker, 0.0), helped)
        idle[day] = idle.get(day, 1.0) * (1 - helped)
    days = [1 - none for none in idle.values()]
    least = STAR_ROOTED if group >= SMALL else LEAST_ROOTED
    return {
        STAR: min(at_least(least, people.values()), at_least(bar(group)[1], days)),
        HELPER: at_least(LEAST_ROOTED, people.values()),
    }


def _level(people: float, sure: Mapping[int, float], group: int, before: int) -> int:
    """The level that is reached; one that was held before is lost only below 0.9 of its bar."""
    needed = bar(group)[0]
    for level, least in ((STAR, needed), (HELPER, needed / 2)):
        slack = STAYS_ABOVE if before >= level else 1.0
        if people >= slack * least and sure[level] >= slack * SURE:
            return level
    return 0


def _rank(member: int, recent: float, before: float, helps: int, group: Group) -> float:
    """New help, how much more it is than before, and how much of what one says is help."""
    growth = recent / (recent + before) if recent > 0 else 0.0
    rate = sqrt(min(1.0, (helps + 1) / (group.messages.get(member, 0) + 2)))
    known = OWNER_COUNTS if member in group.owners else 1.0
    return recent * growth * rate * known * CREDITED_COUNTS ** group.credited.get(member, 0)


def _flows(helped: Sequence[Helped], zone: tzinfo) -> dict[int, dict[int, float]]:
    """How much each helped each, once a day."""
    daily: dict[tuple[int, int, date], float] = {}
    for one in helped:
        key = one.helper, one.asker, _day(one.at, zone)
        daily[key] = max(daily.get(key, 0.0), one.confidence)
    flows: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (helper, asker, _), amount in daily.items():
        flows[helper][asker] += amount
    return {helper: dict(askers) for helper, askers in flows.items()}


def _amount(one: Helped) -> float:
    return one.confidence * (1.0 if one.thanked or one.closed else UNTHANKED)


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
