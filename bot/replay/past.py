"""A room's own imported past, gone through again by a silent bot with the room's settings of today.

Read from the database of the running bot, run in one of its own that is thrown away. It begins with what
the owner has set and chosen (settings, wordings, who greets newcomers); all else is as on a first day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from bot.app import App
from bot.config import Config
from bot.gateway.base import Arrival, JoinArrived, MessageArrived, Person, QuotedText, RoomRef
from bot.plugin import Plugin
from bot.replay.chosen import Chosen, put_chosen
from bot.replay.findings import Past, WouldSay, past_of, would_say
from bot.replay.rehearsal import Rehearsal
from bot.replay.report import Sayer
from bot.replay.wording import Wording
from bot.storage.history import History
from bot.storage.records import RoomMember, Said
from bot.storage.tables import Member, Message, TextOverride
from bot.words import duration_said

ORIGIN = "import"
AT_FIRST = timedelta(days=7)
"""Who speaks for the first time this soon after a log has begun was there before it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a room's past. `is_cut`: there is more before it.

    Whoever came, or first spoke, before `settled_at` was a member when it began; who came later is new.
    """

    name: str
    messages: tuple[Said, ...]
    members: Mapping[int, RoomMember]
    is_cut: bool
    settled_at: datetime
    chosen: tuple[Chosen, ...] = ()

    @property
    def begins_at(self) -> datetime:
        """When its first message was said."""
        return self.messages[0].at

    def remark(self, said: Sayer) -> str:
        """Who counted as new in it."""
        if self.is_cut:
            return said("past_cut")
        return said("past_settled", span=duration_said(self.settled_at - self.begins_at))

    def was_there(self, member: RoomMember) -> bool:
        """Whether somebody is to count as a member from the start."""
        return member.first_joined_at < self.settled_at


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of going through a stretch: what it held, what would have been said, until when it ran."""

    past: Past
    entries: list[WouldSay]
    wording: Wording
    now: datetime


def has_past(session: Session, room: int) -> bool:
    """Whether anything was imported into a room."""
    return session.scalar(select(Message.id).where(*_imported(room)).limit(1)) is not None


def last_stretch(history: History, room: int, name: str, longest: timedelta, most: int) -> Stretch | None:
    """The end of a room's imported past: at most so long, at most so many messages. None if there is none."""
    ends = select(func.min(Message.at), func.max(Message.at)).where(*_imported(room))
    began, ended = history.session.execute(ends).one()
    if not has_past(history.session, room):
        return None
    said = history.messages(room, since=ended - longest)
    kept = deque((one for one in said if one.origin == ORIGIN), maxlen=most)
    start, span, is_cut = kept[0].at, kept[-1].at - kept[0].at, began < kept[0].at
    return Stretch(
        name=name,
        messages=tuple(kept),
        members={one.member: one for one in history.members(room, present=False)},
        is_cut=is_cut,
        settled_at=start if is_cut else start + min(AT_FIRST, span / 4),
    )


def rehearse(
    stretch: Stretch, scratch: Path, config: Config, plugins: Sequence[Plugin], texts: Sequence[TextOverride]
) -> Rehearsed:
    """Lead a silent bot through a stretch; `scratch` is where its folder may stand meanwhile."""
    with TemporaryDirectory(prefix="rehearsal-", dir=scratch) as folder:
        replay = Rehearsal(Path(folder), config, plugins, {})
        try:
            replay.storage.write_now(lambda session: session.add_all(texts))
            cast = Cast(stretch)
            key = replay.go(cast.room, cast.arrivals(), cast.take_places)
            now = replay.clock.now()
            past = replay.storage.read_now(lambda session: past_of(session, key))
            entries = replay.storage.read_now(lambda session: would_say(session, None, None, now))
            return Rehearsed(past, entries, replay.wording, now)
        finally:
            replay.storage.close()


class Cast:
    """Everybody in a stretch, with what they do in it, as a gateway would have reported it."""

    def __init__(self, stretch: Stretch) -> None:
        self.stretch = stretch
        self.room = RoomRef("past", stretch.name)
        self._needed = {member for rows in stretch.chosen for member in rows.members()}
        people = dict.fromkeys([*(one.member for one in stretch.messages), *sorted(self._needed)])
        self._members = [stretch.members[key] for key in people if key in stretch.members]

    def take_places(self, app: App, session: Session, room: int) -> None:
        """Before it begins: who was in the room already, and who asked not to be counted."""
        register, now = app.services.register, self.stretch.begins_at
        for one in self._members:
            if not one.uncounted and not self._was_there(one):
                continue
            key = register.member_key(session, _person(one), now)
            session.execute(update(Member).where(Member.id == key).values(uncounted=one.uncounted))
            if self._was_there(one):
                joined_at = min(one.first_joined_at, now)
                register.enter(session, room, key, one.alias, joined_at, join_known=False)
                register.speaks(session, room, key, joined_at)
        put_chosen(
            session, self.stretch.chosen, room, lambda member: register.known_member(session, _id(member))
        )

    def _was_there(self, member: RoomMember) -> bool:
        return self.stretch.was_there(member) or member.member in self._needed

    def arrivals(self) -> Iterator[Arrival]:
        """What happens, in the order of its times."""
        joins = (self._join(one) for one in self._members if not self._was_there(one))
        messages = (self._message(one) for one in self.stretch.messages)
        return merge(sorted(joins, key=_time), messages, key=_time)

    def _join(self, member: RoomMember) -> Arrival:
        at, key = member.first_joined_at, f"join:{member.member}"
        return JoinArrived(key=key, at=at, received_at=at, room=self.room, people=(_person(member),))

    def _message(self, said: Said) -> Arrival:
        member = self.stretch.members.get(said.member)
        return MessageArrived(
            key=f"message:{said.id}",
            at=said.at,
            received_at=said.at,
            puppet_id=f"message:{said.id}",
            talker=_person(member) if member else Person(_id(said.member), ""),
            room=self.room,
            conversation=self.room.id,
            text=said.text,
            kind=said.kind,  # type: ignore[arg-type]
            mention_ids=tuple(map(_id, said.mentions)),
            quote=QuotedText(said.quote.name, said.quote.text) if said.quote else None,
        )


def _imported(room: int) -> tuple[ColumnElement[bool], ...]:
    return Message.room_id == room, Message.origin == ORIGIN


def _person(member: RoomMember) -> Person:
    return Person(_id(member.member), member.own_name, member.alias)


def _id(member: int) -> str:
    return f"member:{member}"


def _time(arrival: Arrival) -> datetime:
    return arrival.received_at
