"""Finding a kept question that asks the same in other words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.retrieval import MAYBE, SAY, Retrieval
from bot.analysis.retrieval.hybrid import HybridRetrieval
from bot.analysis.retrieval.index import CharacterIndex, units_of

KEPT = {
    1: "岩茶的第一泡要不要倒掉",
    2: "紫砂壶怎么开壶",
    3: "水仙和肉桂有什么区别",
    4: "新买的盖碗烫手怎么办",
    5: "陈茶怎么保存",
    6: "how do i mount a volume in docker",
}


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("岩茶第一泡需要倒掉吗", 1),
        ("紫砂壶如何开壶？", 2),
        ("肉桂和水仙有什么区别啊", 3),
        ("盖碗烫手怎么办", 4),
        ("Docker: how to mount a volume?", 6),
    ],
)
def test_other_words_find_the_kept_question(asked: str, key: int) -> None:
    best = Retrieval(KEPT).find(asked)[0]
    assert best.key == key
    assert best.chance >= MAYBE


@pytest.mark.parametrize("asked", ["今晚吃什么", "周末去爬山吗", "谁有充电器"])
def test_what_nobody_asked_before_is_not_answered(asked: str) -> None:
    assert all(found.chance < SAY for found in Retrieval(KEPT).find(asked))


@pytest.mark.parametrize("asked", ["", "？？？", "🍵🍵", "zzz", "\x00\u202e", '" OR 1=1 --', "a" * 100_000])
def test_what_holds_no_known_words_finds_nothing(asked: str) -> None:
    assert Retrieval(KEPT).find(asked) == []


def test_an_empty_keeping_finds_nothing() -> None:
    assert Retrieval({}).find("紫砂壶怎么开壶") == []


def test_removed_and_replaced_questions() -> None:
    kept = Retrieval(KEPT)
    kept.remove(2)
    kept.remove(99)
    kept.add(5, "紫砂壶怎么养")
    keys = [found.key for found in kept.find("紫砂壶怎么养", limit=1)]
    assert keys == [5]
    assert 2 not in [found.key for found in kept.find("紫砂壶怎么开壶", limit=10)]


def test_words_of_both_kinds_are_units() -> None:
    assert units_of("ＤＯＣＫＥＲ 怎么装") == ("docker", "怎", "么", "装")


TEXTS = st.lists(st.text(alphabet="泡茶壶水一二 ab", max_size=12), min_size=1, max_size=30)


@given(TEXTS, st.sets(st.integers(0, 29)))
def test_an_index_that_shrank_is_as_if_never_grown(texts: list[str], removed: set[int]) -> None:
    kept = {key: text for key, text in enumerate(texts) if key not in removed}
    grown, fresh = CharacterIndex(), CharacterIndex()
    for key, text in enumerate(texts):
        grown.add(key, text)
    for key in removed & set(range(len(texts))):
        grown.remove(key, texts[key])
    for key, text in kept.items():
        fresh.add(key, text)
    for text in texts:
        assert grown.best(text, 10) == fresh.best(text, 10)


@given(TEXTS)
def test_every_text_finds_itself_first(texts: list[str]) -> None:
    kept = {key: text for key, text in enumerate(dict.fromkeys(texts)) if units_of(text)}
    index = CharacterIndex()
    for key, text in kept.items():
        index.add(key, text)
    for key, text in kept.items():
        best = index.best(text, len(kept))
        assert best
        assert key in [found for found, _ in best]


@given(st.text(max_size=40))
def test_chances_are_probabilities(asked: str) -> None:
    assert all(0 <= found.chance <= 1 for found in Retrieval(KEPT).find(asked))


def encode(texts: Sequence[str]) -> Any:
    """A tiny stand-in for a sentence encoder: one direction each for tea, for pots, and for the rest."""
    np = pytest.importorskip("numpy")
    rows = [[("茶" in t or "叶" in t) + 0.01, ("壶" in t or "杯" in t) + 0.01, 0.3] for t in texts]
    table = np.array(rows, dtype="float32")
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def test_meaning_brings_what_shares_no_character() -> None:
    kept = {1: "叶子发黄", 2: "壶漏水", 3: "下雨天"}
    hybrid = HybridRetrieval(kept, encode)
    assert [one.key for one in Retrieval(kept).candidates("茶")] == []
    assert 1 in [one.key for one in hybrid.candidates("茶", 1)]
    hybrid.remove(1)
    assert 1 not in [one.key for one in hybrid.candidates("茶", 5)]
    hybrid.add(2, "茶会")
    assert 2 in [one.key for one in hybrid.candidates("茶", 1)]


def test_a_hybrid_judges_as_the_plain_one_does() -> None:
    hybrid = HybridRetrieval(KEPT, encode)
    found = hybrid.find("紫砂壶如何开壶")
    assert found[0].key == 2
    assert all(0 <= one.chance <= 1 for one in found)
    assert HybridRetrieval({}, encode).find("茶") == []
