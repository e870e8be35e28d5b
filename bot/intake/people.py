"""Who came, who went, who wants to be a friend."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.events import (
    FriendAdded,
    FriendRequested,
    MembersJoined,
    MembersLeft,
    RoomFound,
    RoomInvited,
    RoomLost,
    RoomRenamed,
)
from bot.gateway.base import (
    Arrival,
    FriendConfirmedArrived,
    FriendRequestArrived,
    InvitationArrived,
    JoinArrived,
    LeaveArrived,
    MembersListed,
    MessageArrived,
    Person,
    RoomsListed,
    TopicArrived,
)
from bot.intake.base import Desk, Found, is_late
from bot.regaining import adopt_members
from bot.register import HEARD_STATUSES
from bot.storage.tables import Membership, Room


def join(desk: Desk, session: Session, arrival: JoinArrived, now: datetime) -> Found:
    """People were reported as having come."""
    register = desk.register
    people = [register.member_key(session, person, now) for person in arrival.people]
    room, found = desk.find_room(session, arrival.room, now)
    if register.self_key in people and register.room_status(session, room) == "left":
        register.set_room_status(session, room, "seen", now)
    if register.room_status(session, room) not in HEARD_STATUSES:
        return found
    inviter = register.member_key(session, arrival.inviter, now) if arrival.inviter else None
    joined, returning = _enter_all(desk, session, room, arrival.people, people, arrival.at)
    if not joined and not returning:
        return []
    return [
        (
            "",
            MembersJoined(
                at=arrival.at, late=is_late(arrival), room=room, members=tuple(joined),
                returning=tuple(returning), inviter=inviter,
            ),
        )
    ]  # fmt: skip


def missed_join(desk: Desk, session: Session, arrival: MessageArrived, now: datetime) -> Found:
    """Somebody speaks in a room whose members we know, and is none of them: their joining went unreported.

    Later comparisons would find them present, so this is the moment at which it is noticed.
    """
    register = desk.register
    room = desk.heard_room(session, arrival.room, now) if arrival.room is not None else None
    if room is None or room not in desk.compared or arrival.from_self or is_late(arrival):
        return []
    member = register.member_key(session, arrival.talker, now)
    if member == register.self_key or register.is_present(session, room, member):
        return []
    joined, returning = _enter_all(desk, session, room, (arrival.talker,), [member], arrival.at)
    return _comparison_events(arrival, room, tuple(joined), tuple(returning), ())


def _enter_all(
    desk: Desk, session: Session, room: int, people: tuple[Person, ...], keys: list[int], at: datetime
) -> tuple[list[int], list[int]]:
    """Who of them is new in the room and who is back; the bot itself is neither."""
    outcomes: dict[str, list[int]] = {"new": [], "returning": [], "present": []}
    for person, key in zip(people, keys, strict=True):
        outcome = desk.register.enter(session, room, key, person.room_alias, at, join_known=True)
        if key != desk.register.self_key and key not in desk.register.forgotten:
            outcomes[outcome].append(key)
    return outcomes["new"], outcomes["returning"]


def leave(desk: Desk, session: Session, arrival: LeaveArrived, now: datetime) -> Found:
    """People were reported as having gone; if the bot is among them, the room is lost."""
    register = desk.register
    room, _ = register.room_key(session, arrival.room, now)
    remover = register.member_key(session, arrival.remover, now) if arrival.remover else None
    keys = [register.member_key(session, person, now) for person in arrival.people]
    if register.self_key in keys and register.room_status(session, room) != "left":
        register.set_room_status(session, room, "left", now)
        name = arrival.room.topic or register.room_name(room)
        # Never late, however late it reaches us: it is so from now on, and somebody has to hear of it.
        return [(":lost", RoomLost(at=arrival.at, room=room, name=name, remover=remover))]
    if register.room_status(session, room) not in HEARD_STATUSES:
        return []
    left = tuple(key for key in keys if register.leave(session, room, key, arrival.at))
    if not left:
        return []
    late = is_late(arrival)
    return [("", MembersLeft(at=arrival.at, late=late, room=room, members=left, remover=remover))]


def topic(desk: Desk, session: Session, arrival: TopicArrived, now: datetime) -> Found:
    """A room has another name."""
    room, is_new = desk.register.room_key(session, arrival.room, now)
    if is_new:
        return [(":room", RoomFound(at=now, room=room, name=arrival.room.topic))]
    new = arrival.room.topic
    old = desk.register.rename_room(session, room, new)
    if old == new:
        return []
    return [("", RoomRenamed(at=arrival.at, late=is_late(arrival), room=room, old=old, new=new))]


def friend_request(desk: Desk, session: Session, arrival: FriendRequestArrived, now: datetime) -> Found:
    """Somebody wants to be a friend."""
    member = desk.register.member_key(session, arrival.person, now)
    return [
        (
            "",
            FriendRequested(
                at=arrival.at, late=is_late(arrival), member=member, greeting=arrival.greeting[:500],
                request=arrival.request_id,
            ),
        )
    ]  # fmt: skip


def friend_confirmed(desk: Desk, session: Session, arrival: FriendConfirmedArrived, now: datetime) -> Found:
    """Somebody is a friend now."""
    member = desk.register.member_key(session, arrival.person, now)
    desk.register.mark_friend(session, member)
    return [("", FriendAdded(at=arrival.at, late=is_late(arrival), member=member))]


def invitation(desk: Desk, session: Session, arrival: InvitationArrived, now: datetime) -> Found:
    """Somebody invites the bot into a room."""
    member = desk.register.member_key(session, arrival.inviter, now)
    return [
        ("", RoomInvited(at=arrival.at, member=member, topic=arrival.topic, invitation=arrival.invitation_id))
    ]


def rooms_listed(desk: Desk, session: Session, arrival: RoomsListed, now: datetime) -> Found:
    """Rooms we did not know are found; known ones get their name of today; what is gone twice is lost."""
    found: Found = []
    listed: set[int] = set()
    for ref in arrival.rooms:
        room, is_new = desk.register.room_key(session, ref, now)
        listed.add(room)
        if is_new:
            found.append((f":{ref.id}", RoomFound(at=now, room=room, name=ref.topic)))
        elif ref.topic:
            desk.register.rename_room(session, room, ref.topic)
        if desk.register.room_status(session, room) == "left":
            desk.register.set_room_status(session, room, "seen", now)
    return found + _missing_rooms(desk, session, listed, now)


def _missing_rooms(desk: Desk, session: Session, listed: set[int], now: datetime) -> Found:
    """Rooms that two lists in a row lack: the bot was put out of them while nobody listened.

    One list proves nothing: right after a login a gateway may not know all of its rooms yet.
    """
    heard = session.scalars(select(Room.id).where(Room.status.in_(HEARD_STATUSES))).all()
    missing = set(heard) - listed
    gone, desk.missing = sorted(missing & desk.missing), missing
    lost: Found = []
    for room in gone:
        desk.missing.discard(room)
        desk.register.set_room_status(session, room, "left", now)
        lost.append((f":lost:{room}", RoomLost(at=now, room=room, name=desk.register.room_name(room))))
    return lost


def members_listed(desk: Desk, session: Session, arrival: MembersListed, now: datetime) -> Found:
    """Compare a fresh list with what we know. The first comparison after a start is silent."""
    register = desk.register
    room, is_new = register.room_key(session, arrival.room, now)
    found: Found = [(":room", RoomFound(at=now, room=room, name=arrival.room.topic))] if is_new else []
    register.rename_room(session, room, arrival.room.topic)
    if register.room_status(session, room) not in HEARD_STATUSES:
        return found
    adopt_members(session, register, room, arrival.people, now)
    keys = [register.member_key(session, person, now) for person in arrival.people]
    is_first = room not in desk.compared
    gone = _missing_members(session, room, {*keys, register.self_key})
    joined: list[int] = []
    returning: list[int] = []
    for person, key in zip(arrival.people, keys, strict=True):
        outcome = register.enter(session, room, key, person.room_alias, arrival.at, join_known=not is_first)
        if key != register.self_key and key not in register.forgotten:
            {"new": joined, "returning": returning, "present": []}[outcome].append(key)
    left = tuple(key for key in gone if register.leave(session, room, key, arrival.at))
    session.execute(update(Room).where(Room.id == room).values(members_listed_at=now))
    desk.compared.add(room)
    if is_first:
        return found
    return found + _comparison_events(arrival, room, tuple(joined), tuple(returning), left)


def _missing_members(session: Session, room: int, present: set[int | None]) -> list[int]:
    known = session.scalars(
        select(Membership.member_id).where(Membership.room_id == room, Membership.left_at.is_(None))
    )
    return [member for member in known if member not in present]


def _comparison_events(
    arrival: Arrival,
    room: int,
    joined: tuple[int, ...],
    returning: tuple[int, ...],
    left: tuple[int, ...],
) -> Found:
    events: Found = []
    if joined or returning:
        events.append(
            (
                ":joined",
                MembersJoined(
                    at=arrival.at, room=room, members=joined, returning=returning, source="comparison"
                ),
            )
        )
    if left:
        events.append((":left", MembersLeft(at=arrival.at, room=room, members=left)))
    return events
