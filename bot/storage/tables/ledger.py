"""What is in flight: events, outgoing rows, slots, work, expected answers; and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base

FAILED = "outcome = 'failed'"
"""To be written out, not bound: only so is the index on it found."""


class EventRow(Base):
    """Every event that was admitted, before anybody handled it. `done_at` is set when all have.

    `payload` holds keys and numbers only: the words are in `message`.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    room_id: Mapped[int | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_event_open", "id", sqlite_where=sql("done_at IS NULL")),
        Index("ix_event_message", "message_id"),
        Index("ix_event_received", "received_at"),
    )


class EventMark(Base):
    """One handler's mark for one event. `outcome`: ok, failed, or too_old (only recorded)."""

    __tablename__ = "event_mark"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    error: Mapped[str | None]
    __table_args__ = (
        Index("ix_event_mark_failed", "event_id", sqlite_where=sql(FAILED)),
        {"sqlite_with_rowid": False},
    )


class Outgoing(Base):
    """What the bot wants to say or do. See `bot.outbox` for the states and the classes."""

    __tablename__ = "outgoing"
    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    urgency: Mapped[str]
    kind: Mapped[str] = mapped_column(default="text")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(default="")
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(default="")
    merge_key: Mapped[str | None]
    event_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="planned")
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    puppet_id: Mapped[str | None]
    message_id: Mapped[int | None]
    sent_with: Mapped[int | None]
    error: Mapped[str | None]
    __table_args__ = (
        Index("ix_outgoing_open", "status", "not_before"),
        Index("ix_outgoing_expiry", "status", "expires_at"),
        Index("ix_outgoing_claimed", "claimed_at"),
        Index("ix_outgoing_room", "room_id", "claimed_at"),
        Index("ix_outgoing_member", "member_id", sqlite_where=sql("member_id IS NOT NULL")),
    )


class Slot(Base):
    """One due time of a job or timer. Unique, so that no restart does it twice.

    `status`: planned, done, failed, missed.
    """

    __tablename__ = "slot"
    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    room_id: Mapped[int] = mapped_column(default=0)
    key: Mapped[str]
    due_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(default="planned")
    settled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("plugin", "name", "room_id", "key"),
        Index("ix_slot_due", "status", "due_at"),
    )


class WorkRow(Base):
    """Background work asked for; `status`: waiting, done, failed. Survives a restart."""

    __tablename__ = "work"
    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    name: Mapped[str]
    room_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (Index("ix_work_waiting", "status"),)


class Expectation(Base):
    """A plugin waits for this person's answer, in this room or (room_id 0) in private."""

    __tablename__ = "expectation"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    about_room_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Gap(Base):
    """A time in which nobody was attached to the gateway."""

    __tablename__ = "gap"
    id: Mapped[int] = mapped_column(primary_key=True)
    lost_at: Mapped[datetime]
    restored_at: Mapped[datetime | None]
    reason: Mapped[str]


class OddEvent(Base):
    """A malformed or unknown event, raw (cut at 2,000 characters)."""

    __tablename__ = "odd_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    why: Mapped[str]
    raw: Mapped[str]
