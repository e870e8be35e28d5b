"""Which message a quote means: WeChat hands on the quoted words, cut when long, and no id.

Only the newest `REACH` messages of whoever is quoted (or of the room, if nobody has that name) are looked
at, so that this takes a millisecond or two however long the history is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.storage.tables import Message

REACH = 1_000
MOST = 5
OPENING = 16
CUT_MARKS = "….． "


def find_quoted(
    session: Session, members: Sequence[int], room: int, text: str, before: datetime
) -> list[int]:
    """The messages up to `before` that fit, newest first, at most five.

    A message fits if it is what the quote says; if none is, those that begin with it. A quote like
    `[图片]` stands for media: then pictures, voices and the like fit, whatever they are called there.
    """
    quoted = _words(text)
    cut = _words(text.rstrip().rstrip(CUT_MARKS))
    if not cut:
        return []
    people: Sequence[int | None] = members or [None]
    rows = [row for member in people for row in _candidates(session, member, room, cut, before)]
    rows.sort(reverse=True)
    said = [(key, _words(words)) for at, key, words, kind in rows if kind == "text"]
    whole = [key for key, words in said if words == quoted]
    begun = [key for key, words in said if words.startswith(cut)]
    media = [key for at, key, words, kind in rows if kind != "text"]
    return (whole or begun or media)[:MOST]


def _candidates(
    session: Session, member: int | None, room: int, words: str, before: datetime
) -> list[tuple[datetime, int, str, str]]:
    """(at, key, text, kind) of what begins alike or, if the words are a stand-in for media, is media."""
    newest = select(Message.at, Message.id, Message.text, Message.kind)
    newest = newest.where(Message.room_id == room, Message.at <= before, Message.recalled.is_(False))
    if member is not None:
        newest = newest.where(Message.member_id == member)
    looked_at = newest.order_by(Message.at.desc(), Message.id.desc()).limit(REACH).subquery()
    opening = words.split()[0][:OPENING]
    alike = func.substr(func.ltrim(looked_at.c.text), 1, len(opening)) == opening
    fits = or_(alike, looked_at.c.kind != "text") if words.startswith("[") else alike
    return [(row.at, row.id, row.text, row.kind) for row in session.execute(select(looked_at).where(fits))]


def _words(text: str) -> str:
    """The text with its spaces and line ends made alike: WeChat flattens them in quotes."""
    return " ".join(text.split())
