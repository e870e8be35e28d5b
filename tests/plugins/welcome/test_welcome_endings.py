"""Greetings that cannot be said, people who want to be forgotten, and the examples in the help."""

from __future__ import annotations

import re

import pytest
from grpclib import GRPCError, Status
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.plugin import Command
from bot.testing import Stage, StageRoom
from plugins.welcome import plugin
from plugins.welcome.tables import Host, Newcomer
from tests.plugins.welcome.conftest import jump, make_host, mentioned


def test_a_refused_greeting_becomes_the_owners_to_say(stage: Stage, room: StageRoom) -> None:
    async def refuse(call: str, arguments: object) -> None:
        if call == "message_send_text":
            raise GRPCError(Status.PERMISSION_DENIED, "too frequent")

    stage.puppet.before_call = refuse
    stage.person("阿青").joins(room)
    stage.advance(minutes=2)
    stage.puppet.before_call = None
    stage.advance(hours=1)
    stage.person("老周").unread.clear()
    assert "给 阿青 的欢迎没能发出去" in stage.person("老周").asks("今天")
    assert not room.unread


def test_a_greeting_that_waited_too_long_becomes_the_owners_to_say(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("安静 48小时")
    stage.person("阿青").joins(room)
    stage.advance(minutes=2)
    jump(stage, hours=25)
    assert "给 阿青 的欢迎没能发出去" in owner.asks("今天")
    room.hears_nothing()


def test_who_is_forgotten_leaves_nothing_here_and_is_not_greeted_anew(stage: Stage, room: StageRoom) -> None:
    make_host(stage, room, "小林")
    newcomer = stage.person("阿青").joins(room)
    assert mentioned(stage, room.hears().mention_ids) == ["阿青", "小林"]
    now, engine = stage.clock.now(), stage.app.engine
    for member in (newcomer.key, stage.person("小林").key):

        def forget(session: Session, member: int = member) -> None:
            engine.context(session, "owner", None, now, None).forget_member(member)

        stage.write(forget)
    assert stage.read(lambda session: session.scalars(select(Newcomer)).all()) == []
    assert stage.read(lambda session: session.scalars(select(Host)).all()) == []
    newcomer.leaves(room)
    stage.advance(minutes=10)
    newcomer.joins(room)
    stage.advance(minutes=10)
    newcomer.says(room, "又是我")
    stage.advance(minutes=10)
    room.hears_nothing()


@pytest.mark.parametrize("command", plugin.commands, ids=lambda command: command.name)
def test_each_example_is_true(stage: Stage, room: StageRoom, command: Command) -> None:
    said, answered = command.example
    owner = stage.person("老周")
    if command.where == "group":
        owner.says(room, said, at_bot=True)
        heard = room.hears().text
    else:
        heard = owner.asks(said)
    pattern = ".*".join(re.escape(part) for part in answered.split("…"))
    assert re.fullmatch(pattern + ("" if answered.endswith("。") else ".*"), heard, re.DOTALL), heard
