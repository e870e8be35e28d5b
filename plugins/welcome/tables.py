"""Who came and how they were received; who looks after newcomers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Newcomer(Base):
    """Somebody who came into a room while we looked: one row for ever, so that nobody is greeted twice.

    `outcome`: waiting (the greeting is due), greeted, left (gone before it), missed (we came too late).
    `outgoing_id` is the greeting's row in the outbox, `host_id` whom it named. `words_id` is the message
    with the first words; `attended_at` says that somebody saw to them, if only by judging that others had.
    """

    __tablename__ = "welcome_newcomer"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    joined_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="waiting")
    greeted_at: Mapped[datetime | None]
    outgoing_id: Mapped[int | None]
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    spoke_at: Mapped[datetime | None]
    words_id: Mapped[int | None]
    attended_at: Mapped[datetime | None]
    cared_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_welcome_newcomer_waiting", "room_id", sqlite_where=sql("outcome = 'waiting'")),
        Index("ix_welcome_newcomer_outgoing", "outgoing_id"),
        Index("ix_welcome_newcomer_spoke", "room_id", "spoke_at"),
    )


class Host(Base):
    """A member who looks after newcomers. `status`: asked, agreed, declined, stopped.

    Hosts take turns: whoever was named longest ago (`named_at`) is next.
    """

    __tablename__ = "welcome_host"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    named_at: Mapped[datetime | None]
