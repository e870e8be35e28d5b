"""A live room with its owner, and how to find what the desk wrote down."""

from __future__ import annotations

import pytest

from bot.testing import Player, Stage, StageRoom


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    """岩茶同好会, live, owned by 老周."""
    return stage.room("岩茶同好会", owner="老周", members=["小林", "老陈"])


@pytest.fixture
def owner(stage: Stage, room: StageRoom) -> Player:
    """老周, who owns the room."""
    return stage.person("老周")
