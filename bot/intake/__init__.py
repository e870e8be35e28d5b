"""Arrivals become recorded events: translate, admit, record (steps 2 to 4 of the way of an event).

Each step takes one kind of arrival and returns the events that it gave rise to. Nothing here decides what
to do about them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.event_log import record
from bot.events import Event
from bot.gateway import base
from bot.intake import line, people, talk
from bot.intake.base import LATE_AFTER, Desk, Found

__all__ = ["LATE_AFTER", "Desk", "admit"]

_STEPS: dict[type[base.Arrival], Callable[[Desk, Session, Any, datetime], Found]] = {
    base.MessageArrived: talk.message,
    base.RecallArrived: talk.recall,
    base.JoinArrived: people.join,
    base.LeaveArrived: people.leave,
    base.TopicArrived: people.topic,
    base.FriendRequestArrived: people.friend_request,
    base.FriendConfirmedArrived: people.friend_confirmed,
    base.InvitationArrived: people.invitation,
    base.MembersListed: people.members_listed,
    base.RoomsListed: people.rooms_listed,
    base.LoggedIn: line.logged_in,
    base.LineChanged: line.line_changed,
    base.OddArrived: line.odd,
}


def admit(desk: Desk, session: Session, arrival: base.Arrival, now: datetime) -> list[Event]:
    """The recorded events that this arrival gave rise to; none if it is known, odd or not for us."""
    recorded = []
    for suffix, event in _STEPS[type(arrival)](desk, session, arrival, now):
        done = record(session, event, f"{arrival.key}{suffix}", arrival.received_at)
        if done is not None:
            recorded.append(done)
    return recorded
