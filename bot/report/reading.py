"""The talk of a room with its links and questions, read once; what is not linked yet is linked here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.analysis.daybook import DayBook, day_book
from bot.analysis.decentralisation import Talk
from bot.analysis.graph import replies
from bot.analysis.lines import Line, Link
from bot.analysis.links import Linker
from bot.storage.history import History
from bot.storage.names import names_of_room

MOSTLY = 0.9
"""Some lines never get a link: what was recalled, or could not be understood."""


def read_talk(
    history: History, room: int, since: datetime, until: datetime, zone: tzinfo
) -> tuple[Talk, DayBook]:
    """A stretch of a room's talk and its days, without the bot and whoever is not counted."""
    lines, links = history.lines(room, since, until), history.links(room, since, until)
    if len(links) < MOSTLY * len(lines):
        links = _linked(history, room, lines, links)
    book = day_book(lines, links, history.asking(room, since, until), zone)
    asked = [one for one in book.reader.exchanges() if not one.is_told]
    return Talk(lines, replies(lines, links), asked), book


def _linked(history: History, room: int, lines: Sequence[Line], known: Sequence[Link]) -> list[Link]:
    """All links: an imported past may have none yet."""
    found = {link.message: link for link in known}
    linker = Linker(names_of_room(history.session, room))
    return [found.get(link.message, link) for link in map(linker.add, lines)]
