"""What the bot itself has said in somebody's words: taken out of all that is stored of it.

Lists, digests and calls for help quote people, shortened and on one line. Whoever is forgotten is not to be
found there either: in the bot's own messages, in rows that were or will be sent, on the owners' lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from bot.storage.search import replace_message
from bot.storage.tables import Message, Outgoing, OwnerItem
from bot.words import plain

LONG = 5
"""So many letters in a row are a quote and no coincidence; what is shorter counts if it is all of 「…」."""

GONE = "…"


@dataclass(frozen=True, slots=True)
class Quotes:
    """All that may have been quoted of somebody: every few letters in a row, and whole short texts."""

    pieces: frozenset[str]
    whole: frozenset[str]

    @staticmethod
    def of(texts: Iterable[str]) -> Quotes:
        """As it was written, and as the bot says it."""
        forms = {form for text in texts for form in (text, plain(text, max(len(text), 1))) if form}
        pieces = {form[at : at + LONG] for form in forms for at in range(len(form) - LONG + 1)}
        return Quotes(frozenset(pieces), frozenset(form for form in forms if 1 < len(form) < LONG))

    def taken_out_of(self, text: str) -> str:
        """The text with … where it quotes."""
        parts: list[str] = []
        written = 0
        for begin, end in self._spans(text):
            parts += [text[written:begin], GONE]
            written = end
        found = "".join([*parts, text[written:]])
        for short in self.whole:
            found = found.replace(f"「{short}」", f"「{GONE}」")
        return found

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where it quotes."""
        begin = end = -1
        for at in range(len(text) - LONG + 1):
            if text[at : at + LONG] not in self.pieces:
                continue
            if at > end:
                if end > 0:
                    yield begin, end
                begin = at
            end = at + LONG
        if end > 0:
            yield begin, end


def take_back_quotes(session: Session, quotes: Quotes, now: datetime) -> None:
    """Take them out of everything that the bot has said or was about to say; what waited is not said."""
    said = select(Message.id, Message.text, Message.room_id, Message.kind).where(Message.origin == "self")
    for row in _quoting(session.execute(said), quotes):
        new = quotes.taken_out_of(row.text)
        if row.room_id is not None and row.kind == "text":
            replace_message(session, row.id, row.text, new)
        session.execute(update(Message).where(Message.id == row.id).values(text=new))
        session.execute(update(Message).where(Message.quote_id == row.id).values(quote_text=new))
    for row in _quoting(session.execute(select(Outgoing.id, Outgoing.text, Outgoing.status)), quotes):
        ends = {"status": "cancelled", "settled_at": now} if row.status == "planned" else {}
        values = {"text": quotes.taken_out_of(row.text)} | ends
        session.execute(update(Outgoing).where(Outgoing.id == row.id).values(**values))
    for row in _quoting(session.execute(select(OwnerItem.id, OwnerItem.text)), quotes):
        values = {"text": quotes.taken_out_of(row.text)}
        session.execute(update(OwnerItem).where(OwnerItem.id == row.id).values(**values))


def _quoting(rows: Iterable[Row[*tuple[int, str]]], quotes: Quotes) -> list[Row[*tuple[int, str]]]:
    """Those that quote; read to the end before anything is changed."""
    return [row for row in rows if quotes.taken_out_of(row.text) != row.text]
