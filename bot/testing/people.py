"""The people and rooms around the bot, as a test or a script sees them: they speak, and they hear."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.events import MessageKind
from bot.gateway.cast import Said, Sent, SimulatedPerson, SimulatedRoom

if TYPE_CHECKING:
    from bot.testing.stage import Stage

HEARS_WITHIN = timedelta(seconds=90)


class Unread(AssertionError):
    """The bot said something that nobody read, or was silent where words were expected."""


@dataclass
class Listener:
    """What the bot said in one place, unread first."""

    stage: Stage
    place: str
    unread: deque[Sent] = field(default_factory=deque)

    def hears(self, within: timedelta = HEARS_WITHIN) -> Sent:
        """The next thing the bot says here, given a little time for its pacing. Raises Unread if silent."""
        limit = self.stage.clock.now() + within
        while not self.unread and self.stage.clock.now() < limit:
            if not self.stage.advance_to_next(limit):
                break
        if not self.unread:
            raise Unread(f"the bot says nothing to {self.place}")
        return self.unread.popleft()

    def hears_nothing(self, within: timedelta = HEARS_WITHIN) -> None:
        """The bot stays silent here for a while."""
        self.stage.advance_by(within)
        if self.unread:
            raise Unread(f"the bot says to {self.place}: {[sent.text for sent in self.unread]}")


class Player(Listener):
    """A person in the simulated network; what the bot tells them privately is theirs to hear."""

    def __init__(self, stage: Stage, person: SimulatedPerson) -> None:
        super().__init__(stage, person.name)
        self.person = person

    def says(
        self, room: StageRoom, text: str, *, mention: Sequence[Player] = (), at_bot: bool = False,
        quote: Said | tuple[str, str] | None = None, kind: MessageKind = "text",
    ) -> Said:  # fmt: skip
        """Say something in a room; with `at_bot` the bot is mentioned."""
        mentioned = [one.person for one in mention] + ([self.stage.puppet.me] if at_bot else [])
        said = room.room.say(self.person, text, mention=mentioned, quote=quote, kind=kind)
        self.stage.settle()
        return said

    def whispers(self, text: str) -> Said:
        """Say something to the bot in private; one becomes its friend first if need be."""
        if not self.person.friend:
            self.person.befriend()
        said = self.person.say(text)
        self.stage.settle()
        return said

    def asks(self, text: str) -> str:
        """Say something in private and hear the answer."""
        self.whispers(text)
        return self.hears().text

    def joins(self, *rooms: StageRoom, told: bool = True, inviter: Player | None = None) -> Player:
        """Come into rooms."""
        for room in rooms:
            room.room.join(self.person, inviter=inviter.person if inviter else None, told=told)
        self.stage.settle()
        return self

    def leaves(self, room: StageRoom, told: bool = True) -> None:
        """Leave a room."""
        room.room.leave(self.person, told=told)
        self.stage.settle()

    @property
    def key(self) -> int:
        """The member key in the bot's own tables."""
        return self.stage.key("member", self.person.id)


class StageRoom(Listener):
    """A group in the simulated network."""

    def __init__(self, stage: Stage, room: SimulatedRoom) -> None:
        super().__init__(stage, room.topic)
        self.room = room

    @property
    def key(self) -> int:
        """The room key in the bot's own tables."""
        return self.stage.key("room", self.room.id)
