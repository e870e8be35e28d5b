"""Words are cut, counted and found rare as jieba does it with its own tables."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jieba import Tokenizer
from jieba.analyse.tfidf import DEFAULT_IDF, IDFLoader

from bot.analysis.dictionary import dictionary

TEXTS = st.text(alphabet="岩茶水仙老丛肉桂的怎么泡好喝不了一中国人民 ab1，。", max_size=40)


@given(text=TEXTS)
def test_words_are_found_as_jieba_finds_them(text: str) -> None:
    assert dictionary().words_at(text) == _jiebas_own().get_DAG(text)
    assert list(dictionary().cut(text)) == list(_jiebas_own().cut(text, HMM=False))


def test_every_word_is_as_common_and_as_rare_as_in_the_tables() -> None:
    ours, rare = dictionary(), IDFLoader(DEFAULT_IDF)
    counts = {word: count for word, count in _jiebas_own().FREQ.items() if count}
    assert {word: ours.get(word) for word in counts} == counts
    assert all(
        ours.rarity(word) == pytest.approx(rare.idf_freq.get(word, rare.median_idf)) for word in counts
    )


def test_what_no_table_knows_is_neither_common_nor_rare() -> None:
    middle = IDFLoader(DEFAULT_IDF).median_idf
    assert (dictionary().get("岩茶群星"), dictionary().get("岩茶群星", 1)) == (None, 1)
    assert dictionary().rarity("岩茶群星") == pytest.approx(middle)


@pytest.mark.parametrize("text", ["\ud800岩茶", "岩茶\x00水仙", "\udfff", "", "𠮷家"])
def test_halves_of_characters_and_rare_ones_are_cut_too(text: str) -> None:
    assert "".join(dictionary().cut(text)) == text.encode("utf-8", "replace").decode("utf-8")


@cache
def _jiebas_own() -> Tokenizer:
    own = Tokenizer()
    own.FREQ, own.total = Tokenizer.gen_pfdict(own.get_dict_file())
    own.initialized = True
    return own
