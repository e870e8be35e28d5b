"""What the house asks of a chat network, and what a chat network hands to the house.

This module knows neither wechaty nor the database. A gateway delivers *arrivals*: frozen values that
still carry the network's own ids. The engine translates them into `bot.events` with our own keys.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.events import MessageKind

PersonKind = Literal["person", "official", "unknown"]
Trouble = Literal[
    "",
    "starting",
    "unreachable",  # nobody accepts connections at that address
    "busy",  # another client is attached, or took the line from us
    "token",  # refused
    "tls",  # spoken on one side only, or a certificate that is not trusted
    "silent",  # open, and dead
    "broken",  # any other end
    "logged_out",
    "scan",  # a login code waits to be scanned
]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as the network names it today. `room_alias` is the 群昵称, "" if none or in private."""

    id: str
    name: str
    room_alias: str = ""
    kind: PersonKind = "person"
    is_friend: bool | None = None


@dataclass(frozen=True, slots=True)
class RoomRef:
    """A room as the network names it today."""

    id: str
    topic: str


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A quote as it travels in the text: whose words (a display name, never an id) and which."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Base of what a gateway delivers, always in order of arrival.

    `key` is unique for the fact (the same fact replayed has the same key). `at` is when it happened as
    far as the network says, `received_at` when it reached us; both UTC.
    """

    key: str
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived(Arrival):
    """`room` is None for a private message. `text` is without the quoted part.

    `puppet_id` is the network's message id. `from_self` marks the account's own words: the bot's echo, or
    its person typing on the phone; `conversation` is the room's or the other person's network id.
    """

    puppet_id: str
    talker: Person
    room: RoomRef | None
    conversation: str
    text: str
    kind: MessageKind = "text"
    mention_ids: tuple[str, ...] = ()
    quote: QuotedText | None = None
    from_self: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallArrived(Arrival):
    """The message `puppet_id` was taken back."""

    puppet_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinArrived(Arrival):
    """People were reported as having joined; the report can be late or incomplete."""

    room: RoomRef
    people: tuple[Person, ...]
    inviter: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveArrived(Arrival):
    """People were reported as having left or been removed."""

    room: RoomRef
    people: tuple[Person, ...]
    remover: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicArrived(Arrival):
    """The room's name was changed to `room.topic`."""

    room: RoomRef
    old: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendRequestArrived(Arrival):
    """Somebody asks to add the account, with a greeting."""

    person: Person
    greeting: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendConfirmedArrived(Arrival):
    """A friendship came about."""

    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationArrived(Arrival):
    """Somebody invites the account into a room."""

    inviter: Person
    topic: str
    invitation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersListed(Arrival):
    """The whole member list of a room, fresh from the network; the bot's own account included."""

    room: RoomRef
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsListed(Arrival):
    """Every room that the account is in, as asked for by us."""

    rooms: tuple[RoomRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn(Arrival):
    """The account is in. `account` is the bot itself."""

    account: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged(Arrival):
    """The connection was lost (`connected` false, with the reason) or is back."""

    connected: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OddArrived(Arrival):
    """Something malformed or unknown: kept raw, counted, skipped."""

    raw: str
    why: str


Deliver = Callable[[Arrival], Awaitable[None]]


class GatewayError(Exception):
    """A call to the network failed; the subclass says what is known about its effect."""


class NotSent(GatewayError):
    """Certain that nothing happened (no connection, bad argument). Safe to try again."""


class Refused(GatewayError):
    """The network answered no: too frequent, no permission, unsupported. Nothing happened."""


class Uncertain(GatewayError):
    """It may have happened: a timeout, a broken line, an error after the request went out."""


@dataclass(frozen=True, slots=True)
class GatewayState:
    """For status pages: is the line up, since when, as whom, and what was counted.

    While the line is not up `trouble` says why, for choosing words, and `reason` in English, for logs.
    """

    connected: bool
    since: datetime | None = None
    account: Person | None = None
    odd_events: int = 0
    payloads_lost: int = 0
    reason: str = ""
    trouble: Trouble = ""


class Gateway(Protocol):
    """One chat account. Every call has a timeout and raises only `GatewayError`."""

    async def run(self, deliver: Deliver) -> None:
        """Connect, deliver arrivals in order, reconnect for ever. Returns only when stopped."""

    async def stop(self) -> None:
        """End `run` and close the line."""

    def state(self) -> GatewayState:
        """The state of the line now."""

    async def send_text(self, conversation: str, text: str, mention_ids: tuple[str, ...] = ()) -> str | None:
        """Send; the network's message id if it tells one."""

    async def send_file(self, conversation: str, name: str, content: bytes) -> str | None:
        """Send a picture or file (at most 2 MB; the ending of `name` tells what it is)."""

    async def recall(self, puppet_id: str) -> None:
        """Take back one of our own messages."""

    async def invite(self, room_id: str, person_id: str) -> None:
        """Invite a friend into a room."""

    async def remove(self, room_id: str, person_id: str) -> None:
        """Remove a person from a room (needs the role)."""

    async def announce(self, room_id: str, text: str) -> None:
        """Set the room's announcement (needs the role)."""

    async def rename(self, room_id: str, topic: str) -> None:
        """Change the room's name."""

    async def create_room(self, person_ids: tuple[str, ...], topic: str) -> str:
        """Create a room; its network id."""

    async def accept_friend(self, request_id: str) -> None:
        """Accept a friend request."""

    async def accept_invitation(self, invitation_id: str) -> None:
        """Accept an invitation into a room."""

    async def list_rooms(self) -> tuple[RoomRef, ...]:
        """Every room the account is in."""

    async def list_members(self, room_id: str) -> MembersListed:
        """The member list of a room, past every cache."""

    async def download(self, puppet_id: str) -> tuple[str, bytes]:
        """Name and content of a picture or file message (at most 20 MB)."""

    async def ping(self) -> float:
        """Round trip of a ding in seconds."""
