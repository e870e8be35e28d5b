"""A tea group with its owner and two members, and a bot that minds its door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Player, Stage, StageRoom

MakeStage = Callable[..., Stage]
THEME = "一起把岩茶喝明白"
WITH_THEME = f'group:\n  theme: "{THEME}"\n'


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with this plugin and the owner's desk only, so that no other plugin adds its word."""
    stages: list[Stage] = []

    def make(config: str = WITH_THEME) -> Stage:
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "gatekeeping")]
        stages.append(Stage(folder, plugins=plugins, config=config))
        return stages[-1].__enter__()

    yield make
    for stage in stages:
        stage.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """The stage; its clock stands at Monday 2 March 2026, nine in the morning."""
    return make_stage()


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """The tea group, live, with 老周 as its paired owner and its door open."""
    room = open_room(stage)
    owner = stage.person("老周")
    assert "门开了" in owner.asks("开门")
    return room


def open_room(stage: Stage, name: str = "岩茶同好会", owner: str = "老周") -> StageRoom:
    """A live group whose door is still closed."""
    return stage.room(name, owner=owner, members=["小林", "阿芳"])


def knocks(stage: Stage, name: str, greeting: str = "你好") -> Player:
    """Somebody adds the bot as a friend."""
    player = stage.person(name)
    player.person.request_friendship(greeting)
    stage.settle()
    return player


def invited(stage: Stage) -> list[str]:
    """The names of those whom the bot has invited, in order."""
    return [stage.puppet.people[done.person].name for done in stage.puppet.done if done.act == "invite"]


def accepted(stage: Stage) -> list[str]:
    """The names of those whose friend request the bot accepted."""
    return [
        stage.puppet.people[done.person].name for done in stage.puppet.done if done.act == "accept_friend"
    ]


def hush(stage: Stage) -> None:
    """Whatever was said counts as read."""
    for place in stage._places.values():
        place.unread.clear()


def jump(stage: Stage, **duration: float) -> None:
    """Days in which nothing happens: the clock is moved, and only what is due then is done."""
    stage.clock.move_by(timedelta(**duration))
    stage.settle()
