"""When may something be said? Pure functions of what was sent before, the limits and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds one conversation. Times of day are in the bot's timezone."""

    per_minute: int
    per_hour: int
    account_per_minute: int
    quiet_from: time
    quiet_until: time
    initiatives_per_day: int
    initiative_gap: timedelta
    zone: tzinfo
    hushed_until: datetime | None = None
    """What the owner asked for: until then nothing but answers in this room."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Times of what went out before, oldest first: in this room, from this account, of own accord."""

    room: Sequence[datetime]
    account: Sequence[datetime]
    initiatives: Sequence[datetime]


def after_window(times: Sequence[datetime], allowed: int, window: timedelta, at: datetime) -> datetime:
    """The earliest moment from `at` on at which fewer than `allowed` of `times` lie in the last `window`."""
    while True:
        inside = [one for one in times if at - window < one <= at]
        if len(inside) < allowed:
            return at
        if allowed <= 0:
            return at + DAY
        at = inside[len(inside) - allowed] + window


def after_quiet(at: datetime, quiet_from: time, quiet_until: time, zone: tzinfo) -> datetime:
    """`at`, or the end of the quiet hours it falls into. Equal times mean no quiet hours at all."""
    local = at.astimezone(zone)
    clock = local.time()
    if quiet_from == quiet_until:
        return at
    if quiet_from < quiet_until:
        is_quiet = quiet_from <= clock < quiet_until
    else:
        is_quiet = clock >= quiet_from or clock < quiet_until
    if not is_quiet:
        return at
    end = local.replace(hour=quiet_until.hour, minute=quiet_until.minute, second=0, microsecond=0)
    if end <= local:
        end += DAY
    return end.astimezone(at.tzinfo)


def after_budget(times: Sequence[datetime], limits: Limits, at: datetime) -> datetime:
    """The earliest moment from `at` on that the budget for unasked words allows."""
    if limits.initiatives_per_day <= 0:
        return at + DAY
    if times:
        at = max(at, times[-1] + limits.initiative_gap)
    local = at.astimezone(limits.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = [one for one in times if midnight <= one.astimezone(limits.zone) < midnight + DAY]
    return (midnight + DAY).astimezone(at.tzinfo) if len(today) >= limits.initiatives_per_day else at


def ready_at(urgency: str, in_room: bool, sent: Sent, limits: Limits, at: datetime) -> datetime:
    """The earliest moment from `at` on at which a row of this urgency may go out.

    Caps bind all; quiet hours, and the silence that an owner asked for, bind all but answers; the budget
    binds initiatives in a room.
    """
    if urgency != "answer" and limits.hushed_until is not None:
        at = max(at, limits.hushed_until)
    first = at
    while True:
        start = at
        at = after_window(sent.account, limits.account_per_minute, MINUTE, at)
        if in_room:
            at = after_window(sent.room, limits.per_minute, MINUTE, at)
            at = after_window(sent.room, limits.per_hour, HOUR, at)
        if urgency == "initiative" and in_room:
            at = after_budget(sent.initiatives, limits, at)
        if urgency != "answer":
            at = after_quiet(at, limits.quiet_from, limits.quiet_until, limits.zone)
        if at == start or at - first > 2 * DAY:
            return at
