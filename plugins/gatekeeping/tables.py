"""Who knocked at which door, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Application(Base):
    """One person's wish to come in. `status` and its moves stand in `logic.MOVES`.

    `request` is the gateway's handle of a friend request that is not accepted yet. `answers` is a list of
    {asked, said, fits}. `tries` counts what could not be taken as an answer to the question that is open.
    `listed` is how often it was put on the owner's list, `told` what the applicant was last told about
    having to wait. An open application has no `closed_at`; nobody has two of them.
    """

    __tablename__ = "gatekeeping_application"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    status: Mapped[str]
    request: Mapped[str | None]
    greeting: Mapped[str] = mapped_column(default="")
    answers: Mapped[list[Any]] = mapped_column(default=list)
    tries: Mapped[int] = mapped_column(default=0)
    listed: Mapped[int] = mapped_column(default=0)
    told: Mapped[str] = mapped_column(default="")
    knocked_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    invited_at: Mapped[datetime | None]
    outgoing_id: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_gatekeeping_application_open", "member_id", unique=True, sqlite_where=sql("closed_at IS NULL")
        ),
        Index("ix_gatekeeping_application_status", "status", sqlite_where=sql("closed_at IS NULL")),
        Index("ix_gatekeeping_application_member", "member_id", "closed_at"),
        Index("ix_gatekeeping_application_decided_by", "decided_by"),
        Index("ix_gatekeeping_application_invited", "room_id", "invited_at"),
        Index("ix_gatekeeping_application_accepted", "accepted_at"),
        Index("ix_gatekeeping_application_closed", "closed_at"),
    )
