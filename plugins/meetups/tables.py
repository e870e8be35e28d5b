"""A meetup from idea to recap, who votes and comes, what is asked there. What comes after: `after_tables`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Meetup(Base):
    """One meetup. `state` and what moves it stand in `flow`.

    `form`: talk, round, or "" while nobody knows. `options` are the topics that the owner may choose from
    (no names in it). `sequence` counts changes of date, for calendars. `touched_at` is when it last moved.
    """

    __tablename__ = "meetups_meetup"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    state: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(default="")
    options: Mapped[list[Any]] = mapped_column(default=list)
    place: Mapped[str] = mapped_column(default="")
    fee: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime | None]
    hours: Mapped[int] = mapped_column(default=3)
    vote_until: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    word: Mapped[str] = mapped_column(default="")
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_meetups_meetup_room", "room_id", "state"),
        Index("ix_meetups_meetup_speaker", "speaker_id"),
        Index("ix_meetups_meetup_host", "host_id"),
    )


class Candidate(Base):
    """A date that is voted on, by its number."""

    __tablename__ = "meetups_candidate"
    meetup_id: Mapped[int] = mapped_column(
        ForeignKey("meetups_meetup.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]


class Vote(Base):
    """Somebody can come on the date of this number."""

    __tablename__ = "meetups_vote"
    meetup_id: Mapped[int] = mapped_column(
        ForeignKey("meetups_meetup.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    voted_at: Mapped[datetime]
    __table_args__ = (Index("ix_meetups_vote_member", "member_id"),)


class SignUp(Base):
    """Somebody comes, or waits for a place. `place` is their place in the line, first come first served.

    `status`: in, waiting, offered (until `offered_until`), out. `member_id` is empty for somebody whom
    another one wrote into the list (`entered_by`) and whom the room does not know; then `name` says who.
    `is_listed`: a list that was posted in the room has shown the line.
    """

    __tablename__ = "meetups_sign_up"
    id: Mapped[int] = mapped_column(primary_key=True)
    meetup_id: Mapped[int] = mapped_column(ForeignKey("meetups_meetup.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    more: Mapped[int] = mapped_column(default=0)
    status: Mapped[str]
    place: Mapped[int]
    signed_at: Mapped[datetime]
    offered_until: Mapped[datetime | None]
    outgoing_id: Mapped[int | None]
    is_listed: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("meetup_id", "member_id"),
        Index("ix_meetups_sign_up_member", "member_id"),
        Index("ix_meetups_sign_up_entered_by", "entered_by"),
    )


class Question(Base):
    """A question for the round table: from the pool (`meetup_id` empty), or asked at sign-up.

    `is_named` says that the asker wants their name beside it. `answer` was found at the table, or (with
    `is_online`) given by somebody who could not come; `told` says that the answer was handed on.
    """

    __tablename__ = "meetups_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    meetup_id: Mapped[int | None] = mapped_column(ForeignKey("meetups_meetup.id", ondelete="SET NULL"))
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    text: Mapped[str]
    is_named: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    is_online: Mapped[bool] = mapped_column(default=False)
    told: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index("ix_meetups_question_room", "room_id", "meetup_id"),
        Index("ix_meetups_question_meetup", "meetup_id"),
        Index("ix_meetups_question_asker", "asker_id"),
        Index("ix_meetups_question_answerer", "answerer_id"),
        Index("ix_meetups_question_message", "message_id"),
    )


TABLES = [Meetup, Candidate, Vote, SignUp, Question]
