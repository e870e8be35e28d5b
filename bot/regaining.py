"""After a login with new ids, or an import: a room of before and one of today are one, if its owner says so.

The room of today becomes another name of the room of before, with all that is stored of it. Its members are
found again at the next member list, by names that only one person had then and only one has now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from bot.gateway.base import Person
from bot.register import Register
from bot.storage.engine import plain_connection
from bot.storage.facts import fact, set_fact
from bot.storage.tables import Member, Membership, Message, OwnerDesk, Ownership, PuppetAlias, Room

_ABOUT_MEMBERS = (("message", "member_id"), ("mention", "member_id"), ("membership", "member_id"))
_ALIASES_TOO = "UPDATE puppet_alias SET key = ? WHERE key = ? AND scope LIKE 'import:%'"


def former_self(session: Session, room: int) -> int | None:
    """The lost or imported room of this name, if there is exactly one and this one is new, without a past."""
    here = session.get(Room, room)
    if here is None or here.status not in ("seen", "off") or _has_past(session, room):
        return None
    if fact(session, _apart(room)):
        return None
    others = select(Room.id).where(Room.name == here.name, Room.id != room)
    lost = session.scalars(others.where((Room.status == "left") | ~_is_real(Room.id))).all()
    return lost[0] if len(lost) == 1 else None


def today_of(session: Session, imported: int) -> int | None:
    """The room that the bot is in and that may be this one, which it knows from logs."""
    name = select(Room.name).where(Room.id == imported).scalar_subquery()
    same = session.scalars(select(Room.id).where(Room.name == name, _is_real(Room.id)))
    return next((room for room in same if former_self(session, room) == imported), None)


def is_imported(session: Session, room: int) -> bool:
    """Whether a room is known from logs only: the bot was never in it."""
    return not session.scalar(select(_is_real(room)))


def regain(session: Session, register: Register, room: int, former: int, now: datetime) -> None:
    """Let the room of today be the former one again, switched off until its owner switches it on."""
    session.execute(
        update(PuppetAlias).where(PuppetAlias.scope == "room", PuppetAlias.key == room)
        .values(key=former, seen_at=now)
    )  # fmt: skip
    owners = session.scalars(select(Ownership.member_id).where(Ownership.room_id == room)).all()
    for owner in owners:
        session.merge(Ownership(member_id=owner, room_id=former, since=now))
    session.execute(update(OwnerDesk).where(OwnerDesk.room_id == room).values(room_id=former))
    for of_room in ("setting", "text_override"):
        plain_connection(session).execute(
            f"UPDATE OR IGNORE {of_room} SET room_id = ? WHERE room_id = ?", (former, room)
        )
    session.execute(delete(Room).where(Room.id == room))
    session.execute(update(Room).where(Room.id == former).values(status="off", status_at=now))
    set_fact(session, _fact_name(former), True, now)
    register.load(session)
    register.changed()


def keep_apart(session: Session, room: int, now: datetime) -> None:
    """The owner says that it is another room of the same name."""
    set_fact(session, _apart(room), True, now)


def adopt_members(
    session: Session, register: Register, room: int, people: Iterable[Person], now: datetime
) -> int:
    """Give the members of before their ids of today, where names leave no doubt; how many were found.

    Whoever is known under the id of today already, and as before from logs only, becomes one person.
    """
    if not fact(session, _fact_name(room)):
        return 0
    set_fact(session, _fact_name(room), False, now)
    today = list(people)
    bearers = {one.room_alias or one.name: one for one in today}
    names_now = Counter(one.room_alias or one.name for one in today)
    before = _names_before(session, room)
    names_before = Counter(before.values())
    adopted = 0
    for key, name in before.items():
        if names_now[name] == names_before[name] == 1:
            known = register.known_member(session, bearers[name].id)
            adopted += _become_one(session, register, key, known, bearers[name], now)
    session.flush()
    register.forget_caches()
    return adopted


def _become_one(
    session: Session, register: Register, key: int, known: int | None, person: Person, now: datetime
) -> bool:
    """Make the member of before and the person of today one; False if that cannot be."""
    if known is None:
        session.add(PuppetAlias(scope="member", puppet_id=person.id, key=key, seen_at=now))
        return True
    is_from_logs = not session.scalar(select(_is_met(key)))
    if known in (key, register.self_key) or not is_from_logs:
        return False
    raw = plain_connection(session)
    for table, column in _ABOUT_MEMBERS:
        raw.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (known, key))
    raw.execute(_ALIASES_TOO, (known, key))
    session.execute(delete(Member).where(Member.id == key))
    return True


def _names_before(session: Session, room: int) -> dict[int, str]:
    rows = session.execute(
        select(Member.id, Member.name, Membership.alias)
        .join(Membership, Membership.member_id == Member.id)
        .where(
            Membership.room_id == room, Membership.left_at.is_(None),
            Member.is_self.is_(False), Member.forgotten_at.is_(None),
        )
    )  # fmt: skip
    return {row.id: row.alias or row.name for row in rows}


def _is_real(room: Any) -> ColumnElement[bool]:
    return exists().where(PuppetAlias.scope == "room", PuppetAlias.key == room)


def _is_met(member: int) -> ColumnElement[bool]:
    return exists().where(PuppetAlias.scope == "member", PuppetAlias.key == member)


def _has_past(session: Session, room: int) -> bool:
    return session.scalar(select(Message.id).where(Message.room_id == room).limit(1)) is not None


def _apart(room: int) -> str:
    return f"apart:{room}"


def _fact_name(room: int) -> str:
    return f"regained:{room}"
