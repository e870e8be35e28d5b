"""A tea group with its owner and three members, and a bot that keeps what was promised there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Stage, StageRoom

MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with this plugin and the owner's desk only, so that no later plugin adds its word."""
    stages: list[Stage] = []

    def make(config: str = "") -> Stage:
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "knowledge")]
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
    """The tea group, live, with 老周 as its paired owner."""
    return stage.room("岩茶同好会", owner="老周", members=["小林", "大壮", "阿芳"])


def plan(stage: Stage, said: str) -> str:
    """The owner plans a share and confirms it; what the bot understood."""
    owner = stage.person("老周")
    understood = owner.asks(f"分享计划 {said}")
    assert "对吗" in understood, understood
    assert "排上了" in owner.asks("对")
    return understood


def pass_until(stage: Stage, clock_time: str, days: int = 0) -> None:
    """Time passes until the clocks show this time, that many days later: from one due thing to the next."""
    begun = stage.clock.now()
    goal = stage.at(clock_time) + timedelta(days=days)
    if goal - timedelta(days=1) >= begun + timedelta(days=days):
        goal -= timedelta(days=1)
    while True:
        stage.settle()
        wake = stage.app.agenda.now.next_at
        if wake is None or wake >= goal:
            break
        stage.clock.move_to(max(wake, stage.clock.now() + timedelta(milliseconds=1)))
    stage.clock.move_to(goal)
    stage.settle()
