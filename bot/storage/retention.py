"""What is kept how long: old words are emptied, old rows deleted, a bounded step at a time.

A nightly job repeats `enforce`, each step a write of its own, until nothing is left to do; then the index is
tidied (`bot.storage.search.tidy`) and the WAL emptied (`Storage.checkpoint`), so that no byte stays behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_, update
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.storage.search import remove_messages
from bot.storage.tables import (
    AuditRow,
    Base,
    EventRow,
    Expectation,
    Gap,
    Message,
    OddEvent,
    Outgoing,
    OwnerItem,
    PairingCode,
    Room,
    Slot,
    WorkRow,
)
from bot.storage.tables.talk import WORDED

STEP = 500


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long each kind is kept; None is for ever.

    `words`: texts of messages and quotes, which are emptied while the message still counts. `messages`:
    that somebody said something at all. `ledger`: events, outgoing rows, slots, work, all once they are
    settled. `audit`: what owners changed. `odds`: malformed events and gaps.
    """

    words: timedelta | None = None
    messages: timedelta | None = None
    ledger: timedelta | None = None
    audit: timedelta | None = None
    odds: timedelta | None = None


def enforce(session: Session, now: datetime, keeping: Keeping, step: int = STEP) -> dict[str, int]:
    """Do one step of at most `step` rows a table; what was removed, by table, empty when all is done."""
    done: dict[str, int] = {}
    if keeping.words is not None:
        done["words"] = empty_words(session, now - keeping.words, step)
    if keeping.messages is not None:
        done["message"] = delete_messages(session, now - keeping.messages, step)
    for rule in _RULES:
        keep = rule.keep(keeping)
        if keep is not None:
            done[rule.table.__tablename__] = _delete(session, rule, now - keep, step)
    return {name: count for name, count in done.items() if count}


def empty_words(session: Session, before: datetime, step: int = STEP) -> int:
    """Empty the words of the oldest `step` messages from before that moment; how many had any."""
    oldest = (
        select(Message.id).where(Message.at < before, sql(f"({WORDED})")).order_by(Message.at).limit(step)
    )
    keys = list(session.scalars(oldest))
    remove_messages(session, keys)
    session.execute(
        update(Message).where(Message.id.in_(keys)).values(text="", quote_name=None, quote_text=None),
        execution_options={"synchronize_session": False},
    )
    return len(keys)


def delete_messages(session: Session, before: datetime, step: int = STEP) -> int:
    """Delete the oldest `step` messages from before that moment, of every room and of private talk."""
    keys: list[int] = []
    for room in [None, *session.scalars(select(Room.id))]:
        here = Message.room_id.is_(None) if room is None else Message.room_id == room
        oldest = select(Message.id).where(here, Message.at < before).order_by(Message.at)
        keys += session.scalars(oldest.limit(step - len(keys)))
        if len(keys) >= step:
            break
    remove_messages(session, keys)
    session.execute(
        delete(Message).where(Message.id.in_(keys)), execution_options={"synchronize_session": False}
    )
    return len(keys)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rows of a table whose `time` is past are deleted if they are `settled`."""

    table: type[Base]
    time: InstrumentedAttribute[Any]
    keep: Callable[[Keeping], timedelta | None]
    settled: ColumnElement[bool] | None = None


_RULES = (
    _Rule(EventRow, EventRow.received_at, lambda keeping: keeping.ledger, EventRow.done_at.is_not(None)),
    _Rule(
        Outgoing,
        Outgoing.created_at,
        lambda keeping: keeping.ledger,
        Outgoing.status.not_in(("planned", "claimed")),
    ),
    _Rule(Slot, Slot.due_at, lambda keeping: keeping.ledger, Slot.status != "planned"),
    _Rule(WorkRow, WorkRow.asked_at, lambda keeping: keeping.ledger, WorkRow.status != "waiting"),
    _Rule(Expectation, Expectation.expires_at, lambda keeping: keeping.ledger),
    # A code that was used says who paired for every room: it stays until that person is no owner any more.
    _Rule(PairingCode, PairingCode.expires_at, lambda keeping: keeping.ledger, PairingCode.used_by.is_(None)),
    _Rule(OwnerItem, OwnerItem.expires_at, lambda keeping: keeping.ledger),
    _Rule(AuditRow, AuditRow.at, lambda keeping: keeping.audit),
    _Rule(OddEvent, OddEvent.at, lambda keeping: keeping.odds),
    _Rule(Gap, Gap.lost_at, lambda keeping: keeping.odds, Gap.restored_at.is_not(None)),
)


def _delete(session: Session, rule: _Rule, before: datetime, step: int) -> int:
    key = inspect(rule.table).primary_key
    old = select(*key).where(rule.time < before).limit(step)
    if rule.settled is not None:
        old = old.where(rule.settled)
    keys = [tuple(row) for row in session.execute(old)]
    if keys:
        session.execute(
            delete(rule.table).where(tuple_(*key).in_(keys)),
            execution_options={"synchronize_session": False},
        )
    return len(keys)
