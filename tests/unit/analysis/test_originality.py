"""Echoes of what somebody else told the asker, answers that hold nothing, and problems that are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.analysis.daybook import day_book
from bot.analysis.helped import HelpFact, echoers, unreliable
from bot.analysis.lines import Line, Link, heard
from bot.analysis.originality import denies

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ASKER, FIRST, SECOND = 1, 2, 3
GOOD = "restart the print service and delete the old job in the queue"


def talk(*said: tuple[int, str, int | None]) -> tuple[list[Line], list[Link]]:
    """Lines a minute apart, each with the number of the line that it answers."""
    lines = [
        Line(number, member, START + timedelta(minutes=number), text)
        for number, (member, text, _) in enumerate(said, start=1)
    ]
    return lines, [Link(number, above, 0.9) for number, (_, _, above) in enumerate(said, start=1)]


def helps(lines: Sequence[Line], links: Sequence[Link]) -> list[HelpFact]:
    days = day_book(heard(lines, links), UTC).all_days()
    return [one for day in days.values() for one in day.helped]


def of(found: Sequence[HelpFact], answer: int) -> HelpFact:
    [one] = [one for one in found if one.helped.answer == answer]
    return one


PROBLEM = (ASKER, "the printer on the second floor prints one page and then stops", None)


@pytest.mark.parametrize("again", [GOOD, f"yes exactly, {GOOD}", f"as was said: {GOOD}, i think"])
def test_what_was_told_the_asker_already_is_an_echo(again: str) -> None:
    lines, links = talk(PROBLEM, (FIRST, GOOD, 1), (SECOND, again, 1))
    found = helps(lines, links)
    assert {one.helped.helper for one in found} == {FIRST, SECOND}
    assert of(found, 3).is_copy and not of(found, 2).is_copy
    assert echoers(found) == {SECOND}


def test_an_answer_of_ones_own_is_none() -> None:
    own = "check whether the driver is from last year, mine did that until i updated it"
    lines, links = talk(PROBLEM, (FIRST, GOOD, 1), (SECOND, own, 1))
    assert not of(helps(lines, links), 3).is_copy


def test_the_same_good_answer_for_somebody_else_is_no_echo() -> None:
    other = (4, "my printer does nothing at all since the update of yesterday", None)
    lines, links = talk(PROBLEM, (FIRST, GOOD, 1), other, (SECOND, GOOD, 3))
    assert not of(helps(lines, links), 4).is_copy


@pytest.mark.parametrize(("text", "is_empty"), [("same", True), ("谢谢大佬", True), (GOOD, False)])
def test_thanks_and_a_word_or_two_help_nobody(text: str, is_empty: bool) -> None:
    lines, links = talk(PROBLEM, (FIRST, text, 1))
    assert of(helps(lines, links), 2).is_empty is is_empty


def test_a_problem_that_is_told_and_taken_up_counts_like_a_question() -> None:
    lines, links = talk(
        PROBLEM, (FIRST, GOOD, 1), (5, "打印机打了一页就停了，重启也没有用", None), (FIRST, GOOD, 3)
    )
    pairs = [(one.helped.helper, one.helped.asker) for one in helps(lines, links)]
    assert pairs == [(FIRST, ASKER), (FIRST, 5)]


def test_what_the_asker_adds_to_a_problem_belongs_to_it_once_it_is_taken_up() -> None:
    lines, links = talk(
        PROBLEM, (ASKER, "it is the one by the window", 1), (FIRST, GOOD, 1), (SECOND, GOOD, 2)
    )
    assert {one.helped.helper for one in helps(lines, links)} == {FIRST, SECOND}


def test_a_problem_counts_less_than_a_question_until_thanked() -> None:
    lines, links = talk(PROBLEM, (FIRST, GOOD, 1))
    [one] = helps(lines, links)
    lines, links = talk(PROBLEM, (FIRST, GOOD, 1), (ASKER, "thank you, that was it", 2))
    [thanked] = helps(lines, links)
    assert one.helped.confidence < thanked.helped.confidence and thanked.helped.thanked


def test_an_answer_is_refuted_by_somebody_else_who_says_so() -> None:
    lines, links = talk(
        PROBLEM, (FIRST, GOOD, 1), (ASKER, "that did not help at all", 2),
        PROBLEM, (FIRST, GOOD, 4), (SECOND, "bad advice", 5),
        PROBLEM, (FIRST, GOOD, 7), (FIRST, "or it did not work", 8),
    )  # fmt: skip
    found = helps(lines, links)
    assert [of(found, key).is_refuted for key in (2, 5, 8)] == [True, True, False]
    assert unreliable(found) == {FIRST}


@pytest.mark.parametrize(
    "text",
    ["大家好，我是看了老周朋友圈的长文进来的", "hi everyone, i am new here and come from the other channel"],
)
def test_who_says_hello_tells_no_problem(text: str) -> None:
    lines, links = talk((ASKER, text, None), (FIRST, GOOD, 1))
    assert helps(lines, links) == []


@pytest.mark.parametrize(
    "text",
    ["大家好，我的盖碗总是烫手，试了好多办法都没用", "hi guys, i am trying to print and only one page comes"],
)
def test_a_problem_may_begin_with_hello(text: str) -> None:
    lines, links = talk((ASKER, text, None), (FIRST, GOOD, 1))
    assert [one.helped.asker for one in helps(lines, links)] == [ASKER]


def test_a_greeting_or_what_nobody_takes_up_does_not() -> None:
    lines, links = talk((ASKER, "good morning", None), (FIRST, "hi", 1), PROBLEM, (ASKER, "really", 3))
    assert helps(lines, links) == []


@pytest.mark.parametrize(
    "text", ["that made it even worse", "nobody follow this advice please", "千万别这样做"]
)
def test_a_reply_that_warns_denies(text: str) -> None:
    assert denies(text) and not denies("that helped a lot")
