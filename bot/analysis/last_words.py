"""What each person said last: who is thanked or turned to by name has answered, whatever the links say. Pure.

A link tells which message a message answers; it is often wrong where nobody names anybody. What the asker
does afterwards is better evidence: they thank somebody, quote them, or go on talking with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.analysis.lines import Line
from bot.analysis.open_exchanges import Opening
from bot.analysis.originality import denies
from bot.analysis.thanks import thanks_in

Turned = tuple[int, int | None, float]
"""To whom somebody turns, to which of their messages where that is known, and how sure that is."""

THANKS_WITHIN = timedelta(hours=36)
TAKEN_UP = 0.5
"""A reply that is less sure than this takes nothing up."""

ADOPTED = 0.8
"""How sure it is that somebody to whom the asker turns by name after a question has answered it."""

THANKED_UNNAMED = 0.7
"""How sure it is that thanks which name nobody are for the only one who has said something since."""

THANKS_SOON = timedelta(hours=2)
"""Thanks that name nobody come so soon after what was asked or told."""

REMEMBERED = 6
"""So many lines of each person are remembered: whoever is thanked has not said much since."""


@dataclass(slots=True)
class LastWords:
    """By person the last few things that they said, in order."""

    said: dict[int, list[Opening]] = field(default_factory=dict)
    author: dict[int, int] = field(default_factory=dict)
    """Who wrote each of these messages."""

    def note(self, line: Line, *, asks: bool) -> None:
        """Somebody said something."""
        if line.kind == "text":
            self.add(Opening(line.id, line.member, line.at, line.text, asks=asks))

    def add(self, one: Opening) -> None:
        """The last thing that somebody said so far."""
        said = self.said.setdefault(one.member, [])
        said.append(one)
        self.author[one.message] = one.member
        while len(said) > REMEMBERED:
            del self.author[said.pop(0).message]

    def answer_of(self, member: int, message: int | None, line: Line) -> Opening | None:
        """What a line by somebody else goes back to: that message of theirs, or the last that says enough."""
        if member == line.member:
            return None
        said = [one for one in self.said.get(member, ()) if line.at - one.at <= THANKS_WITHIN]
        if message is not None:
            return next((one for one in said if one.message == message), None)
        return next((one for one in reversed(said) if one.is_problem()), said[-1] if said else None)

    def problem_of(self, member: int, answer: Opening) -> Opening | None:
        """The last that somebody said before an answer and that wants one."""
        for one in reversed(self.said.get(member, ())):
            if one.at < answer.at and one.is_problem():
                return one if answer.at - one.at <= THANKS_WITHIN else None
        return None

    def thanked_by(self, line: Line, asked_at: datetime | None) -> list[Turned]:
        """For whom thanks that name nobody are: whoever alone has spoken since the other asked or told."""
        soon, own = line.at - THANKS_SOON, self.said.get(line.member, ())
        told_at = next((one.at for one in own if soon <= one.at < line.at and one.is_problem()), None)
        since = asked_at if asked_at is not None and asked_at >= soon else told_at
        if since is None:
            return []
        others = [
            member for member, said in self.said.items() if member != line.member and said[-1].at > since
        ]
        spoke = [who for who in others if any(one.at > since and one.is_problem() for one in self.said[who])]
        return [(spoke[0], None, THANKED_UNNAMED)] if len(spoke) == 1 else []

    def forget(self, before: datetime) -> None:
        """Let go of what nothing that comes now can go back to."""
        since = before - 2 * THANKS_WITHIN
        kept = {member: [one for one in said if one.at >= since] for member, said in self.said.items()}
        self.said = {member: said for member, said in kept.items() if said}
        self.author = {one.message: member for member, said in self.said.items() for one in said}


def gives_thanks(line: Line) -> bool:
    """Whether a line thanks for help, or says that it worked."""
    said = thanks_in(line.text) if line.kind == "text" else None
    return said is not None and said.kind != "learned" and not denies(line.text)


def turned_to(line: Line, above: int | None, author: int | None, confidence: float) -> Iterator[Turned]:
    """To whom a line turns."""
    if line.quotes is not None and line.quoted_member is not None:
        yield line.quoted_member, line.quotes, ADOPTED
    elif line.mentions:
        for member in line.mentions:
            yield member, None, ADOPTED
    elif above is not None and author is not None and confidence >= TAKEN_UP:
        yield author, above, ADOPTED * confidence
