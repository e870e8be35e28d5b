"""Standing: helping distinct people on distinct days makes a star; talk, a friend, rings, puppets do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.credence import answers_like_a_machine, ties
from bot.analysis.lines import Line, Link
from bot.analysis.standing import STAR, Group, Standing, bar, loudest, nominees, standings
from bot.analysis.usefulness import Helped

NOW = datetime(2026, 3, 30, 20, 0, tzinfo=UTC)
HELPER, FRIEND, TALKER = 1, 2, 3
CROWD = range(100, 130)
"""People who talk with one another, and have always done."""


def helped(helper: int, asker: int, days_ago: float = 1.0, **more: object) -> Helped:
    known: dict[str, object] = {"confidence": 0.9, "thanked": True} | more
    at = NOW - timedelta(days=days_ago)
    return Helped(helper, asker, None, None, at, **known)  # type: ignore[arg-type]


def group(people: int = 30, extra: Iterable[tuple[int, int]] = (), **more: object) -> Group:
    """A group whose crowd is well connected; `extra` are further ties."""
    known: dict[int, dict[int, float]] = {one: {} for one in CROWD}
    near = [pair for pair in combinations(CROWD, 2) if pair[1] - pair[0] <= 2 or pair[0] * pair[1] % 7 < 2]
    for one, other in [*near, *extra]:
        known.setdefault(one, {})[other] = 0.9
        known.setdefault(other, {})[one] = 0.9
    return Group(people, {}, known, **more)  # type: ignore[arg-type]


def tied(told: Sequence[Helped]) -> list[tuple[int, int]]:
    return [(one.helper, one.asker) for one in told]


def reckon(told: Sequence[Helped], scene: Group | None = None, now: datetime = NOW) -> dict[int, Standing]:
    return standings(told, scene or group(extra=tied(told)), now, UTC)


def named(told: Sequence[Helped], scene: Group | None = None) -> list[int]:
    return [one.member for one in nominees(reckon(told, scene), NOW)]


HELP = [helped(HELPER, CROWD[number], days) for number, days in enumerate((9.0, 7, 5, 3, 1))]


# Who becomes one


def test_who_helps_five_people_on_five_days_does() -> None:
    found = reckon(HELP)[HELPER]
    assert found.level == STAR and found.rooted == 5 and found.days == 5
    assert named(HELP) == [HELPER]
    assert found.evidence == tuple(HELP)


def test_a_chatterbox_does_not() -> None:
    scene = replace(group(extra=tied(HELP)), messages={TALKER: 5000, HELPER: 12})
    told = [*HELP, helped(TALKER, CROWD[0])]
    assert named(told, scene) == [HELPER]


def test_a_pair_of_friends_does_not() -> None:
    told = [helped(*pair, days) for pair in ((HELPER, FRIEND), (FRIEND, HELPER)) for days in range(1, 20)]
    assert reckon(told) == {}


@pytest.mark.parametrize("people", [5, 20, 100, 500])
def test_one_admirer_alone_is_never_enough(people: int) -> None:
    told = [helped(HELPER, CROWD[0], days) for days in range(1, 80)]
    assert named(told, group(people, tied(told))) == []


def test_everything_on_one_day_is_not_enough() -> None:
    told = [helped(HELPER, CROWD[number], 1) for number in range(10)]
    assert named(told) == []


def test_a_small_group_has_a_lower_bar_than_a_large_one() -> None:
    bars = [bar(people)[0] for people in (5, 20, 100, 500)]
    assert bars == sorted(bars) and bars[0] < 2 and bars[-1] < 6
    two_people = [helped(HELPER, CROWD[0], 3), helped(HELPER, CROWD[1], 1)]
    assert named(two_people, group(5, tied(two_people))) == [HELPER]
    assert named(two_people, group(500, tied(two_people))) == []


# Who never does


@given(st.integers(3, 8), st.data())
def test_a_ring_of_friends_never_does(size: int, data: st.DataObject) -> None:
    ring = range(1, size + 1)
    told = [
        helped(*pair, days)
        for pair in permutations(ring, 2)
        for days in data.draw(st.sets(st.integers(1, 20), min_size=1, max_size=4))
    ]
    assert named(told) == []


@pytest.mark.parametrize("size", [5, 7, 9])
def test_a_ring_that_praises_one_way_round_never_does(size: int) -> None:
    told = [
        helped(1 + at, 1 + (at + step) % size, days)
        for at in range(size)
        for step in range(1, size // 2 + 1)
        for days in (1, 3, 5)
    ]
    assert named(told) == []


@given(st.integers(2, 40), st.integers(1, 5))
def test_sock_puppets_never_make_one(count: int, days: int) -> None:
    told = [helped(HELPER, 200 + number, day) for number in range(count) for day in range(1, days + 1)]
    assert named(told) == []


def test_sock_puppets_that_chat_among_themselves_neither() -> None:
    puppets = range(200, 206)
    told = [helped(HELPER, puppet, day) for puppet in puppets for day in (1, 3, 5)]
    scene = group(extra=[*tied(told), *combinations(puppets, 2)])
    assert named(told, scene) == []


def test_help_for_real_people_counts_beside_the_ring() -> None:
    ring = [helped(*pair, days) for pair in permutations((HELPER, FRIEND), 2) for days in (1, 2)]
    assert named([*ring, *HELP]) == [HELPER]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_who_is_excluded_stays_out_and_nobody_helps_themselves(days: list[int]) -> None:
    told = [helped(HELPER, CROWD[number % 9], day + 1) for number, day in enumerate(days)]
    assert reckon(told, replace(group(), never={HELPER})) == {}
    assert reckon([helped(HELPER, HELPER, day) for day in days]) == {}


def test_machines_are_told_by_their_haste() -> None:
    assert answers_like_a_machine([1.0, 2.0, 1.5, 2.0, 1.0, 400.0])
    assert answers_like_a_machine([30.0, 30.4, 30.2, 30.9, 30.1])
    assert not answers_like_a_machine([40.0, 65.0, 300.0, 9.0, 1200.0])
    assert not answers_like_a_machine([1.0, 2.0])


# More and less


@given(st.lists(st.tuples(st.integers(0, 19), st.floats(0.1, 60)), max_size=25), st.floats(0.1, 60))
def test_one_more_person_helped_never_lowers(told: list[tuple[int, float]], days_ago: float) -> None:
    before = [helped(HELPER, CROWD[asker], days) for asker, days in told]
    after = [*before, helped(HELPER, CROWD[25], days_ago)]
    scene = group(extra=tied(after))
    old, new = reckon(before, scene).get(HELPER), reckon(after, scene)[HELPER]
    assert old is None or (new.people >= old.people - 1e-9 and new.level >= old.level)


@given(st.floats(1, 80), st.floats(1, 80))
def test_older_help_counts_less(one: float, other: float) -> None:
    early, late = max(one, other), min(one, other)
    amounts = [
        reckon([helped(HELPER, CROWD[0], days, thanked=False)])[HELPER].people for days in (early, late)
    ]
    assert amounts[0] <= amounts[1] + 1e-9


def test_thanks_and_an_end_count_more_than_words() -> None:
    plain = reckon([replace(one, thanked=False) for one in HELP])[HELPER]
    closed = reckon([replace(one, thanked=False, closed=True) for one in HELP])[HELPER]
    assert plain.people < closed.people == pytest.approx(reckon(HELP)[HELPER].people)


def test_a_level_is_lost_only_below_nine_tenths_of_its_bar() -> None:
    needed = bar(30)[0]
    scenes = {before: replace(group(extra=tied(HELP)), levels={HELPER: before}) for before in (0, STAR)}
    seen = {}
    for days in range(60):
        now = NOW + timedelta(days=days)
        people = standings(HELP, scenes[0], now, UTC)[HELPER].people
        seen[days] = (
            people / needed,
            [standings(HELP, scene, now, UTC)[HELPER].level for scene in scenes.values()],
        )
    between = [levels for share, levels in seen.values() if 0.9 < share < 1.0]
    assert between and all(levels[0] < STAR and levels[1] == STAR for levels in between)
    assert all(levels[1] < STAR for share, levels in seen.values() if share < 0.9)


# Who comes first


def test_a_quiet_newcomer_comes_before_a_loud_regular_of_the_same_help() -> None:
    regular = [replace(one, helper=TALKER) for one in HELP]
    scene = replace(group(extra=tied([*HELP, *regular])), messages={TALKER: 16, HELPER: 8})
    assert named([*regular, *HELP], scene) == [HELPER, TALKER]
    assert named([*regular, *HELP], replace(scene, messages={TALKER: 30, HELPER: 8})) == [HELPER]
    assert named([*regular, *HELP], replace(scene, messages={TALKER: 900, HELPER: 15})) == [HELPER]


def test_in_a_large_group_only_who_says_far_more_than_others_is_loud() -> None:
    even = dict.fromkeys(range(100), 4)
    assert loudest(even) == set()
    assert loudest({**even, HELPER: 15, TALKER: 500}) == {TALKER}
    assert loudest({HELPER: 5, TALKER: 30, FRIEND: 5}) == {TALKER}
    assert loudest({}) == set()


def test_help_of_this_week_is_not_announced_yet_in_a_large_group() -> None:
    told = [helped(HELPER, CROWD[number], days) for number, days in enumerate((4.0, 3, 2, 1, 0.5))]
    assert named(told, group(40, tied(told))) == [HELPER]
    assert named(told, group(200, tied(told))) == []
    assert named([*told, helped(HELPER, CROWD[9], 6)], group(200, tied(told))) == [HELPER]


def test_steady_help_by_somebody_new_is_emerging() -> None:
    steady = [helped(HELPER, CROWD[number], 1 + 3 * number) for number in range(13)]
    assert named(steady) == [HELPER]


def test_who_has_long_been_helping_as_much_is_not_emerging() -> None:
    long = [helped(HELPER, CROWD[day % 20], day) for day in range(1, 80, 2)]
    assert reckon(long)[HELPER].level == STAR
    assert named(long) == []


def test_who_is_new_and_helps_much_less_by_now_is_not_emerging() -> None:
    falling = [helped(HELPER, CROWD[number], 23 + number) for number in range(8)]
    late = [helped(HELPER, CROWD[20 + number], 1 + number) for number in range(2)]
    assert reckon([*falling, *late])[HELPER].level == STAR
    assert named([*falling, *late]) == []
    assert named([*falling[:3], *late, helped(HELPER, CROWD[25], 6)]) == [HELPER]


def test_owners_and_the_much_credited_come_later() -> None:
    other = [replace(one, helper=FRIEND) for one in HELP]
    plain = group(extra=tied([*HELP, *other]))
    assert named([*HELP, *other], replace(plain, owners={HELPER})) == [FRIEND, HELPER]
    assert named([*HELP, *other], replace(plain, credited={HELPER: 1})) == [FRIEND, HELPER]


def test_what_is_older_than_two_days_is_not_announced() -> None:
    old = [replace(one, at=one.at - timedelta(days=1.5)) for one in HELP]
    assert reckon(old)[HELPER].level == STAR
    assert named(old) == []


# Who talks with whom


def test_ties_go_both_ways_and_grow_surer() -> None:
    lines = [Line(number, member, NOW) for number, member in enumerate((1, 2, 1, 1), start=1)]
    links = [Link(1, None, 0.9), Link(2, 1, 0.5), Link(3, 2, 0.5), Link(4, 3, 1.0)]
    assert ties(lines, links) == {1: {2: 0.75}, 2: {1: 0.75}}
