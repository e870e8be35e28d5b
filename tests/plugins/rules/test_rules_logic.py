"""The pure part: standing, judgement, the next step, two at each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.logic import (
    ASK,
    NOTE,
    REMINDER,
    WARNING,
    Facts,
    Level,
    Prior,
    Signals,
    Turn,
    heated,
    judged,
    level_of,
    may_remove_alone,
    next_rung,
)

LIKELY, SURE = 0.7, 0.87
START = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (Facts(2.0, 1, 8, 0, False), "newcomer"),
        (Facts(None, 0, 0, 0, False), "newcomer"),
        (Facts(None, 3, 9, 0, False), "member"),
        (Facts(90.0, 8, 30, 0, False), "regular"),
        (Facts(90.0, 8, 29, 0, False), "member"),
        (Facts(4.0, 3, 9, 3, False), "regular"),
        (Facts(0.1, 0, 0, 0, True), "honoured"),
    ],
)
def test_where_somebody_stands(facts: Facts, level: Level) -> None:
    assert level_of(facts, newcomer_days=7) == level


def test_the_same_words_weigh_by_who_says_them() -> None:
    signals = Signals(chance=0.75, calls=True, strange_link=True)
    found = {
        level: judged(signals, level, LIKELY, SURE).sureness
        for level in ("newcomer", "member", "regular", "honoured")
    }
    assert found == {"newcomer": "sure", "member": "sure", "regular": "none", "honoured": "none"}


def test_what_was_asked_for_is_no_ad_and_a_regular_never_a_sure_case() -> None:
    asked = Signals(chance=0.8, calls=True, was_asked=True)
    assert judged(asked, "member", LIKELY, SURE).sureness == "none"
    assert judged(Signals(chance=0.999, calls=True), "regular", LIKELY, SURE).sureness == "likely"


def test_a_card_counts_only_as_somebodys_first_words() -> None:
    assert judged(Signals(0.0, is_card=True), "newcomer", LIKELY, SURE).sureness == "none"
    assert judged(Signals(0.0, is_card=True, first_words=True), "newcomer", LIKELY, SURE).reasons == ("card",)


CHANCES = st.floats(0, 1)


@given(CHANCES, CHANCES, st.booleans(), st.booleans(), st.sampled_from(["newcomer", "member", "regular"]))
def test_more_that_speaks_for_an_ad_never_weighs_less(
    one: float, other: float, calls: bool, link: bool, level: Level
) -> None:
    order = ["none", "likely", "sure"]
    less = judged(Signals(min(one, other)), level, LIKELY, SURE).sureness
    more = judged(Signals(max(one, other), calls=calls, strange_link=link), level, LIKELY, SURE).sureness
    assert order.index(less) <= order.index(more)


PRIORS = st.lists(
    st.builds(Prior, st.sampled_from([NOTE, REMINDER, WARNING, ASK]), st.booleans()), max_size=5
)


@given(PRIORS, st.booleans(), st.booleans())
def test_the_ladder_is_climbed_step_by_step(priors: list[Prior], is_sure: bool, in_public: bool) -> None:
    rung = next_rung(priors, is_sure=is_sure, in_public=in_public)
    highest = max((one.rung for one in priors), default=0)
    assert NOTE <= rung <= highest + 1
    if not priors or not is_sure:
        assert rung == NOTE
    if not in_public:
        assert rung in (NOTE, ASK)


def test_a_word_that_was_not_said_is_said_at_the_next_occasion() -> None:
    unsaid = [Prior(NOTE, False), Prior(REMINDER, False)]
    assert next_rung(unsaid, is_sure=True, in_public=True) == REMINDER
    assert next_rung([*unsaid, Prior(REMINDER, True)], is_sure=True, in_public=True) == WARNING


def test_acting_alone_is_for_strangers_and_not_for_the_first_time() -> None:
    assert not may_remove_alone([], is_sure=True, level="newcomer", other_rooms=0)
    assert may_remove_alone([], is_sure=True, level="newcomer", other_rooms=2)
    assert may_remove_alone([Prior(NOTE, False)], is_sure=True, level="newcomer", other_rooms=0)
    assert not may_remove_alone([Prior(NOTE, False)], is_sure=True, level="member", other_rooms=5)


def turns(words: str, members: int, seconds: int = 10, count: int = 12) -> list[Turn]:
    return [Turn(at % members + 1, START + timedelta(seconds=seconds * at), words) for at in range(count)]


def test_two_at_each_other_by_pace_and_address() -> None:
    assert heated(turns("你凭什么！", 2)) == (1, 2)
    assert heated(turns("你凭什么！", 3)) is None
    assert heated(turns("这泡真香！", 2)) is None
    assert heated(turns("你觉得呢", 2)) is None
    assert heated(turns("你凭什么！", 2, seconds=60)) is None
    assert heated(turns("你凭什么！", 2, count=11)) is None
