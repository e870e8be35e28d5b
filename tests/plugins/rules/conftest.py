"""A tea group into which somebody drops ads, and its owner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Player, Stage, StageRoom

OWNER = "老周"
AD = "招代理，日结300，时间自由，有意向加V：chaye888"
OTHER_AD = "专业刷投票刷粉丝，长期稳定，加微信 fensi6688，量大从优"
THIRD_AD = "无抵押贷款，当天放款，电话13800002222，联系我"

MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with this plugin and the owner's desk only, so that no other plugin adds its word."""
    stages: list[Stage] = []

    def make(config: str = "") -> Stage:
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "rules")]
        stages.append(Stage(folder, plugins=plugins, config=config))
        return stages[-1].__enter__()

    yield make
    for stage in stages:
        stage.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """The stage as it is shipped."""
    return make_stage()


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """The group."""
    return open_room(stage)


@pytest.fixture
def owner(stage: Stage, room: StageRoom) -> Player:
    """老周, who owns the room."""
    return stage.person(OWNER)


def open_room(stage: Stage, name: str = "岩茶同好会") -> StageRoom:
    """A live group with its paired owner."""
    return stage.room(name, owner=OWNER, members=["小林", "大壮", "阿芳", "路人甲"])


def pause(stage: Stage, **duration: float) -> None:
    """A while in which nothing happens: the clock is moved, and only what is due then is done."""
    stage.clock.move_by(timedelta(**duration))
    stage.settle()


def number_in(said: str) -> int:
    """The number by which the owner can answer."""
    found = re.search(r"「误判 (\d+)」", said)
    assert found is not None, said
    return int(found[1])


def is_text(stage: Stage, key: str, said: str) -> bool:
    """Whether what was said is, or holds, one of the wordings of a text, whatever was filled in."""
    wordings = stage.app.services.texts.variants("rules", key)
    return any(all(part in said for part in re.split(r"\$\w+", wording)) for wording in wordings)


def confirm(owner: Player, line: str) -> str:
    """Say something that has to be confirmed, and confirm it."""
    found = re.search(r"确认 ?(\d{4})", answer := owner.asks(line))
    assert found is not None, answer
    return owner.asks(f"确认 {found[1]}")
