"""A tea group whose people ask and answer each other, and the bot that sees who helps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Player, Stage, StageRoom

OWNER, EXPERT = "老周", "阿岚"
REGULARS = ["小林", "小陈", "阿芳", "大壮", "木子", "秋生"]
QUESTIONS = [
    "肉桂泡出来发涩怎么办？",
    "盖碗老是烫手怎么拿？",
    "足火的茶喝着燥，怎么退火？",
    "老丛水仙怎么认？",
]
ANSWERS = [
    "头一泡闷久了，八秒出汤",
    "水留碗沿下一指，只扣最外沿",
    "密封放两三个月再喝",
    "闻丛味，看叶底有没有青苔气",
]


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    """This plugin, 迎新 and the owner's desk, so that no later plugin adds its word."""
    names = ("owner", "welcome", "contributors")
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name in names]
    with Stage(folder, plugins=plugins) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """The group, live, where everybody has long been talking with everybody."""
    room = stage.room("岩茶同好会", owner=OWNER, members=[*REGULARS, EXPERT])
    chat(stage, room)
    return room


@pytest.fixture
def owner(stage: Stage, room: StageRoom) -> Player:
    """老周, who owns the room."""
    return stage.person(OWNER)


def chat(stage: Stage, room: StageRoom) -> None:
    """The regulars talk with one another, each with the next two."""
    for at, name in enumerate(REGULARS):
        said = stage.person(name).says(room, f"今天这泡茶汤色不错，{at + 1} 号杯")
        for step in (1, 2):
            stage.person(REGULARS[(at + step) % len(REGULARS)]).says(room, "是挺亮的", quote=said)
        pause(stage, minutes=20)


def pause(stage: Stage, **duration: float) -> None:
    """A while in which nothing happens: the clock is moved, and only what is due then is done."""
    stage.clock.move_by(timedelta(**duration))
    stage.settle()


def help_out(
    stage: Stage, room: StageRoom, helper: str, asker: str, number: int = 0, *, thanks: bool = True
) -> None:
    """Somebody asks, somebody answers by quoting, and is thanked by being quoted."""
    asked = stage.person(asker).says(room, QUESTIONS[number % 4])
    pause(stage, minutes=6)
    answered = stage.person(helper).says(room, ANSWERS[number % 4], quote=asked)
    pause(stage, minutes=3)
    if thanks:
        stage.person(asker).says(room, "谢谢，懂了！", quote=answered)
    pause(stage, hours=4)


def next_morning(stage: Stage, clock_time: str = "10:31") -> None:
    """Through the night, past the reckoning and the time of presenting."""
    for moment in ("04:21", clock_time):
        stage.clock.move_to(stage.at(moment))
        stage.settle()


def emerge(stage: Stage, room: StageRoom, helper: str = EXPERT) -> None:
    """Somebody helps four people on three days; the bot has seen it by the next morning."""
    for number, asker in enumerate(REGULARS[:4]):
        help_out(stage, room, helper, asker, number)
        if number < 2:
            next_morning(stage, "12:00")
    next_morning(stage)


def is_text(stage: Stage, key: str, said: str) -> bool:
    """Whether what was said is, or holds, one of the wordings of a text, whatever was filled in."""
    wordings = stage.app.services.texts.variants("contributors", key)
    return any(all(part in said for part in re.split(r"\$\w+", wording)) for wording in wordings)
