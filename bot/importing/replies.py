"""Which message a message answers: by the platform's id, or by the name and words that it quotes."""

from __future__ import annotations

from collections import OrderedDict

from bot.importing.entries import Record
from bot.importing.keys import id_mark, puppet_key
from bot.importing.people import People

REMEMBERED = 50_000
_SEVERAL = 0


class Replies:
    """Remembers what was said of late, and the answers whose original comes later in the log."""

    def __init__(self, room: int, platform: str, people: People, *, has_quotes: bool) -> None:
        self._room = room
        self._platform = platform
        self._people = people
        self._recent: OrderedDict[tuple[str, str], int] | None = OrderedDict() if has_quotes else None
        self.heard: dict[str, int] = {}
        """Keys of messages that were not stored, because the bot had heard them: the live ones instead."""
        self.pending: list[tuple[str, str]] = []
        """Answers without an original so far: the answer's key and the original's."""

    def target_key(self, record: Record) -> str | None:
        """The key of the message whose platform id this one answers."""
        if not record.reply_to:
            return None
        return puppet_key(self._room, id_mark(self._platform, record.reply_to))

    def target(self, record: Record, key: str, known: dict[str, int]) -> int | None:
        """The message that this one answers, among those before it; one that comes later is kept in mind."""
        wanted = self.target_key(record)
        if wanted is not None:
            found = known.get(wanted) or self.heard.get(wanted)
            if found is None and wanted != key:
                self.pending.append((key, wanted))
            return found
        if self._recent is None or not record.quote_text:
            return None
        sender = self._people.named(record.quote_name)
        return self._recent.get((sender, record.quote_text.strip())) or None if sender else None

    def remember(self, record: Record, message: int) -> None:
        """This was said. Somebody's same words twice can no longer be told apart in a quote."""
        if self._recent is None or not record.text:
            return
        said = (record.sender, record.text.strip())
        self._recent[said] = _SEVERAL if said in self._recent else message
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
