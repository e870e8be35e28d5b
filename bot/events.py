"""What happened, in our own words: frozen, past tense, UTC, with our own keys.

Rooms and members are named by the integer keys of our own tables, never by WeChat's ids, which change
at every login. Everything behind the gateway works on these values only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

MessageKind = Literal[
    "text", "image", "voice", "video", "sticker", "file", "link", "mini_program", "contact",
    "location", "red_envelope", "transfer", "chat_history", "recalled", "unknown",
]  # fmt: skip

JoinSource = Literal["event", "comparison", "import"]
StageKind = Literal["share", "host", "talk"]
Decision = Literal["yes", "no", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of everything a plugin can subscribe to.

    `at` is when it happened, `id` its row in the event log (0 before it is recorded). `late` is true for
    what WeChat replays long after the fact: it is stored and counted, and never answered.
    """

    at: datetime
    id: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """The words a message quotes. `message` is the quoted message's key when exactly one fits."""

    name: str
    text: str
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Event):
    """Somebody said something, in a room or (room is None) privately to the bot.

    `text` is without the quoted part; `mentions` are members other than the bot; `first_words` is true for
    the first thing a person ever says in this room.
    """

    message: int
    member: int
    room: int | None
    text: str
    kind: MessageKind = "text"
    mentions: tuple[int, ...] = ()
    mentions_bot: bool = False
    quote: Quote | None = None
    first_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecalled(Event):
    """A member took a message back."""

    room: int | None
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersJoined(Event):
    """People who were not in the room before. A re-join lists the person in `returning` instead."""

    room: int
    members: tuple[int, ...]
    returning: tuple[int, ...] = ()
    inviter: int | None = None
    source: JoinSource = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersLeft(Event):
    """People who left the room or were removed (`remover`)."""

    room: int
    members: tuple[int, ...]
    remover: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRenamed(Event):
    """The room has a new name."""

    room: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFound(Event):
    """The bot is in a room that it had not known."""

    room: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLost(Event):
    """The bot is no longer in a room: it left, was removed (`remover`), or the room was dissolved."""

    room: int
    name: str
    remover: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendRequested(Event):
    """Somebody wants to add the bot; `request` is the gateway's handle for accepting."""

    member: int
    greeting: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendAdded(Event):
    """The bot and this member can now write to each other privately."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomInvited(Event):
    """Somebody invites the bot into a room; `invitation` is the gateway's handle for accepting."""

    member: int
    topic: str
    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLost(Event):
    """The gateway is gone: what happens until `LineRestored` is a gap in the record."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRestored(Event):
    """The gateway is back. `gap_from` is when the line was lost, None at the first connection."""

    gap_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleNoticed(Event):
    """Something is wrong with the bot itself that its owners should know: `what` names it."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSettled(Event):
    """One of the bot's outgoing rows reached its end: sent, unknown, refused or expired.

    `room` is where it was to go; of a `create_room` that was sent, the room that has come into being.
    """

    outgoing: int
    plugin: str
    kind: str
    status: str
    room: int | None = None
    member: int | None = None
    reason: str = ""
    payload: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributorRecognised(Event):
    """Somebody was credited in public for help; `messages` are their answers, `topics` what it was about."""

    room: int
    member: int
    messages: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageAccepted(Event):
    """A member agreed to give a share, to look after newcomers, or to talk at a meetup."""

    room: int
    member: int
    stage: StageKind
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """Somebody's question got its first answer from somebody else, as far as links can tell."""

    room: int
    question: int
    asker: int
    answer: int
    answerer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDecided(Event):
    """An owner said 同意, 不用 or 先放放 to what a plugin put on their list under `key`."""

    room: int | None
    plugin: str
    key: str
    decision: Decision
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUncounted(Event):
    """A member asked not to be counted any more: nothing may name them from this moment on."""

    member: int
    room: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareGiven(Event):
    """A share was put before the room: by a member, or (member is None) by the bot; `outgoing` says it."""

    room: int
    member: int | None = None
    title: str = ""
    outgoing: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMissed(Event):
    """Something that the group was promised did not come."""

    room: int
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetupPlanned(Event):
    """A meetup has a date."""

    room: int
    title: str
    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetupHeld(Event):
    """A meetup took place; `people` were there, `speakers` gave the talk."""

    room: int
    title: str
    form: str
    people: tuple[int, ...] = ()
    speakers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSettled(Event):
    """A question found its answer round a table: for what is kept. `member` gave it, if that is known."""

    room: int
    question_text: str
    answer_text: str
    member: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTableQuestion(Event):
    """A question that nobody answered goes into the pool of round-table questions: its asker or the owner
    wants it there. `question` is its message."""

    room: int
    question: int
    asker: int
    text: str
