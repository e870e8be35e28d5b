"""Knowing our own voice: what the account itself is reported to have said.

The network reports the bot's own words back. They are in history already (or will be, when the send is
settled), so an echo only fills in the message id, and proves that an `unknown` row did go out after all.
What fits no outgoing row was typed by the person who owns the account.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.base import MessageArrived
from bot.storage.search import index_message
from bot.storage.tables import Message, Outgoing, PuppetAlias

ECHO_WITHIN = timedelta(minutes=15)


def is_own(
    session: Session, arrival: MessageArrived, room: int | None, self_key: int | None, now: datetime
) -> bool:
    """Whether this is the bot's own outgoing row coming back; notes the network's id on it."""
    row = _by_id(session, arrival.puppet_id) or _by_text(session, arrival, room, now)
    if row is None:
        return False
    row.puppet_id = row.puppet_id or arrival.puppet_id
    if row.status == "unknown":
        _prove_sent(session, row, self_key, now)
    if row.message_id is not None:
        message = session.get(Message, row.message_id)
        if message is not None and message.puppet_id is None:
            message.puppet_id = arrival.puppet_id
    session.flush()
    return True


def _prove_sent(session: Session, row: Outgoing, self_key: int | None, now: datetime) -> None:
    """Nobody knew whether this row, and what travelled with it, went out: it did."""
    companions = session.scalars(select(Outgoing).where(Outgoing.sent_with == row.id).order_by(Outgoing.id))
    for one in (row, *companions):
        one.status, one.error, one.settled_at = "sent", None, now
        one.puppet_id = row.puppet_id
        remember_own_words(session, one, self_key, now)


def remember_own_words(session: Session, row: Outgoing, self_key: int | None, now: datetime) -> None:
    """Put what was said into history, as the bot's own."""
    if self_key is None or row.message_id is not None or row.kind not in ("text", "file"):
        return
    message = Message(
        room_id=row.room_id, member_id=self_key, at=now, text=row.text,
        kind=row.kind, puppet_id=row.puppet_id, origin="self",
    )  # fmt: skip
    session.add(message)
    session.flush()
    row.message_id = message.id
    if row.room_id is not None and row.kind == "text":
        index_message(session, message.id, row.text)


def _by_id(session: Session, puppet_id: str) -> Outgoing | None:
    return session.scalar(select(Outgoing).where(Outgoing.puppet_id == puppet_id))


def _by_text(session: Session, arrival: MessageArrived, room: int | None, now: datetime) -> Outgoing | None:
    query = (
        select(Outgoing)
        .where(
            Outgoing.claimed_at > now - ECHO_WITHIN,
            Outgoing.status.in_(("claimed", "sent", "unknown")),
            Outgoing.puppet_id.is_(None),
            Outgoing.sent_with.is_(None),
        )
        .order_by(Outgoing.claimed_at)
    )
    if room is not None:
        query = query.where(Outgoing.room_id == room)
    else:
        member = session.scalar(
            select(PuppetAlias.key).where(
                PuppetAlias.scope == "member", PuppetAlias.puppet_id == arrival.conversation
            )
        )
        query = query.where(Outgoing.room_id.is_(None), Outgoing.member_id == member)
    for row in session.scalars(query):
        is_same_text = row.kind == "text" and arrival.text.startswith(row.text.strip()[:500])
        is_file = row.kind == "file" and arrival.kind in ("image", "file")
        if is_same_text or is_file:
            return row
    return None
