"""What people said, and what they took back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot import echo
from bot.events import MessagePosted, MessageRecalled, Quote
from bot.gateway.base import MessageArrived, RecallArrived, RoomRef
from bot.intake.base import Desk, Found, is_late
from bot.register import Register
from bot.storage.history import History
from bot.storage.search import index_message
from bot.storage.tables import Mention, Message, Room

MAX_TEXT = 20_000


def message(desk: Desk, session: Session, arrival: MessageArrived, now: datetime) -> Found:
    room: int | None = None
    if arrival.room is not None:
        key, found = desk.heard_room(session, arrival.room, now)
        if not key:
            _count_dropped(session, desk.register, arrival.room, now)
            return found
        room = key
    register = desk.register
    member = register.member_key(session, arrival.talker, now)
    if arrival.from_self and echo.is_own(session, arrival, room, register.self_key, now):
        return []
    if _is_known(session, arrival.puppet_id):
        return []
    if room is None and not arrival.from_self:
        register.mark_friend(session, member)
    event = _store_message(desk, session, arrival, room, member, now)
    return [("", event)]


def _is_known(session: Session, puppet_id: str) -> bool:
    known = select(Message.id).where(Message.puppet_id == puppet_id).limit(1)
    return session.scalar(known) is not None


def _count_dropped(session: Session, register: Register, ref: RoomRef, now: datetime) -> None:
    room, _ = register.room_key(session, ref, now)
    session.execute(update(Room).where(Room.id == room).values(dropped_messages=Room.dropped_messages + 1))


def _store_message(
    desk: Desk, session: Session, arrival: MessageArrived, room: int | None, member: int, now: datetime
) -> MessagePosted:
    register = desk.register
    text = arrival.text[:MAX_TEXT]
    mentioned = [register.known_member(session, one) for one in arrival.mention_ids]
    mentions = tuple(dict.fromkeys(m for m in mentioned if m is not None and m != register.self_key))
    mentions_bot = register.self_key is not None and register.self_key in mentioned
    first_words = False
    if room is not None:
        register.enter(session, room, member, arrival.talker.room_alias, arrival.at, join_known=False)
        first_words = register.speaks(session, room, member, arrival.at)
    quote = _find_quote(session, arrival, room, now)
    message: int = session.execute(
        insert(Message)
        .values(
            room_id=room, member_id=member, at=arrival.at, kind=arrival.kind, text=text,
            quote_name=quote.name if quote else None, quote_text=quote.text if quote else None,
            quote_id=quote.message if quote else None, puppet_id=arrival.puppet_id, mentions_bot=mentions_bot,
        )
        .returning(Message.id)
    ).scalar_one()  # fmt: skip
    if mentions:
        session.execute(insert(Mention), [{"message_id": message, "member_id": one} for one in mentions])
    if room is not None and arrival.kind == "text":
        index_message(session, message, text)
    return MessagePosted(
        at=arrival.at, late=is_late(arrival), message=message, member=member, room=room, text=text,
        kind=arrival.kind, mentions=mentions, mentions_bot=mentions_bot, quote=quote, first_words=first_words,
    )  # fmt: skip


def _find_quote(session: Session, arrival: MessageArrived, room: int | None, now: datetime) -> Quote | None:
    if arrival.quote is None:
        return None
    name, text = arrival.quote.name, arrival.quote.text[:MAX_TEXT]
    fits = [] if room is None else History(session, now).find_quoted(room, name, text, before=arrival.at)
    return Quote(name, text, fits[0] if len(fits) == 1 else None)


def recall(desk: Desk, session: Session, arrival: RecallArrived, now: datetime) -> Found:
    found = session.execute(
        select(Message.id, Message.room_id).where(Message.puppet_id == arrival.puppet_id)
    ).first()
    if found is None:
        return []
    session.execute(update(Message).where(Message.id == found.id).values(recalled=True))
    return [("", MessageRecalled(at=arrival.at, room=found.room_id, message=found.id))]
