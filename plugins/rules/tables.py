"""What was noticed and what became of it. No words are kept here: a case points to its message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import REAL, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Case(Base):
    """Somebody said what looks like an ad; what they say within minutes of it belongs to the same case.

    `rung`: 1 note to the owner, 2 reminder, 3 warning, 4 the owner is asked. `said`: that word is planned or
    out. `state`: open, dismissed (误判), withdrawn (recalled by themselves), removing, removed, refused.
    `sketch` and `domains` say what the text was like, `reasons` what spoke for it.
    """

    __tablename__ = "rules_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    messages: Mapped[int] = mapped_column(default=1)
    chance: Mapped[float] = mapped_column(REAL)
    is_sure: Mapped[bool]
    reasons: Mapped[list[Any]]
    sketch: Mapped[list[Any]]
    domains: Mapped[list[Any]]
    rung: Mapped[int]
    said: Mapped[bool] = mapped_column(default=False)
    in_public: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="open")
    outgoing_id: Mapped[int | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    appealed_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_rules_case_member", "room_id", "member_id", "at"),
        Index("ix_rules_case_at", "room_id", "at"),
        Index("ix_rules_case_message", "message_id"),
        Index("ix_rules_case_outgoing", "outgoing_id"),
    )


class Seen(Base):
    """A text that offers something was seen: `key` finds it again in another room. Kept for three days."""

    __tablename__ = "rules_seen"
    key: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    __table_args__ = (Index("ix_rules_seen_at", "at"),)


class Standing(Base):
    """What somebody has done for a room, as other plugins tell it. `kind`: honour, answer."""

    __tablename__ = "rules_standing"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class Pardon(Base):
    """A false alarm that an owner named: the person, texts like it and its domains are left alone here.

    `kind`: person, text, domain. `case_id` is the alarm, `member_id` whose message it was.
    """

    __tablename__ = "rules_pardon"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    kind: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    sketch: Mapped[list[Any]]
    domain: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    case_id: Mapped[int | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    __table_args__ = (Index("ix_rules_pardon_room", "room_id", "kind"),)


class Report(Base):
    """The owner was told of a hard word: `reporter_id` asked for it, or (None) two were seen at it."""

    __tablename__ = "rules_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_rules_report_room", "room_id", "at"),)
