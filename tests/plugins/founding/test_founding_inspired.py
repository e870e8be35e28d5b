"""A language model thinks of names too, and whatever it does, there are names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.host import find_plugins
from bot.testing import Stage
from tests.llm_server import SECRET, Behaviour, language_model
from tests.plugins.founding.conftest import FIVE, open_room

CONFIG = "plugins:\n  founding:\n    names_by_model: true\n"


def names_from(folder: Path, model: Behaviour | None) -> tuple[str, str]:
    """What the owner is told after the fifth answer, and what stood on offer then."""
    places = {}
    if model is not None:
        places = {"QUNXING_LLM_ADDRESS": model.address, "QUNXING_LLM_KEY": SECRET, "QUNXING_LLM_MODEL": "m"}
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "founding")]
    with Stage(folder, plugins=plugins, config=CONFIG, environment=places) as stage:
        open_room(stage)
        owner = stage.person("老周")
        owner.asks("建群")
        for answer in FIVE[:-1]:
            owner.asks(answer)
        owner.whispers(FIVE[-1])
        stage.advance(minutes=1)
        said = "\n".join(one.text for one in owner.unread)
        owner.unread.clear()
        return said, owner.asks("1")


def test_the_models_names_come_first_and_ours_stand_beside_them(folder: Path) -> None:
    with language_model() as model:
        model.words = lambda draft: "岩茶围炉\n岩茶慢泡"
        said, taken = names_from(folder, model)
    assert "容我想想" in said and "1. 岩茶围炉\n2. 岩茶慢泡\n3. " in said and "6. " in said
    assert "就叫「岩茶围炉」" in taken


@pytest.mark.parametrize("status", [200, 500])
def test_without_a_usable_answer_there_are_our_own(folder: Path, status: int) -> None:
    with language_model() as model:
        model.status = status
        model.words = lambda draft: "好的，以下是名字，请过目！"
        said, _ = names_from(folder, model)
    assert "岩茶" in said and "6. " in said


def test_without_a_model_too(folder: Path) -> None:
    said, _ = names_from(folder, None)
    assert "岩茶" in said and "6. " in said
