"""Questions and what became of them: who answered, who was first, whose answer closed it, who was thanked.

An exchange begins with a question that opens something new. What the asker adds to it belongs to it; a
question back to the asker ("which version?") is a part of the answer, not a question of its own. A picture,
a voice message or a sticker counts as an answer only when its author is thanked or it is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.analysis.lines import Line, Link
from bot.analysis.questions import ASKS, question_chance
from bot.analysis.thanks import Thanks, thanks_in

SURE_ENOUGH = 0.25
"""Links that are less sure than this answer nothing."""

THANKS_WITHIN = timedelta(hours=36)
A_WHILE = timedelta(minutes=15)
"""After so long, somebody who asks again is not asking back."""

BACK_QUESTION = 0.5
"""How much of an answer a question back to the asker is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One message by somebody else that answers a question."""

    message: int
    member: int
    at: datetime
    confidence: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it.

    `answers` are others' only, earliest first. `closed_by` is the answer after which the asker thanked or
    said that it worked, or that was quoted again; `thanked` are the members whom the asker thanked; `to` are
    those whom the question was put to.
    """

    question: int
    asker: int
    asked_at: datetime
    text: str
    answers: tuple[Answer, ...] = ()
    closed_by: int | None = None
    thanked: tuple[int, ...] = ()
    to: tuple[int, ...] = ()

    @property
    def helpers(self) -> tuple[int, ...]:
        """Who answered, each once, the first first."""
        return tuple(dict.fromkeys(answer.member for answer in self.answers))


def exchanges(
    lines: Iterable[Line], links: Iterable[Link], asking: Mapping[int, float] | None = None
) -> list[Exchange]:
    """The exchanges of a room's talk, in the order of their questions.

    `asking` holds the chance that a message asks something where that is known already.
    """
    reading = _Reading({link.message: link for link in links}, asking or {})
    for line in lines:
        reading.read(line)
    return [one.closed() for one in reading.found]


@dataclass(slots=True)
class _Open:
    """An exchange while the talk is being read."""

    question: Line
    to: tuple[int, ...]
    answers: list[Answer] = field(default_factory=list)
    wordless: set[int] = field(default_factory=set)
    thanked: dict[int, None] = field(default_factory=dict)
    quoted: set[int] = field(default_factory=set)
    closed_by: int | None = None

    def answer_of(self, member: int, before: datetime) -> Answer | None:
        """What this person said last in answer."""
        own = [one for one in self.answers if one.member == member and one.at <= before]
        return own[-1] if own else None

    def closed(self) -> Exchange:
        """What became of it."""
        answers = tuple(self.answers)
        if self.wordless:
            answers = tuple(one for one in answers if self._counts(one))
        closed_by = self.closed_by
        if closed_by is None and self.quoted:
            closed_by = next((one.message for one in reversed(answers) if one.message in self.quoted), None)
        asked = self.question
        return Exchange(
            asked.id, asked.member, asked.at, asked.text, answers, closed_by, tuple(self.thanked), self.to
        )

    def _counts(self, answer: Answer) -> bool:
        is_helpful = answer.member in self.thanked or answer.message in self.quoted
        return answer.message not in self.wordless or is_helpful


@dataclass(slots=True)
class _Reading:
    """Where the reading stands: `part_of` tells of each message to which exchange it belongs."""

    links: Mapping[int, Link]
    asking: Mapping[int, float]
    found: list[_Open] = field(default_factory=list)
    part_of: dict[int, _Open] = field(default_factory=dict)
    answer_in: dict[int, Answer] = field(default_factory=dict)
    author: dict[int, int] = field(default_factory=dict)
    latest: dict[int, _Open] = field(default_factory=dict)

    def read(self, line: Line) -> None:
        """Take in the next line."""
        self.author[line.id] = line.member
        if line.kind == "recalled":
            return
        link = self.links.get(line.id)
        above = link.answers if link is not None and link.confidence >= SURE_ENOUGH else None
        if line.quotes is not None:
            self._note_quote(line, line.quotes)
        if line.member in self.latest and self._take_thanks(line, above):
            return
        if link is None:
            return
        if above is not None:
            parent = self.part_of.get(above)
            if parent is not None and self._continue(parent, line, above, link.confidence):
                return
        if self._asks(line):
            self._begin(line, above)

    def _asks(self, line: Line) -> bool:
        if line.kind != "text" or not line.text:
            return False
        known = self.asking.get(line.id)
        return (question_chance(line.text) if known is None else known) >= ASKS

    def _begin(self, line: Line, above: int | None) -> None:
        asked = [*line.mentions, line.quoted_member, None if above is None else self.author.get(above)]
        to = tuple(dict.fromkeys(one for one in asked if one is not None and one != line.member))
        exchange = _Open(line, to)
        self.found.append(exchange)
        self.part_of[line.id] = self.latest[line.member] = exchange

    def _continue(self, exchange: _Open, line: Line, above: int, confidence: float) -> bool:
        """The line goes on with an exchange; False if it asks something of its own there."""
        asker = exchange.question.member
        if line.member == asker:
            if exchange.closed_by is not None and self._asks(line):
                return False  # that one is settled: this is a new question
            self.part_of[line.id] = exchange
            return True
        earlier = self.answer_in.get(above)
        if earlier is None:
            is_back_question = self._asks(line)
            sure = confidence * (BACK_QUESTION if is_back_question else 1.0)
        elif earlier.member == line.member and line.at - earlier.at > A_WHILE and self._asks(line):
            return False  # having answered somebody, they ask something of their own
        elif earlier.member == line.member:
            sure = earlier.confidence * confidence
        else:
            return not self._asks(line)  # a remark on somebody's answer answers nothing
        answer = Answer(line.id, line.member, line.at, sure)
        exchange.answers.append(answer)
        self.answer_in[line.id], self.part_of[line.id] = answer, exchange
        if line.kind != "text":
            exchange.wordless.add(line.id)
        return True

    def _note_quote(self, line: Line, quotes: int) -> None:
        answer = self.answer_in.get(quotes)
        if answer is not None and answer.member != line.member:
            self.part_of[answer.message].quoted.add(answer.message)

    def _take_thanks(self, line: Line, above: int | None) -> bool:
        """The asker thanks, or says that it worked: after whose answer? False if the line is none of this."""
        exchange = self._thanked_exchange(line, above)
        said = thanks_in(line.text) if exchange is not None and line.kind == "text" else None
        if exchange is None or said is None:
            return False
        helped = self._meant(exchange, line, above, said)
        if not helped:
            return False
        for answer in helped:
            exchange.thanked[answer.member] = None
        if exchange.closed_by is None or said.kind == "solved":
            exchange.closed_by = helped[-1].message
        self.part_of[line.id] = exchange
        return True

    def _thanked_exchange(self, line: Line, above: int | None) -> _Open | None:
        """The asker's own exchange that the thanks belong to: the linked one, else their latest."""
        latest = self.latest.get(line.member)
        if latest is None:
            return None
        linked = self.part_of.get(line.quotes or above or 0)
        if linked is not None and linked.question.member == line.member and linked.answers:
            return linked
        if not latest.answers:
            return None
        return latest if line.at - latest.answers[-1].at <= THANKS_WITHIN else None

    def _meant(self, exchange: _Open, line: Line, above: int | None, said: Thanks) -> list[Answer]:
        """The answers of those who are thanked: named or quoted, else linked, else the last who answered."""
        named = [*line.mentions, *([line.quoted_member] if line.quoted_member else [])]
        if named:
            own = (exchange.answer_of(one, line.at) for one in named)
            return sorted((one for one in own if one is not None), key=_moment)
        linked = self.answer_in.get(above or 0)
        if linked is not None and self.part_of.get(linked.message) is exchange:
            return [linked]
        return [exchange.answers[-1]]


def _moment(answer: Answer) -> tuple[datetime, int]:
    return answer.at, answer.message


def thanks_given(lines: Sequence[Line], links: Iterable[Link]) -> list[tuple[int, int, int, Thanks]]:
    """All thanks from one person to another, asked or not: message, who, whom, and how."""
    linked = {link.message: link for link in links}
    author = {line.id: line.member for line in lines}
    given = []
    for line in lines:
        said = thanks_in(line.text) if line.kind == "text" else None
        if said is not None and said.kind != "learned":
            for one in _receivers(line, linked.get(line.id), author):
                given.append((line.id, line.member, one, said))
    return given


def _receivers(line: Line, link: Link | None, author: Mapping[int, int]) -> tuple[int, ...]:
    named = [*line.mentions, *([line.quoted_member] if line.quoted_member else [])]
    if not named and link is not None and link.answers is not None and link.confidence >= SURE_ENOUGH:
        named = [author.get(link.answers, line.member)]
    return tuple(dict.fromkeys(one for one in named if one != line.member))
