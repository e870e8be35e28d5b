"""Who introduced themselves and was led to whom, who is a regular, who is paired, what happened, who left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import REAL, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Introduction(Base):
    """One self-introduction a person and room, and what came of it.

    `status`: waiting, said, none (nobody fits, or others were quicker). `evidence_id` is the message that
    shows what the partner has to do with the `topic`, `outgoing_id` the row in the outbox.
    """

    __tablename__ = "ties_introduction"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    said_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    topic: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    outgoing_id: Mapped[int | None]
    __table_args__ = (
        Index("ix_ties_introduction_outgoing", "outgoing_id"),
        Index("ix_ties_introduction_partner", "partner_id"),
        Index("ix_ties_introduction_message", "message_id"),
        Index("ix_ties_introduction_evidence", "evidence_id"),
    )


class Named(Base):
    """Somebody was named or addressed in public, by us or with thanks: they are left in peace for a while."""

    __tablename__ = "ties_named"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_ties_named_member", "member_id", "room_id", "at"),
        Index("ix_ties_named_kind", "room_id", "kind", "at"),
    )


class Regular(Base):
    """On how many days somebody has spoken, written along as they speak, once a day.

    `weight` counts days with a half-life, as of `last_at`, the first message of the last such day (`last_day`
    is that day as a number); `told_at` is when the owner last heard that they had fallen silent.
    """

    __tablename__ = "ties_regular"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    weight: Mapped[float] = mapped_column(REAL)
    days: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_day: Mapped[int]
    told_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_ties_regular_last", "room_id", "last_at"),)


class Survey(Base):
    """A room whose talk from before this plugin has been read."""

    __tablename__ = "ties_survey"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime]


class Happening(Base):
    """Something that who was away may want to hear of. `kind`: share, meetup, credit, missed (a promise)."""

    __tablename__ = "ties_happening"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str]
    title: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    __table_args__ = (
        Index("ix_ties_happening_at", "room_id", "at"),
        Index("ix_ties_happening_member", "member_id"),
    )


class Seeker(Base):
    """Somebody who wants to be paired every month."""

    __tablename__ = "ties_seeker"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]


class Round(Base):
    """One month's pairing. `status`: making, told, asked, lost (it could not be told)."""

    __tablename__ = "ties_round"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    month: Mapped[str]
    made_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="making")
    outgoing_id: Mapped[int | None]
    __table_args__ = (
        Index("ix_ties_round_month", "room_id", "month"),
        Index("ix_ties_round_outgoing", "outgoing_id"),
    )


class Partner(Base):
    """Somebody's place in a round: with whom they are (`company`), and whether they talked (`talked`)."""

    __tablename__ = "ties_partner"
    round_id: Mapped[int] = mapped_column(ForeignKey("ties_round.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    company: Mapped[int]
    topic: Mapped[str] = mapped_column(default="")
    talked: Mapped[bool | None]
    __table_args__ = (Index("ix_ties_partner_member", "member_id"),)


class Leaver(Base):
    """Somebody left; `told_at` is when the owner heard of it, if there was anything to tell."""

    __tablename__ = "ties_leaver"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    left_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_ties_leaver_member", "member_id"),)


TABLES = [Introduction, Named, Regular, Survey, Happening, Seeker, Round, Partner, Leaver]
