"""Foreign words fit to be drawn: every letter in a font that has it, cut and wrapped where they end."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.fonts import EMOJI, font_of, fonts
from bot.report.lettering import MISSING, drawable, fitted, runs, width, wrapped


@pytest.mark.parametrize(
    "text",
    [
        "岩茶同好会，今天？！",
        "𠮷䶮龘𰻝",
        "Ünïcödé ñ",
        "한국어カタカナ",
        "สวัสดี",
        "שלום",
        "محمد",
        "नमस्ते",
        "★☆♥→",
    ],
)
def test_the_packaged_fonts_cover_it(text: str) -> None:
    assert drawable(text) == text
    assert all(font_of(letter) for letter in text if letter != " ")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("𝓯𝓪𝓷𝓬𝔂 𝟙", "fancy 1"),
        ("a\u200bb\u202ec\u2066", "abc"),
        ("a\u200db", "ab"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("❤️", "❤️"),
        ("𓀀𒀀x", MISSING + "x"),
        ("o" + "\u0316" * 50, "o" + "\u0316" * 2),
        (" \n 早\t茶 ", "早 茶"),
        ("\u3164", ""),
        ("，。：；！", "，。：；！"),
    ],
)
def test_what_is_drawn(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


def test_each_run_is_of_one_font() -> None:
    found = runs(drawable("茶🍵<b>👨‍👩‍👧 محمد عربي 1️⃣"))
    assert "".join(unescape(run) for _, run in found) == "茶🍵<b>👨‍👩‍👧 محمد عربي 1️⃣"
    assert [family for family, _ in found] == [
        "Noto Sans CJK SC", EMOJI, "Noto Sans CJK SC", EMOJI, "Noto Sans Arabic", EMOJI,
    ]  # fmt: skip


def test_composed_emoji_are_as_wide_as_one() -> None:
    assert width("👨‍👩‍👧‍👦", 20) == width("👩🏽‍🚀", 20) == width("🇨🇳", 20) == width("😀", 20)
    assert width("茶", 20) == 20 and width("", 20) == 0


def test_the_fonts_say_what_they_are() -> None:
    families = [font.family for font in fonts()]
    assert families[0] == "Noto Sans CJK SC" and EMOJI in families and len(families) == len(set(families))


@given(st.text(max_size=80))
def test_any_text_can_be_drawn_fitted_and_wrapped(text: str) -> None:
    drawn = drawable(text)
    assert drawable(drawn) == drawn
    assert width(fitted(drawn, 200, 24), 24) <= 200
    lines = wrapped(drawn, 300, 24, most=3)
    assert 1 <= len(lines) <= 3
    assert "".join(unescape(run) for _, run in runs(drawn)) == drawn
