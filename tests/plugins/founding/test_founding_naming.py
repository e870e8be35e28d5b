"""Names, words and choices: pure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.founding import logic, naming


def first(names: Sequence[str]) -> str:
    return names[0]


@given(
    st.lists(st.text(min_size=1, max_size=20), max_size=12),
    st.lists(st.text(min_size=1, max_size=20), max_size=12),
    st.integers(0, 9),
    st.lists(st.text(max_size=20), max_size=5),
)
def test_names_are_new_and_short_and_as_many_as_there_can_be(
    plain: list[str], funny: list[str], count: int, taken: list[str]
) -> None:
    found = naming.names(plain, funny, count, taken, first)
    possible = {name for name in (*plain, *funny) if name not in taken and len(name) <= naming.LONGEST}
    assert set(found) <= possible
    assert len(found) == min(count, len(found))
    assert len(set(found)) >= min(count, len(possible)) - len(set(plain) & set(funny))


def test_every_turn_of_a_phrase_holds_its_character() -> None:
    assert all(key in phrase for key, phrases in naming.puns().items() for phrase in phrases)
    assert all(3 <= len(phrase) <= 8 for phrases in naming.puns().values() for phrase in phrases)
    assert "茶言观色" in naming.turned("岩茶") and naming.turned("岩茶")[0] in naming.puns()["茶"]


@pytest.mark.parametrize(
    ("theme", "word"),
    [
        ("一起把岩茶喝明白", "岩茶"),
        ("大家一起学习摄影", "摄影"),
        ("从零开始喝懂岩茶", "岩茶"),
        ("读书", "读书"),
        ("每天跑步", "跑步"),
        ("给新手爸妈答疑", "新手爸妈"),
        ("交流 Python 自动化", "Python"),
    ],
)
def test_the_word_that_a_theme_turns_on(theme: str, word: str) -> None:
    assert logic.core_word(theme) == word


@given(st.text(min_size=1, max_size=60))
def test_any_theme_has_a_word_or_nothing_that_breaks(theme: str) -> None:
    assert len(logic.core_word(theme)) <= logic.LONGEST_WORD


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("1", [1]),
        ("1 3", [1, 3]),
        ("一、三", [1, 3]),
        ("1和2", [1, 2]),
        ("5", None),
        ("1 广告", None),
        ("", None),
    ],
)
def test_choices(said: str, numbers: list[int] | None) -> None:
    assert logic.chosen(said, 4) == numbers


@pytest.mark.parametrize(
    ("said", "tone"), [("1", "warm"), ("正经点", "plain"), ("爱开玩笑", "funny"), ("随便", None), ("4", None)]
)
def test_tones(said: str, tone: str | None) -> None:
    assert logic.tone_of(said) == tone


def test_of_a_models_lines_only_names_are_taken() -> None:
    lines = [
        "1. 岩茶客栈",
        "- 「岩茶不打烊」",
        "岩茶，天下第一！",
        "好的，以下是六个名字：",
        "",
        "岩茶客栈",
        "岩" * 20,
    ]
    assert naming.usable(lines) == ["岩茶客栈", "岩茶不打烊"]
