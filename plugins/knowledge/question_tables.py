"""Questions that wait for an answer, people who may be asked, answers that are kept, and digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class OpenQuestion(Base):
    """A question that was watched: one row for ever, so that it leads to one action at most.

    `status`: waiting, answered, left (it was none for us), acted (the earlier answer has done). `action`:
    answer (unhelpful, if the asker said so) or helper. `listed_at`: when it came onto the owner's list;
    `pooled_at`: when it went into the pool of round-table questions.
    """

    __tablename__ = "knowledge_question"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    action: Mapped[str | None]
    acted_at: Mapped[datetime | None]
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    outgoing_id: Mapped[int | None]
    listed_at: Mapped[datetime | None]
    pooled_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_knowledge_question_room", "room_id", "status", "asked_at"),
        Index("ix_knowledge_question_acted", "room_id", "acted_at"),
    )


class Helper(Base):
    """A member who agreed to be asked. `topics` are their own words.

    `status`: asked, agreed, declined, stopped.
    """

    __tablename__ = "knowledge_helper"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    topics: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Pace(Base):
    """How long a room usually takes for an answer, in minutes; `answers` is on how many that rests."""

    __tablename__ = "knowledge_pace"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int]
    answers: Mapped[int]
    measured_at: Mapped[datetime]


class Kept(Base):
    """A question with its answer, in its author's own words.

    `status`: candidate, kept, replaced (a correction took its place), withdrawn (by its author, or taken
    back), dropped (the owner did not want it). `origin`: thanked, marked, quoted, corrected or settled (at a
    round table). `revision` grows with every change, so that an index can follow. `unhelpful` counts those
    whom it did not help.
    """

    __tablename__ = "knowledge_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    question: Mapped[str]
    answer: Mapped[str]
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    question_id: Mapped[int | None]
    answer_id: Mapped[int | None]
    messages: Mapped[list[Any]] = mapped_column(default=list)
    topic: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="candidate")
    origin: Mapped[str]
    replaces_id: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    unhelpful: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int]
    __table_args__ = (
        Index("ix_knowledge_answer_status", "room_id", "status", "id"),
        Index("ix_knowledge_answer_question", "room_id", "question_id"),
        Index("ix_knowledge_answer_revision", "room_id", "revision"),
    )


class Meaning(Base):
    """The vector of a kept question (extra `semantic`), as bytes of float16; it can be made anew at any time.

    `model` names what made it; a vector by another model is made again.
    """

    __tablename__ = "knowledge_meaning"
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge_answer.id", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str]
    vector: Mapped[bytes]


class KeptThanks(Base):
    """Somebody whom an answer helped."""

    __tablename__ = "knowledge_thanks"
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge_answer.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Telling(Base):
    """A kept answer was told to somebody; `unhelpful` if they said so."""

    __tablename__ = "knowledge_telling"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("knowledge_answer.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    told_at: Mapped[datetime]
    unhelpful: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (Index("ix_knowledge_telling_room", "room_id", "told_at"),)


class Digest(Base):
    """What somebody (None: the room) was told of a span of talk."""

    __tablename__ = "knowledge_digest"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    made_at: Mapped[datetime]


class DigestQuote(Base):
    """One quote of a digest: which message it stands in, and from which letter to which."""

    __tablename__ = "knowledge_digest_quote"
    digest_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge_digest.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    begins: Mapped[int]
    ends: Mapped[int]


class Coming(Base):
    """A meetup that was planned, as far as the digest tells of it."""

    __tablename__ = "knowledge_coming"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    title: Mapped[str]


QUESTION_TABLES = [
    OpenQuestion, Helper, Pace, Kept, Meaning, KeptThanks, Telling, Digest, DigestQuote, Coming,
]  # fmt: skip
