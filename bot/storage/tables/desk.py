"""The owner's desk: who commands what, and what they changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


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


class Fact(Base):
    """Small single facts of the whole bot: the account's id, when the last backup was made …"""

    __tablename__ = "fact"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class OwnerItem(Base):
    """Something that waits for an owner's eye: shown by 今天 until it is done or expires.

    `key` makes an item unique within its plugin, so that the same thing is never listed twice. `number` is
    what owners call it by: small, and its own for as long as it is open.
    """

    __tablename__ = "owner_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int | None]
    plugin: Mapped[str]
    key: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("plugin", "key"),)
