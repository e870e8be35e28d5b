"""Exchanges, and what may become one, while the talk is being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.lines import Line
from bot.analysis.questions import only_asks
from bot.analysis.text import words_of
from bot.analysis.thanks import thanks_in

OPEN_FOR = timedelta(days=7)
"""What comes later than this is no part of an exchange any more: all that is known of it can be settled."""

LEAST_WORDS = 5
"""A problem is told in at least so many words."""

_COMES_IN = re.compile(
    "^[^，,。！!～~ ]{0,6}(?:好|早|安)[呀啊哈]?[，,。！!～~ ]+"
    "(?:我(?:是|叫|来|刚|在|被|从|也是)|新人|萌新|小白|在下|报[到道])"
    r"|^(?:hi|hello|hey)\b[^.,!]{0,16}[.,! ]+(?:(?:i'?m|i am) (?:new|from|an? )|my name|new here)",
    re.IGNORECASE,
)
"""Who says hello and who they are tells no problem, whoever answers."""


@dataclass(slots=True)
class Open:
    """An exchange while the talk is being read; see `Exchange` for what its fields mean.

    Since `closed_at` it is settled for its asker.
    """

    question: int
    asker: int
    asked_at: datetime
    text: str = ""
    to: tuple[int, ...] = ()
    is_told: bool = False
    answers: list[Answer] = field(default_factory=list)
    wordless: set[int] = field(default_factory=set)
    thanked: dict[int, None] = field(default_factory=dict)
    quoted: set[int] = field(default_factory=set)
    closed_by: int | None = None
    closed_at: datetime | None = None
    heard: set[int] = field(default_factory=set)
    says_nothing_else: bool | None = None

    def answer_of(self, member: int, before: datetime) -> Answer | None:
        """What this person said last in answer."""
        own = [one for one in self.answers if one.member == member and one.at <= before]
        return own[-1] if own else None

    def take(self, answer: Answer) -> None:
        """One answer more, in its place."""
        self.answers.append(answer)
        self.answers.sort(key=lambda one: (one.at, one.message))

    def takes(self, line: Line) -> bool:
        """Whether a line can still be a part of it."""
        return line.at - self.asked_at <= OPEN_FOR

    def is_back_to(self, member: int) -> bool:
        """Whether it may be a question back to that person: put to nobody else, and not answered yet."""
        is_untouched = not self.answers and not self.is_told and self.asker != member
        return is_untouched and self.to in ((), (member,)) and self.is_bare()

    def is_bare(self) -> bool:
        """Whether it asks and says nothing beside."""
        if self.says_nothing_else is None:
            self.says_nothing_else = only_asks(self.text)
        return self.says_nothing_else

    def closed(self) -> Exchange:
        """What has become of it so far."""
        answers = tuple(self.answers)
        if self.wordless:
            answers = tuple(one for one in answers if self._counts(one))
        closed_by = self.closed_by
        if closed_by is None and self.quoted:
            closed_by = next((one.message for one in reversed(answers) if one.message in self.quoted), None)
        return Exchange(
            self.question, self.asker, self.asked_at, self.text, answers, closed_by, tuple(self.thanked),
            self.to, self.is_told, tuple(sorted(self.heard)),
        )  # fmt: skip

    def _counts(self, answer: Answer) -> bool:
        is_helpful = answer.member in self.thanked or answer.message in self.quoted
        return answer.message not in self.wordless or is_helpful


@dataclass(slots=True)
class Opening:
    """A line that opened something without asking: an exchange as soon as somebody takes it up."""

    message: int
    member: int
    at: datetime
    text: str = ""
    says_enough: bool | None = None
    exchange: Open | None = None
    asks: bool = False
    says: tuple[bool, bool, bool, bool] | None = None
    """What `helped.Spoken` says of its words, where those are not known any more."""

    def is_problem(self) -> bool:
        """Whether it says enough to be answered."""
        if self.says_enough is None:
            is_manners = thanks_in(self.text) is not None or _COMES_IN.search(self.text) is not None
            self.says_enough = not is_manners and len(words_of(self.text)) >= LEAST_WORDS
        return self.says_enough
