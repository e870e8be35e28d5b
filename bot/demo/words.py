"""The demo's own words, from `messages.yaml` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.messages import Texts, first
from bot.plugin import Plugin

DEMO = "demo"


@cache
def _texts() -> Texts:
    return Texts([Plugin(DEMO, title=DEMO, folder=Path(__file__).parent)])


def said(key: str, **values: object) -> str:
    """One of the demo's sentences, with values made harmless."""
    return str(_texts().render(DEMO, key, None, first, **values))


def told(key: str, **values: object) -> str:
    """`said` for sentences that need not use all of the values."""
    wanted = _texts().placeholders(DEMO, key)
    return said(key, **{name: value for name, value in values.items() if name in wanted})
