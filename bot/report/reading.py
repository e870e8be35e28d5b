"""The talk of a room with its links and questions, read once; what is not linked yet is linked here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.analysis.daybook import DayBook
from bot.analysis.decentralisation import Talk
from bot.analysis.exchange_reader import asks
from bot.analysis.graph import Reply, reply
from bot.analysis.links import Linker
from bot.storage.history import History
from bot.storage.lines import Heard, read_heard
from bot.storage.names import names_of_room

MOSTLY = 0.9
"""Some lines never get a link: what was recalled, or could not be understood."""


def read_talk(
    history: History, room: int, since: datetime, until: datetime, zone: tzinfo
) -> tuple[Talk, DayBook]:
    """A stretch of a room's talk and its days, without the bot and whoever is not counted."""
    heard = read_heard(history.session, room, since, until)
    if sum(one.link is not None for one in heard) < MOSTLY * len(heard):
        heard = _linked(history, room, heard)
    book, replies = DayBook(zone), list[Reply]()
    for line, link, above, question in heard:
        book.read(line, link, above, asking=asks(line, question))
        found = reply(line, link, above)
        if found is not None and above is not None and above.at >= since:
            replies.append(found)
    asked = [one for one in book.reader.exchanges() if not one.is_told]
    return Talk([one.line for one in heard], replies, asked), book


def _linked(history: History, room: int, heard: Sequence[Heard]) -> list[Heard]:
    """The same with all links: an imported past may have none yet."""
    linker, lines = Linker(names_of_room(history.session, room)), {one.line.id: one.line for one in heard}
    linked = []
    for one in heard:
        link = linker.add(one.line)  # also where it is known: the next ones rest on it
        link = one.link or link
        linked.append(one._replace(link=link, above=one.above or lines.get(link.answers or 0)))
    return linked
