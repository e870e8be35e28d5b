"""The way of a meetup as one table: where it stands, what may come, where that leads, and what is done. Pure.

    idea → topic → form → (vote → undecided) → date → sign_up → (short) → ready → held → feedback → recap
                                      dropped, from everywhere before it is held

Topic first: no row leads from `idea` or `topic` to a date, and none but `date` to the first sign-up. What has
no row is answered kindly and changes nothing (the texts `not_now_…` for owners, `no_place_…` for members).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where a meetup stands, mostly by what is waited for."""

    IDEA = "idea"  # the owner chooses a topic
    TOPIC = "topic"  # … a form: talk or round table
    FORM = "form"  # … says dates
    VOTE = "vote"  # the group votes on dates
    UNDECIDED = "undecided"  # nobody voted, or two dates are level: the owner decides
    DATE = "date"  # there is a date; the owner says where, and opens the sign-up
    SIGN_UP = "sign_up"  # people sign up
    SHORT = "short"  # the time for that is over, too few come: the owner decides
    READY = "ready"  # the list is closed, reminders go out
    HELD = "held"  # it has begun: people check in
    FEEDBACK = "feedback"  # it is over: thanks, one question, minutes
    RECAP = "recap"  # told and closed
    DROPPED = "dropped"  # it will not be


class Input(StrEnum):
    """What may happen to a meetup."""

    AGAIN = "again"  # the owner wants other topics
    CHOOSE = "choose"  # the owner takes a proposed topic with its form
    NAME = "name"  # the owner gives a topic of their own, or another wording
    SET_FORM = "set_form"
    OFFER_DATES = "offer_dates"  # several: the group votes
    SET_DATE = "set_date"  # one: that is it, or it is moved there
    VOTED = "voted"
    VOTE_WON = "vote_won"
    VOTE_TIED = "vote_tied"
    VOTE_EMPTY = "vote_empty"
    DETAILS = "details"  # place, fee, capacity
    SET_SPEAKER = "set_speaker"
    SPEAKER_OUT = "speaker_out"  # falls ill, has to travel
    SET_HOST = "set_host"
    OPEN = "open"
    SIGN = "sign"
    CANCEL = "cancel"
    CLOSE = "close"
    TOO_FEW = "too_few"
    GO_AHEAD = "go_ahead"
    BEGIN = "begin"
    CHECK_IN = "check_in"
    FINISH = "finish"
    NOBODY_CAME = "nobody_came"
    WRITE_UP = "write_up"
    DROP = "drop"


class Step(NamedTuple):
    """Where an input leads, and the name of what is done on the way (see `acting`)."""

    to: State
    action: str


S, I = State, Input  # noqa: E741

FLOW: Mapping[State, Mapping[Input, Step]] = {
    S.IDEA: {
        I.AGAIN: Step(S.IDEA, "propose"),
        I.CHOOSE: Step(S.FORM, "ask_dates"),
        I.NAME: Step(S.TOPIC, "ask_form"),
        I.DROP: Step(S.DROPPED, "drop_quietly"),
    },
    S.TOPIC: {
        I.NAME: Step(S.TOPIC, "ask_form"),
        I.SET_FORM: Step(S.FORM, "ask_dates"),
        I.SET_SPEAKER: Step(S.TOPIC, "note_speaker"),
        I.DROP: Step(S.DROPPED, "drop_quietly"),
    },
    S.FORM: {
        I.NAME: Step(S.FORM, "ask_dates"),
        I.SET_FORM: Step(S.FORM, "ask_dates"),
        I.OFFER_DATES: Step(S.VOTE, "open_vote"),
        I.SET_DATE: Step(S.DATE, "ask_place"),
        I.DETAILS: Step(S.FORM, "note_details"),
        I.SET_SPEAKER: Step(S.FORM, "note_speaker"),
        I.SPEAKER_OUT: Step(S.FORM, "lose_speaker"),
        I.SET_HOST: Step(S.FORM, "note_host"),
        I.DROP: Step(S.DROPPED, "drop_quietly"),
    },
    S.VOTE: {
        I.VOTED: Step(S.VOTE, "count_vote"),
        I.VOTE_WON: Step(S.DATE, "tell_date"),
        I.VOTE_TIED: Step(S.UNDECIDED, "tell_tie"),
        I.VOTE_EMPTY: Step(S.UNDECIDED, "tell_no_votes"),
        I.OFFER_DATES: Step(S.VOTE, "open_vote"),
        I.SET_DATE: Step(S.DATE, "tell_date"),
        I.DETAILS: Step(S.VOTE, "note_details"),
        I.SET_SPEAKER: Step(S.VOTE, "note_speaker"),
        I.SPEAKER_OUT: Step(S.VOTE, "lose_speaker"),
        I.SET_HOST: Step(S.VOTE, "note_host"),
        I.DROP: Step(S.DROPPED, "drop_aloud"),
    },
    S.UNDECIDED: {
        I.OFFER_DATES: Step(S.VOTE, "open_vote"),
        I.SET_DATE: Step(S.DATE, "tell_date"),
        I.DETAILS: Step(S.UNDECIDED, "note_details"),
        I.SET_SPEAKER: Step(S.UNDECIDED, "note_speaker"),
        I.SPEAKER_OUT: Step(S.UNDECIDED, "lose_speaker"),
        I.SET_HOST: Step(S.UNDECIDED, "note_host"),
        I.DROP: Step(S.DROPPED, "drop_aloud"),
    },
    S.DATE: {
        I.NAME: Step(S.DATE, "note_name"),
        I.SET_FORM: Step(S.DATE, "note_form"),
        I.OFFER_DATES: Step(S.VOTE, "open_vote"),
        I.SET_DATE: Step(S.DATE, "ask_place"),
        I.DETAILS: Step(S.DATE, "note_details"),
        I.SET_SPEAKER: Step(S.DATE, "note_speaker"),
        I.SPEAKER_OUT: Step(S.DATE, "lose_speaker"),
        I.SET_HOST: Step(S.DATE, "note_host"),
        I.OPEN: Step(S.SIGN_UP, "open_sign_up"),
        I.DROP: Step(S.DROPPED, "drop_quietly"),
    },
    S.SIGN_UP: {
        I.SIGN: Step(S.SIGN_UP, "sign"),
        I.CANCEL: Step(S.SIGN_UP, "cancel"),
        I.NAME: Step(S.SIGN_UP, "tell_name"),
        I.SET_FORM: Step(S.SIGN_UP, "tell_form"),
        I.SET_DATE: Step(S.SIGN_UP, "move"),
        I.DETAILS: Step(S.SIGN_UP, "tell_details"),
        I.SET_SPEAKER: Step(S.SIGN_UP, "tell_speaker"),
        I.SPEAKER_OUT: Step(S.SIGN_UP, "lose_speaker"),
        I.SET_HOST: Step(S.SIGN_UP, "note_host"),
        I.CHECK_IN: Step(S.SIGN_UP, "check_in"),
        I.CLOSE: Step(S.READY, "close_list"),
        I.TOO_FEW: Step(S.SHORT, "ask_whether"),
        I.BEGIN: Step(S.HELD, "begin"),
        I.DROP: Step(S.DROPPED, "drop_aloud"),
    },
    S.SHORT: {
        I.SIGN: Step(S.SHORT, "sign"),
        I.CANCEL: Step(S.SHORT, "cancel"),
        I.SET_DATE: Step(S.SIGN_UP, "move"),
        I.DETAILS: Step(S.SHORT, "tell_details"),
        I.SET_SPEAKER: Step(S.SHORT, "tell_speaker"),
        I.SPEAKER_OUT: Step(S.SHORT, "lose_speaker"),
        I.SET_FORM: Step(S.SHORT, "tell_form"),
        I.SET_HOST: Step(S.SHORT, "note_host"),
        I.OPEN: Step(S.SIGN_UP, "reopen"),
        I.GO_AHEAD: Step(S.READY, "close_list"),
        I.CHECK_IN: Step(S.SHORT, "check_in"),
        I.BEGIN: Step(S.HELD, "begin"),  # the owner said nothing: whoever signed up is not let down
        I.DROP: Step(S.DROPPED, "drop_aloud"),
    },
    S.READY: {
        I.CANCEL: Step(S.READY, "cancel"),
        I.NAME: Step(S.READY, "tell_name"),
        I.SET_FORM: Step(S.READY, "tell_form"),
        I.SET_DATE: Step(S.SIGN_UP, "move"),
        I.DETAILS: Step(S.READY, "tell_details"),
        I.SET_SPEAKER: Step(S.READY, "tell_speaker"),
        I.SPEAKER_OUT: Step(S.READY, "lose_speaker"),
        I.SET_HOST: Step(S.READY, "note_host"),
        I.OPEN: Step(S.SIGN_UP, "reopen"),
        I.CHECK_IN: Step(S.READY, "check_in"),  # whoever comes early
        I.BEGIN: Step(S.HELD, "begin"),
        I.DROP: Step(S.DROPPED, "drop_aloud"),
    },
    S.HELD: {
        I.CHECK_IN: Step(S.HELD, "check_in"),
        I.FINISH: Step(S.FEEDBACK, "thank"),
        I.NOBODY_CAME: Step(S.DROPPED, "tell_nobody"),
    },
    S.FEEDBACK: {
        I.CHECK_IN: Step(S.FEEDBACK, "check_in"),
        I.WRITE_UP: Step(S.RECAP, "post_recap"),
    },
    S.RECAP: {},
    S.DROPPED: {},
}  # fmt: skip

PLANNED = frozenset({S.IDEA, S.TOPIC, S.FORM, S.VOTE, S.UNDECIDED, S.DATE, S.SIGN_UP, S.SHORT})
"""The owner is busy with it: a second one has to wait."""

OPEN = PLANNED | {S.READY, S.HELD, S.FEEDBACK}
COMING = frozenset({S.SIGN_UP, S.SHORT, S.READY})
"""It has a date that people know of."""

PUBLIC = frozenset({S.VOTE, S.UNDECIDED}) | COMING
"""The group knows of it."""


def step(state: str, given: Input) -> Step | None:
    """What an input does where the meetup stands; None if nothing."""
    return FLOW[State(state)].get(given)
