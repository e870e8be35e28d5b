"""Who answers whom, found as messages come in and kept in `reply_link`.

Each room's last lines are in memory, read anew from history after a start; so a message costs the same on its
first day and on its thousandth. What comes out of order, from an import or from older models is linked by
`bot.relinking` afterwards. A link is never worth a message: when the models fail, the message stays unlinked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.analysis import questions
from bot.analysis.lines import Line, Link
from bot.analysis.links import MODEL_VERSION, RESTORED_FROM, Linker
from bot.event_log import record
from bot.events import Event, MessagePosted, MessageRecalled, QuestionAnswered
from bot.register import Register
from bot.storage.engine import plain_connection
from bot.storage.lines import Stored, read_last_lines
from bot.storage.names import names_of_room

log = structlog.get_logger(__name__)

VERSION = MODEL_VERSION * 1_000 + questions.MODEL_VERSION
"""Which models found a link: both of them."""

ROOMS = 200
"""Rooms that are in memory at once."""

LONGEST = 1_000
ASKED = 100
"""Questions of a room whose first answer is waited for."""

DISORDER = timedelta(minutes=2)
"""How far back in time a message may lie behind the one before it and still be linked at once."""

SURE_ENOUGH = 0.5
"""From this confidence on an answer is told to the plugins."""

_KEEP = (
    "INSERT OR REPLACE INTO reply_link (message_id, answers_id, confidence, version, question)"
    " SELECT id, (SELECT id FROM message WHERE id = ?), ?, ?, ? FROM message WHERE id = ?"
)
"""Both messages may be gone by now, and then there is nothing to keep."""

_AUTHOR = "SELECT member_id FROM message WHERE id = ? AND origin != 'self'"
_UNCOUNTED = "SELECT 1 FROM member WHERE id IN (?, ?) AND uncounted"

Found = tuple[int | None, float, int, float, int]


def keep(session: Session, found: Sequence[Found]) -> None:
    """Write links down in place of earlier ones."""
    if found:
        plain_connection(session).executemany(_KEEP, found)


def find_link(linker: Linker, line: Line, *, to_bot: bool) -> tuple[Link, float]:
    """The link of a room's next line, and its chance to ask something.

    What is said to the bot alone answers nobody and asks nobody else.
    """
    line = shortened(line)
    if to_bot and not line.mentions and line.quotes is None:
        link = Link(line.id, None, 1.0)
        linker.take(line, link)
        return link, 0.0
    question = questions.question_chance(line.text) if line.kind == "text" else 0.0
    return linker.add(line), question


def row_of(link: Link, question: float) -> Found:
    """What is written down about one message."""
    return link.answers, round(link.confidence, 4), VERSION, round(question, 4), link.message


def restored(session: Session, room: int, before: Sequence[Stored]) -> Linker:
    """A linker that goes on after these lines as if it had never stopped."""
    linker = Linker(names_of_room(session, room))
    for one in before:
        linker.take(shortened(one.line), one.link or Link(one.line.id, None, 0.0))
    return linker


def shortened(line: Line) -> Line:
    """The line as the models see it: a page of text says no more about whom it answers than its beginning."""
    return line if len(line.text) <= LONGEST else line._replace(text=line.text[:LONGEST])


@dataclass(slots=True)
class _Room:
    """What is in memory of one room. `asked` are questions without an answer: who asked."""

    linker: Linker
    last_at: datetime
    met: set[int] = field(default_factory=set)
    asked: OrderedDict[int, int] = field(default_factory=OrderedDict)

    def ask(self, message: int, member: int) -> None:
        """Wait for a question's first answer."""
        self.asked[message] = member
        if len(self.asked) > ASKED:
            self.asked.popitem(last=False)


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
            if isinstance(event, MessagePosted) and event.room is not None:
                answered = self._link(session, event, event.room, found)
                if answered is not None:
                    told += _recorded(session, answered, now)
            elif isinstance(event, MessageRecalled):
                for state in self._rooms.values():
                    state.asked.pop(event.message, None)
        keep(session, found)
        return told

    def _link(
        self, session: Session, event: MessagePosted, room: int, found: list[Found]
    ) -> QuestionAnswered | None:
        state = self._state(session, room, event)
        if event.at < state.last_at - DISORDER:
            return None
        line = self._line(session, event, max(event.at, state.last_at))
        try:
            link, question = find_link(state.linker, line, to_bot=event.mentions_bot)
        except Exception:
            log.exception("message_not_linked", message=event.message)
            del self._rooms[room]
            return None
        state.last_at = line.at
        found.append(row_of(link, question))
        if question >= questions.ASKS:
            state.ask(event.message, event.member)
        return _answered(session, state, event, room, link)

    def _line(self, session: Session, event: MessagePosted, at: datetime) -> Line:
        text = "" if event.member in self._register.forgotten else event.text
        quotes = quoted = None
        if event.quote is not None and event.quote.message is not None:
            author = plain_connection(session).execute(_AUTHOR, (event.quote.message,)).fetchone()
            if author is not None:
                quotes, quoted = event.quote.message, int(author[0])
        return Line(event.message, event.member, at, text, event.kind, event.mentions, quotes, quoted)

    def _state(self, session: Session, room: int, event: MessagePosted) -> _Room:
        state = self._rooms.get(room)
        if state is None:
            state = self._rooms[room] = _remembered(session, room, event)
            if len(self._rooms) > ROOMS:
                self._rooms.popitem(last=False)
        self._rooms.move_to_end(room)
        if event.member not in state.met:
            state.met.add(event.member)
            for member, names in names_of_room(session, room, event.member).items():
                state.linker.know(member, names)
        return state


def _remembered(session: Session, room: int, event: MessagePosted) -> _Room:
    """A room's memory from its history before a message."""
    before = read_last_lines(session, room, event.message, RESTORED_FROM)
    state = _Room(restored(session, room, before), before[-1].line.at if before else event.at)
    author = {one.line.id: one.line.member for one in before}
    answered = {
        one.link.answers
        for one in before
        if one.link is not None and one.link.answers and author.get(one.link.answers) != one.line.member
    }
    for one in before:
        if one.question >= questions.ASKS and one.line.id not in answered:
            state.ask(one.line.id, one.line.member)
    return state


def _answered(
    session: Session, state: _Room, event: MessagePosted, room: int, link: Link
) -> QuestionAnswered | None:
    asker = None if link.answers is None else state.asked.get(link.answers)
    if link.answers is None or asker is None or asker == event.member or link.confidence < SURE_ENOUGH:
        return None
    del state.asked[link.answers]
    if plain_connection(session).execute(_UNCOUNTED, (asker, event.member)).fetchone() is not None:
        return None
    return QuestionAnswered(
        at=event.at, late=event.late, room=room, question=link.answers, asker=asker,
        answer=event.message, answerer=event.member,
    )  # fmt: skip


def _recorded(session: Session, answered: QuestionAnswered, now: datetime) -> list[Event]:
    recorded = record(session, answered, f"answered:{answered.question}:{answered.asker}", now)
    return [] if recorded is None else [recorded]
