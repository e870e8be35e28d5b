"""What people said, and what they took back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import echo
from bot.events import MessagePosted, MessageRecalled, Quote
from bot.gateway.base import MessageArrived, QuotedText, RecallArrived
from bot.intake.base import Desk, Found, is_late
from bot.intake.batch import Batch
from bot.register import HEARD_STATUSES, Register
from bot.storage.history import History
from bot.storage.tables import Message, Room

MAX_TEXT = 20_000


def message(
    desk: Desk, session: Session, arrival: MessageArrived, batch: Batch, now: datetime
) -> MessagePosted | None:
    """The message as an event that is not recorded yet; None for our own echo and for rooms not heard."""
    room: int | None = None
    if arrival.room is not None:
        room = desk.heard_room(session, arrival.room, now)
        if room is None:
            return None
    register = desk.register
    member = register.member_key(session, arrival.talker, now)
    if arrival.from_self:
        batch.flush()
        if echo.is_own(session, arrival, room, register.self_key, now):
            return None
    elif room is None:
        register.mark_friend(session, member)
    if member in register.forgotten and room is not None and not _is_to_bot(register, session, arrival):
        return None
    return _read(desk, session, arrival, room, member, batch, now)


def _is_to_bot(register: Register, session: Session, arrival: MessageArrived) -> bool:
    return register.self_key in [register.known_member(session, one) for one in arrival.mention_ids]


def not_heard(desk: Desk, session: Session, arrival: MessageArrived, now: datetime) -> Found:
    """A message that gave no event: counted if its room is one that we do not listen to."""
    if arrival.room is None:
        return []
    room, found = desk.find_room(session, arrival.room, now)
    if desk.register.room_status(session, room) not in HEARD_STATUSES:
        session.execute(
            update(Room).where(Room.id == room).values(dropped_messages=Room.dropped_messages + 1)
        )
    return found


def _read(
    desk: Desk, session: Session, arrival: MessageArrived, room: int | None, member: int,
    batch: Batch, now: datetime,
) -> MessagePosted:  # fmt: skip
    register = desk.register
    mentioned = [register.known_member(session, one) for one in arrival.mention_ids]
    first_words = False
    if room is not None:
        register.enter(session, room, member, arrival.talker.room_alias, arrival.at, join_known=False)
        first_words = register.speaks(session, room, member, arrival.at)
    quote = None
    if arrival.quote is not None:
        batch.flush()
        quote = _find_quote(session, arrival, arrival.quote, room, now)
    return MessagePosted(
        at=arrival.at,
        late=is_late(arrival),
        message=batch.new_key(),
        member=member,
        room=room,
        text=arrival.text[:MAX_TEXT],
        kind=arrival.kind,
        mentions=tuple(dict.fromkeys(m for m in mentioned if m is not None and m != register.self_key)),
        mentions_bot=register.self_key is not None and register.self_key in mentioned,
        quote=quote,
        first_words=first_words,
    )


def _find_quote(
    session: Session, arrival: MessageArrived, quoted: QuotedText, room: int | None, now: datetime
) -> Quote:
    name, text = quoted.name, quoted.text[:MAX_TEXT]
    fits = [] if room is None else History(session, now).find_quoted(room, name, text, before=arrival.at)
    return Quote(name, text, fits[0] if len(fits) == 1 else None)


def recall(desk: Desk, session: Session, arrival: RecallArrived, now: datetime) -> Found:
    """Somebody took back what they had said."""
    found = session.execute(
        select(Message.id, Message.room_id).where(Message.puppet_id == arrival.puppet_id)
    ).first()
    if found is None:
        return []
    session.execute(update(Message).where(Message.id == found.id).values(recalled=True))
    late = is_late(arrival)
    return [("", MessageRecalled(at=arrival.at, late=late, room=found.room_id, message=found.id))]
