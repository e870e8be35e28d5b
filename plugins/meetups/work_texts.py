"""The plugin's texts where no context is at hand: in a worker, which may be a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from bot.messages import Texts, first
from bot.plugin import Plugin

MEETUPS = "meetups"
Say = Callable[..., str]


def say_for(session: Session, room: int) -> Say:
    """A function that says a text by its key, in the owner's own wording where there is one."""
    texts = Texts([Plugin(MEETUPS, title="", folder=Path(__file__).parent)])
    texts.load(session)

    def said(key: str, **values: object) -> str:
        return texts.render(MEETUPS, key, room, first, **values)

    return said
