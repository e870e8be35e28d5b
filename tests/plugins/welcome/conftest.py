"""A tea group with its owner and three members, and a bot that welcomes newcomers there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Stage, StageRoom

PROMISE = "每周一泡好茶，问茶必有人答"
WITH_PROMISE = f'group:\n  promise: "{PROMISE}"\n'

MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with this plugin and the owner's desk only, so that no later plugin adds its word."""
    stages: list[Stage] = []

    def make(config: str = WITH_PROMISE) -> Stage:
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "welcome")]
        stages.append(Stage(folder, plugins=plugins, config=config))
        return stages[-1].__enter__()

    yield make
    for stage in stages:
        stage.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """The stage of a group that has a promise."""
    return make_stage()


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """The group."""
    return open_room(stage)


def open_room(stage: Stage) -> StageRoom:
    """The tea group, live, with 老周 as its paired owner."""
    return stage.room("岩茶同好会", owner="老周", members=["小林", "大壮", "阿芳"])


def mentioned(stage: Stage, ids: Sequence[str]) -> list[str]:
    """The names of those whom a message mentions for real."""
    return [stage.puppet.people[one].name for one in ids]


def is_text(stage: Stage, key: str, said: str) -> bool:
    """Whether what was said is, or holds, one of the wordings of a text, whatever was filled in."""
    wordings = stage.app.services.texts.variants("welcome", key)
    return any(all(part in said for part in re.split(r"\$\w+", wording)) for wording in wordings)


def jump(stage: Stage, **duration: float) -> None:
    """Days in which nothing happens: the clock is moved, and only what is due then is done."""
    stage.clock.move_by(timedelta(**duration))
    stage.settle()


def make_host(stage: Stage, room: StageRoom, name: str) -> None:
    """The owner asks somebody, who agrees."""
    owner, host = stage.person("老周"), stage.person(name)
    owner.asks(f"迎新伙伴 {name}")
    assert "愿意" in room.hears().text
    host.says(room, "愿意")
    room.hears()
    assert f"{name} 答应" in owner.hears().text
