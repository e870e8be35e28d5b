"""How well questions that nobody answered are found; see `open_questions` for what is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.analysis.exchange_reader import exchanges
from bot.analysis.lines import heard
from bot.analysis.unanswered import AHEAD, unanswered
from tests.eval.frame import Counts, Options, Result, Row, Section, f1, interval
from tests.eval.irc import read_folder
from tests.eval.open_questions import Asked, looked_at_all

NAME = "unanswered"
FOLDER = "irc"
TARGET = 0.72


def run(folder: Path, options: Options) -> Result:
    """All sets of the folder, with the rule and the plain graph beside."""
    sections = []
    for title, chats in read_folder(folder).items():
        asked = looked_at_all(chats)
        rows = [
            _row(name, method, asked, options)
            for name, method in {
                "every opening question": _openings,
                "rule: silent before, not named after": _rule,
                "graph: opens and no link to it": _graph,
                "exchanges without an answer": _exchanges,
                "unanswered": _ours,
            }.items()
        ]
        true, openings = sum(len(one.true) for one in asked), sum(_gold_openings(one) for one in asked)
        share = 100 * true / openings if openings else 0.0
        note = f"{len(chats)} files, {openings} opening questions, {share:.0f} % unanswered; 95 % over files"
        sections.append(Section(title, rows, [note]))
    return Result(NAME, sections)


def _row(name: str, method: Callable[[Asked], set[int]], asked: Sequence[Asked], options: Options) -> Row:
    parts = [_counted(method(one) & one.scored, one.true) for one in asked]
    figure, ours = interval(parts, f1, options, places=3), name == "unanswered"
    return Row(name, {"f1": figure.against(TARGET) if ours else figure}, ours)


def _counted(told: set[int], true: frozenset[int]) -> Counts:
    return Counts(len(told & true), len(told), len(true))


def _gold_openings(one: Asked) -> int:
    return sum(one.chat.gold[message] == {message} for message in one.asking)


def _opening(one: Asked) -> set[int]:
    return {link.message for link in one.links if link.answers is None and link.message in one.asking}


def _openings(one: Asked) -> set[int]:
    return _opening(one)


def _rule(one: Asked) -> set[int]:
    found = set()
    for at, line in enumerate(one.lines):
        before, after = one.lines[max(0, at - AHEAD) : at], one.lines[at + 1 : at + 1 + AHEAD]
        is_silent = all(other.member != line.member for other in before)
        if line.id in one.asking and is_silent and all(line.member not in other.mentions for other in after):
            found.add(line.id)
    return found


def _graph(one: Asked) -> set[int]:
    author = {line.id: line.member for line in one.lines}
    answered = {
        link.answers
        for link in one.links
        if link.answers is not None and author[link.answers] != author[link.message]
    }
    return {message for message in _opening(one) if message not in answered}


def _exchanges(one: Asked) -> set[int]:
    asking = {line.id: one.asking.get(line.id, 0.0) for line in one.lines}
    found = exchanges(heard(one.lines, one.links, asking))
    opened = _opening(one)
    return {exchange.question for exchange in found if not exchange.answers and exchange.question in opened}


def _ours(one: Asked) -> set[int]:
    found = unanswered(heard(one.lines, one.links, one.asking))
    return {message for message, chance in found.items() if chance >= 0.5}
