"""A group in the making: what its owner said, what was drafted from it, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Founding(Base):
    """One conversation with one owner. `step` is what is being talked about; see `logic.STEPS`.

    `room_id` is the group that it is about: given for one that exists, made later for a new one. `answers`
    holds what was understood, `texts` the drafts, `offered` the names on offer, `tasks` what is still to be
    done when the group stands, `done` how many of these are behind.
    """

    __tablename__ = "founding_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    is_new: Mapped[bool]
    step: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    offered: Mapped[list[Any]] = mapped_column(default=list)
    name: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tasks: Mapped[list[Any]] = mapped_column(default=list)
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_founding_draft_open", "member_id", unique=True, sqlite_where=sql("closed_at IS NULL")),
        Index("ix_founding_draft_member", "member_id", "closed_at"),
        Index("ix_founding_draft_room", "room_id"),
        Index("ix_founding_draft_closed", "closed_at"),
    )
