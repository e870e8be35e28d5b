"""What is told instead of asked: "the printer prints one page and stops" wants help as much as a question.

Nothing in such a text says that it asks; what came of it does: it opened something new, it says enough, and
somebody else took it up. Small talk that is taken up looks the same, so such help counts less until thanked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.analysis.exchanges import Exchange, exchanges
from bot.analysis.lines import Line, Link
from bot.analysis.text import words_of
from bot.analysis.thanks import thanks_in

LEAST_WORDS = 5
TAKEN_UP = 0.5
"""A reply that is less sure than this takes nothing up."""


def problems(lines: Iterable[Line], links: Iterable[Link]) -> set[int]:
    """The messages that open something, say enough to be answered, and were taken up by somebody else."""
    by_id = {line.id: line for line in lines}
    linked = {link.message: link for link in links}
    found = set()
    for link in linked.values():
        reply, opening = by_id.get(link.message), by_id.get(link.answers or 0)
        if reply is None or opening is None or link.confidence < TAKEN_UP or reply.member == opening.member:
            continue
        above = linked.get(opening.id)
        if above is not None and above.answers is None and _says_enough(opening):
            found.add(opening.id)
    return found


def with_problems(
    found: Iterable[Exchange], lines: Sequence[Line], links: Sequence[Link]
) -> tuple[list[Exchange], set[int]]:
    """The exchanges with those that a told problem opened, and which messages told a problem."""
    asked = {one.question for one in found}
    told = problems(lines, links) - asked
    opens = {line.id: float(line.id in asked or line.id in told) for line in lines}
    return exchanges(lines, links, opens), told


def _says_enough(line: Line) -> bool:
    if line.kind != "text" or thanks_in(line.text) is not None:
        return False
    return len(words_of(line.text)) >= LEAST_WORDS
