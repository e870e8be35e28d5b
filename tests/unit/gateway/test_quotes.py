"""Quotes are read out of the text, in every form that puppets write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.base import QuotedText
from bot.gateway.quotes import split_quote

SPACED = "- - - - - - - - - - - - - - -"
SEPARATORS = [SPACED, "———————————————", "-------", "—————", "─────────", "- - - - - - - - - - - - - - - "]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("colon", ["：", ":", ": "])
def test_both_colons_and_every_separator(colon: str, separator: str) -> None:
    text = f"「阿茶{colon}水温多少度？」\n{separator}\n九十五度左右"
    assert split_quote(text) == (QuotedText("阿茶", "水温多少度？"), "九十五度左右")


@pytest.mark.parametrize(
    ("text", "quote", "reply"),
    [
        ("「阿茶：一\n二\n\n三」\n" + SPACED + "\n好", ("阿茶", "一\n二\n\n三"), "好"),
        ("「阿茶：一」\r\n" + SPACED + "\r\n第一行\r\n第二行", ("阿茶", "一"), "第一行\n第二行"),
        ("「阿茶：看「大红袍」那篇」\n" + SPACED + "\n好", ("阿茶", "看「大红袍」那篇"), "好"),
        ("「阿茶：半个「括号」\n" + SPACED + "\n好", ("阿茶", "半个「括号"), "好"),
        ("「阿茶：多一个」括号」\n" + SPACED + "\n好", ("阿茶", "多一个」括号"), "好"),
        ("「阿茶：时间 10:30：准时」\n" + SPACED + "\n好", ("阿茶", "时间 10:30：准时"), "好"),
        (
            "「阿茶：[图片]」\n" + SPACED + "\n@群星\u2005 这是什么茶",
            ("阿茶", "[图片]"),
            "@群星\u2005 这是什么茶",
        ),
        ("「阿茶：一」\n" + SPACED + "\n", ("阿茶", "一"), ""),
        ("「阿茶：一」\n" + SPACED, ("阿茶", "一"), ""),
        ("「阿茶：」\n" + SPACED + "\n空的", ("阿茶", ""), "空的"),
        ("\n 「阿茶：一」\n" + SPACED + "\n好", ("阿茶", "一"), "好"),
    ],
)
def test_forms(text: str, quote: tuple[str, str], reply: str) -> None:
    assert split_quote(text) == (QuotedText(*quote), reply)


def test_a_quote_of_a_quote_is_what_that_person_said_themselves() -> None:
    inner = f"「小林：喝什么」\n{SPACED}\n大红袍"
    text = f"「阿茶：{inner}」\n{SPACED}\n同意"
    assert split_quote(text) == (QuotedText("阿茶", "大红袍"), "同意")


def test_a_reply_that_contains_a_quote_keeps_it() -> None:
    reply = f"他说的是「小林：喝什么」\n{SPACED}\n那句"
    assert split_quote(f"「阿茶：哪句」\n{SPACED}\n{reply}") == (QuotedText("阿茶", "哪句"), reply)


@pytest.mark.parametrize(
    "text",
    [
        "「大红袍」是岩茶",
        "「一：二」",
        "「一：二」\n没有分隔线\n好",
        "「没有冒号」\n" + SPACED + "\n好",
        "「：没有名字」\n" + SPACED + "\n好",
        "前面有字「阿茶：一」\n" + SPACED + "\n好",
        "「阿茶：一」\n- - -\n列表？",
        "「第一行\n阿茶：一」\n" + SPACED + "\n好",
        "「" + "名" * 65 + "：一」\n" + SPACED + "\n好",
        "",
        "「",
        SPACED,
    ],
)
def test_a_text_that_merely_contains_brackets_is_no_quote(text: str) -> None:
    assert split_quote(text) == (None, text)


@pytest.mark.parametrize("colon", ["：", ":"])
def test_a_known_name_settles_which_colon_ends_it(colon: str) -> None:
    names = ["茶", "茶：小林", "小林"]
    text = f"「茶：小林{colon}一：二」\n{SPACED}\n好"
    assert split_quote(text, names) == (QuotedText("茶：小林", "一：二"), "好")
    assert split_quote(text) == (QuotedText("茶", f"小林{colon}一：二"), "好")


WORDS = st.text(st.characters(exclude_characters="「」", exclude_categories=["Cs"]), max_size=80)
NAMES = st.text(
    st.characters(exclude_characters="「」：:\r\n", exclude_categories=["Cs"]), min_size=1, max_size=30
)


@given(name=NAMES.filter(str.strip), original=WORDS, reply=WORDS, separator=st.sampled_from(SEPARATORS))
def test_whatever_is_quoted_comes_back(name: str, original: str, reply: str, separator: str) -> None:
    quote, words = split_quote(f"「{name}：{original}」\n{separator}\n{reply}", [])
    assert quote == QuotedText(name.strip(), original.replace("\r\n", "\n").strip())
    assert words == reply.replace("\r\n", "\n").strip()


@given(st.text(st.sampled_from("「」：:-— \n\r阿茶x"), max_size=200))
def test_nothing_raises_and_nothing_is_lost(text: str) -> None:
    quote, words = split_quote(text, ["阿茶", "x"])
    if quote is None:
        assert words == text
    else:
        assert quote.name
        assert words in text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "「a：" + "」\n" * 20_000,
        "「a：b」\n" + "- " * 50_000 + "x",
        "「a：" * 20_000,
        "「a：b」\n-----\n" * 10_000,
        "「a：b」" + " " * 50_000 + "\n",
    ],
)
def test_hostile_text_takes_linear_time(text: str, uncollected: None) -> None:
    began = time.process_time()
    split_quote(text, ["a"])
    assert time.process_time() - began < 0.5
