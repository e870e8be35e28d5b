"""The table itself: every state is reached, every action exists, and there is no way past the topic."""

from __future__ import annotations

import pytest

from bot.host import find_plugins
from bot.messages import Texts
from plugins.meetups.flow import COMING, FLOW, OPEN, PLANNED, PUBLIC, Input, State, step
from plugins.meetups.steering import ACTIONS

TEXTS = Texts(find_plugins()[0])
ENDS = {State.RECAP, State.DROPPED}
TOPIC_IS_KNOWN = set(State) - {State.IDEA, State.DROPPED}


def reached(start: State, *, without: State | None = None) -> set[State]:
    """Where one can get from a state."""
    found, waiting = {start}, [start]
    while waiting:
        for found_step in FLOW[waiting.pop()].values():
            if found_step.to not in found and found_step.to != without:
                found.add(found_step.to)
                waiting.append(found_step.to)
    return found


def test_every_state_is_in_the_table_and_reached() -> None:
    assert set(FLOW) == set(State) == reached(State.IDEA)


def test_every_action_of_the_table_is_done_somewhere_and_none_is_left_over() -> None:
    assert {one.action for row in FLOW.values() for one in row.values()} == set(ACTIONS)


def test_every_input_means_something_somewhere() -> None:
    assert {given for row in FLOW.values() for given in row} == set(Input)


def test_topic_first() -> None:
    """From the idea only a topic leads on, and to people signing up only a date that was set."""
    assert {given for given, one in FLOW[State.IDEA].items() if one.to in TOPIC_IS_KNOWN} == {
        Input.CHOOSE,
        Input.NAME,
    }
    assert State.SIGN_UP not in reached(State.IDEA, without=State.FORM)
    assert State.SIGN_UP not in reached(State.IDEA, without=State.DATE)


def test_whatever_is_planned_can_be_dropped_and_what_is_over_cannot() -> None:
    for state in State:
        assert (step(state, Input.DROP) is not None) == (state in PLANNED | {State.READY})
    assert all(not FLOW[state] for state in ENDS)
    assert set(State) == ENDS | OPEN and not ENDS & OPEN


def test_a_meetup_that_has_begun_is_never_moved_or_signed_up_for() -> None:
    late = (State.HELD, State.FEEDBACK, *ENDS)
    wanted = (Input.SIGN, Input.CANCEL, Input.SET_DATE, Input.OFFER_DATES, Input.OPEN)
    assert all(step(state, given) is None for state in late for given in wanted)


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_kind_word_for_what_is_not_possible_now(state: State) -> None:
    assert TEXTS.has("meetups", f"not_now_{state}")
    takes_sign_ups = step(state, Input.SIGN) is not None
    assert TEXTS.has("meetups", f"no_place_{state}") or takes_sign_ups or state in ENDS


def test_what_the_group_knows_of_is_dropped_aloud() -> None:
    for state in PLANNED | COMING:
        found = step(state, Input.DROP)
        assert found is not None and (found.action == "drop_aloud") == (state in PUBLIC)
