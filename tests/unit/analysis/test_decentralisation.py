"""What would be left: known groups, and a naive recount on random histories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.decentralisation import (
    Figures,
    Share,
    Talk,
    absence_factor,
    absence_grade,
    conversation_size,
    figures,
    share_trend,
    trend,
)
from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.lines import Line, Link
from tests.unit.analysis.recount import Recount
from tests.unit.analysis.talk import replies

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, 16, tzinfo=UTC)
END = START + timedelta(days=28)


def talk(said: Sequence[tuple[int, int]], exchanges: Sequence[Exchange] = (), a_day: int = 6) -> Talk:
    """`said`: who says something and the place, from 1, of the message that it answers (0: none)."""
    lines = [
        Line(place, member, START + timedelta(days=(place - 1) // a_day, minutes=place % a_day))
        for place, (member, _) in enumerate(said, 1)
    ]
    links = [Link(place, answers or None, 1) for place, (_, answers) in enumerate(said, 1)]
    return Talk(lines, replies(lines, links), exchanges)


def measured(said: Talk, owners: Sequence[int] = ()) -> Figures:
    return figures(said, START, END, ZONE, owners)


def test_two_who_hold_it_all_leave_nothing() -> None:
    said = [(1, 0), (3, 1), (1, 2), (4, 3), (2, 4), (5, 5)] * 3
    said = [(member, answers and place // 6 * 6 + answers) for place, (member, answers) in enumerate(said)]
    found = measured(talk(said), owners=[2])
    assert found.without_top.silent == (1, 2)
    assert (found.without_top.days, found.without_top.people) == (Share(0, 3), Share(0, 3))
    assert found.without_owner is not None and found.without_owner.days == Share(3, 3)
    assert found.without_owner.people == Share(3, 4)
    assert found.owner_share == Share(3, 18) and found.top_tenth == Share(6, 18)
    assert found.absence_factor == 2


def test_a_round_of_equals_hardly_notices() -> None:
    said = [(place % 8 + 1, place) for place in range(8 * 6)]
    found = measured(talk(said, a_day=8))
    assert found.without_top.days == Share(6, 6)
    assert found.without_top.people == Share(6, 6)
    assert found.absence_factor == 4 and len(found.hubs) == 8 and found.centralisation == 0


def test_questions_that_only_the_two_answered_would_stay_open() -> None:
    asked = [
        _question(101, 3, 1), _question(102, 3, 2, 4), _question(103, 4), _question(104, 1, 5),
        _question(105, 4, 5),
    ]  # fmt: skip
    found = measured(talk([(1, 0)] * 5 + [(2, 1)] * 4 + [(3, 1), (4, 2), (5, 3)], asked))
    assert found.questions == Share(4, 5)
    assert found.without_top.questions == Share(2, 3)


def test_an_empty_group_says_nothing_and_breaks_nothing() -> None:
    found = measured(Talk([], [], []), owners=[1])
    assert (found.people, found.messages, found.absence_factor, found.hubs) == (0, 0, 0, ())
    assert found.without_top.silent == () and found.without_top.days.value is None
    assert found.owner_share is not None and found.owner_share.value is None
    assert measured(Talk([], [], [])).without_owner is None


def test_pictures_and_stickers_are_talk() -> None:
    lines = [
        Line(1, 1, START, kind="image"),
        Line(2, 2, START, kind="sticker"),
        Line(3, 2, START, kind="voice"),
    ]
    found = measured(Talk(lines, replies(lines, [Link(2, 1, 0.8)]), []))
    assert (found.people, found.messages, found.replies, found.without_top.silent) == (2, 3, 1, (2, 1))


@pytest.mark.parametrize(
    ("people", "size"), [(0, 2), (1, 2), (5, 2), (16, 2), (17, 3), (36, 3), (37, 4), (500, 12)]
)
def test_a_conversation_grows_with_the_group(people: int, size: int) -> None:
    assert conversation_size(people) == size


@pytest.mark.parametrize(
    ("factor", "grade"),
    [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (9, 4), (10, 5), (99, 5)],
)
def test_the_scale(factor: int, grade: int) -> None:
    assert absence_grade(factor) == grade


def test_trends_know_what_is_good() -> None:
    assert share_trend(Share(1, 2), Share(1, 4), "more") == "better"
    assert share_trend(Share(1, 2), Share(1, 4), "less") == "worse"
    assert share_trend(Share(50, 100), Share(48, 100), "less") == "same"
    assert (
        share_trend(Share(0, 0), Share(1, 2), "more") is None
        and share_trend(None, Share(1, 2), "more") is None
    )
    assert (trend(3, 2, "more"), trend(2, 2, "more"), trend(1, 2, "more")) == ("better", "same", "worse")


def _question(key: int, asker: int, *helpers: int) -> Exchange:
    at = START + timedelta(hours=key)
    answers = tuple(Answer(key * 10 + who, who, at + timedelta(minutes=5), 0.9) for who in helpers)
    return Exchange(key, asker, at, "怎么泡", answers)


@st.composite
def histories(draw: Any) -> tuple[list[Line], list[Link], list[Exchange]]:
    members = st.integers(1, draw(st.integers(1, 9)))
    count = draw(st.integers(0, 60))
    hours = sorted(draw(st.lists(st.integers(-40, 40 * 24), min_size=count, max_size=count)))
    lines = [Line(key, draw(members), START + timedelta(hours=hour)) for key, hour in enumerate(hours, 1)]
    links = [
        Link(line.id, draw(st.one_of(st.none(), st.integers(1, line.id))), 0.5)
        for line in lines
        if line.id % 7
    ]
    links = [link for link in links if link.answers != link.message]
    asked = [
        _question(line.id, line.member, *draw(st.lists(members.filter(line.member.__ne__), max_size=3)))
        for line in lines
        if line.id % 4 == 0 and draw(st.booleans()) and max(one.member for one in lines) > 1
    ]
    return lines, links, asked


@given(histories(), st.sets(st.integers(1, 9), max_size=2), st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_a_naive_recount_finds_the_same(
    history: tuple[list[Line], list[Link], list[Exchange]], owners: set[int], days: int
) -> None:
    lines, links, asked = history
    end = START + timedelta(days=days)
    found = figures(Talk(lines, replies(lines, links), asked), START, end, ZONE, sorted(owners))
    again = Recount(lines, links, asked, START, end, ZONE)
    talkers, total = again.talkers(), len(again.lines)
    assert (found.people, found.messages, found.replies) == (len(talkers), total, len(again.pairs))
    assert found.talk_days == len({again.day(line.at) for line in again.lines})
    assert found.conversation_size == again.size()
    assert found.questions == Share(sum(1 for one in again.exchanges if one.answers), len(again.exchanges))
    assert found.without_top.silent == tuple(talkers[:2])
    for left in (found.without_top, found.without_owner):
        if left is not None:
            gone = set(left.silent)
            assert left.days == Share(*again.days(gone))
            assert left.questions == Share(*again.questions(gone))
            assert left.people == Share(*again.connected(gone))
    assert found.absence_factor == again.absence_factor()
    tenth = talkers[: -(-len(talkers) // 10)]
    assert found.top_tenth == Share(sum(map(again.spoken, tenth)), total)
    expected = Share(sum(map(again.spoken, owners)), total) if owners else None
    assert found.owner_share == expected and (found.without_owner is None) == (not owners)
    assert found.centralisation == pytest.approx(again.centralisation())
    assert set(found.hubs) == again.hubs()


@given(st.lists(st.integers(1, 500), max_size=30))
def test_the_absence_factor_is_the_smallest(counts: list[int]) -> None:
    found, ordered = absence_factor(counts), sorted(counts, reverse=True)
    assert 2 * sum(ordered[:found]) >= sum(counts)
    assert not found or 2 * sum(ordered[: found - 1]) < sum(counts)
