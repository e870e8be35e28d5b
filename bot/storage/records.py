"""What history answers with: small values that stay true after the session is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.events import Quote


@dataclass(frozen=True, slots=True)
class Said:
    """One message. The text is "" if it was recalled, was nothing but media, or is past its keeping time.

    `quoted_member` is who said the quoted message, if that one is known for certain; `mentions` leaves the
    bot out (`mentions_bot`); `origin` is live, import or self (the bot's own words).
    """

    id: int
    room: int | None
    member: int
    at: datetime
    text: str
    kind: str
    origin: str
    recalled: bool
    mentions_bot: bool
    mentions: tuple[int, ...]
    quote: Quote | None
    quoted_member: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """A member as known anywhere. `kind` is person, official or unknown; `uncounted` asked for 别统计我."""

    member: int
    name: str
    kind: str
    is_friend: bool
    is_self: bool
    uncounted: bool
    found_at: datetime
    forgotten_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoomMember:
    """A member in one room. `name` is the 群昵称, or the person's own name if there is none.

    `joined_at` is the latest joining, `first_joined_at` the first; with `join_known` false nobody saw it
    and both say when the person was first noticed. `left_at` is None for who is there.
    """

    member: int
    name: str
    own_name: str
    alias: str
    kind: str
    is_friend: bool
    is_self: bool
    uncounted: bool
    first_joined_at: datetime
    joined_at: datetime
    join_known: bool
    left_at: datetime | None
    first_spoke_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many messages a member sent on one day of the given zone."""

    member: int
    day: date
    messages: int


@dataclass(frozen=True, slots=True)
class LostTime:
    """A time in which nothing was heard; `restored_at` is None while it lasts."""

    lost_at: datetime
    restored_at: datetime | None
    reason: str
