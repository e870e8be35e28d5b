"""From the first help to the stage: nominee, the owner's word, the credit, the offer, the answer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.storage.tables import EventRow
from bot.testing import Player, Stage, StageRoom
from plugins.contributors.tables import Credit, Nomination
from tests.plugins.contributors.conftest import EXPERT, REGULARS, emerge, next_morning


@pytest.fixture
def told(stage: Stage, room: StageRoom, owner: Player) -> str:
    """What the owner was told of the one who emerged."""
    emerge(stage, room)
    return owner.hears().text


@pytest.fixture
def credit(stage: Stage, room: StageRoom, owner: Player, told: str) -> str:
    """What was said in the group after the owner agreed."""
    assert "我在群里谢谢 阿岚" in owner.asks("同意 1")
    said = room.hears()
    assert [stage.puppet.people[one].name for one in said.mention_ids] == [EXPERT]
    stage.advance(minutes=6)
    return said.text


def events(stage: Stage, kind: str) -> list[dict[str, object]]:
    query = select(EventRow.payload).where(EventRow.kind == kind)
    return [dict(one) for one in stage.read(lambda session: session.scalars(query).all())]


def states(stage: Stage) -> list[str]:
    return list(stage.read(lambda session: session.scalars(select(Nomination.state)).all()))


def test_the_owner_gets_the_evidence_in_words(
    stage: Stage, room: StageRoom, owner: Player, told: str
) -> None:
    assert "【岩茶同好会】" in told and "天里" in told
    assert sum(name in told for name in REGULARS) >= 2
    assert "问「" in told and "TA 答「" in told
    assert "1. 阿岚 这阵子帮了" in owner.asks("今天")
    assert "等你点头的" in owner.asks("大神候选")
    room.hears_nothing()


def test_a_credit_says_what_was_done_and_for_whom(stage: Stage, credit: str) -> None:
    assert sum(name in credit for name in REGULARS) >= 2
    (row,) = stage.read(lambda session: session.scalars(select(Credit)).all())
    assert len(row.messages) >= 2 and row.thanked_by
    assert row.granted_by == stage.person("老周").key
    (event,) = events(stage, "ContributorRecognised")
    assert event["member"] == stage.person(EXPERT).key and event["messages"] == row.messages
    assert states(stage) == ["credited"]


@pytest.mark.parametrize(
    ("words", "state", "answer"), [("不用 1", "declined", "三个月"), ("先放放 1", "later", "过两周")]
)
def test_a_no_and_a_not_now_are_kept(
    stage: Stage, room: StageRoom, owner: Player, told: str, words: str, state: str, answer: str
) -> None:
    assert answer in owner.asks(words)
    next_morning(stage)
    room.hears_nothing()
    owner.hears_nothing()
    assert states(stage) == [state]
    assert "没有 1 号" in owner.asks("同意 1")
