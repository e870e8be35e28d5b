"""An owner who has a group in mind, and a bot that asks five questions about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Stage, StageRoom

MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with some plugins only, so that no other adds its word."""
    stages: list[Stage] = []

    def make(*others: str) -> Stage:
        wanted = {"owner", "founding", *others}
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in wanted]
        stages.append(Stage(folder, plugins=plugins))
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
    """A group that the owner has already."""
    return open_room(stage)


def open_room(stage: Stage) -> StageRoom:
    """A live group; 小林 is the bot's friend too."""
    room = stage.room("岩茶同好会", owner="老周", members=["小林", "阿芳"])
    for name in ("小林", "阿芳"):
        stage.person(name).person.befriend()
    stage.settle()
    return room


FIVE = ("一起把岩茶喝明白", "刚入门、爱喝茶的人", "1 3", "广告和拉票", "1")


def answers_five(stage: Stage, begin: str = "建群") -> str:
    """The owner answers all five questions; what comes after them."""
    owner = stage.person("老周")
    said = owner.asks(begin)
    for answer in FIVE:
        said = owner.asks(answer)
    return said
