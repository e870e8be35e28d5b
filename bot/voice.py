"""The half of a context that looks and speaks: what is known here and now, and saying something about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from bot import authority
from bot.events import Event
from bot.outbox import Urgency
from bot.services import RoomView, Services, view_of
from bot.speaking import ActKind, Words, mention_token, put
from bot.storage.engine import Part
from bot.storage.history import History
from bot.storage.tables import Member, OwnerItem
from bot.words import Trusted

Fallback = Literal["silence", "group", "owner"]
Item = TypeVar("Item")

NUMBERS_LAST = timedelta(days=1)
"""A number on the owner's list is not given again while the thing is open, and not within a day."""


@dataclass(slots=True)
class Voice:
    """See the module. `member` is who spoke or asked, `asked_in_group` where. Valid during one call only."""

    services: Services
    part: Part
    now: datetime
    plugin: str
    room: RoomView | None = None
    member: int | None = None
    asked_in_group: bool = False
    event: Event | None = None
    mute: bool = False
    emitted: list[Event] = field(default_factory=list)
    line_to_run: str | None = None

    # What is known

    @property
    def db(self) -> Session:
        """The session of this call's transaction."""
        return self.part.session

    @property
    def room_id(self) -> int | None:
        """The room's key, None outside any room."""
        return self.room.id if self.room else None

    @property
    def room_name(self) -> str:
        """The room's name, "" outside any room."""
        return self.room.name if self.room else ""

    @property
    def settings(self) -> Any:
        """This plugin's settings as they hold in this room."""
        return self.services.settings.for_plugin(self.plugin, self.room_id)

    @property
    def history(self) -> History:
        """Everything that was said, and who is who."""
        return History(self.db, self.now)

    @property
    def zone(self) -> ZoneInfo:
        """The timezone that people here live in."""
        return self.services.zone

    def local(self, moment: datetime | None = None) -> datetime:
        """A moment (default: now) as people's clocks show it."""
        return (moment or self.now).astimezone(self.services.zone)

    def choose(self, options: Sequence[Item]) -> Item:
        """One of them by the bot's dice."""
        return self.services.dice.choice(options)

    def name_of(self, member: int) -> str:
        """What people here call this member."""
        return self.history.name_of(member, self.room_id)

    def mention(self, members: Iterable[int]) -> Trusted:
        """`@甲 @乙` as real mentions; pass the same members as `mention=` to what says it."""
        names = (self.name_of(member) for member in members)
        return Trusted("".join(mention_token(name) for name in names if name))  # the forgotten have none

    def text(self, key: str, **values: object) -> Trusted:
        """One of this plugin's texts, filled in."""
        chosen = self.services.texts.render(self.plugin, key, self.room_id, self._pick, **values)
        return Trusted(chosen)

    def in_room(self, room: int) -> Self:
        """The same moment, looking at another room."""
        return replace(
            self, room=view_of(self.services, self.db, room), asked_in_group=False, line_to_run=None
        )

    # Speaking

    def say(
        self, key: str, *, urgency: Urgency = "initiative", mention: Sequence[int] = (), reason: str = "",
        merge: str | None = None, not_before: datetime | None = None, keep_for: timedelta | None = None,
        **values: object,
    ) -> int | None:  # fmt: skip
        """Say a text in this room; the outgoing row's key, None if this is not the time to speak at all.

        `reason` says for the owner why this was said. With `mention`, the text must hold `$people`.
        """
        if mention:
            values["people"] = self.mention(mention)
        return self.say_text(
            self.text(key, **values), urgency=urgency, mention=mention, reason=reason or key, merge=merge,
            not_before=not_before, keep_for=keep_for,
        )  # fmt: skip

    def say_text(
        self, text: str, *, urgency: Urgency, reason: str, mention: Sequence[int] = (),
        merge: str | None = None, not_before: datetime | None = None, keep_for: timedelta | None = None,
    ) -> int | None:  # fmt: skip
        """`say` for words that are finished already (an owner's own, or several texts joined)."""
        if self.room is None:
            raise ValueError(f"{self.plugin} speaks without a room")
        return self._put(
            Words(
                plugin=self.plugin, urgency=urgency, text=text, room=self.room.id, mentions=tuple(mention),
                reason=reason, merge_key=merge, event=self._event_id(), not_before=not_before,
                keep_for=keep_for,
            )
        )  # fmt: skip

    def tell(
        self, member: int, key: str, *, urgency: Urgency = "answer", fallback: Fallback = "silence",
        merge: str | None = None, keep_for: timedelta | None = None, **values: object,
    ) -> int | None:  # fmt: skip
        """Say a text privately. WeChat lets the bot do so only to friends: `fallback` decides otherwise."""
        return self.tell_text(
            member, self.text(key, **values), urgency=urgency, fallback=fallback, reason=key, merge=merge,
            keep_for=keep_for,
        )  # fmt: skip

    def tell_text(
        self, member: int, text: str, *, urgency: Urgency = "answer", fallback: Fallback = "silence",
        reason: str = "", merge: str | None = None, keep_for: timedelta | None = None,
    ) -> int | None:  # fmt: skip
        """`tell` for words that are finished already."""
        row = self.db.get(Member, member)
        if row is None or not row.is_friend:
            return self._tell_otherwise(member, text, fallback, reason)
        return self._put(
            Words(
                plugin=self.plugin, urgency=urgency, text=text, member=member, reason=reason,
                merge_key=merge, event=self._event_id(), keep_for=keep_for,
            )
        )  # fmt: skip

    def tell_owners(
        self, key: str, *, urgency: Urgency = "promised", merge: str | None = None, **values: object
    ) -> None:
        """Say a text privately to everybody who owns this room (without a room: any room)."""
        for owner in authority.owners_of(self.db, self.room_id):
            text = self.text(key, **values)
            self.tell_text(owner, text, urgency=urgency, merge=merge, reason=key)

    def reply(self, key: str, **values: object) -> int | None:
        """Answer whoever asked, where they asked."""
        return self.reply_text(self.text(key, **values), reason=key)

    def reply_text(self, text: str, reason: str = "") -> int | None:
        """`reply` for words that are finished already."""
        if self.member is None:
            raise ValueError(f"{self.plugin} replies to nobody")
        if not self.asked_in_group:
            return self.tell_text(self.member, text, reason=reason)
        said = Trusted(self.mention([self.member]) + text)
        return self.say_text(said, urgency="answer", mention=[self.member], reason=reason)

    def send_file(
        self, path: Path, *, name: str = "", member: int | None = None, urgency: Urgency = "answer",
        reason: str = "",
    ) -> int | None:  # fmt: skip
        """Send a file of the data folder, under a name for people, to a member or (None) into this room."""
        payload = {"path": str(path), "name": name or path.name}
        room = None if member is not None else self.room_id
        return self._put(
            Words(
                plugin=self.plugin, urgency=urgency, kind="file", text=payload["name"], room=room,
                member=member, payload=payload, reason=reason, event=self._event_id(),
            )
        )  # fmt: skip

    def act(self, kind: ActKind, *, text: str = "", people: Sequence[int] = (), **payload: Any) -> int | None:
        """Do something that can fail and must not happen twice; its end comes as `OutgoingSettled`."""
        return self._put(
            Words(
                plugin=self.plugin, urgency="answer", kind=kind, text=text, room=self.room_id,
                payload=payload | {"people": list(people)}, reason=kind, event=self._event_id(),
                keep_for=timedelta(hours=1),
            )
        )  # fmt: skip

    def put_on_list(
        self, key: str, text: str, *, keep_for: timedelta = timedelta(days=7), **payload: Any
    ) -> int:
        """Put something on the owner's list (今天), once per key; the number that owners call it by."""
        recent = (OwnerItem.created_at > self.now - NUMBERS_LAST) | (
            OwnerItem.done_at.is_(None) & (OwnerItem.expires_at > self.now)
        )
        last = self.db.scalar(select(func.max(OwnerItem.number)).where(recent))
        statement = insert(OwnerItem).values(
            room_id=self.room_id, plugin=self.plugin, key=key, number=(last or 0) + 1, text=text,
            payload=payload, created_at=self.now, expires_at=self.now + keep_for,
        )  # fmt: skip
        self.db.execute(statement.on_conflict_do_nothing())
        mine = (OwnerItem.plugin == self.plugin) & (OwnerItem.key == key)
        return self.db.execute(select(OwnerItem.number).where(mine)).scalar_one()

    # Inside

    def _put(self, words: Words) -> int | None:
        if self.mute:
            return None
        self.services.stir()
        return put(self.db, words, self.now, self.services.split_at)

    def _tell_otherwise(self, member: int, text: str, fallback: Fallback, reason: str) -> int | None:
        if fallback == "group" and self.room is not None:
            said = Trusted(self.mention([member]) + text)
            return self.say_text(said, urgency="answer", mention=[member], reason=reason)
        if fallback == "owner":
            self.put_on_list(f"{reason}:{member}:{self._event_id() or 0}", text)
        return None

    def _event_id(self) -> int | None:
        return self.event.id if self.event is not None and self.event.id else None

    def _pick(self, variants: Sequence[str]) -> str:
        return self.services.dice.choice(variants)
