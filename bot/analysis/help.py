"""Help, not volume: what each member did for others in a stretch of talk.

Everything is counted by distinct people and distinct days, with the messages that show it. How far back the
talk goes is the caller's choice; within it the `half_life` lets what is long ago weigh less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import prod

from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.lines import Line

HALF_LIFE = timedelta(days=30)
SOON = timedelta(minutes=30)
SURE_ENOUGH = 0.3
"""An answer that is less sure than this is no evidence of help."""


Pair = tuple[int, int]
"""Who helped, and whom."""


@dataclass(frozen=True, slots=True)
class Help:
    """One person's part in one question of somebody else's; `messages` are the answers, earliest first."""

    helper: int
    helped: int
    question: int
    asked_at: datetime
    at: datetime
    messages: tuple[int, ...]
    is_first: bool
    is_closing: bool
    is_thanked: bool
    confidence: float = 1.0
    """How likely it is that at least one of the answers is one."""


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """What one member did for others.

    `people` were helped, the latest first; `first_answers` and `closings` are questions that this person was
    the first to answer, and whose answer closed them; `thanked_by` and `quoted_by` are distinct others;
    `quick` of the `questions` were answered within half an hour. `weight` is the expected number of distinct
    people helped, each by when they were helped last; `messages` are all the answers.
    """

    member: int
    questions: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    first_answers: int = 0
    closings: int = 0
    quick: int = 0
    thanked_by: tuple[int, ...] = ()
    quoted_by: tuple[int, ...] = ()
    quotes: int = 0
    shares: int = 0
    weight: float = 0.0
    messages: tuple[int, ...] = ()

    @property
    def quick_rate(self) -> float:
        """The share of the answered questions that were answered within half an hour."""
        return self.quick / len(self.questions) if self.questions else 0.0


def helps(found: Iterable[Exchange]) -> list[Help]:
    """Who helped whom with which question, by the time of the first answer."""
    given = [one for exchange in found for one in _helps_in(exchange)]
    return sorted(given, key=lambda one: (one.at, one.question, one.helper))


def _helps_in(exchange: Exchange) -> list[Help]:
    by_helper: dict[int, list[Answer]] = {}
    for answer in exchange.answers:
        if answer.confidence >= SURE_ENOUGH or answer.member in exchange.thanked:
            by_helper.setdefault(answer.member, []).append(answer)
    first = next(iter(by_helper), None)
    return [
        Help(
            helper, exchange.asker, exchange.question, exchange.asked_at, said[0].at,
            tuple(one.message for one in said), is_first=helper == first,
            is_closing=any(one.message == exchange.closed_by for one in said),
            is_thanked=helper in exchange.thanked,
            confidence=1.0 if helper in exchange.thanked else at_least_one(one.confidence for one in said),
        )
        for helper, said in by_helper.items()
    ]  # fmt: skip


def help_given(
    given: Sequence[Help], lines: Iterable[Line], *, now: datetime, zone: tzinfo,
    half_life: timedelta = HALF_LIFE, shares: Mapping[int, int] | None = None,
) -> dict[int, HelpGiven]:  # fmt: skip
    """What each member did who helped, was quoted or gave a share; `shares` says how many shares."""
    own: dict[int, list[Help]] = {}
    for one in given:
        own.setdefault(one.helper, []).append(one)
    quotes = quotes_of(lines)
    shares, weights = shares or {}, standing(given, now, half_life)
    return {
        member: _given_by(
            member, own.get(member, []), quotes.get(member, []), zone, shares.get(member, 0),
            weights.get(member, 0.0),
        )
        for member in sorted({*own, *quotes, *shares})
    }  # fmt: skip


def _given_by(
    member: int, given: list[Help], quoted_by: list[int], zone: tzinfo, shares: int, weight: float
) -> HelpGiven:
    latest_first = sorted(given, key=lambda one: one.at, reverse=True)
    return HelpGiven(
        member,
        questions=tuple(one.question for one in given),
        people=tuple(dict.fromkeys(one.helped for one in latest_first)),
        days=tuple(sorted({one.at.astimezone(zone).date() for one in given})),
        first_answers=sum(one.is_first for one in given),
        closings=sum(one.is_closing for one in given),
        quick=sum(one.at - one.asked_at <= SOON for one in given),
        thanked_by=tuple(dict.fromkeys(one.helped for one in latest_first if one.is_thanked)),
        quoted_by=tuple(dict.fromkeys(quoted_by)),
        quotes=len(quoted_by),
        shares=shares,
        weight=weight,
        messages=tuple(message for one in given for message in one.messages),
    )


def standing(given: Iterable[Help], now: datetime, half_life: timedelta = HALF_LIFE) -> dict[int, float]:
    """How much each helper counts today: the expected number of people helped, each by when that was last."""
    last: dict[Pair, datetime] = {}
    chances = []
    for one in given:
        pair = one.helper, one.helped
        last[pair] = max(one.at, last.get(pair, one.at))
        chances.append((pair, one.confidence))
    weights: dict[int, float] = {}
    for pair, chance in helped_chances(chances).items():
        weights[pair[0]] = weights.get(pair[0], 0.0) + chance * decay(now - last[pair], half_life)
    return weights


def helped_chances(links: Iterable[tuple[Pair, float]]) -> dict[Pair, float]:
    """How likely it is that one person helped another at all, from each link that says so with its chance.

    Summed up for a helper, these are the expected number of different people helped. Pairs less sure than
    `SURE_ENOUGH` are left out: many faint chances are talk near others, not help.
    """
    missed: dict[Pair, float] = {}
    for (helper, helped), chance in links:
        if helper != helped:
            missed[helper, helped] = missed.get((helper, helped), 1.0) * (1.0 - chance)
    return {pair: 1.0 - none for pair, none in missed.items() if 1.0 - none >= SURE_ENOUGH}


def at_least_one(chances: Iterable[float]) -> float:
    """The chance that at least one of some independent things is so."""
    return 1.0 - prod(1.0 - chance for chance in chances)


def decay(age: timedelta, half_life: timedelta) -> float:
    """What something weighs after that time: 1 now, a half after each half-life."""
    return float(0.5 ** (max(age, timedelta()) / half_life))


def quotes_of(lines: Iterable[Line]) -> dict[int, list[int]]:
    """Whose words were quoted by whom, the quoting persons in order, oneself left out."""
    found: dict[int, list[int]] = {}
    for line in lines:
        if line.quoted_member is not None and line.quoted_member != line.member:
            found.setdefault(line.quoted_member, []).append(line.member)
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """People helped and questions answered in the last stretch and in the one of equal length before it."""

    now: int = 0
    before: int = 0
    questions_now: int = 0
    questions_before: int = 0
    helped_now: tuple[int, ...] = ()

    @property
    def rate(self) -> float:
        """How many times as many people as before, one person being given to everybody."""
        return (self.now + 1) / (self.before + 1)


def growth(given: Iterable[Help], now: datetime, stretch: timedelta) -> dict[int, Growth]:
    """How each helper's number of distinct people helped has changed from one stretch to the next."""
    people: dict[int, tuple[dict[int, None], dict[int, None]]] = {}
    questions: dict[int, list[int]] = {}
    for one in given:
        age = now - one.at
        if one.helper == one.helped or not timedelta() <= age < 2 * stretch:
            continue
        is_before = age >= stretch
        people.setdefault(one.helper, ({}, {}))[is_before][one.helped] = None
        questions.setdefault(one.helper, [0, 0])[is_before] += 1
    return {
        helper: Growth(len(recent), len(old), questions[helper][0], questions[helper][1], tuple(recent))
        for helper, (recent, old) in people.items()
    }


@dataclass(frozen=True, slots=True)
class Responses:
    """Of the questions `asked`, how many were `answered`, and how many within half an hour."""

    asked: int
    answered: int
    quick: int

    @property
    def quick_rate(self) -> float:
        """The share of questions answered within half an hour."""
        return self.quick / self.asked if self.asked else 0.0

    @property
    def answered_rate(self) -> float:
        """The share of questions answered at all."""
        return self.answered / self.asked if self.asked else 0.0


def responses(found: Iterable[Exchange]) -> Responses:
    """How a group answers its questions."""
    asked = answered = quick = 0
    for exchange in found:
        sure = [one for one in exchange.answers if one.confidence >= SURE_ENOUGH]
        asked += 1
        answered += bool(sure)
        quick += bool(sure) and sure[0].at - exchange.asked_at <= SOON
    return Responses(asked, answered, quick)


def group_quick_rate(given: Iterable[Help]) -> float:
    """Of all first answers that anybody gave to a question, the share within half an hour.

    This is what a person's own `quick_rate` is held against.
    """
    waits = [one.at - one.asked_at for one in given]
    return sum(wait <= SOON for wait in waits) / len(waits) if waits else 0.0
