"""The whole bot, with every plugin, led through a log of the past; and what it did there.

Nobody in a log can nod, so an owner of straw does: every candidate is kept on the evening of its day, and
whoever helped three people within two months agrees to be asked. That is the hardest case for tact: nothing
that the rules let through is held back by anybody.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from bot.config import config_of
from bot.context import Context
from bot.gateway.base import RoomRef
from bot.host import find_plugins
from bot.importing.entries import Record
from bot.importing.formats import format_of, read_log
from bot.importing.source import open_source
from bot.plugin import Plugin
from bot.replay.findings import WouldSay, would_say
from bot.replay.log import PastRoom
from bot.replay.rehearsal import Rehearsal
from bot.storage.history import History
from bot.storage.tables import Outgoing
from plugins.knowledge import keeping
from plugins.knowledge.question_tables import Digest, DigestQuote, Helper, Kept, OpenQuestion
from tests.eval.frame import Missing

HELPED, LATELY = 3, timedelta(days=60)
SETTINGS = {"plugins": {"knowledge": {"digest_weekly": True}}}


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the log, as the bot recorded it."""

    id: int
    at: datetime
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the plugin 干货 did by itself: what, when, after which message, in which words."""

    kind: str
    message: int
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as a digest noted it, and as it was said: whose words, from where to where."""

    digest: int
    message: int
    begins: int
    ends: int
    member_name: str


@dataclass(frozen=True, slots=True)
class Lived:
    """One log, lived through."""

    name: str
    messages: tuple[Heard, ...]
    said: tuple[WouldSay, ...]
    acts: tuple[Act, ...]
    digests: int
    quotes: tuple[Quote, ...]

    @property
    def weeks(self) -> float:
        """How long it was."""
        return max((self.messages[-1].at - self.messages[0].at) / timedelta(weeks=1), 1.0)


def owner_of_straw() -> Plugin:
    """Nods at everything, once a day."""
    plugin = Plugin("straw", title="straw")

    @plugin.job("nod", daily_at="21:30")
    def nod(ctx: Context) -> None:
        waiting = select(Kept).where(Kept.room_id == ctx.room_id, Kept.status == "candidate")
        for row in ctx.db.scalars(waiting).all():
            keeping.keep(ctx, row, None)
        if ctx.local().isoweekday() == 1:
            _find_helpers(ctx)

    return plugin


def _find_helpers(ctx: Context) -> None:
    assert ctx.room_id is not None
    helped: dict[int, set[int]] = defaultdict(set)
    for one in ctx.history.exchanges(ctx.room_id, since=ctx.now - LATELY):
        for answer in one.answers:
            helped[answer.member].add(one.asker)
    for member, askers in helped.items():
        if len(askers) >= HELPED and ctx.db.get(Helper, (ctx.room_id, member)) is None:
            ctx.db.add(
                Helper(
                    room_id=ctx.room_id, member_id=member, status="agreed", topics="", asked_at=ctx.now,
                    answered_at=ctx.now,
                )
            )  # fmt: skip


def logs_in(folder: Path) -> list[Path]:
    """The logs of a folder. Raises Missing if there are none."""
    found = sorted(folder.glob("*.txt.gz")) + sorted(folder.glob("*.txt"))
    if not found:
        raise Missing(f"no .txt or .txt.gz log in {folder}")
    return found


@cache
def lived(file: Path) -> Lived:
    """Go through a log once in a run, however many evaluations look at it."""
    plugins = [*find_plugins()[0], owner_of_straw()]
    config = config_of(SETTINGS, plugins)
    source, name = open_source(file), file.name.split(".")[0]
    entries = read_log(source, format_of(source), config.bot.zone)
    records = (entry for entry in entries if isinstance(entry, Record))
    with tempfile.TemporaryDirectory(prefix="qunxing-eval-") as scratch:
        rehearsal = Rehearsal(Path(scratch), config, plugins, {})
        try:
            place = RoomRef("eval", name)
            room = rehearsal.go(place, PastRoom(place).arrivals(records))
            now = rehearsal.clock.now()
            return rehearsal.storage.read_now(lambda session: _lived(name, History(session, now), room))
        finally:
            rehearsal.storage.close()


def _lived(name: str, history: History, room: int) -> Lived:
    names = {one.member: history.name_of(one.member, room) for one in history.members(room, present=False)}
    messages = tuple(Heard(one.id, one.at, names[one.member], one.text) for one in history.messages(room))
    session = history.session
    quotes = session.scalars(select(DigestQuote).order_by(DigestQuote.digest_id, DigestQuote.position))
    return Lived(
        name=name,
        messages=messages,
        said=tuple(would_say(session, None, None, history.now)),
        acts=tuple(_acts(history)),
        digests=len(session.scalars(select(Digest.id)).all()),
        quotes=tuple(
            Quote(one.digest_id, one.message_id, one.begins, one.ends, names[one.member_id]) for one in quotes
        ),
    )


def _acts(history: History) -> list[Act]:
    """What was said for or about open questions, and which answers were taken to be good."""
    found = []
    words = {row.id: row.text for row in history.session.scalars(select(Outgoing))}
    for one in history.session.scalars(select(OpenQuestion).order_by(OpenQuestion.asked_at)):
        if one.action is not None and one.outgoing_id is not None and one.acted_at is not None:
            found.append(Act(one.action, one.message_id, one.acted_at, words[one.outgoing_id]))
        if one.listed_at is not None:
            found.append(Act("listed", one.message_id, one.listed_at, ""))
    for kept in history.session.scalars(select(Kept).order_by(Kept.id)):
        told = f"{kept.question} => {kept.answer}"
        found.append(Act("kept", kept.answer_id or 0, kept.said_at, told))
    return sorted(found, key=lambda act: (act.at, act.message, act.kind))
