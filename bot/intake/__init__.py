"""Arrivals become recorded events: translate, admit, record (steps 2 to 4 of the way of an event).

Each step takes one kind of arrival and returns the events that it gave rise to. Nothing here decides what
to do about them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.event_log import record
from bot.events import Event
from bot.gateway import base as arrivals
from bot.intake import line, people, talk
from bot.intake.base import LATE_AFTER, Desk, Found
from bot.intake.batch import Batch, known_among

__all__ = ["LATE_AFTER", "Desk", "admit"]

_STEPS: dict[type[arrivals.Arrival], Callable[[Desk, Session, Any, datetime], Found]] = {
    arrivals.MessageArrived: talk.not_heard,
    arrivals.RecallArrived: talk.recall,
    arrivals.JoinArrived: people.join,
    arrivals.LeaveArrived: people.leave,
    arrivals.TopicArrived: people.topic,
    arrivals.FriendRequestArrived: people.friend_request,
    arrivals.FriendConfirmedArrived: people.friend_confirmed,
    arrivals.InvitationArrived: people.invitation,
    arrivals.MembersListed: people.members_listed,
    arrivals.RoomsListed: people.rooms_listed,
    arrivals.LoggedIn: line.logged_in,
    arrivals.LineChanged: line.line_changed,
    arrivals.OddArrived: line.odd,
}


def admit(desk: Desk, session: Session, new: Sequence[arrivals.Arrival], now: datetime) -> list[Event]:
    """The recorded events of these arrivals, in order; what is known, odd or not for us gives none."""
    seen = _known(session, new)
    batch = Batch(session)
    recorded: list[Event] = []
    for arrival in new:
        if seen.isdisjoint(_names(arrival)):
            seen.update(_names(arrival))
            recorded += _admit_one(desk, session, arrival, batch, now)
    batch.flush()
    return desk.linking.follow(session, recorded, now)


def _admit_one(
    desk: Desk, session: Session, arrival: arrivals.Arrival, batch: Batch, now: datetime
) -> list[Event]:
    if isinstance(arrival, arrivals.MessageArrived):
        joined = _record(session, arrival, people.missed_join(desk, session, arrival, now), batch)
        posted = talk.message(desk, session, arrival, batch, now)
        if posted is not None:
            wordless = posted.member in desk.register.forgotten
            ids = (arrival.puppet_id, arrival.key, arrival.received_at)
            return [*joined, batch.add(posted, *ids, wordless=wordless)]
    batch.flush()
    return _record(session, arrival, _STEPS[type(arrival)](desk, session, arrival, now), batch)


def _record(session: Session, arrival: arrivals.Arrival, found: Found, batch: Batch) -> list[Event]:
    if found:
        batch.flush()
    events = [record(session, event, f"{arrival.key}{end}", arrival.received_at) for end, event in found]
    return [event for event in events if event is not None]


def _known(session: Session, batch: Sequence[arrivals.Arrival]) -> set[str]:
    """Which facts were recorded before, as `_names` names them. Events age out sooner than messages do."""
    keys = known_among(session, "event", "key", (one.key for one in batch))
    ids = [one.puppet_id for one in batch if isinstance(one, arrivals.MessageArrived)]
    return keys | {f"id:{one}" for one in known_among(session, "message", "puppet_id", ids)}


def _names(arrival: arrivals.Arrival) -> set[str]:
    """What must not have been seen before."""
    if isinstance(arrival, arrivals.MessageArrived):
        return {arrival.key, f"id:{arrival.puppet_id}"}
    return {arrival.key}
