"""Who and what was said: rooms, people, messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base

WORDED = "text != '' OR quote_text IS NOT NULL"
"""Which messages still hold words; exactly so in the index and in the query that empties them."""


class Room(Base):
    """A group. `status`: seen (known, its talk dropped), watching (silent), live, off, left.

    Until `quiet_until_at` the bot says nothing there that nobody asked for.
    """

    __tablename__ = "room"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default="seen")
    found_at: Mapped[datetime]
    status_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]
    quiet_until_at: Mapped[datetime | None]
    members_listed_at: Mapped[datetime | None]
    dropped_messages: Mapped[int] = mapped_column(default=0)


class Member(Base):
    """A person, in however many rooms. `is_self` is the bot's own account."""

    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="person")
    is_friend: Mapped[bool] = mapped_column(default=False)
    is_self: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[datetime]
    uncounted: Mapped[bool] = mapped_column(default=False)
    forgotten_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_member_name", "name"),)


class Membership(Base):
    """A person in a room. `first_joined_at` survives leaving, so that a re-join is not a newcomer."""

    __tablename__ = "membership"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(default="")
    first_joined_at: Mapped[datetime]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    join_known: Mapped[bool] = mapped_column(default=True)
    first_spoke_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_membership_member", "member_id"),
        Index("ix_membership_alias", "room_id", "alias"),
    )


class PuppetAlias(Base):
    """What WeChat calls a room or a member today (`scope`: room or member)."""

    __tablename__ = "puppet_alias"
    scope: Mapped[str] = mapped_column(primary_key=True)
    puppet_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[int]
    seen_at: Mapped[datetime]
    __table_args__ = (Index("ix_puppet_alias_key", "scope", "key"), {"sqlite_with_rowid": False})


class Message(Base):
    """Something said, by a person or by the bot. `origin`: live, import, or self (the bot's own words)."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="text")
    text: Mapped[str]
    quote_name: Mapped[str | None]
    quote_text: Mapped[str | None]
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    puppet_id: Mapped[str | None]
    origin: Mapped[str] = mapped_column(default="live")
    mentions_bot: Mapped[bool] = mapped_column(default=False)
    recalled: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index("ix_message_room_at", "room_id", "at"),
        Index("ix_message_worded", "at", sqlite_where=sql(WORDED)),
        Index("ix_message_member_room", "member_id", "room_id", "at"),
        Index("ix_message_recalled", "room_id", sqlite_where=sql("recalled = 1")),
        Index("ix_message_puppet", "puppet_id", sqlite_where=sql("puppet_id IS NOT NULL")),
        Index("ix_message_quote", "quote_id", sqlite_where=sql("quote_id IS NOT NULL")),
    )


class Mention(Base):
    """Who was named in a message (the bot is not listed: see `Message.mentions_bot`)."""

    __tablename__ = "mention"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index("ix_mention_member", "member_id"), {"sqlite_with_rowid": False})
