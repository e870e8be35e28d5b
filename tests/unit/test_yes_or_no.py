"""Yes and no as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import yes_or_no


@pytest.mark.parametrize(
    "words",
    [
        "愿意",
        "好",
        "好的呀！",
        "好好好",
        "嗯嗯",
        "行～",
        "可以的。",
        "OK",
        "ｏｋ",
        "[OK]",
        "👌",
        "好，我来",
        "没问题",
        "算我一个",
    ],
)
def test_yes(words: str) -> None:
    assert yes_or_no(words) is True


@pytest.mark.parametrize(
    "words", ["不愿意", "不了", "不太方便呢", "没空哈", "下次吧", "不好意思，没空", "No"]
)
def test_no(words: str) -> None:
    assert yes_or_no(words) is False


@pytest.mark.parametrize("words", ["", "。", "可以吗？", "不好吃", "好，不过我没空", "行李", "是不是"])
def test_neither(words: str) -> None:
    assert yes_or_no(words) is None


@given(st.text())
def test_no_text_breaks_it(words: str) -> None:
    assert yes_or_no(words) in (True, False, None)
