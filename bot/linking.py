"""Who answers whom, found as messages come in and kept in `reply_link`.

Each room's last lines are in memory, read anew from history after a start; so a message costs the same on its
first day and on its thousandth. What comes out of order, from an import or from older models is linked by
`bot.relinking` afterwards. A link is never worth a message: when the models fail, the message stays unlinked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.analysis import questions
from bot.analysis.lines import Line, Link
from bot.analysis.links import MODEL_VERSION, Linker
from bot.event_log import record
from bot.events import Event, MessagePosted, MessageRecalled, QuestionAnswered
from bot.register import Register
from bot.storage.engine import plain_connection
from bot.storage.lines import read_asking, read_last_lines, read_links
from bot.storage.names import names_of_room

log = structlog.get_logger(__name__)

VERSION = MODEL_VERSION * 1_000 + questions.MODEL_VERSION
"""Which models found a link: both of them."""

WINDOW = 120
"""How many of a room's last lines are read before its first new one is linked."""

ROOMS = 200
LONGEST = 1_000
DISORDER = timedelta(minutes=2)
"""How far back in time a message may lie behind the one before it and still be linked at once."""

SURE_ENOUGH = 0.5
"""From this confidence on an answer is told to the plugins."""

_KEEP = (
    "INSERT OR REPLACE INTO reply_link (message_id, answers_id, confidence, version, question)"
    " SELECT id, (SELECT id FROM message WHERE id = ?), ?, ?, ? FROM message WHERE id = ?"
)
"""Both messages may be gone by now, and then there is nothing to keep."""

Found = tuple[int | None, float, int, float, int]


def keep(session: Session, found: Sequence[Found]) -> None:
    """Write links down in place of earlier ones."""
    if found:
        plain_connection(session).executemany(_KEEP, found)


def row_of(link: Link, question: float) -> Found:
    """What is written down about one message."""
    return link.answers, round(link.confidence, 4), VERSION, round(question, 4), link.message


@dataclass(slots=True)
class _Room:
    """What is in memory of one room. `asked` are questions without an answer: who asked."""

    linker: Linker
    names: dict[int, tuple[str, ...]]
    last_at: datetime
    asked: OrderedDict[int, int] = field(default_factory=OrderedDict)


class Linking:
    """Links the messages that the intake has just recorded. Runs on the writer, in its transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._rooms: OrderedDict[int, _Room] = OrderedDict()

    def forget(self) -> None:
        """Something was rolled back, forgotten or changed from outside: history is read anew."""
        self._rooms.clear()

    def follow(self, session: Session, events: Sequence[Event], now: datetime) -> list[Event]:
        """The same events, and after a message that is a question's first answer the event that says so."""
        told: list[Event] = []
        found: list[Found] = []
        for event in events:
            told.append(event)
            if isinstance(event, MessageRecalled) and event.room is not None:
                self._rooms.pop(event.room, None)
            elif isinstance(event, MessagePosted) and event.room is not None:
                answered = self._link(session, event, event.room, found)
                if answered is not None:
                    told += self._recorded(session, answered, now)
        keep(session, found)
        return told

    def _link(
        self, session: Session, event: MessagePosted, room: int, found: list[Found]
    ) -> QuestionAnswered | None:
        state = self._state(session, room, event)
        if state is None or event.at < state.last_at - DISORDER:
            return None
        line = self._line(session, event, max(event.at, state.last_at))
        try:
            link, question = linked(state.linker, line, is_to_bot=event.mentions_bot)
        except Exception:
            log.exception("message_not_linked", message=event.message)
            self._rooms.pop(room, None)
            return None
        state.last_at = line.at
        found.append(row_of(link, question))
        return self._answered(session, state, event, room, link, question)

    def _answered(
        self, session: Session, state: _Room, event: MessagePosted, room: int, link: Link, question: float
    ) -> QuestionAnswered | None:
        if question >= questions.ASKS:
            state.asked[event.message] = event.member
            if len(state.asked) > WINDOW:
                state.asked.popitem(last=False)
        asker = None if link.answers is None else state.asked.get(link.answers)
        if asker is None or asker == event.member or link.answers is None or link.confidence < SURE_ENOUGH:
            return None
        del state.asked[link.answers]
        if _is_uncounted(session, asker) or _is_uncounted(session, event.member):
            return None
        return QuestionAnswered(
            at=event.at, late=event.late, room=room, question=link.answers, asker=asker,
            answer=event.message, answerer=event.member,
        )  # fmt: skip

    @staticmethod
    def _recorded(session: Session, answered: QuestionAnswered, now: datetime) -> list[Event]:
        recorded = record(session, answered, f"answered:{answered.question}:{answered.asker}", now)
        return [] if recorded is None else [recorded]

    def _line(self, session: Session, event: MessagePosted, at: datetime) -> Line:
        text = "" if event.member in self._register.forgotten else event.text[:LONGEST]
        quotes = None if event.quote is None else event.quote.message
        quoted = None if quotes is None else _author(session, quotes)
        if quoted is None or quoted == self._register.self_key:
            quotes = quoted = None
        return Line(event.message, event.member, at, text, event.kind, event.mentions, quotes, quoted)

    def _state(self, session: Session, room: int, event: MessagePosted) -> _Room | None:
        state = self._rooms.get(room)
        if state is None:
            state = self._rooms[room] = _read(session, room, event)
            if len(self._rooms) > ROOMS:
                self._rooms.popitem(last=False)
        self._rooms.move_to_end(room)
        if event.member not in state.names:
            state.names.update(names_of_room(session, room, event.member))
        return state


def linked(linker: Linker, line: Line, *, is_to_bot: bool) -> tuple[Link, float]:
    """A line's link, and its chance to ask something. What is said to the bot alone is for no one else."""
    if is_to_bot and not line.mentions and line.quotes is None:
        return Link(line.id, None, 1.0), 0.0
    question = questions.question_chance(line.text) if line.kind == "text" else 0.0
    return linker.add(line), question


def _read(session: Session, room: int, event: MessagePosted) -> _Room:
    """A room's memory from its history before a message."""
    names = names_of_room(session, room)
    linker = Linker(names)
    lines = read_last_lines(session, room, event.message, WINDOW)
    for line in lines:
        linker.add(replace(line, text=line.text[:LONGEST]))
    state = _Room(linker, names, lines[-1].at if lines else event.at)
    if lines:
        since, until = lines[0].at, event.at + DISORDER
        asking = read_asking(session, room, since, until)
        answered = {link.answers for link in read_links(session, room, since, until)}
        for line in lines:
            if asking.get(line.id, 0.0) >= questions.ASKS and line.id not in answered:
                state.asked[line.id] = line.member
    return state


def _is_uncounted(session: Session, member: int) -> bool:
    raw = plain_connection(session)
    return bool(raw.execute("SELECT uncounted FROM member WHERE id = ?", (member,)).fetchone()[0])


def _author(session: Session, message: int) -> int | None:
    found = (
        plain_connection(session).execute("SELECT member_id FROM message WHERE id = ?", (message,)).fetchone()
    )
    return None if found is None else int(found[0])
