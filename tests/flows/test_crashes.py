"""The bot dies right after any of its commits: nobody is greeted twice, and nobody is silently forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.cast import Sent
from bot.storage.engine import Storage
from bot.storage.tables import OwnerItem
from bot.testing import Stage, StageRoom

T = TypeVar("T")

LAST_COMMIT = 30
"""More commits than the evening below has: the last runs are those in which nothing happens."""


class PowerCut(BaseException):
    """Not an Exception: nothing in the bot may catch it."""


@dataclass
class Fuse:
    """Cuts the power right after the n-th commit from when it was set."""

    commits_left: int
    blown: bool = field(default=False, init=False)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Count the writes of every storage from now on."""
        write = Storage.write

        async def write_and_count(storage: Storage, fn: Callable[[Session], T]) -> T:
            result = await write(storage, fn)
            self.commits_left -= 1
            if self.commits_left == 0:
                self.blown = True
                raise PowerCut
            return result

        patch.setattr(Storage, "write", write_and_count)


def evening(stage: Stage, room: StageRoom) -> None:
    """Somebody comes in, and an hour later says a first word that nobody answers."""
    newcomer = stage.person("小满")
    in_spite_of_it(stage, lambda: newcomer.joins(room))
    in_spite_of_it(stage, lambda: None, minutes=3)
    in_spite_of_it(stage, lambda: newcomer.says(room, "请问盖碗怎么挑？"))
    in_spite_of_it(stage, lambda: None, minutes=8)


def in_spite_of_it(stage: Stage, doing: Callable[[], object], minutes: int = 0) -> None:
    """Do something, and let time pass; if the power goes, the bot is started again and time goes on."""
    until = stage.clock.now() + timedelta(minutes=minutes)
    try:
        doing()
        stage.advance_until(until)
    except PowerCut:
        stage.restart()
        stage.advance_until(until)


def about(stage: Stage, name: str) -> list[Sent]:
    """What the bot said in groups to or of this person."""
    person = stage.person(name).person
    return [sent for sent in stage.puppet.sent if sent.room is not None and person.id in sent.mention_ids]


def doubtful(session: Session) -> int:
    """How many things wait on the owner's list because nobody knows whether they went out."""
    return len(session.scalars(select(OwnerItem)).all())


@pytest.mark.parametrize("commit", range(1, LAST_COMMIT + 1))
def test_power_cut_after_a_commit(commit: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Stage(folder) as stage:
        room = stage.room("岩茶同好会", owner="老周", members=["木子"])
        fuse = Fuse(commit)
        fuse.install(monkeypatch)
        evening(stage, room)

        said = [sent.text for sent in about(stage, "小满")]
        assert len(said) == len(set(said)) <= 2
        assert len(said) + stage.read(doubtful) == 2, said
        assert fuse.blown is (commit < LAST_COMMIT)
        hear_everything(stage, room)


def hear_everything(stage: Stage, room: StageRoom) -> None:
    """What the owner is told of it is another story's."""
    for place in (room, stage.person("老周"), stage.person("小满")):
        place.unread.clear()
