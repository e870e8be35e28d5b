"""After a login with new ids: a room of before and a room of today are one, if its owner says so.

The room of today becomes another name of the room of before, with all that is stored of it. Its members are
found again at the next member list, by names that only one person had then and only one has now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.gateway.base import Person
from bot.register import Register
from bot.storage.facts import fact, set_fact
from bot.storage.tables import Member, Membership, Message, OwnerDesk, Ownership, PuppetAlias, Room


def former_self(session: Session, room: int) -> int | None:
    """The lost room of the same name, if there is exactly one and this one is new and without a past."""
    here = session.get(Room, room)
    if here is None or here.status not in ("seen", "off") or _has_past(session, room):
        return None
    if fact(session, _apart(room)):
        return None
    lost = session.scalars(
        select(Room.id).where(Room.name == here.name, Room.status == "left", Room.id != room)
    ).all()
    return lost[0] if len(lost) == 1 else None


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
    """Give the members of before their ids of today, where names leave no doubt; how many were found."""
    if not fact(session, _fact_name(room)):
        return 0
    set_fact(session, _fact_name(room), False, now)
    unknown = [one for one in people if register.known_member(session, one.id) is None]
    names_now = Counter(one.room_alias or one.name for one in unknown)
    before = _names_before(session, room)
    names_before = Counter(before.values())
    adopted = 0
    for key, name in before.items():
        person = next((one for one in unknown if (one.room_alias or one.name) == name), None)
        if person is not None and names_now[name] == names_before[name] == 1:
            session.add(PuppetAlias(scope="member", puppet_id=person.id, key=key, seen_at=now))
            adopted += 1
    session.flush()
    return adopted


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


def _has_past(session: Session, room: int) -> bool:
    return session.scalar(select(Message.id).where(Message.room_id == room).limit(1)) is not None


def _apart(room: int) -> str:
    return f"apart:{room}"


def _fact_name(room: int) -> str:
    return f"regained:{room}"
