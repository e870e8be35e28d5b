"""Which exchanges closed a question, and what of them is worth keeping: pure, from lines and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.analysis.exchanges import SURE_ENOUGH, Exchange, thanks_given
from bot.analysis.lines import Line, Link
from bot.analysis.open_questions import says_nothing

SHORTEST_QUESTION, SHORTEST_ANSWER = 5, 6
MOST_MESSAGES = 6
LONGEST = 600
_ADDRESS = re.compile(r"\A(?:[@＠][^\s@＠\u2005]{1,40}(?:[\s\u2005]+|\Z))+")


@dataclass(frozen=True, slots=True)
class Closed:
    """A question with the answer that closed it, in the author's own words.

    `thankers` are those whom it plainly helped; `quoted` says that it was quoted again by somebody.
    """

    question: int
    asker: int
    question_text: str
    answer: int
    author: int
    messages: tuple[int, ...]
    answer_text: str
    said_at: datetime
    thankers: tuple[int, ...]
    quoted: bool


def closed_in(lines: Sequence[Line], links: Sequence[Link], found: Iterable[Exchange]) -> list[Closed]:
    """The closed exchanges that hold a question and an answer in words."""
    by_id = {line.id: line for line in lines}
    thanked = _thanked_messages(lines, links)
    told = (_closed(one, by_id, thanked) for one in found if one.closed_by is not None)
    return [one for one in told if one is not None]


def answer_around(exchange: Exchange, answer: int, by_id: Mapping[int, Line]) -> Closed | None:
    """The exchange as closed by this one of its answers; None if it is none of them."""
    return _taken(exchange, answer, by_id, (), quoted=False)


def _closed(
    exchange: Exchange, by_id: Mapping[int, Line], thanked: Mapping[int, Sequence[int]]
) -> Closed | None:
    closed_by = exchange.closed_by
    author = next((one.member for one in exchange.answers if one.message == closed_by), None)
    if author is None or closed_by is None:
        return None
    own = [one.message for one in exchange.answers if one.member == author]
    thankers = [exchange.asker] if author in exchange.thanked else []
    thankers += [who for message in own for who in thanked.get(message, ()) if who != author]
    return _taken(exchange, closed_by, by_id, tuple(dict.fromkeys(thankers)), quoted=not thankers)


def _taken(
    exchange: Exchange, answer: int, by_id: Mapping[int, Line], thankers: tuple[int, ...], *, quoted: bool
) -> Closed | None:
    meant = next((one for one in exchange.answers if one.message == answer), None)
    if meant is None:
        return None
    own = [one.message for one in exchange.answers if one.member == meant.member and one.at <= meant.at]
    messages = [by_id[one] for one in own if one in by_id and by_id[one].kind == "text"][-MOST_MESSAGES:]
    words = [without_address(line.text) for line in messages]
    text = "\n".join(one for one in words if one)[:LONGEST]
    question = exchange.text.strip()
    if says_nothing(question) or _letters(question) < SHORTEST_QUESTION or _letters(text) < SHORTEST_ANSWER:
        return None
    return Closed(
        exchange.question, exchange.asker, question, answer, meant.member,
        tuple(line.id for line in messages), text, meant.at, thankers, quoted,
    )  # fmt: skip


def without_address(text: str) -> str:
    """The words without the `@somebody` that they begin with: said again, they are for whoever asks."""
    return _ADDRESS.sub("", text.strip())


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _thanked_messages(lines: Sequence[Line], links: Sequence[Link]) -> dict[int, list[int]]:
    """For each message the members who thanked for it by quoting it or by a link that is sure enough."""
    linked = {link.message: link for link in links}
    quotes = {line.id: line.quotes for line in lines}
    thanked: dict[int, list[int]] = {}
    for message, who, _, _ in thanks_given(lines, links):
        link = linked.get(message)
        meant = quotes.get(message) or (
            link.answers if link is not None and link.confidence >= SURE_ENOUGH else None
        )
        if meant is not None:
            thanked.setdefault(meant, []).append(who)
    return thanked
