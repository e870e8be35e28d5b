"""Who helps: what is derived every night, and what was said and decided, which stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import REAL, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Level(Base):
    """What somebody's help amounts to, derived: thrown away and made anew every night.

    `level`: 0, 1 (helper) or 2 (star); `people` is weighted, `days` and `rooted` are counts; `topics` are
    words. See `bot.analysis.standing`.
    """

    __tablename__ = "contributors_level"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int]
    people: Mapped[float] = mapped_column(REAL)
    rooted: Mapped[int]
    days: Mapped[int]
    rank: Mapped[float] = mapped_column(REAL)
    topics: Mapped[list[Any]]
    last_at: Mapped[datetime]
    reckoned_at: Mapped[datetime]


class Help(Base):
    """One person helped another, derived like the levels. `answer_id` is the message that did it."""

    __tablename__ = "contributors_help"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    thanked: Mapped[bool]
    __table_args__ = (
        Index("ix_contributors_help_helper", "room_id", "helper_id", "at"),
        Index("ix_contributors_help_asker", "asker_id"),
        Index("ix_contributors_help_answer", "answer_id"),
        Index("ix_contributors_help_question", "question_id"),
    )


class Reading(Base):
    """How far a room's talk has been read, with what is still open (`bot.analysis.daybook_json`). Derived.

    `mark` says what it rests on: if that has changed, the room is read anew.
    """

    __tablename__ = "contributors_reading"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str]
    read_at: Mapped[datetime]
    read_id: Mapped[int]
    book: Mapped[str]


class SettledDay(Base):
    """What a day of a room amounts to, once nothing can change it any more: keys and numbers, no words."""

    __tablename__ = "contributors_day"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    facts: Mapped[str]


class Nomination(Base):
    """Somebody was found. `state`: found, listed (with the owner), later, agreed, credited, declined, lapsed.

    `evidence` holds keys only: `answers` and `questions` (messages), `askers` (members), `days`; `topics` are
    words. `outgoing_id` is the credit's row in the outbox while it waits there.
    """

    __tablename__ = "contributors_nomination"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    found_at: Mapped[datetime]
    last_help_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]
    topics: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="found")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    outgoing_id: Mapped[int | None]
    __table_args__ = (
        Index("ix_contributors_nomination_member", "room_id", "member_id", "found_at"),
        Index("ix_contributors_nomination_state", "room_id", "state"),
        Index("ix_contributors_nomination_outgoing", "outgoing_id"),
    )


class Credit(Base):
    """A fact that is never changed: who was credited in public, when, for which messages, thanked by whom.

    `granted_by` is the owner who agreed; None if the owner lets the bot decide.
    """

    __tablename__ = "contributors_credit"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    messages: Mapped[list[Any]]
    thanked_by: Mapped[list[Any]]
    topics: Mapped[list[Any]]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    __table_args__ = (
        Index("ix_contributors_credit_member", "room_id", "member_id", "at"),
        Index("ix_contributors_credit_at", "room_id", "at"),
    )


class PeerThanks(Base):
    """One member thanked another through the bot. `message_id` holds the words."""

    __tablename__ = "contributors_thanks"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_contributors_thanks_giver", "room_id", "giver_id", "at"),
        Index("ix_contributors_thanks_member", "room_id", "member_id", "at"),
    )


class StageOffer(Base):
    """Somebody was asked onto a stage. `status`: offered, accepted, declined, silent."""

    __tablename__ = "contributors_stage"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    offered_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="offered")
    stage: Mapped[str | None]
    topic: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_contributors_stage_member", "room_id", "member_id", "offered_at"),)


class Choice(Base):
    """What an owner has laid down about a person: locked (the level stays as it is) or hidden (not named)."""

    __tablename__ = "contributors_choice"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[str]
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    chosen_at: Mapped[datetime]
    __table_args__ = (Index("ix_contributors_choice_member", "member_id"),)
