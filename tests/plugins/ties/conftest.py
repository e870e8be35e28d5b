"""A tea group whose people have talked for a while, and the bot that brings them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Player, Stage, StageRoom

OWNER = "老周"
REGULARS = ["小林", "小陈", "阿芳", "大壮", "木子", "秋生"]
MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with this plugin, 迎新 and the owner's desk, so that no later plugin adds its word."""
    stages: list[Stage] = []

    def make(config: str = "") -> Stage:
        names = ("owner", "welcome", "ties")
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in names]
        stages.append(Stage(folder, plugins=plugins, config=config))
        return stages[-1].__enter__()

    yield make
    for stage in stages:
        stage.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """The stage."""
    return make_stage()


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """The group, live."""
    return stage.room("岩茶同好会", owner=OWNER, members=REGULARS)


@pytest.fixture
def owner(stage: Stage, room: StageRoom) -> Player:
    """老周, who owns the room."""
    return stage.person(OWNER)


def pause(stage: Stage, **duration: float) -> None:
    """A while in which nothing happens: the clock is moved, and only what is due then is done."""
    stage.clock.move_by(timedelta(**duration))
    stage.settle()


def help_out(stage: Stage, room: StageRoom, helper: str, asker: str, asked: str, answered: str) -> None:
    """Somebody asks, somebody answers by quoting, and is thanked."""
    question = stage.person(asker).says(room, asked)
    pause(stage, minutes=6)
    answer = stage.person(helper).says(room, answered, quote=question)
    pause(stage, minutes=3)
    stage.person(asker).says(room, "谢谢，懂了！", quote=answer)
    pause(stage, minutes=40)


def arrives(stage: Stage, room: StageRoom, name: str) -> Player:
    """A newcomer joins and is greeted."""
    person = stage.person(name).joins(room)
    stage.advance(minutes=2)
    assert name in room.hears().text
    return person


def is_text(stage: Stage, key: str, said: str) -> bool:
    """Whether what was said is, or holds, one of the wordings of a text, whatever was filled in."""
    wordings = stage.app.services.texts.variants("ties", key)
    return any(all(part in said for part in re.split(r"\$\w+", wording)) for wording in wordings)


def days_of_talk(stage: Stage, room: StageRoom, name: str, days: int) -> None:
    """Somebody says something on each of these days, from today on."""
    for day in range(days):
        stage.person(name).says(room, f"今天第 {day + 1} 泡，汤色不错")
        stage.clock.move_to(stage.at("08:59"))
        stage.settle()
