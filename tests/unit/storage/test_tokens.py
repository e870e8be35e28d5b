"""The tokens of the search index: put together fast, and the same as one character after the other gives."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.tokens import INDEXED_CHARACTERS, WORD_START, normalised, spaced_tokens, tokens


def slowly(text: str) -> list[str]:
    """The rule, said plainly."""
    found: list[str] = []
    in_word = False
    for character in normalised(text)[:INDEXED_CHARACTERS]:
        category = unicodedata.category(character)
        if category[0] == "M":
            continue
        is_of_word = category in ("Ll", "Lu", "Lt", "Nd")
        if is_of_word and not in_word:
            found.append(WORD_START)
        in_word = is_of_word
        if is_of_word or category[0] in "LNS" or category in ("Cn", "Co"):
            found.append(f"{ord(character):x}")
    return found


@given(st.text() | st.text("ab 1+的茶，é\u0301①ﬁß\x1f\x00|=<>"))
def test_tokens_follow_the_rule(text: str) -> None:
    assert tokens(text) == slowly(text)
    assert spaced_tokens(text) == " ".join(slowly(text))


def test_each_character_follows_the_rule() -> None:
    for code in range(0x3000):
        text = f"a{chr(code)}b"
        assert tokens(text) == slowly(text), hex(code)


def test_a_long_text_is_found_by_its_beginning() -> None:
    assert len(tokens("茶" * 2 * INDEXED_CHARACTERS)) == len(slowly("茶" * 2 * INDEXED_CHARACTERS))
    assert len(tokens("t" * 2 * INDEXED_CHARACTERS)) == INDEXED_CHARACTERS + 1
