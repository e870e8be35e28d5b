"""The calendar file of a meetup (RFC 5545): phones take it, and take its changes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from bot.words import plain, shorten, visible

PRODUCT = "-//Qunxing//Meetups//ZH"
REMINDS_BEFORE = timedelta(hours=2)
LONGEST_TITLE, LONGEST_NOTE = 120, 1500


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meetup as a calendar sees it. `key` names it for ever, `sequence` grows with every change."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    stamped_at: datetime
    place: str = ""
    note: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def calendar_file(appointment: Appointment) -> bytes:
    """The file. Sent again with a greater `sequence` it moves the entry, or takes it out."""
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "CANCEL" if appointment.is_cancelled else "PUBLISH")
    file.add_component(_event(appointment))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _event(appointment: Appointment) -> Event:
    zone = ZoneInfo(appointment.zone)
    title = plain(appointment.title, LONGEST_TITLE)
    event = Event()
    event.add("uid", f"{plain(appointment.key, 60)}@qunxing")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamped_at)
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", max(appointment.ends_at, appointment.starts_at).astimezone(zone))
    event.add("summary", title)
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    if appointment.place:
        event.add("location", plain(appointment.place, LONGEST_TITLE))
    if appointment.note:
        event.add("description", _paragraphs(appointment.note))
    if not appointment.is_cancelled:
        event.add_component(_alarm(title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMINDS_BEFORE)
    return alarm


def _paragraphs(note: str) -> str:
    lines = (" ".join(line.split()) for line in visible(note).splitlines())
    return shorten("\n".join(line for line in lines if line), LONGEST_NOTE)
