"""What the tests of the core have in common: tiny plugins, and a look into the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from sqlalchemy import inspect, select

from bot import authority
from bot.context import Context
from bot.events import MessagePosted
from bot.plugin import Plugin
from bot.storage.tables import Base, EventMark, Outgoing
from bot.testing import Player, Stage, StageRoom

Row = TypeVar("Row", bound=Base)


def front_door() -> Plugin:
    """A plugin that does nothing but pair whoever sends the open code, as the owner's desk would."""
    door = Plugin("door", title="门")

    @door.on(MessagePosted, everywhere=True)
    def pair(ctx: Context, event: MessagePosted) -> None:
        if event.room is None:
            authority.try_pair(ctx.db, event.member, event.text, ctx.now)

    return door


def written(folder: Path, name: str, texts: Mapping[str, Any], title: str = "茶") -> Plugin:
    """A plugin that has these texts."""
    place = folder.parent / name
    place.mkdir(exist_ok=True)
    YAML(typ="safe", pure=True).dump(dict(texts), place / "messages.yaml")
    return Plugin(name, title=title, folder=place)


def rows(stage: Stage, table: type[Row]) -> list[Row]:
    """Everything in a table, oldest first."""
    keys = inspect(table).primary_key
    return stage.read(lambda session: list(session.scalars(select(table).order_by(*keys))))


def outgoing(stage: Stage) -> list[tuple[str, str]]:
    """What the bot wanted to say, and how each ended: `("早", "sent")`."""
    return [(row.text, row.status) for row in rows(stage, Outgoing)]


def marks(stage: Stage) -> list[tuple[str, str]]:
    """Which handlers have dealt with something, and how it went."""
    return [(mark.handler, mark.outcome) for mark in rows(stage, EventMark)]


def heard(place: StageRoom | Player) -> list[str]:
    """Everything that is unread here, read now."""
    texts = [sent.text for sent in place.unread]
    place.unread.clear()
    return texts


def skip_to(stage: Stage, clock_time: str) -> None:
    """Let the clock jump to the next time it shows `HH:MM`, without the rounds in between."""
    stage.clock.move_to(stage.at(clock_time))
    stage.settle()
