"""Words of texts in Chinese and in languages with spaces."""

from __future__ import annotations

import pytest

from bot.analysis.text import LONGEST, normalised, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("岩茶", ["岩茶"]),
        ("岩茶要不要倒", ["岩茶", "茶要", "要不", "不要", "要倒"]),
        ("好", ["好"]),
        ("用Docker的群友", ["用", "docker", "的群", "群友"]),
        ("it DOESN'T work_2", ["it", "doesn't", "work_2"]),
        ("ＡＢＣ　１２", ["abc", "12"]),
        ("🌸，。!?@#", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize("text", ["ΐ" * 10_000, "茶" * 10_000, "a " * 10_000, "ß" * 10_000])
def test_a_long_text_is_cut(text: str) -> None:
    assert len(normalised(text)) <= LONGEST
    assert len(words_of(text)) <= LONGEST
