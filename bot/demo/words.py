"""The demo's own words, from `messages.yaml` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.messages import Texts, first
from bot.plugin import Plugin
from bot.words import Trusted, shorten, visible

DEMO = "demo"


@cache
def _texts() -> Texts:
    return Texts([Plugin(DEMO, title=DEMO, folder=Path(__file__).parent)])


def said(key: str, **values: object) -> str:
    """One of the demo's sentences, with values made harmless."""
    return str(_texts().render(DEMO, key, None, first, **values))


def quotable(text: str, limit: int) -> Trusted:
    """What somebody said, on one line and cut to the limit, to be put into a sentence as it is."""
    return Trusted(shorten(" ".join(visible(text).split()), limit))


def told(key: str, **values: object) -> str:
    """`said` for sentences that need not use all of the values."""
    wanted = _texts().placeholders(DEMO, key)
    return said(key, **{name: value for name, value in values.items() if name in wanted})
