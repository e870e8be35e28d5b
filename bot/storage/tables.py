"""The core's tables. Plugins add their own on the same `Base`, each name beginning with the plugin's.

Times are UTC and stored as whole milliseconds since 1970, so that they sort, index and compare fast:
`select datetime(at/1000, 'unixepoch') from message` reads them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime kept as integer milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses naive times: they would be read in whatever zone the machine has."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}")
        return (value - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC datetime."""
        return None if value is None else EPOCH + timedelta(milliseconds=value)


class Base(DeclarativeBase):
    """Root of all tables, core and plugins."""

    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, list[Any]: JSON, str: Text}


class Room(Base):
    """A group. `status`: seen (known, its talk dropped), watching (silent), live, off, left."""

    __tablename__ = "room"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default="seen")
    found_at: Mapped[datetime]
    status_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]
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
    __table_args__ = (Index("ix_membership_member", "member_id"),)


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
        Index("ix_message_member_at", "member_id", "at"),
        Index("ix_message_puppet", "puppet_id", sqlite_where=text("puppet_id IS NOT NULL")),
        Index("ix_message_quote", "quote_id", sqlite_where=text("quote_id IS NOT NULL")),
    )


class Mention(Base):
    """Who was named in a message (the bot is not listed: see `Message.mentions_bot`)."""

    __tablename__ = "mention"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index("ix_mention_member", "member_id"), {"sqlite_with_rowid": False})


class EventRow(Base):
    """Every event that was admitted, before anybody handled it. `done_at` is set when all have.

    `payload` holds keys and numbers only: the words are in `message`.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    room_id: Mapped[int | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_event_open", "id", sqlite_where=text("done_at IS NULL")),
        Index("ix_event_message", "message_id"),
        Index("ix_event_received", "received_at"),
    )


class EventMark(Base):
    """One handler's mark for one event. `outcome`: ok, failed, or too_old (only recorded)."""

    __tablename__ = "event_mark"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    error: Mapped[str | None]
    __table_args__ = ({"sqlite_with_rowid": False},)


class Outgoing(Base):
    """What the bot wants to say or do. See `bot.outbox` for the states and the classes."""

    __tablename__ = "outgoing"
    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    urgency: Mapped[str]
    kind: Mapped[str] = mapped_column(default="text")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(default="")
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(default="")
    merge_key: Mapped[str | None]
    event_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="planned")
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    puppet_id: Mapped[str | None]
    message_id: Mapped[int | None]
    sent_with: Mapped[int | None]
    error: Mapped[str | None]
    __table_args__ = (
        Index("ix_outgoing_open", "status", "not_before", sqlite_where=text("status IN ('planned','claimed')")),
        Index("ix_outgoing_claimed", "claimed_at"),
        Index("ix_outgoing_room", "room_id", "claimed_at"),
    )


class Slot(Base):
    """One due time of a job or timer. Unique, so that no restart does it twice.

    `status`: planned, done, failed, missed.
    """

    __tablename__ = "slot"
    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    room_id: Mapped[int] = mapped_column(default=0)
    key: Mapped[str]
    due_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(default="planned")
    settled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("plugin", "name", "room_id", "key"),
        Index("ix_slot_due", "due_at", sqlite_where=text("status = 'planned'")),
    )


class WorkRow(Base):
    """Background work asked for; `status`: waiting, done, failed. Survives a restart."""

    __tablename__ = "work"
    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    name: Mapped[str]
    room_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (Index("ix_work_waiting", "id", sqlite_where=text("status = 'waiting'")),)


class Expectation(Base):
    """A plugin waits for this person's answer, in this room or (room_id 0) in private."""

    __tablename__ = "expectation"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    about_room_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SettingRow(Base):
    """An owner's change of a setting; room_id 0 is for all rooms. `plugin` may be `group` (the core's)."""

    __tablename__ = "setting"
    room_id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


class TextOverride(Base):
    """An owner's own wording of a text."""

    __tablename__ = "text_override"
    room_id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    changed_at: Mapped[datetime]


class Ownership(Base):
    """Who may command which room. Written by pairing only."""

    __tablename__ = "ownership"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]


class OwnerDesk(Base):
    """What an owner is looking at: the room that private commands are about, and a pending confirmation."""

    __tablename__ = "owner_desk"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int | None]
    confirm_code: Mapped[str | None]
    confirm_line: Mapped[str | None]
    confirm_room_id: Mapped[int | None]
    confirm_until: Mapped[datetime | None]


class PairingCode(Base):
    """A one-time code, hashed. `rooms` are room names; empty means every room the bot is in."""

    __tablename__ = "pairing_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str]
    code_hash: Mapped[str]
    rooms: Mapped[list[Any]]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int] = mapped_column(default=5)
    used_by: Mapped[int | None]


class AuditRow(Base):
    """What was changed, by whom, from what to what. Member keys, never names."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    room_id: Mapped[int | None]
    member_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    old: Mapped[Any | None] = mapped_column(JSON)
    new: Mapped[Any | None] = mapped_column(JSON)
    undone: Mapped[bool] = mapped_column(default=False)


class Gap(Base):
    """A time in which nobody was attached to the gateway."""

    __tablename__ = "gap"
    id: Mapped[int] = mapped_column(primary_key=True)
    lost_at: Mapped[datetime]
    restored_at: Mapped[datetime | None]
    reason: Mapped[str]


class OddEvent(Base):
    """A malformed or unknown event, raw (cut at 2,000 characters)."""

    __tablename__ = "odd_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    why: Mapped[str]
    raw: Mapped[str]


class Fact(Base):
    """Small single facts of the whole bot: the account's id, when the last backup was made …"""

    __tablename__ = "fact"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]


# The full-text index `message_search` (FTS5, one token a CJK character) is made by the first migration
# and kept by `bot.storage.search`; SQLAlchemy does not model virtual tables.
