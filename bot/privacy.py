"""What is stored about a person, and forgetting it.

What stays of a forgotten person is a key without a name, and a salted hash of their network id, so that they
are neither counted nor greeted anew. Everything they wrote, and their name in what others wrote, goes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot.storage.facts import fact, set_fact
from bot.storage.search import find_phrase, remove_messages, replace_message
from bot.storage.tables import (
    EventRow,
    Expectation,
    Member,
    Membership,
    Mention,
    Message,
    OddEvent,
    Outgoing,
    OwnerDesk,
    OwnerItem,
    Ownership,
    PairingCode,
    PuppetAlias,
    Slot,
    WorkRow,
)
from bot.unquoting import Quotes, take_back_quotes

SHORTEST_NAME = 2
"""A shorter name is replaced only where it is mentioned with @: as a word it may mean anything."""


@dataclass(frozen=True, slots=True)
class StoredAbout:
    """How much is stored about one person. `messages` are those in rooms."""

    names: tuple[str, ...]
    rooms: int
    messages: int
    private_messages: int
    since: datetime | None
    quoted_by_others: int
    mentions: int
    is_uncounted: bool


def stored_about(session: Session, member: int) -> StoredAbout:
    """Count what is stored about a member."""
    in_rooms = func.count(Message.room_id)
    own = select(func.count(), in_rooms, func.min(Message.at)).where(Message.member_id == member)
    count, public, since = session.execute(own).one()
    rooms = session.scalar(select(func.count()).where(Membership.member_id == member))
    quoted = select(func.count()).where(Message.quote_id.in_(_messages_of(member)))
    mentions = session.scalar(select(func.count()).where(Mention.member_id == member))
    row = session.get_one(Member, member)
    return StoredAbout(
        names=tuple(_names_of(session, member)), rooms=rooms or 0, messages=public,
        private_messages=count - public, since=since,
        quoted_by_others=session.scalar(quoted) or 0, mentions=mentions or 0, is_uncounted=row.uncounted,
    )  # fmt: skip


def has_been_spoken_to(session: Session, member: int) -> bool:
    """Whether the bot has ever said anything privately to a member, as far as that is still stored."""
    said = select(Outgoing.id).where(Outgoing.member_id == member, Outgoing.kind == "text").limit(1)
    return session.scalar(said) is not None


def forget(session: Session, member: int, somebody: str, now: datetime) -> None:
    """Remove a member from the core's tables; the plugins' own are theirs to remove, before this.

    `somebody` stands from now on where the name stood in what others wrote.

    The caches of the register must be dropped afterwards, and the WAL emptied after the commit.
    """
    names = sorted(_names_of(session, member), key=len, reverse=True)
    texts = list(session.scalars(_texts_of(member)))
    for at in range(0, len(texts), TEXTS_AT_ONCE):
        take_back_quotes(session, Quotes.of(texts[at : at + TEXTS_AT_ONCE]), now)
    _remove_works(session, member)
    _remove_words(session, member, somebody)
    for name in names:
        _replace_name(session, name, somebody)
    _remove_traces(session, member)
    _keep_hashes_only(session, member, now)
    session.execute(
        update(Member).where(Member.id == member)
        .values(name="", is_friend=False, uncounted=True, forgotten_at=now)
    )  # fmt: skip


def take_back_words(session: Session, words: list[str]) -> None:
    """Empty these words of a forgotten person in all that was said privately, by the bot to owners first."""
    for each in filter(None, words):
        private = (Message.room_id.is_(None), func.instr(Message.text, each) > 0)
        session.execute(update(Message).where(*private).values(text=func.replace(Message.text, each, "…")))
        told = (Outgoing.member_id.is_not(None), func.instr(Outgoing.text, each) > 0)
        session.execute(update(Outgoing).where(*told).values(text=func.replace(Outgoing.text, each, "…")))


FORGOTTEN = "forgotten:"
TEXTS_AT_ONCE = 10_000
"""Each letter of a text is the beginning of something that may have been quoted: memory has an end."""

_JSON_WITH_WORDS = (
    ("audit", "old"), ("audit", "new"), ("owner_item", "payload"), ("outgoing", "payload"),
    ("slot", "payload"), ("work", "payload"), ("expectation", "payload"), ("event", "payload"),
    ("setting", "value"), ("text_override", "text"),
)  # fmt: skip


def hashed_id(session: Session, puppet_id: str, now: datetime) -> str:
    """What stands for the network id of somebody forgotten; the salt is this database's own."""
    salt = fact(session, "forgotten_salt")
    if salt is None:
        salt = secrets.token_hex(16)
        set_fact(session, "forgotten_salt", salt, now)
    return FORGOTTEN + hashlib.sha256(f"{salt}:{puppet_id}".encode()).hexdigest()


def _messages_of(member: int) -> Select[int]:
    return select(Message.id).where(Message.member_id == member)


def _texts_of(member: int) -> Select[str]:
    return select(Message.text).where(Message.member_id == member)


def _remove_works(session: Session, member: int) -> None:
    """Works and fetched files carry what was asked, drafts and names of files; done timers what they knew.

    Once settled they are for nobody; of those that wait, theirs are given up.
    """
    theirs = func.json_extract(WorkRow.payload, "$._member") == member
    session.execute(delete(WorkRow).where(or_(WorkRow.status != "waiting", theirs)))
    author = func.json_extract(Outgoing.payload, "$.author") == member
    message = func.json_extract(Outgoing.payload, "$.message").in_(_messages_of(member))
    fetched = select(Outgoing.id).where(Outgoing.kind == "fetch", or_(author, message))
    keys = list(session.scalars(fetched))
    session.execute(delete(Outgoing).where(Outgoing.id.in_(keys)))
    told = func.json_extract(EventRow.payload, "$.outgoing").in_(keys)
    session.execute(delete(EventRow).where(EventRow.kind == "OutgoingSettled", told))
    spent = Slot.kind == "timer", Slot.status != "planned"
    session.execute(update(Slot).where(*spent).values(payload={}))


def _names_of(session: Session, member: int) -> set[str]:
    name = session.scalar(select(Member.name).where(Member.id == member))
    aliases = session.scalars(select(Membership.alias).where(Membership.member_id == member))
    quoted = session.scalars(
        select(Message.quote_name).distinct().where(Message.quote_id.in_(_messages_of(member)))
    )
    return {one for one in (name, *aliases, *quoted) if one}


def _remove_words(session: Session, member: int, somebody: str) -> None:
    """What they wrote, where others quoted it, and what the bot said privately to them."""
    keys = list(session.scalars(_messages_of(member)))
    copies = Message.quote_id.in_(_messages_of(member))
    session.execute(update(Message).where(copies).values(quote_text="", quote_name=somebody))
    remove_messages(session, keys)
    session.execute(delete(Message).where(Message.member_id == member))
    private = select(Outgoing.message_id).where(
        Outgoing.member_id == member, Outgoing.message_id.is_not(None)
    )
    session.execute(delete(Message).where(Message.id.in_(private)))
    session.execute(delete(Outgoing).where(Outgoing.member_id == member))


def _replace_name(session: Session, name: str, somebody: str) -> None:
    """In what others wrote and in what the bot said, somebody stands where the name stood."""
    long_enough = len(name) >= SHORTEST_NAME
    wanted, instead = (name, somebody) if long_enough else (f"@{name}", f"@{somebody}")
    for key, text in _texts_with(session, name, wanted):
        new = text.replace(wanted, instead)
        replace_message(session, key, text, new)
        session.execute(update(Message).where(Message.id == key).values(text=new))
    here = func.instr(Message.text, wanted) > 0
    session.execute(
        update(Message).where(Message.room_id.is_(None), here)
        .values(text=func.replace(Message.text, wanted, instead))
    )  # fmt: skip
    for column in (Message.quote_name, Message.quote_text, Outgoing.text, OwnerItem.text):
        session.execute(
            update(column.class_).where(func.instr(column, wanted) > 0)
            .values({column.key: func.replace(column, wanted, instead)})
        )  # fmt: skip
    _replace_in_json(session, wanted, instead)
    session.execute(delete(OddEvent).where(func.instr(OddEvent.raw, name) > 0))


def _replace_in_json(session: Session, wanted: str, instead: str) -> None:
    """The same in what is stored as JSON, where Chinese stands as it is or as \\u escapes."""
    for old, new in ((wanted, instead), (_escaped(wanted), _escaped(instead))):
        for table, column in _JSON_WITH_WORDS:
            session.execute(
                sql(
                    f"UPDATE {table} SET {column} = replace({column}, :old, :new)"
                    f" WHERE instr({column}, :old) > 0"
                ),
                {"old": old, "new": new},
            )


def _escaped(words: str) -> str:
    return json.dumps(words)[1:-1]


def _texts_with(session: Session, name: str, wanted: str) -> Iterator[tuple[int, str]]:
    found = find_phrase(session, name)
    for key in found:
        text = session.scalar(select(Message.text).where(Message.id == key))
        if text and wanted in text:
            yield key, text


def _remove_traces(session: Session, member: int) -> None:
    for table in (Mention, Expectation, Ownership, OwnerDesk):
        session.execute(delete(table).where(table.member_id == member))
    session.execute(delete(PairingCode).where(PairingCode.used_by == member))
    greetings = EventRow.kind.in_(("FriendRequested", "RoomInvited"))
    about = func.json_extract(EventRow.payload, "$.member") == member
    session.execute(delete(EventRow).where(greetings, about))
    session.execute(
        delete(Slot).where(Slot.status == "planned", func.json_extract(Slot.payload, "$._member") == member)
    )
    session.execute(update(Membership).where(Membership.member_id == member).values(alias=""))


def _keep_hashes_only(session: Session, member: int, now: datetime) -> None:
    """In every scope that names people: the network's own and those of imported logs."""
    of_people = (PuppetAlias.scope != "room", PuppetAlias.key == member)
    known = session.execute(select(PuppetAlias.scope, PuppetAlias.puppet_id).where(*of_people)).all()
    session.execute(delete(PuppetAlias).where(*of_people))
    for scope, puppet_id in known:
        is_hash = puppet_id.startswith(FORGOTTEN)
        kept = puppet_id if is_hash else hashed_id(session, puppet_id, now)
        session.add(PuppetAlias(scope=scope, puppet_id=kept, key=member, seen_at=now))
    session.flush()
