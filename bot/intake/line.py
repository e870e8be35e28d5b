"""The account and its line: who we are, gaps, and what nobody understands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import authority
from bot.events import LineLost, LineRestored
from bot.gateway.base import LineChanged, LoggedIn, OddArrived
from bot.intake.base import Desk, Found
from bot.storage.tables import EventRow, Gap, OddEvent, Room


def logged_in(desk: Desk, session: Session, arrival: LoggedIn, now: datetime) -> Found:
    """The account is in: is it ours, and is it under the id of before?"""
    if desk.check_account(session, arrival.account, now):
        desk.register.lose_rooms(session, now)
        authority.revoke_all(session)
    desk.register.become(session, arrival.account, now)
    return []


def line_changed(desk: Desk, session: Session, arrival: LineChanged, now: datetime) -> Found:
    """The line is gone or back: a gap begins or ends."""
    open_gap = session.scalar(select(Gap).where(Gap.restored_at.is_(None)).order_by(Gap.id.desc()))
    if not arrival.connected:
        if open_gap is None:
            session.add(Gap(lost_at=arrival.at, reason=arrival.reason[:200]))
        return [("", LineLost(at=arrival.at, reason=arrival.reason[:200]))]
    gap_from = None
    if open_gap is not None:
        open_gap.restored_at = arrival.at
        gap_from = open_gap.lost_at
    return [("", LineRestored(at=arrival.at, gap_from=gap_from))]


def stop_listening(session: Session, now: datetime, *, orderly: bool) -> None:
    """A gap begins: now if the bot is told to stop, else (seen at a start) at the last sign of its listening.

    None where the line was lost already, and none before anything was ever heard.
    """
    heard_at = _last_sign(session)
    lost_at = now if orderly else heard_at
    is_lost = session.scalar(select(Gap.id).where(Gap.restored_at.is_(None)).limit(1)) is not None
    if is_lost or heard_at is None or lost_at is None or lost_at > now or (lost_at == now and not orderly):
        return
    session.add(Gap(lost_at=lost_at, reason="stopped" if orderly else "not running"))
    session.flush()


def _last_sign(session: Session) -> datetime | None:
    """When something was heard last, be it only that a room's members are the same as before."""
    signs = (
        session.scalar(select(func.max(EventRow.received_at))),
        session.scalar(select(func.max(Room.members_listed_at))),
    )
    return max((sign for sign in signs if sign is not None), default=None)


def odd(desk: Desk, session: Session, arrival: OddArrived, now: datetime) -> Found:
    """Something that nobody understands: kept raw, cut."""
    session.add(OddEvent(at=arrival.received_at, why=arrival.why[:200], raw=arrival.raw[:2_000]))
    return []
