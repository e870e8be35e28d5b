"""Who and where in a simulated chat network: people, rooms, what was said and what the bot did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.events import MessageKind

if TYPE_CHECKING:
    from bot.gateway.simulated_world import SimulatedWorld

SEPARATOR = "- - - - - - - - - - - - - - -"
AFTER_MENTION = "\u2005"


@dataclass(frozen=True, slots=True)
class Said:
    """One message in the simulated network; `room` is "" for a private one."""

    id: str
    talker: SimulatedPerson
    room: str
    text: str
    kind: MessageKind


Quotable = Said | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What the bot sent: to a room or (room is None) privately to a person; text or a file."""

    message_id: str
    at: datetime
    conversation: str
    room: SimulatedRoom | None
    person: SimulatedPerson | None
    text: str = ""
    mention_ids: tuple[str, ...] = ()
    file_name: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """What the bot did besides sending: invite, remove, announce, rename, create, recall, accept."""

    act: str
    at: datetime
    room: str = ""
    person: str = ""
    text: str = ""


@dataclass(eq=False)
class SimulatedPerson:
    """Somebody with a WeChat account. Only friends of the bot can exchange private messages with it."""

    puppet: SimulatedWorld = field(repr=False)
    id: str
    name: str
    friend: bool = False
    official: bool = False

    def say(
        self, text: str, *, kind: MessageKind = "text", content: bytes = b"", file_name: str = ""
    ) -> Said:
        """Say something to the bot in private."""
        if not self.friend:
            raise ValueError(f"{self.name} is no friend of the bot and cannot write to it")
        return self.puppet.speak(self, None, text, kind=kind, content=content, file_name=file_name)

    def rename(self, name: str) -> None:
        """Take another nickname."""
        self.name = name
        self.puppet.contact_changed(self)

    def request_friendship(self, greeting: str) -> str:
        """Ask to add the bot; the id of the request."""
        return self.puppet.request_friendship(self, greeting)

    def recall(self, said: Said) -> None:
        """Take back what one said, in a room or in private."""
        self.puppet.take_back(said)

    def befriend(self) -> None:
        """A friendship comes about without the bot's doing."""
        self.puppet.confirm_friendship(self)

    def invite_bot(self, topic: str) -> str:
        """Invite the bot into a room; the id of the invitation."""
        return self.puppet.invite_bot(self, topic)


@dataclass(eq=False)
class SimulatedRoom:
    """A group. `aliases` are the 群昵称 by person id; `bot_may` is whether the bot has a role in it."""

    puppet: SimulatedWorld = field(repr=False)
    id: str
    topic: str
    members: dict[str, SimulatedPerson] = field(default_factory=dict, repr=False)
    aliases: dict[str, str] = field(default_factory=dict, repr=False)
    owner_id: str = ""
    bot_may: bool = True
    announcement: str = ""

    def say(
        self,
        person: SimulatedPerson,
        text: str,
        *,
        mention: Sequence[SimulatedPerson] = (),
        quote: Quotable | None = None,
        kind: MessageKind = "text",
        content: bytes = b"",
        file_name: str = "",
    ) -> Said:
        """`person` says something; mentions are put in front as WeChat writes them unless already there."""
        if person.id not in self.members:
            raise ValueError(f"{person.name} is not in {self.topic}")
        for one in reversed(mention):
            called = f"@{self.name_of(one)}"
            text = text if called in text else f"{called}{AFTER_MENTION}{text}"
        if quote is not None:
            text = self.quoting(quote) + text
        ids = [one.id for one in mention]
        return self.puppet.speak(
            person, self, text, kind=kind, mention_ids=ids, content=content, file_name=file_name
        )

    def quoting(self, quote: Quotable) -> str:
        """The head of a reply that quotes, as WeChat writes it."""
        name, words = (self.name_of(quote.talker), quote.text) if isinstance(quote, Said) else quote
        return f"「{name}：{words}」\n{SEPARATOR}\n"

    def name_of(self, person: SimulatedPerson) -> str:
        """The 群昵称, else the name."""
        return self.aliases.get(person.id) or person.name

    def join(
        self, *people: SimulatedPerson, inviter: SimulatedPerson | None = None, told: bool = True
    ) -> None:
        """People come in; `told=False` is the gateway that forgets to report it."""
        self.members.update({one.id: one for one in people})
        if told:
            self.puppet.report_join(self, people, inviter)

    def leave(
        self, *people: SimulatedPerson, remover: SimulatedPerson | None = None, told: bool = True
    ) -> None:
        """People go, or are removed."""
        for one in people:
            self.members.pop(one.id, None)
            self.aliases.pop(one.id, None)
        if told:
            self.puppet.report_leave(self, people, remover)

    def rename(self, topic: str, by: SimulatedPerson | None = None) -> None:
        """The room gets another name."""
        old, self.topic = self.topic, topic
        self.puppet.report_topic(self, old, by)

    def set_alias(self, person: SimulatedPerson, alias: str) -> None:
        """`person` takes a 群昵称 in this room."""
        self.aliases[person.id] = alias
        self.puppet.room_changed(self)
