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
from bot.gateway import base as arrivals
from bot.intake import line, people, talk
from bot.intake.base import LATE_AFTER, Desk, Found

__all__ = ["LATE_AFTER", "Desk", "admit"]

_STEPS: dict[type[arrivals.Arrival], Callable[[Desk, Session, Any, datetime], Found]] = {
    arrivals.MessageArrived: talk.message,
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


def admit(desk: Desk, session: Session, arrival: arrivals.Arrival, now: datetime) -> list[Event]:
    """The recorded events that this arrival gave rise to; none if it is known, odd or not for us."""
    recorded = []
    for suffix, event in _STEPS[type(arrival)](desk, session, arrival, now):
        done = record(session, event, f"{arrival.key}{suffix}", arrival.received_at)
        if done is not None:
            recorded.append(done)
    return recorded
