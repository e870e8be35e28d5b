"""What each member did for others, recounted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.analysis.exchange_reader import exchanges
from bot.analysis.help import (
    Help,
    decay,
    group_quick_rate,
    growth,
    help_given,
    helped_chances,
    helps,
    responses,
    standing,
)
from tests.unit.analysis.talk import BEGAN, Talk

CHEN, ZHOU, LIN = 1, 2, 3
DAY = timedelta(days=1)


def help_at(helper: int, helped: int, days_ago: float) -> Help:
    at = BEGAN - days_ago * DAY
    return Help(helper, helped, 1, at, at, (1,), is_first=True, is_closing=False, is_thanked=False)


def test_help_is_counted_by_question_person_and_day() -> None:
    talk = Talk()
    first = talk.say(CHEN, "请问岩茶用多少度的水？")
    answer = talk.say(ZHOU, "沸水", first)
    talk.say(LIN, "一百度", first, after=timedelta(minutes=45))
    talk.say(CHEN, "谢谢老周", answer)
    second = talk.say(CHEN, "请问水仙怎么存放？", after=DAY)
    last = talk.say(ZHOU, "避光", second)
    talk.say(LIN, "学到了", quotes=last)
    given = helps(exchanges(talk.heard))
    found = help_given(given, talk.lines, now=talk.lines[-1].at, zone=UTC)
    zhou = found[ZHOU]
    assert (zhou.questions, zhou.people, len(zhou.days)) == ((first, second), (CHEN,), 2)
    assert (zhou.first_answers, zhou.thanked_by, zhou.messages) == (2, (CHEN,), (answer, last))
    assert (zhou.quoted_by, zhou.quotes, zhou.quick, zhou.quick_rate) == ((LIN,), 1, 2, 1.0)
    assert zhou.closings == 2
    assert (found[LIN].first_answers, found[LIN].quick_rate) == (0, 0.0)
    assert CHEN not in found
    assert group_quick_rate(given) == pytest.approx(2 / 3)


def test_shares_alone_are_help_too() -> None:
    assert help_given([], [], now=BEGAN, zone=UTC, shares={LIN: 2})[LIN].shares == 2


def test_one_friend_many_times_is_one_person() -> None:
    friend = [help_at(ZHOU, CHEN, day) for day in range(5)]
    group = [help_at(LIN, person, 1) for person in (10, 11)]
    weights = standing(friend + group, BEGAN, half_life=30 * DAY)
    assert weights[ZHOU] == 1.0 < weights[LIN]


def test_helping_oneself_is_no_help() -> None:
    assert standing([help_at(ZHOU, ZHOU, 0)], BEGAN) == {}


def test_decay_halves() -> None:
    assert [decay(age * DAY, 10 * DAY) for age in (-1, 0, 10, 20)] == [1, 1, 0.5, 0.25]


def test_growth_compares_two_stretches() -> None:
    given = [help_at(ZHOU, 10, 1), help_at(ZHOU, 11, 2), help_at(ZHOU, 10, 15), help_at(ZHOU, 12, 50)]
    grown = growth(given, BEGAN, stretch=14 * DAY)[ZHOU]
    assert (grown.now, grown.before, grown.questions_now, grown.rate) == (2, 1, 2, 1.5)


def test_responses_of_a_group() -> None:
    talk = Talk()
    talk.say(ZHOU, "沸水", talk.say(CHEN, "请问岩茶用多少度的水？"))
    talk.say(CHEN, "请问水仙怎么存放？")
    answered = talk.say(CHEN, "请问谁有盖碗？")
    talk.say(LIN, "我有", answered, after=timedelta(hours=2))
    found = responses(exchanges(talk.heard))
    assert (found.asked, found.answered, found.quick) == (3, 2, 1)
    assert responses([]).quick_rate == responses([]).answered_rate == 0.0


def test_unsure_answers_count_by_the_chance_that_one_of_them_is_right() -> None:
    pair = ZHOU, CHEN
    assert helped_chances([(pair, 0.5), (pair, 0.5)]) == {pair: 0.75}
    assert helped_chances([(pair, 1.0), (pair, 0.1)]) == {pair: 1.0}
    assert helped_chances([(pair, 0.1), ((ZHOU, ZHOU), 1.0)]) == {}
    unsure = [replace(help_at(ZHOU, CHEN, 0), confidence=0.5), replace(help_at(ZHOU, LIN, 0), confidence=0.4)]
    assert standing(unsure, BEGAN)[ZHOU] == pytest.approx(0.9)
