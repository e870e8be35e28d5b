"""A tea group in which people ask, answer and thank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.host import find_plugins
from bot.testing import Stage, StageRoom
from plugins.knowledge.question_tables import Kept, OpenQuestion

MEMBERS = ("小林", "大壮", "阿芳", "老王", "小雨")
WASHING = "岩茶的第一泡要不要倒掉？"
ANSWER = "第一泡是温杯润茶，十秒就出汤，倒掉不可惜，老茶一定要倒"


def open_room(stage: Stage) -> StageRoom:
    """The tea group, live, with 老周 as its paired owner."""
    return stage.room("岩茶同好会", owner="老周", members=MEMBERS)


def exchange(
    stage: Stage, room: StageRoom, question: str = WASHING, answer: str = ANSWER,
    thankers: Sequence[str] = ("小林",), author: str = "老王",
) -> None:  # fmt: skip
    """The first thanker asks, the author answers with a quote, the thankers thank with quotes."""
    stage.advance(hours=3)
    asked = stage.person(thankers[0] if thankers else "小林").says(room, question)
    stage.advance(minutes=1)
    answered = stage.person(author).says(room, answer, quote=asked)
    for name in thankers:
        stage.advance(minutes=1)
        stage.person(name).says(room, "太谢谢了，学到了", quote=answered)
    stage.advance(minutes=5)


def kept(stage: Stage) -> list[Any]:
    """All kept answers: (status, question, answer)."""

    def read(session: Session) -> list[Any]:
        rows = session.execute(select(Kept.status, Kept.question, Kept.answer).order_by(Kept.id))
        return [tuple(row) for row in rows]

    return stage.read(read)


def watched(stage: Stage) -> list[tuple[str, str | None]]:
    """All watched questions: (status, action)."""

    def read(session: Session) -> list[tuple[str, str | None]]:
        rows = session.execute(
            select(OpenQuestion.status, OpenQuestion.action).order_by(OpenQuestion.asked_at)
        )
        return [(row.status, row.action) for row in rows]

    return stage.read(read)


def small_stage(folder: Path) -> Iterator[Stage]:
    """A stage with this plugin and the owner's desk only, so that no other plugin adds its word."""
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "knowledge")]
    with Stage(folder, plugins=plugins) as stage:
        yield stage
