"""A tea group with its owner and some members, and a bot that carries meetups there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Stage, StageRoom

MakeStage = Callable[..., Stage]
MEMBERS = ("小林", "大壮", "阿芳", "阿岚", "小满", "木子")


@pytest.fixture
def make_stage(folder: Path) -> Iterator[MakeStage]:
    """Stages with this plugin and the owner's desk only, so that no later plugin adds its word."""
    stages: list[Stage] = []

    def make(config: str = "") -> Stage:
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "meetups")]
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
    return stage.room("岩茶同好会", owner="老周", members=list(MEMBERS))


def open_sign_up(stage: Stage, room: StageRoom, details: str = "我店里，AA") -> str:
    """The owner plans a round table for Saturday 14 March, 15:00, and opens the sign-up; the invitation."""
    owner = stage.person("老周")
    assert "讲座" in owner.asks("线下 题目 焙火到底在焙什么")
    assert "哪几天" in owner.asks("圆桌")
    assert "3月14日" in owner.asks("下周六下午三点")
    assert "在哪儿" in owner.asks("对")
    assert "开始报名" in owner.asks(details)
    owner.whispers("开始报名")
    said = room.hears().text
    assert "贴到群里" in owner.hears().text
    return said


def pass_until(stage: Stage, moment: datetime) -> None:
    """Time passes until then, from one thing that is due to the next."""
    while True:
        stage.settle()
        wake = stage.app.agenda.now.next_at
        if wake is None or wake >= moment:
            break
        stage.clock.move_to(max(wake, stage.clock.now() + timedelta(milliseconds=1)))
    stage.clock.move_to(max(moment, stage.clock.now()))
    stage.settle()


def jump(stage: Stage, **duration: float) -> None:
    """`pass_until`, that much later."""
    pass_until(stage, stage.clock.now() + timedelta(**duration))
