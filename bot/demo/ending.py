"""What one has seen, counted from the bot's own database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.storage.tables import Member, Membership, Message, Outgoing

OWN = Message.origin == "self"
GREETING = "greeting"
"""The reason that greetings bear in the outbox."""
PRIVATE = Message.room_id.is_(None)


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of the ending. `said` and `own` are the group's messages: of all, and of the bot."""

    newcomers: int
    greeted: int
    greetings: int
    said: int
    own: int
    whispered: int
    whispered_back: int

    @property
    def share(self) -> int:
        """The bot's share of the group's messages in percent."""
        return round(100 * self.own / self.said) if self.said else 0


def totals(session: Session, room: int) -> Totals:
    """Count everything in the group and in private."""
    newcomers = _newcomers(session, room)
    greetings = session.scalars(
        select(Outgoing.mentions).where(
            Outgoing.room_id == room, Outgoing.reason == GREETING, Outgoing.status == "sent"
        )
    ).all()
    greeted = {member for mentions in greetings for member in mentions} & newcomers
    return Totals(
        newcomers=len(newcomers),
        greeted=len(greeted),
        greetings=len(greetings),
        said=_messages(session, Message.room_id == room),
        own=_messages(session, Message.room_id == room, OWN),
        whispered=_messages(session, PRIVATE, ~OWN),
        whispered_back=_messages(session, PRIVATE, OWN),
    )


def _newcomers(session: Session, room: int) -> set[int]:
    """Everybody who came in while the bot looked."""
    query = (
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.room_id == room, Membership.join_known, Member.is_self.is_(False))
    )
    return set(session.scalars(query))


def _messages(session: Session, *which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Message).where(*which)) or 0
