"""The bot dies right before or after any of its commits: nobody is greeted twice or silently forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.engine import Storage
from bot.storage.tables import OwnerItem
from bot.testing import Stage, StageRoom

T = TypeVar("T")

COMMITS = 16
"""At least as many as the evening below has."""


class PowerCut(BaseException):
    """Not an Exception: nothing in the bot may catch it."""


@dataclass
class Fuse:
    """Cuts the power right before or after the n-th commit from when it is installed (0: never)."""

    commit: int = 0
    before: bool = False
    commits: int = field(default=0, init=False)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Count the writes of every storage from now on."""
        write = Storage.write

        async def write_and_count(storage: Storage, fn: Callable[[Session], T]) -> T:
            self.commits += 1
            is_last = self.commits == self.commit
            if is_last and self.before:
                raise PowerCut
            result = await write(storage, fn)
            if is_last:
                raise PowerCut
            return result

        patch.setattr(Storage, "write", write_and_count)


@dataclass
class Evening:
    """Somebody comes in, and some minutes later says a first word that nobody answers."""

    stage: Stage
    room: StageRoom

    def passes(self) -> list[str]:
        """Let it pass, power cut or not; what the bot said in the group, to or of the newcomer."""
        newcomer = self.stage.person("小满")
        self._during(lambda: newcomer.joins(self.room))
        self._during(lambda: None, minutes=3)
        self._during(lambda: newcomer.says(self.room, "请问盖碗怎么挑？"))
        self._during(lambda: None, minutes=8)
        for place in (self.room, self.stage.person("老周")):
            place.unread.clear()
        sent = self.stage.puppet.sent
        return [one.text for one in sent if one.room is not None and newcomer.person.id in one.mention_ids]

    def doubtful(self) -> int:
        """How many things are on the owner's list because nobody knows whether they went out."""
        return self.stage.read(lambda session: session.scalar(select(func.count(OwnerItem.id)))) or 0

    def _during(self, doing: Callable[[], object], minutes: int = 0) -> None:
        """Do something, and let time pass; if the power goes, the bot is started again and time goes on."""
        until = self.stage.clock.now() + timedelta(minutes=minutes)
        try:
            doing()
            self.stage.advance_until(until)
        except PowerCut:
            self.stage.restart()
            self.stage.advance_until(until)


def evening_with(fuse: Fuse, folder: Path, patch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """What was said of the newcomer that evening, and how many doubtful things the owner is shown."""
    with Stage(folder) as stage:
        evening = Evening(stage, stage.room("岩茶同好会", owner="老周", members=["木子"]))
        fuse.install(patch)
        return evening.passes(), evening.doubtful()


def test_the_evening_without_a_power_cut(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fuse = Fuse()
    said, doubtful = evening_with(fuse, folder, monkeypatch)
    assert (len(said), doubtful) == (2, 0)
    assert fuse.commits <= COMMITS


@pytest.mark.parametrize("commit", range(1, COMMITS + 1))
def test_power_cut_after_a_commit(commit: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written down is done: greeting and call for a host are said, or shown as doubtful."""
    said, doubtful = evening_with(Fuse(commit), folder, monkeypatch)
    assert len(said) == len(set(said))
    assert len(said) + doubtful == 2


@pytest.mark.parametrize("commit", range(1, COMMITS + 1))
def test_power_cut_before_a_commit(commit: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not written down yet may be lost with the line, but nothing happens twice."""
    said, _ = evening_with(Fuse(commit, before=True), folder, monkeypatch)
    assert len(said) == len(set(said)) <= 2
