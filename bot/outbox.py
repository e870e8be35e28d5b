"""What the bot wants to say, from the row to the claim and to the end of the story.

    planned -> claimed -> sent | unknown | refused        planned -> expired | withheld | merged | cancelled

A row is claimed and committed *before* the gateway is called: whatever happens afterwards, it is never
claimed again. A claim found after a crash becomes `unknown`, is never sent again by itself, and is shown
to the owner. `withheld` is what would have been said in a room that is only watched.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from bot.addresses import puppet_id_of, with_addresses
from bot.config_sections import SendingSettings
from bot.echo import remember_own_words
from bot.events import OutgoingSettled
from bot.pacing import Limits, ready_at
from bot.register import Register
from bot.sent_before import hushed_until, sent_before
from bot.settings import SettingsBook
from bot.storage.engine import plain_connection
from bot.storage.facts import fact, set_fact
from bot.storage.tables import Outgoing
from bot.storage.tables.base import milliseconds, moment_of

Urgency = Literal["answer", "promised", "welcome", "initiative"]
Status = Literal["sent", "unknown", "refused", "again", "expired"]

EXPIRES_AFTER: dict[str, timedelta] = {
    "answer": timedelta(minutes=5),
    "promised": timedelta(hours=2),
    "welcome": timedelta(hours=12),
    "initiative": timedelta(hours=3),
}
RANK = case({"answer": 0, "promised": 1, "welcome": 2}, value=Outgoing.urgency, else_=3)
TRIES = 5
LIVELY_WINDOW = timedelta(minutes=3)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 120, 480))
"""How long the account keeps silent after WeChat refused words: once, twice in a row …"""

TOO_OFTEN = "频繁"
"""What WeChat says to whoever is too quick, whatever it is that they do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claimed row, with everything that the gateway needs. `rows` are all rows it carries."""

    rows: tuple[int, ...]
    kind: str
    conversation: str
    text: str
    mention_ids: tuple[str, ...]
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the gateway call ended; `again` means that certainly nothing went out.

    `by_us` marks what was refused on our side: WeChat has not heard of it and cannot have taken offence.
    """

    status: Status
    puppet_id: str | None = None
    error: str = ""
    by_us: bool = False


@dataclass(slots=True)
class Outbox:
    """Chooses what goes out next. Runs on the writer thread; the sending itself is `bot.delivery`."""

    register: Register
    settings: SettingsBook
    sending: SendingSettings
    zone: ZoneInfo
    dice: random.Random
    silent: bool = False
    _pause_until: datetime | None = field(default=None, init=False)

    def expire(self, session: Session, now: datetime) -> list[OutgoingSettled]:
        """What could not be said in time is not said any more; the events that tell of it."""
        soonest = _soonest_expiry(session)
        if soonest is None or soonest > now:
            return []
        stale = select(Outgoing).where(Outgoing.status == "planned", Outgoing.expires_at <= now)
        rows = session.scalars(stale.order_by(Outgoing.id)).all()
        return [self._finish(session, row, Outcome("expired"), now) for row in rows]

    def claim(self, session: Session, now: datetime, connected: bool = True) -> Claim | None:
        """Claim the first row that may go out now, if the line is up; `expire` comes first."""
        if not connected or self._blocked_until(session, now) > now:
            return None
        for first in session.execute(_FIRSTS_DUE, {"now": now}).all():
            if self._ready_at(session, first.room_id, first.urgency, now) <= now:
                return self._claim_row(session, session.get_one(Outgoing, first.id), now)
        return None

    def next_at(self, session: Session, now: datetime, connected: bool = True) -> datetime | None:
        """When `claim` should be tried again; None if nothing is planned. Without a line: the next expiry."""
        expiries = _soonest_expiry(session)
        if expiries is None or not connected:
            return expiries
        moments = [
            self._ready_at(session, first.room_id, first.urgency, max(now, first.not_before))
            for first in session.execute(_FIRSTS).all()
        ]
        return min(max(min(moments), self._blocked_until(session, now)), expiries)

    def settle(
        self, session: Session, claim: Claim, outcome: Outcome, now: datetime
    ) -> list[OutgoingSettled]:
        """Write down how a claim ended; the events that tell of it."""
        if outcome.status == "again":
            return self._try_again(session, claim, outcome, now)
        if outcome.status == "refused" and _has_offended(claim, outcome):
            self._pause_account(session, now)
        if outcome.status == "sent":
            set_fact(session, "refusals", 0, now)
        return [self._finish(session, row, outcome, now) for row in self._rows(session, claim)]

    def recover(self, session: Session, now: datetime) -> list[OutgoingSettled]:
        """At start: a claim without an end may have gone out; it is `unknown`, for the owner to judge."""
        rows = session.scalars(select(Outgoing).where(Outgoing.status == "claimed")).all()
        return [self._finish(session, row, Outcome("unknown", error="restart"), now) for row in rows]

    # Choosing

    def _ready_at(self, session: Session, room: int | None, urgency: str, now: datetime) -> datetime:
        sent = sent_before(session, room, now)
        moment = ready_at(urgency, room is not None, sent, self._limits(session, room), now)
        is_unasked = urgency == "initiative" and room is not None
        if is_unasked and moment <= now and self._is_lively(session, room, now):
            return now + timedelta(minutes=1)
        return moment

    def _limits(self, session: Session, room: int | None) -> Limits:
        group = self.settings.group(room)
        return Limits(
            per_minute=group.sends_per_minute,
            per_hour=group.sends_per_hour,
            account_per_minute=self.sending.account_per_minute,
            quiet_from=time.fromisoformat(group.quiet_from),
            quiet_until=time.fromisoformat(group.quiet_until),
            initiatives_per_day=group.initiatives_per_day,
            initiative_gap=timedelta(minutes=group.initiative_gap_minutes),
            zone=self.zone,
            hushed_until=hushed_until(session, room),
        )

    def _is_lively(self, session: Session, room: int | None, now: datetime) -> bool:
        row = (room, milliseconds(now - LIVELY_WINDOW))
        count: int = plain_connection(session).execute(_LATELY, row).fetchone()[0]
        return count >= self.settings.group(room).lively_messages

    def _blocked_until(self, session: Session, now: datetime) -> datetime:
        paused = fact(session, "sending_paused_until")
        until = datetime.fromisoformat(paused) if paused else now
        return max(until, self._pause_until or now, now)

    # Claiming

    def _claim_row(self, session: Session, row: Outgoing, now: datetime) -> Claim | None:
        carried = [row, *self._companions(session, row, now)]
        withheld = self._is_withheld(session, row)
        for one in carried:
            one.status = "withheld" if withheld else "claimed"
            one.claimed_at = now
            one.settled_at = now if withheld else None
            one.sent_with = None if one is row else row.id
        seconds = self.dice.uniform(self.sending.pause_seconds_min, self.sending.pause_seconds_max)
        self._pause_until = now + timedelta(seconds=seconds)
        session.flush()
        return None if withheld else self._claim_of(session, row, carried)

    def _is_withheld(self, session: Session, row: Outgoing) -> bool:
        if self.silent:
            return True
        if row.kind == "fetch":  # nobody sees it
            return False
        return row.room_id is not None and self.register.room_status(session, row.room_id) != "live"

    def _companions(self, session: Session, row: Outgoing, now: datetime) -> list[Outgoing]:
        """Private texts to the same person that are due too travel in one message."""
        if row.kind != "text" or row.member_id is None or row.room_id is not None:
            return []
        length, companions = len(row.text), []
        same = (Outgoing.kind == "text", Outgoing.room_id.is_(None), Outgoing.member_id == row.member_id)
        due = select(Outgoing).where(Outgoing.status == "planned", Outgoing.not_before <= now, *same)
        for other in session.scalars(due.where(Outgoing.id > row.id).order_by(RANK, Outgoing.id)):
            length += len(other.text) + 2
            if length > self.sending.split_at:
                break
            companions.append(other)
        return companions

    def _claim_of(self, session: Session, row: Outgoing, carried: list[Outgoing]) -> Claim:
        scope, key = ("room", row.room_id) if row.room_id is not None else ("member", row.member_id)
        mentioned = (puppet_id_of(session, "member", member) for member in row.mentions)
        return Claim(
            rows=tuple(one.id for one in carried),
            kind=row.kind,
            conversation=puppet_id_of(session, scope, key) or "",
            text="\n\n".join(one.text for one in carried),
            mention_ids=tuple(filter(None, mentioned)),
            payload=with_addresses(session, row.payload),
        )

    # Settling

    def _rows(self, session: Session, claim: Claim) -> list[Outgoing]:
        return list(
            session.scalars(select(Outgoing).where(Outgoing.id.in_(claim.rows)).order_by(Outgoing.id))
        )

    def _try_again(
        self, session: Session, claim: Claim, outcome: Outcome, now: datetime
    ) -> list[OutgoingSettled]:
        rows = self._rows(session, claim)
        if not rows:
            return []  # whom it was for has asked to be forgotten meanwhile
        if rows[0].tries + 1 >= TRIES:
            return [self._finish(session, row, Outcome("refused", error=outcome.error), now) for row in rows]
        for row in rows:
            row.status, row.claimed_at, row.sent_with = "planned", None, None
            row.tries += 1
            row.error = outcome.error[:200]
            row.not_before = now + timedelta(seconds=5 * 2**row.tries)
        self._hold_followers(session, rows[0])
        return []

    def _hold_followers(self, session: Session, first: Outgoing) -> None:
        """What was to follow in the same place does not overtake what has to be tried again."""
        session.execute(
            update(Outgoing)
            .where(
                Outgoing.status == "planned",
                Outgoing.id > first.id,
                Outgoing.room_id.is_not_distinct_from(first.room_id),
                Outgoing.member_id.is_not_distinct_from(first.member_id),
                Outgoing.not_before < first.not_before,
            )
            .values(not_before=first.not_before)
        )

    def _finish(self, session: Session, row: Outgoing, outcome: Outcome, now: datetime) -> OutgoingSettled:
        if row.status != "sent":
            row.status = outcome.status
            row.settled_at = now
            row.error = outcome.error[:200] or None
            row.puppet_id = row.puppet_id or outcome.puppet_id
            if row.status == "sent":
                remember_own_words(session, row, self.register.self_key, now)
        return OutgoingSettled(
            at=now, outgoing=row.id, plugin=row.plugin, kind=row.kind, status=row.status,
            room=row.room_id, member=row.member_id, reason=row.error or "", payload=row.payload,
        )  # fmt: skip

    def _pause_account(self, session: Session, now: datetime) -> None:
        refusals = int(fact(session, "refusals") or 0)
        pause = PAUSES[min(refusals, len(PAUSES) - 1)]
        set_fact(session, "refusals", refusals + 1, now)
        set_fact(session, "sending_paused_until", (now + pause).isoformat(), now)


def _has_offended(claim: Claim, outcome: Outcome) -> bool:
    """Whether WeChat has had enough: words are refused for that, deeds also for want of a role."""
    is_words = claim.kind in ("text", "file")
    return not outcome.by_us and (is_words or TOO_OFTEN in outcome.error)


def _firsts(*only: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """For each room and urgency, which share their limits, the key and the time of what is next there."""
    first, not_before = func.min(Outgoing.id).label("id"), func.min(Outgoing.not_before).label("not_before")
    planned = select(Outgoing.room_id, Outgoing.urgency, first, not_before)
    planned = planned.where(Outgoing.status == "planned", *only)
    return planned.group_by(Outgoing.room_id, Outgoing.urgency)


_FIRSTS = _firsts()
_FIRSTS_DUE = _firsts(Outgoing.not_before <= bindparam("now")).order_by(RANK, func.min(Outgoing.id))
_SOONEST = "SELECT min(expires_at) FROM outgoing WHERE status = 'planned'"
_LATELY = "SELECT count(*) FROM message WHERE room_id = ? AND at > ? AND origin = 'live'"


def _soonest_expiry(session: Session) -> datetime | None:
    session.flush()
    return moment_of(plain_connection(session).execute(_SOONEST).fetchone()[0])
