"""我错过了什么: what was talked about, every quote in its author's own words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.storage.tables import Message
from bot.testing import Stage, StageRoom
from plugins.knowledge.question_tables import DigestQuote
from tests.plugins.knowledge.questions_scene import open_room, small_stage

stage = pytest.fixture(small_stage)


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return open_room(stage)


def test_what_was_missed_is_told_in_verbatim_quotes(stage: Stage, room: StageRoom) -> None:
    stage.person("小雨").says(room, "我先去开会")
    stage.advance(hours=1)
    asked = stage.person("小林").says(room, "大红袍焙火到底要焙几道才算足火呢？")
    stage.advance(minutes=1)
    answered = stage.person("老王").says(room, "大红袍焙火一般三道，看茶青厚薄再定", quote=asked)
    stage.advance(minutes=1)
    stage.person("大壮").says(room, "我那泡只焙火两道，喝着还有青味", quote=answered)
    stage.advance(hours=2)
    stage.person("小雨").says(room, "我错过了什么", at_bot=True)
    told = room.hears().text

    def read(session: object) -> list[tuple[str, int, int]]:
        query = select(Message.text, DigestQuote.begins, DigestQuote.ends).join(
            DigestQuote, DigestQuote.message_id == Message.id
        )
        return [tuple(row) for row in session.execute(query)]  # type: ignore[attr-defined]

    quotes = stage.read(read)
    assert len(quotes) == 2
    assert all(f"「{text[begins:ends]}」" in told for text, begins, ends in quotes)
    assert "3 个人" in told


def test_nothing_missed(stage: Stage, room: StageRoom) -> None:
    stage.person("小雨").says(room, "我错过了什么", at_bot=True)
    assert "没错过什么" in room.hears().text
