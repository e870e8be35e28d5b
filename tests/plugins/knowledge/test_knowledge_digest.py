"""我错过了什么: what was talked about, every quote in its author's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.config_sections import MODEL_ADDRESS_VARIABLE, MODEL_KEY_VARIABLE, MODEL_NAME_VARIABLE
from bot.host import find_plugins
from bot.storage.tables import Message
from bot.testing import Stage, StageRoom
from plugins.knowledge.question_tables import DigestQuote
from tests.llm_server import SECRET, language_model
from tests.plugins.knowledge.questions_scene import open_room, small_stage

stage = pytest.fixture(small_stage)


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return open_room(stage)


def talk(stage: Stage, room: StageRoom) -> None:
    stage.person("小雨").says(room, "我先去开会")
    stage.advance(hours=1)
    asked = stage.person("小林").says(room, "大红袍焙火到底要焙几道才算足火呢？")
    stage.advance(minutes=1)
    answered = stage.person("老王").says(room, "大红袍焙火一般三道，看茶青厚薄再定", quote=asked)
    stage.advance(minutes=1)
    stage.person("大壮").says(room, "我那泡只焙火两道，喝着还有青味", quote=answered)
    stage.advance(hours=2)


def test_what_was_missed_is_told_in_verbatim_quotes(stage: Stage, room: StageRoom) -> None:
    talk(stage, room)
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


def test_what_nobody_heard_is_not_called_quiet(stage: Stage, room: StageRoom) -> None:
    stage.person("小雨").says(room, "我先去开会")
    stage.lose_line(minutes=30)
    stage.person("小雨").says(room, "我错过了什么", at_bot=True)
    told = room.hears().text
    assert "断线 30 分钟" in told and "没错过" not in told
    assert "断线 30 分钟" in stage.person("老周").hears().text


def test_a_digest_says_when_it_did_not_listen(stage: Stage, room: StageRoom) -> None:
    talk(stage, room)
    stage.lose_line(minutes=5)
    stage.person("小雨").says(room, "我错过了什么", at_bot=True)
    assert "断线" not in room.hears().text
    stage.lose_line(minutes=55)
    stage.person("阿芳").says(room, "我错过了什么", at_bot=True)
    told = room.hears().text
    assert "大红袍焙火" in told and told.endswith("这当中我断线 1 小时，那段没听到。")
    assert "断线 55 分钟" in stage.person("老周").hears().text


SMOOTHED = "plugins: {knowledge: {digest_smooth: true}}"


def test_a_model_smooths_what_is_ours_and_its_lies_are_left_out(folder: Path) -> None:
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "knowledge")]
    with language_model() as model:
        places = {MODEL_ADDRESS_VARIABLE: model.address, MODEL_KEY_VARIABLE: SECRET, MODEL_NAME_VARIABLE: "m"}
        with Stage(folder, plugins=plugins, config=SMOOTHED, environment=places) as stage:
            room = open_room(stage)
            talk(stage, room)

            def missed(name: str) -> str:
                stage.person(name).says(room, "我错过了什么", at_bot=True)
                return room.hears().text

            model.words = lambda draft: "说起焙火，3 个人搭了话：\n⟦1⟧\n⟦2⟧"
            smooth = missed("小雨")
            assert "\u2005说起焙火，3 个人搭了话：\n" in smooth
            assert "「大红袍焙火一般三道，看茶青厚薄再定」" in smooth
            seen = model.asked[0]["messages"][-1]["content"]
            assert "老王" not in seen and "看茶青" not in seen
            model.words = lambda draft: "老王说起焙火，3 个人搭了话：\n⟦1⟧\n⟦2⟧"
            as_it_is = missed("阿芳")
            assert "个人聊了" in as_it_is and "说起焙火" not in as_it_is
            model.status = 500
            assert "私聊" in missed("老周")
            assert stage.person("老周").hears().text == as_it_is.partition("\u2005")[2]


def test_without_a_model_the_digest_is_said_as_it_is(folder: Path) -> None:
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "knowledge")]
    with Stage(folder, plugins=plugins, config=SMOOTHED) as stage:
        room = open_room(stage)
        talk(stage, room)
        stage.person("小雨").says(room, "我错过了什么", at_bot=True)
        assert "3 个人聊了 3 句" in room.hears().text
