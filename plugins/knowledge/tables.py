"""Planned shares and what they are made of; promises and whether they were kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base


class Plan(Base):
    """A scheduled share. `said` is the owner's phrase, `rule` what it was understood as.

    `source`: pool, rota or digest. `late_minutes`: for how long a missed time is caught up, 0 never.
    `status`: active, paused, ended, deleted.
    """

    __tablename__ = "knowledge_plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    said: Mapped[str]
    rule: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(default="pool")
    late_minutes: Mapped[int] = mapped_column(default=120)
    status: Mapped[str] = mapped_column(default="active")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]


class Issue(Base):
    """One time of a plan (一期): a row for ever, so that nothing is posted twice and no miss is lost.

    `status`: planned, posted, missed (we came too late), empty (there was nothing to post), skipped (the
    owner wanted so), silent (the bot only watches), lost (it did not go out).
    """

    __tablename__ = "knowledge_issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("knowledge_plan.id", ondelete="CASCADE"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="planned")
    settled_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(default="")
    sharer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    passed_over: Mapped[list[Any]] = mapped_column(default=list)
    outgoing_id: Mapped[int | None]
    replies: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("plan_id", "due_at"),
        Index("ix_knowledge_issue_room", "room_id", "status", "due_at"),
        Index("ix_knowledge_issue_outgoing", "outgoing_id"),
    )


class Material(Base):
    """Something to be shared: a text, a link, a picture or a file (`media` is its name in the media folder).

    `plan_id` or `issue_id` say what it is for, if for anything in particular. `status`: waiting, used,
    dropped.
    """

    __tablename__ = "knowledge_material"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_plan.id", ondelete="SET NULL"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_issue.id", ondelete="SET NULL"))
    kind: Mapped[str]
    text: Mapped[str]
    media: Mapped[str | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    used_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_knowledge_material_room", "room_id", "status", "id"),)


class Sharer(Base):
    """A member who agreed to give shares; whoever had a turn longest ago is next."""

    __tablename__ = "knowledge_sharer"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="willing")
    accepted_at: Mapped[datetime]
    turn_at: Mapped[datetime | None]


class Promise(Base):
    """What the group promises its members.

    `kind`: share, answer, meetup, post or free. `rule` names the days; without one, `count` times in each
    `unit` (day, week, month, quarter, year). `hours`: within which an answer is promised. `words` are looked
    for in posts. `status`: active, stopped; a changed promise is stopped and a new one made, so that what was
    missed stays missed.
    """

    __tablename__ = "knowledge_promise"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    said: Mapped[str]
    kind: Mapped[str]
    rule: Mapped[dict[str, Any] | None]
    unit: Mapped[str] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=1)
    hours: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    looked_until: Mapped[datetime]


class Delivery(Base):
    """One thing that was due: a day, a week, a question. `status`: open, kept, missed, unsure (away)."""

    __tablename__ = "knowledge_delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("knowledge_promise.id", ondelete="CASCADE"))
    begins_at: Mapped[datetime]
    due_at: Mapped[datetime]
    key: Mapped[str]
    status: Mapped[str] = mapped_column(default="open")
    messages: Mapped[list[Any]] = mapped_column(default=list)
    away_minutes: Mapped[int] = mapped_column(default=0)
    warned_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("promise_id", "key"),
        Index("ix_knowledge_delivery_due", "promise_id", "status", "due_at"),
    )


TABLES = [Plan, Issue, Material, Sharer, Promise, Delivery]
