"""The talk of a room with its links and questions, read once; what is not linked yet is linked here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.analysis.daybook import DayBook
from bot.analysis.decentralisation import Talk
from bot.analysis.graph import Reply, reply
from bot.analysis.lines import Heard, lines_of
from bot.analysis.links import Linker
from bot.storage.history import History
from bot.storage.names import names_of_room

MOSTLY = 0.9
"""Some lines never get a link: what was recalled, or could not be understood."""


def read_talk(
    history: History, room: int, since: datetime, until: datetime, zone: tzinfo
) -> tuple[Talk, DayBook]:
    """A stretch of a room's talk and its days, without the bot and whoever is not counted."""
    heard = history.heard(room, since, until)
    if sum(one.link is not None for one in heard) < MOSTLY * len(heard):
        heard = _linked(history, room, heard)
    book, replies = DayBook(zone), list[Reply]()
    for one in heard:
        book.read(one)
        found = reply(one)
        if found is not None and one.above is not None and one.above.at >= since:
            replies.append(found)
    asked = [one for one in book.reader.exchanges() if not one.is_told]
    return Talk(lines_of(heard), replies, asked), book


def _linked(history: History, room: int, heard: Sequence[Heard]) -> list[Heard]:
    """The same with all links: an imported past may have none yet."""
    linker, lines = Linker(names_of_room(history.session, room)), {one.line.id: one.line for one in heard}
    linked = []
    for one in heard:
        link = linker.add(one.line)  # also where it is known: the next ones rest on it
        link = one.link or link
        linked.append(one._replace(link=link, above=one.above or lines.get(link.answers or 0)))
    return linked
