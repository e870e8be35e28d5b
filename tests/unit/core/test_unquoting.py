"""What the bot quoted of somebody is found again in its own words, and only that."""

from __future__ import annotations

import pytest

from bot.unquoting import LONG, Quotes

QUESTION = "家里长辈留了一罐2016年的水仙，还能喝吗？"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"@南枝 刚开口：「{QUESTION}」@阿岚 这个你熟。", "@南枝 刚开口：「…」@阿岚 这个你熟。"),
        ("「家里长辈留了一罐2016年…」谁来接一句？", "「……」谁来接一句？"),
        ("两处：一罐2016年的水仙；又有：家里长辈留了", "两处：…；又有：…"),
        ("阿岚：「老茶先闻香」", "阿岚：「老茶先闻香」"),
        ("「好茶」", "「…」"),
        ("都说是好茶", "都说是好茶"),
        ("", ""),
        (QUESTION, "…"),
    ],
)
def test_quotes_are_taken_out(said: str, left: str) -> None:
    assert Quotes.of([QUESTION, "好茶", ""]).taken_out_of(said) == left


def test_it_is_found_as_the_bot_says_it() -> None:
    """On one line, without what cannot be seen, and calling nobody."""
    quotes = Quotes.of(["先放\n凉水\u200b再放茶叶 @所有人"])
    assert quotes.taken_out_of("他说「先放 凉水再放茶叶 ＠所有人」") == "他说「…」"


def test_fewer_letters_in_a_row_are_a_coincidence() -> None:
    text = "头一泡快出汤"
    quotes = Quotes.of([text])
    assert quotes.taken_out_of(f"今天{text[: LONG - 1]}") == f"今天{text[: LONG - 1]}"
    assert quotes.taken_out_of(f"今天{text[:LONG]}") == "今天…"


def test_nothing_was_written() -> None:
    assert Quotes.of([]).taken_out_of(QUESTION) == QUESTION
