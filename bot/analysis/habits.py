"""Habits that speak against somebody who answers much: asking for thanks, coming only after others. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.analysis.helped import HelpFact
from bot.analysis.usefulness import Helped

BEGS, BEGS_SHARE = 2, 0.2
"""Who asked for thanks so often, and after so many of their answers, does it as a habit."""

FOLLOWS_WITHIN = timedelta(minutes=15)
"""Who answers so soon after somebody else has added to that answer, or only said it again."""

LATE_WITHIN, LATE_SHARE = timedelta(days=2), 1 / 2
"""Later somebody may have something better to say; who mostly has only that lives on others all the same."""

SAME_TALK = timedelta(hours=12)
"""What two people say to one another within such a time is one conversation."""

FOLLOWS, FOLLOWS_SHARE = 2, 1 / 3
"""Who came so often after others, and with so many of their answers, lives on what others say."""


def beggars(given: Iterable[HelpFact]) -> set[int]:
    """Who asks for thanks as a habit."""
    count, begged = Counter[int](), Counter[int]()
    for one in given:
        count[one.helped.helper] += 1
        begged[one.helped.helper] += one.is_begged
    return _often(begged, count, BEGS, BEGS_SHARE)


def followers(given: Iterable[Helped]) -> set[int]:
    """Who mostly answers just after somebody else has."""
    count, behind, late = Counter[int](), Counter[int](), Counter[int]()
    by_question: dict[int, list[Helped]] = defaultdict(list)
    for one in given:
        count[one.helper] += 1
        if one.question is not None and one.seconds is not None:
            by_question[one.question].append(one)
    for answers in by_question.values():
        behind.update(_behind(answers, FOLLOWS_WITHIN))
        late.update(_behind(answers, LATE_WITHIN))
    return _often(behind, count, FOLLOWS, FOLLOWS_SHARE) | _often(late, count, FOLLOWS, LATE_SHARE)


def _behind(answers: Sequence[Helped], time: timedelta) -> list[int]:
    ordered = sorted((one.seconds or 0.0, one.helper) for one in answers)
    within = time.total_seconds()
    return [
        helper
        for number, (seconds, helper) in enumerate(ordered)
        if any(0 < seconds - earlier <= within and other != helper for earlier, other in ordered[:number])
    ]


def _often(number: Counter[int], of: Counter[int], least: int, share: float) -> set[int]:
    return {member for member, count in number.items() if count >= least and count >= share * of[member]}


def asked_back(given: Sequence[Helped]) -> set[tuple[int, int, int | None]]:
    """Helper, asker and question of what was only an answer to a question back, in a conversation that helps.

    "Which version is that?" "3.11": who asked back is the helper.
    """
    by_pair: dict[tuple[int, int], list[Helped]] = defaultdict(list)
    for one in given:
        if one.question is not None:
            by_pair[one.helper, one.asker].append(one)
    return {
        (one.helper, one.asker, one.question)
        for (helper, asker), answers in by_pair.items()
        for one in answers
        if not one.thanked and any(_asks_back(one, other) for other in by_pair.get((asker, helper), ()))
    }


def _asks_back(one: Helped, other: Helped) -> bool:
    return (other.question or 0) < (one.question or 0) and abs(one.at - other.at) <= SAME_TALK
