"""From the first help to the stage: nominee, the owner's word, the credit, the offer, the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.storage.tables import EventRow, Outgoing
from bot.testing import Player, Stage, StageRoom
from plugins.contributors.tables import Credit, Help, Level, Nomination, StageOffer
from tests.plugins.contributors.conftest import EXPERT, REGULARS, emerge, is_text, next_morning, pause


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


def rows_about(stage: Stage, member: int) -> int:
    """In how many rows of the plugin's tables somebody stands by their key."""
    columns = [
        Level.member_id, Nomination.member_id, Credit.member_id, StageOffer.member_id, Help.helper_id,
        Help.asker_id,
    ]  # fmt: skip
    counts = [select(func.count()).where(column == member) for column in columns]
    return stage.read(lambda session: sum(session.scalar(count) or 0 for count in counts))


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
    # who stands out is found on the second day already, and the credit speaks of what was found then
    assert len(row.messages) >= 2 and row.thanked_by
    assert row.granted_by == stage.person("老周").key
    (event,) = events(stage, "ContributorRecognised")
    assert event["member"] == stage.person(EXPERT).key and event["messages"] == row.messages
    assert states(stage) == ["credited"]


@pytest.mark.parametrize(
    ("words", "state", "answer"),
    [("不用 1", "declined", "90 天里我不再问"), ("先放放 1", "later", "过 14 天")],
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


def test_the_offer_comes_after_the_credit_and_is_accepted(
    stage: Stage, room: StageRoom, owner: Player, credit: str
) -> None:
    offer = room.hears(timedelta(hours=3))
    assert is_text(stage, "stage_offer", offer.text)
    stage.person(EXPERT).says(room, "1")
    assert is_text(stage, "stage_thanks_share", room.hears().text)
    assert "阿岚 答应在「岩茶同好会」做一次分享" in owner.hears().text
    (event,) = events(stage, "StageAccepted")
    assert event["stage"] == "share" and event["member"] == stage.person(EXPERT).key


def test_who_takes_on_newcomers_is_a_host(stage: Stage, room: StageRoom, owner: Player, credit: str) -> None:
    room.hears(timedelta(hours=3))
    stage.person(EXPERT).says(room, "愿意")
    assert is_text(stage, "stage_which", room.hears().text)
    stage.person(EXPERT).says(room, "带新人吧", at_bot=True)
    assert is_text(stage, "stage_thanks_host", room.hears().text)
    owner.hears()
    assert "阿岚" in owner.asks("迎新伙伴")


def test_a_no_is_taken_kindly_and_silence_is_let_be(
    stage: Stage, room: StageRoom, owner: Player, credit: str
) -> None:
    room.hears(timedelta(hours=3))
    stage.person("小林").says(room, "不了")
    stage.person(EXPERT).says(room, "今天下雨，茶都潮了")
    pause(stage, days=3, hours=1)
    query = select(StageOffer.status)
    assert stage.read(lambda session: session.scalars(query).all()) == ["silent"]
    stage.person(EXPERT).says(room, "1", at_bot=True)
    room.unread.clear()
    assert events(stage, "StageAccepted") == []


def test_who_leaves_the_count_is_out_at_once(stage: Stage, room: StageRoom, owner: Player, told: str) -> None:
    stage.person(EXPERT).says(room, "别统计我", at_bot=True)
    room.hears()
    assert "没有 1 号" in owner.asks("同意 1")
    assert EXPERT not in owner.asks("大神候选")
    stage.person("小林").says(room, "大神", at_bot=True)
    assert EXPERT not in room.hears().text
    stage.person(EXPERT).says(room, "恢复统计", at_bot=True)
    room.hears()
    next_morning(stage)
    owner.unread.clear()
    assert EXPERT in owner.asks("大神候选")


def test_forgetting_leaves_no_row(stage: Stage, room: StageRoom, owner: Player, credit: str) -> None:
    expert, asker = stage.person(EXPERT), stage.person(REGULARS[0])
    room.hears(timedelta(hours=3))
    for person in (expert, asker):
        key = person.key
        person.whispers("忘记我")
        person.whispers("忘记我")
        stage.advance(minutes=3)
        person.unread.clear()
        assert rows_about(stage, key) == 0
    room.unread.clear()
    owner.unread.clear()


def test_automatic_credit_waits_for_the_quiet_of_the_morning(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    assert "自动致谢" in owner.asks("设置 自动致谢 开")
    emerge(stage, room)
    assert EXPERT in room.hears().text
    owner.hears_nothing(timedelta(seconds=1))
    query = select(Outgoing.urgency).where(Outgoing.reason == "credit")
    assert stage.read(lambda session: session.scalars(query).all()) == ["initiative"]


@pytest.mark.parametrize(
    ("command", "told", "listed"),
    [("隐藏大神", "不再提 阿岚", "隐藏的：阿岚"), ("锁定大神", "阿岚 的等级就停在这儿", "锁定的：阿岚")],
)
def test_a_locked_or_hidden_person_is_not_nominated(
    stage: Stage, room: StageRoom, owner: Player, command: str, told: str, listed: str
) -> None:
    assert told in owner.asks(f"{command} 阿岚")
    emerge(stage, room)
    owner.hears_nothing(timedelta(seconds=1))
    assert listed in owner.asks("大神候选")
    assert "和大家一样" in owner.asks("放开大神 阿岚")
    next_morning(stage)
    assert EXPERT in owner.hears().text
