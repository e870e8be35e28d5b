"""The core's tables. Plugins add their own on the same `Base`, each name beginning with the plugin's.

The full-text index `message_search` (FTS5, one token a CJK character) is made by the first migration and kept
by `bot.storage.search`: SQLAlchemy does not model virtual tables.
"""

from bot.storage.tables.base import Base, UtcTime
from bot.storage.tables.desk import (
    AuditRow,
    Fact,
    OwnerDesk,
    OwnerItem,
    Ownership,
    PairingCode,
    SettingRow,
    TextOverride,
)
from bot.storage.tables.ledger import EventMark, EventRow, Expectation, Gap, OddEvent, Outgoing, Slot, WorkRow
from bot.storage.tables.links import ReplyLink
from bot.storage.tables.talk import Member, Membership, Mention, Message, PuppetAlias, Room

__all__ = [
    "AuditRow",
    "Base",
    "EventMark",
    "EventRow",
    "Expectation",
    "Fact",
    "Gap",
    "Member",
    "Membership",
    "Mention",
    "Message",
    "OddEvent",
    "Outgoing",
    "OwnerDesk",
    "OwnerItem",
    "Ownership",
    "PairingCode",
    "PuppetAlias",
    "ReplyLink",
    "Room",
    "SettingRow",
    "Slot",
    "TextOverride",
    "UtcTime",
    "WorkRow",
]
