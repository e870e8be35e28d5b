"""Reads a room's talk line by line and keeps its exchanges: a line costs the same however long the talk is.

Beside what is asked, what is told can open an exchange too: "the printer prints one page and then stops"
wants help as much as a question. Nothing in such a text says that it asks; what comes of it does: it opened
something new, it says enough, and somebody else took it up. From then on it is an exchange (`is_told`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.analysis.exchanges import SURE_ENOUGH, Answer, Exchange
from bot.analysis.last_words import TAKEN_UP, THANKS_WITHIN, LastWords, gives_thanks, turned_to
from bot.analysis.lines import Heard, Line, Link
from bot.analysis.open_exchanges import OPEN_FOR, Open, Opening
from bot.analysis.originality import denies
from bot.analysis.questions import ASKS, only_asks, question_chance
from bot.analysis.thanks import Thanks, thanks_in

A_WHILE = timedelta(minutes=15)
"""After so long, somebody who asks again is not asking back."""

BACK_QUESTION = 0.5
"""How much of an answer a question back to the asker is."""


@dataclass(slots=True)
class ExchangeReader:
    """Where the reading stands. With `tells`, told problems are exchanges too.

    `last` is what each has said last, `adopted` are answers known as such only by what came after;
    `part_of` says of each message to which exchange it belongs, or to which opening; `answer_in` holds the
    answers; `author` who wrote what; `latest` is each person's last question.
    """

    tells: bool = True
    found: list[Open] = field(default_factory=list)
    part_of: dict[int, Open | Opening] = field(default_factory=dict)
    answer_in: dict[int, Answer] = field(default_factory=dict)
    author: dict[int, int] = field(default_factory=dict)
    latest: dict[int, Open] = field(default_factory=dict)
    last: LastWords = field(default_factory=LastWords)
    adopted: list[Opening] = field(default_factory=list)

    def exchanges(self) -> list[Exchange]:
        """What was found so far, in the order of the questions."""
        return [one.closed() for one in self.found]

    def read(self, line: Line, link: Link | None, *, asks: bool) -> Answer | None:
        """Take in the next line, of which it is known whom it answers and whether it asks.

        The answer that it gave, if it gave one.
        """
        self.author[line.id] = line.member
        if line.kind == "recalled":
            return None
        above = link.answers if link is not None and link.confidence >= SURE_ENOUGH else None
        if line.quotes is not None:
            self._note_quote(line, line.quotes)
        if self.tells:
            self._adopt(line, above, 0.0 if link is None else link.confidence)
            self.last.note(line, asks=asks)
        if line.member in self.latest and self._take_thanks(line, above):
            return None
        if link is None:
            return None
        if above is not None:
            exchange = self._exchange_of(above, line, link.confidence, asks)
            if self.tells and exchange is not None and exchange.question == above:
                exchange = self._asked_back(exchange, line, link.confidence)
            if exchange is not None and self._continue(exchange, line, above, link.confidence, asks):
                return self.answer_in.get(line.id)
        if asks:
            self._begin(line, above)
        elif self.tells and link.answers is None and line.kind == "text":
            self.part_of[line.id] = Opening(line.id, line.member, line.at, line.text)
        return None

    def _adopt(self, line: Line, above: int | None, confidence: float) -> None:
        """Whoever the asker turns to afterwards has answered, whatever the links said."""
        turned = [*turned_to(line, above, self.last.author.get(above or 0), confidence)]
        gives, asked = gives_thanks(line), self.latest.get(line.member)
        if not gives and asked is None:
            return
        if gives and all(member == line.member for member, *_ in turned):
            turned = self.last.thanked_by(line, None if asked is None else asked.asked_at)
        for member, message, sure in turned:
            answer = self.last.answer_of(member, message, line)
            known = None if answer is None else self.part_of.get(answer.message)
            if answer is None or (isinstance(known, Open) and (known.asker == line.member or not gives)):
                continue
            exchange = self._asked_before(answer, line, gives=gives)
            if exchange is None or exchange.answer_of(member, line.at) is not None:
                continue
            found = Answer(answer.message, member, answer.at, sure)
            exchange.take(found)
            if not isinstance(known, Open):
                self.answer_in[answer.message], self.part_of[answer.message] = found, exchange
            self.adopted.append(answer)
            if not denies(line.text):
                exchange.heard.add(member)

    def _asked_before(self, answer: Opening, line: Line, *, gives: bool) -> Open | None:
        """What the answer was to: the asker's open question, or the problem they give thanks for now."""
        asked, settled = self.latest.get(line.member), None
        if (
            asked is not None
            and timedelta() < answer.at - asked.asked_at <= THANKS_WITHIN
            and asked.takes(line)
        ):
            if asked.closed_at is None or answer.at <= asked.closed_at:
                return asked
            settled = asked.closed_at
        told = self.last.problem_of(line.member, answer) if gives else None
        if told is None or (settled is not None and told.at <= settled):
            return None
        known = self.part_of.get(told.message)
        if isinstance(known, Opening):
            return known.exchange or self._tell(known)
        return known if known is not None and known.question == told.message else self._tell(told)

    def settle(self, before: datetime) -> Iterator[Open]:
        """Let go of what nothing can be added to at that time and later, and hand out what was found."""
        gone = before - OPEN_FOR
        while self.found and self.found[0].asked_at < gone:
            yield self.found.pop(0)
        self.latest = {member: one for member, one in self.latest.items() if one.asked_at >= gone}
        self.last.forget(before)
        self.part_of = {message: one for message, one in self.part_of.items() if _begun(one) >= gone}
        self.answer_in = {key: one for key, one in self.answer_in.items() if key in self.part_of}
        self.author = {key: one for key, one in self.author.items() if key in self.part_of}

    def _exchange_of(self, above: int, line: Line, confidence: float, asks: bool) -> Open | None:
        """The exchange that the line may go on with; a told problem becomes one when it is taken up."""
        found = self.part_of.get(above)
        if found is None or isinstance(found, Open):
            return found if found is not None and found.takes(line) else None
        if found.exchange is not None:
            return found.exchange if found.exchange.takes(line) else None
        if line.member == found.member:
            if not asks:
                self.part_of[line.id] = found
            return None
        is_taken_up = above == found.message and confidence >= TAKEN_UP and line.at - found.at <= OPEN_FOR
        return self._tell(found) if is_taken_up and found.is_problem() else None

    def _tell(self, opening: Opening) -> Open:
        exchange = Open(opening.message, opening.member, opening.at, opening.text, is_told=True)
        opening.exchange = exchange
        self._put_in_place(exchange)
        self.part_of[opening.message] = exchange
        latest = self.latest.get(opening.member)
        if latest is None or latest.asked_at <= opening.at:
            self.latest[opening.member] = exchange
        return exchange

    def _asked_back(self, exchange: Open, line: Line, confidence: float) -> Open:
        """Whoever answers a question minutes after telling a problem was asked back about it.

        Then it is a part of that exchange; what the asker begins with is seldom linked to the problem.
        """
        problem = self.last.problem_of(line.member, Opening(above := exchange.question, 0, exchange.asked_at))
        if (
            problem is None
            or exchange.asked_at - problem.at > A_WHILE
            or not exchange.is_back_to(line.member)
        ):
            return exchange
        known = self.part_of.get(problem.message)
        own = self._tell(known) if isinstance(known, Opening) and known.exchange is None else known
        if not isinstance(own, Open) or own.question != problem.message or own.closed_at is not None:
            return exchange
        self.found = [one for one in self.found if one is not exchange]
        if self.latest.get(exchange.asker) is exchange:
            del self.latest[exchange.asker]
        back = Answer(above, exchange.asker, exchange.asked_at, confidence * BACK_QUESTION)
        own.take(back)
        self.answer_in[above] = back
        self.part_of |= {message: own for message, one in self.part_of.items() if one is exchange}
        self.adopted.append(Opening(above, exchange.asker, exchange.asked_at, exchange.text, asks=True))
        return own

    def _put_in_place(self, exchange: Open) -> None:
        """Told problems are found late: `found` stays in the order of the questions."""
        at = len(self.found)
        while at and self.found[at - 1].asked_at > exchange.asked_at:
            at -= 1
        self.found.insert(at, exchange)

    def _begin(self, line: Line, above: int | None) -> None:
        asked = [*line.mentions, line.quoted_member, None if above is None else self.author.get(above)]
        to = tuple(dict.fromkeys(one for one in asked if one is not None and one != line.member))
        exchange = Open(line.id, line.member, line.at, line.text, to)
        self.found.append(exchange)
        self.part_of[line.id] = self.latest[line.member] = exchange

    def _continue(self, exchange: Open, line: Line, above: int, confidence: float, asks: bool) -> bool:
        """The line goes on with an exchange; False if it asks something of its own there."""
        if line.member == exchange.asker:
            if exchange.closed_by is not None and asks:
                return False  # that one is settled: this is a new question
            self.part_of[line.id] = exchange
            answer = self.answer_in.get(above)
            if denies(line.text):
                exchange.closed_at = None  # it did not hold: whoever helps now helps
            elif answer is not None:
                exchange.heard.add(answer.member)
            return True
        earlier = self.answer_in.get(above)
        if exchange.closed_at is not None and (earlier is None or earlier.member != line.member):
            return not asks  # what was solved needs no answer any more
        if earlier is None:
            sure = confidence * (BACK_QUESTION if asks and only_asks(line.text) else 1.0)
        elif earlier.member == line.member and line.at - earlier.at > A_WHILE and asks:
            return False  # having answered somebody, they ask something of their own
        elif earlier.member == line.member:
            sure = earlier.confidence * confidence
        else:
            return not asks  # a remark on somebody's answer answers nothing
        answer = Answer(line.id, line.member, line.at, sure)
        exchange.answers.append(answer)
        self.answer_in[line.id], self.part_of[line.id] = answer, exchange
        if line.kind != "text":
            exchange.wordless.add(line.id)
        return True

    def _note_quote(self, line: Line, quotes: int) -> None:
        answer, exchange = self.answer_in.get(quotes), self.part_of.get(quotes)
        if answer is None or answer.member == line.member or not isinstance(exchange, Open):
            return
        if exchange.takes(line):
            exchange.quoted.add(answer.message)

    def _take_thanks(self, line: Line, above: int | None) -> bool:
        """The asker thanks, or says that it worked: after whose answer? False if the line is none of this."""
        exchange = self._thanked_exchange(line, above)
        said = thanks_in(line.text) if exchange is not None and line.kind == "text" else None
        if exchange is None or said is None or denies(line.text):
            return False
        helped = self._meant(exchange, line, above, said)
        if not helped:
            return False
        for answer in helped:
            exchange.thanked[answer.member] = None
        if exchange.closed_by is None or said.kind == "solved":
            exchange.closed_by = helped[-1].message
        if exchange.closed_at is None:
            exchange.closed_at = line.at
        self.part_of[line.id] = exchange
        return True

    def _thanked_exchange(self, line: Line, above: int | None) -> Open | None:
        """The asker's own exchange that the thanks belong to: the linked one, else their latest."""
        latest = self.latest.get(line.member)
        if latest is None or not latest.takes(line):
            return None
        linked = self.part_of.get(line.quotes or above or 0)
        if isinstance(linked, Open) and linked.asker == line.member and linked.answers and linked.takes(line):
            return linked
        if not latest.answers:
            return None
        return latest if line.at - latest.answers[-1].at <= THANKS_WITHIN else None

    def _meant(self, exchange: Open, line: Line, above: int | None, said: Thanks) -> list[Answer]:
        """The answers of those who are thanked: named or quoted, else linked, else the last who answered."""
        named = [*line.mentions, *([line.quoted_member] if line.quoted_member else [])]
        if named:
            own = (exchange.answer_of(one, line.at) for one in named)
            return sorted((one for one in own if one is not None), key=lambda one: (one.at, one.message))
        linked = self.answer_in.get(above or 0)
        if linked is not None and self.part_of.get(linked.message) is exchange:
            return [linked]
        return [exchange.answers[-1]]


def _begun(one: Open | Opening) -> datetime:
    return one.asked_at if isinstance(one, Open) else one.at


def exchanges(talk: Iterable[Heard]) -> list[Exchange]:
    """The exchanges that a question began in a room's talk, in the order of their questions."""
    reader = ExchangeReader(tells=False)
    for one in talk:
        reader.read(one.line, one.link, asks=asks(one.line, one.question))
    return reader.exchanges()


def asks(line: Line, known: float | None = None) -> bool:
    """Whether a line asks something; `known` is the chance if it is known already."""
    if line.kind != "text" or not line.text:
        return False
    return (question_chance(line.text) if known is None else known) >= ASKS
