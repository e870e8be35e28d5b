"""Who may command which room. The only place that decides it, and the only one that grants it.

Authority is a row that pairing wrote: a one-time code, printed by `qunxing pair` on the machine itself,
came back from this very person in private. Names, roles and looks count for nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.storage.tables import AuditRow, Member, OwnerDesk, Ownership, PairingCode, Room
from bot.words import normalised

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
LONGEST_GREETING = 500  # a code stands in a short line; a long one is not read to its end
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE = re.compile(r"(?<![0-9a-z])([2-9a-hjkmnp-z]{4})[\s-]?([2-9a-hjkmnp-z]{4})(?![0-9a-z])")

Pairing = Literal["paired", "wrong", "none"]


def new_code(session: Session, rooms: list[str], now: datetime) -> str:
    """A fresh code for these room names (none: every room); codes given before are void."""
    for old in session.scalars(select(PairingCode).where(PairingCode.expires_at > now)):
        old.expires_at = now
    code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    salt = secrets.token_hex(16)
    session.add(
        PairingCode(
            salt=salt, code_hash=_hashed(code, salt), rooms=rooms,
            expires_at=now + CODE_LASTS, tries_left=CODE_TRIES,
        )
    )  # fmt: skip
    session.flush()
    return f"{code[:4]}-{code[4:]}"


def code_in(text: str) -> str | None:
    """What looks like a pairing code in a line or a greeting."""
    found = _CODE.search(normalised(text[:LONGEST_GREETING]))
    return (found.group(1) + found.group(2)).upper() if found else None


def try_pair(session: Session, member: int, text: str, now: datetime) -> Pairing:
    """Pair the member if the text holds the open code. A wrong code costs one of five tries."""
    code, open_code = code_in(text), _open_code(session, now)
    if code is None or open_code is None or not _may_pair(session, member):
        return "none"
    if not hmac.compare_digest(_hashed(code, open_code.salt), open_code.code_hash):
        open_code.tries_left -= 1
        return "wrong"
    open_code.used_by = member
    for room in covered_rooms(session, open_code.rooms):
        _grant(session, member, room, now)
    session.add(AuditRow(at=now, member_id=member, action="paired", subject="rooms", new=open_code.rooms))
    session.flush()
    return "paired"


def revoke_all(session: Session) -> None:
    """All ids are new: nobody is proven to be who paired, and a name proves nothing. Owners pair again."""
    session.execute(delete(Ownership))
    session.execute(delete(PairingCode).where(PairingCode.used_by.is_not(None)))


def unpair_all(session: Session, now: datetime) -> int:
    """Take every room from every owner, and every code too, open or used; how many owners there were."""
    owners = {*owners_of(session, None), *owners_of_all(session)}
    session.execute(delete(Ownership))
    session.execute(delete(PairingCode))
    session.execute(update(OwnerDesk).values(room_id=None, confirm_code=None))
    session.add(AuditRow(at=now, member_id=None, action="unpaired", subject="rooms"))
    session.flush()
    return len(owners)


def tries_left(session: Session, now: datetime) -> int:
    """How many wrong codes may still be given; 0 if no code is open."""
    open_code = _open_code(session, now)
    return open_code.tries_left if open_code is not None else 0


def owners_of_all(session: Session) -> list[int]:
    """Who paired with a code for every room: new rooms are theirs too."""
    used = (
        select(Member.id, PairingCode.rooms)
        .join(PairingCode, PairingCode.used_by == Member.id)
        .where(Member.forgotten_at.is_(None))
        .order_by(PairingCode.id)
    )
    return list(dict.fromkeys(row.id for row in session.execute(used) if not row.rooms))


def entrust(session: Session, room: int, now: datetime, founder: int | None = None) -> list[int]:
    """Give a new room to those who paired for every room, and to the owner who had it made; who they are."""
    owners = owners_of_all(session)
    if founder is not None and founder not in owners and is_owner(session, founder):
        owners.append(founder)
    for member in owners:
        _grant(session, member, room, now)
    session.flush()
    return owners


def covered_rooms(session: Session, names: list[str]) -> list[int]:
    """The keys of the rooms that a code covers: those of these names, or all."""
    query = select(Room.id).where(Room.status != "left").order_by(Room.id)
    return list(session.scalars(query.where(Room.name.in_(names)) if names else query))


def may_command(session: Session, member: int, room: int) -> bool:
    """Whether this member owns this room."""
    return session.get(Ownership, (member, room)) is not None


def rooms_of(session: Session, member: int) -> list[int]:
    """The rooms that this member may command, in the order of their keys."""
    query = select(Ownership.room_id).where(Ownership.member_id == member).order_by(Ownership.room_id)
    return list(session.scalars(query))


def owners_of(session: Session, room: int | None) -> list[int]:
    """Who may command the room (None: any room at all)."""
    query = select(Ownership.member_id).distinct().order_by(Ownership.member_id)
    return list(session.scalars(query if room is None else query.where(Ownership.room_id == room)))


def is_owner(session: Session, member: int) -> bool:
    """Whether this member owns any room, or will own the first one."""
    owned = session.scalar(select(Ownership.room_id).where(Ownership.member_id == member).limit(1))
    return owned is not None or member in owners_of_all(session)


def desk_of(session: Session, member: int) -> OwnerDesk:
    """What this owner is looking at; their only (or first) room until they choose another."""
    desk = session.get(OwnerDesk, member)
    if desk is None:
        desk = OwnerDesk(member_id=member)
        session.add(desk)
    owned = rooms_of(session, member)
    if desk.room_id not in owned:
        desk.room_id = owned[0] if owned else None
    session.flush()
    return desk


def _open_code(session: Session, now: datetime) -> PairingCode | None:
    return session.scalar(
        select(PairingCode)
        .where(PairingCode.expires_at > now, PairingCode.tries_left > 0, PairingCode.used_by.is_(None))
        .order_by(PairingCode.id.desc())
    )


def _grant(session: Session, member: int, room: int, now: datetime) -> None:
    session.merge(Ownership(member_id=member, room_id=room, since=now))


def _may_pair(session: Session, member: int) -> bool:
    row = session.get(Member, member)
    return row is not None and not row.is_self and row.kind == "person"


def _hashed(code: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt.encode(), 20_000).hex()
