"""What was talked about in a span, and in whose words: pure, from lines and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.analysis.exchanges import SURE_ENOUGH
from bot.analysis.lines import Line, Link
from bot.analysis.topics import Said, topics
from bot.words import plain

MOST_THREADS, DIVERSE = 4, 2
FEWEST_MESSAGES, FEWEST_PEOPLE = 3, 2
QUOTES = 2
SHORTEST, LONGEST = 6, 60
_BREAKS = re.compile(r"[\n\r@＠]|https?://\S+|www\.\S+")
_ENDS = re.compile(r"[。！？!?；;]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A piece of somebody's message, verbatim: the letters from `begins` to `ends`."""

    message: int
    member: int
    begins: int
    ends: int
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """Connected messages: about what (a word, or ""), by how many people, and how it sounded."""

    topic: str
    people: int
    messages: int
    quotes: tuple[Quoted, ...]


def gist(lines: Sequence[Line], links: Iterable[Link]) -> list[Thread]:
    """The two threads with the most people, then the longest, four at most, each with two people's words."""
    found = [one for one in _connected(lines, links) if _is_worth_telling(one)]
    by_people = sorted(found, key=lambda one: (-len(_people(one)), -len(one), one[0].id))
    chosen = by_people[:DIVERSE]
    chosen += sorted(by_people[DIVERSE:], key=lambda one: (-len(one), one[0].id))[: MOST_THREADS - DIVERSE]
    told = (_thread(one) for one in chosen)
    return [one for one in told if one.quotes]


def _connected(lines: Sequence[Line], links: Iterable[Link]) -> list[list[Line]]:
    """The messages that answer one another, as lists in the order in which they were said."""
    here = {line.id for line in lines}
    parent: dict[int, int] = {}

    def root(key: int) -> int:
        while parent.get(key, key) != key:
            key = parent[key]
        return key

    for link in links:
        if link.answers in here and link.message in here and link.confidence >= SURE_ENOUGH:
            parent[root(link.message)] = root(link.answers or 0)
    threads: dict[int, list[Line]] = {}
    for line in lines:
        if line.kind != "recalled":
            threads.setdefault(root(line.id), []).append(line)
    return list(threads.values())


def _people(thread: Iterable[Line]) -> set[int]:
    return {line.member for line in thread}


def _is_worth_telling(thread: Sequence[Line]) -> bool:
    return len(thread) >= FEWEST_MESSAGES and len(_people(thread)) >= FEWEST_PEOPLE


def _thread(thread: Sequence[Line]) -> Thread:
    said = [Said(line.member, line.id, line.text) for line in thread if line.kind == "text"]
    about = topics(said, count=3)
    words = [one.word for one in about]
    quotes = _quotes(thread, words)
    topic = next((one.word for one in about if len(one.messages) > 1), "")  # one mention is how it was put
    return Thread(topic, len(_people(thread)), len(thread), tuple(quotes))


def _quotes(thread: Sequence[Line], words: Sequence[str]) -> list[Quoted]:
    """Two pieces by two people that say most about the topics, in the order in which they were said."""
    scored = []
    for line in thread:
        piece = quotable_piece(line) if line.kind == "text" else None
        if piece is not None:
            said = piece.text.lower()
            scored.append((sum(word in said for word in words), min(len(said), 40), -line.id, piece))
    chosen: dict[int, Quoted] = {}
    for *_, piece in sorted(scored, key=lambda one: one[:3], reverse=True):
        if piece.member not in chosen and len(chosen) < QUOTES:
            chosen[piece.member] = piece
    return sorted(chosen.values(), key=lambda one: one.message)


def quotable_piece(line: Line, longest: int = LONGEST) -> Quoted | None:
    """The longest piece of a message that can be said aloud exactly as it was written, if there is any."""
    best: tuple[int, int] | None = None
    start = 0
    for found in [*_BREAKS.finditer(line.text), None]:
        end = found.start() if found is not None else len(line.text)
        begins, ends = _trimmed(line.text, start, end, longest)
        fits = ends - begins >= SHORTEST and plain(line.text[begins:ends]) == line.text[begins:ends]
        if fits and (best is None or ends - begins > best[1] - best[0]):
            best = (begins, ends)
        start = found.end() if found is not None else end
    if best is None:
        return None
    return Quoted(line.id, line.member, *best, line.text[best[0] : best[1]])


def _trimmed(text: str, begins: int, ends: int, longest: int) -> tuple[int, int]:
    """Without spaces around, and whole sentences if they fit."""
    while begins < ends and text[begins].isspace():
        begins += 1
    if ends - begins > longest:
        stops = [found.end() for found in _ENDS.finditer(text, begins, begins + longest)]
        ends = stops[-1] if stops and stops[-1] - begins >= SHORTEST else begins + longest
    while ends > begins and text[ends - 1].isspace():
        ends -= 1
    return begins, ends
