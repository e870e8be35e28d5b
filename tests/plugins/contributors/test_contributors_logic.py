"""What the words of an answer to the offer of a stage mean."""

from __future__ import annotations

import pytest

from plugins.contributors.logic import stage_meant


@pytest.mark.parametrize(
    ("said", "stage", "answer"),
    [
        ("1", "share", True),
        ("线下讲一次吧，隔着屏幕说不清", "talk", True),
        ("分享没问题", "share", True),
        ("分享不了，嘴笨", "share", False),
        ("没空带新人", "host", False),
        ("今天下雨", None, None),
    ],
)
def test_a_stage_is_named_taken_or_refused(said: str, stage: str | None, answer: bool | None) -> None:
    assert stage_meant(said) == (stage, answer)
