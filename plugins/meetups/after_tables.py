"""What is kept around meetups: evidence for topics, reminders that were given, and what was brought home."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Matter(Base):
    """Something that speaks for a topic. `kind`: wish (想聊), share, stage (would talk), credit."""

    __tablename__ = "meetups_matter"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str]
    text: Mapped[str]
    outgoing_id: Mapped[int | None]
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_meetups_matter_room", "room_id", "at"),
        Index("ix_meetups_matter_member", "member_id"),
    )


class Reminder(Base):
    """A reminder that was given, once for each date that a meetup had."""

    __tablename__ = "meetups_reminder"
    meetup_id: Mapped[int] = mapped_column(
        ForeignKey("meetups_meetup.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    said_at: Mapped[datetime]


class Attendance(Base):
    """Somebody said the word: they were there."""

    __tablename__ = "meetups_attendance"
    meetup_id: Mapped[int] = mapped_column(
        ForeignKey("meetups_meetup.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    __table_args__ = (Index("ix_meetups_attendance_member", "member_id"),)


class Note(Base):
    """Something of a meetup that was kept. `kind`: point (for a talk), minutes, picture, figure, feedback.

    A figure is a picture for the slides. `author_id` is whose words they are, `file` a kept picture.
    """

    __tablename__ = "meetups_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    meetup_id: Mapped[int] = mapped_column(ForeignKey("meetups_meetup.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    file: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_meetups_note_meetup", "meetup_id", "kind"),
        Index("ix_meetups_note_author", "author_id"),
        Index("ix_meetups_note_message", "message_id"),
    )


AFTER_TABLES = [Matter, Reminder, Attendance, Note]
