"""Short answers: votes and sign-ups are seen only when a message is nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.meetups.replies import SignUp, read_sign_up, read_vote
from tests.eval.everyday import PLACES, REPLIES, WRITTEN

ANSWERS = [json.loads(line) for line in (WRITTEN / REPLIES).read_text(encoding="utf-8").splitlines()]
MISSED = {"第二个"}
"""Could as well answer somebody's question: such a vote needs a quote or an @."""


@pytest.mark.parametrize("answer", [one for one in ANSWERS if "vote" in one], ids=lambda one: one["said"])
def test_a_vote_is_a_number_and_nothing_else(answer: dict[str, object]) -> None:
    said, meant = str(answer["said"]), answer["vote"]
    wanted = tuple(meant) if isinstance(meant, list) and said not in MISSED else None
    assert read_vote(said, PLACES) == wanted


@pytest.mark.parametrize("answer", [one for one in ANSWERS if "sign_up" in one], ids=lambda one: one["said"])
def test_a_sign_up_is_the_whole_message(answer: dict[str, object]) -> None:
    found, meant = read_sign_up(str(answer["said"])), answer["sign_up"]
    assert ([found.kind, found.count] if found else None) == meant


def test_what_is_said_beside_is_kept() -> None:
    assert read_sign_up("报名 带娃") == SignUp("join", 2, "带娃")
    assert read_sign_up("接龙 +2（我和我对象）") == SignUp("join", 2, "我和我对象")


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(text: str) -> None:
    vote = read_vote(text, PLACES)
    assert vote is None or set(vote) <= {1, 2, 3}
    assert read_vote(text, ()) is None
    found = read_sign_up(text)
    assert found is None or 1 <= found.count <= 30


def test_long_messages_are_no_answers() -> None:
    assert read_vote("1 " * 5000, PLACES) is None and read_sign_up("报名" * 5000) is None
