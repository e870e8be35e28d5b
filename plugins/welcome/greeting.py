"""The greeting: who waits for it and when it is said. What it says is put together in `wording`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.context import Context
from bot.events import MembersJoined, OutgoingSettled
from bot.intake import LATE_AFTER
from bot.speaking import take_back
from bot.storage.tables import EventRow, Outgoing
from bot.words import Trusted, joined
from plugins.welcome import hosts, logic, wording
from plugins.welcome.scene import called, is_on, present, quiet_until
from plugins.welcome.tables import Newcomer

GREET = "greet"
TOO_LATE = timedelta(days=2)
"""Who has been here longer than this without a greeting is not greeted any more."""

KEPT_FOR = timedelta(hours=24)
BACK_AGAIN = timedelta(days=1)
"""Coming back more often than this is not worth a word."""

_COME = insert(Newcomer.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]
_HERE = select(Newcomer).where(Newcomer.room_id == bindparam("room"))
_COMING = _HERE.where(Newcomer.outcome == "waiting")
_TO_BE_SAID = _HERE.where(Newcomer.outgoing_id.in_(select(Outgoing.id).where(Outgoing.status == "planned")))


# Collecting


def collect(ctx: Context, event: MembersJoined) -> None:
    """Note the newcomers and wait for those who come with them."""
    if event.source == "import" or _is_replayed(ctx, event):
        return
    people = [member for member in event.members if _can_be_greeted(ctx, member)]
    for member in people:
        row = {"room_id": ctx.room_id, "member_id": member, "joined_at": event.at, "outcome": "waiting"}
        ctx.db.connection().execute(_COME, row)
    if people:
        ctx.later(GREET, after=timedelta(seconds=ctx.settings.wait_seconds))
    if event.returning and ctx.settings.welcome_back:
        _welcome_back(ctx, event.returning)


def _is_replayed(ctx: Context, event: MembersJoined) -> bool:
    """Whether it reached us long after the fact. What was delayed by a crash of ours is not meant."""
    if not event.late:
        return False
    row = ctx.db.get(EventRow, event.id)
    return row is None or row.received_at - event.at > LATE_AFTER


def _can_be_greeted(ctx: Context, member: int) -> bool:
    person = ctx.history.member(member)
    is_somebody = person is not None and person.forgotten_at is None
    return person is not None and is_somebody and not person.is_self and person.kind != "official"


def _welcome_back(ctx: Context, members: Sequence[int]) -> None:
    """A word for those who are back: now or never, and not for those who keep coming and going."""
    said = ctx.db.scalars(
        select(Outgoing.mentions).where(
            Outgoing.plugin == ctx.plugin,
            Outgoing.room_id == ctx.room_id,
            Outgoing.reason == "welcome_back",
            Outgoing.created_at > ctx.now - BACK_AGAIN,
        )
    )
    recently = {member for mentions in said for member in mentions}
    people = [one for one in members if one not in recently and _can_be_greeted(ctx, one)]
    if people and quiet_until(ctx) is None:
        ctx.say("welcome_back", urgency="welcome", mention=people[:3], keep_for=timedelta(minutes=10))


# Greeting


def greet(ctx: Context) -> None:
    """Greet all who wait; in quiet hours, all together when these are over."""
    if not is_on(ctx):
        return
    morning = quiet_until(ctx)
    if morning is not None:
        ctx.later(GREET, at=morning)
        return
    people = [*_waiting(ctx, _COMING), *_waiting(ctx, _TO_BE_SAID)]
    _say_to(ctx, [row for row in people if not _is_given_up(ctx, row)])


def leave_out(ctx: Context) -> None:
    """Take those who are gone out of a greeting that has not been sent yet."""
    people = _waiting(ctx, _TO_BE_SAID)
    here = present(ctx, [row.member_id for row in people])
    if any(row.member_id not in here for row in people):
        _say_to(ctx, people)


def _waiting(ctx: Context, query: Select[Newcomer]) -> Sequence[Newcomer]:
    return ctx.db.scalars(query, {"room": ctx.room_id}).all()


def _say_to(ctx: Context, people: Sequence[Newcomer]) -> None:
    """Put one greeting for those who are here into the outbox, in place of one that still waits there."""
    people = sorted(people, key=lambda row: (row.joined_at, row.member_id))
    here = present(ctx, [row.member_id for row in people])
    staying = [row for row in people if row.member_id in here]
    waiting = {row.outgoing_id for row in people if row.outgoing_id is not None}
    for row in people:
        if row.member_id not in here:
            row.outcome, row.outgoing_id = "left", None
    if not staying:
        for outgoing in waiting:
            take_back(ctx.db, outgoing, ctx.now)
        return
    newcomers = [row.member_id for row in staying]
    host = _host_for(ctx, staying, newcomers)
    has_spoken = all(row.spoke_at is not None for row in staying)
    said = wording.composed(ctx, newcomers, host, has_spoken=has_spoken)
    key = ctx.say_text(
        said.text, urgency="welcome", reason="greeting", mention=said.mentions, merge="greeting",
        keep_for=KEPT_FOR,
    )  # fmt: skip
    for row in staying:
        row.outcome, row.greeted_at, row.outgoing_id = "greeted", ctx.now, key
        row.host_id = host.member if host else None


def _host_for(ctx: Context, people: Sequence[Newcomer], newcomers: Sequence[int]) -> hosts.Guide | None:
    """Whoever the greeting names already, if it still can; else whose turn it is."""
    for row in people:
        guide = hosts.still(ctx, row.host_id, newcomers)
        if guide is not None:
            return guide
    return hosts.take_turn(ctx, newcomers)


def _is_given_up(ctx: Context, row: Newcomer) -> bool:
    """After a long standstill a greeting would be odd: whoever came before it is left in peace."""
    if row.outcome == "waiting" and row.joined_at < ctx.now - TOO_LATE:
        row.outcome = "missed"
    return row.outcome == "missed"


def hand_to_owner(ctx: Context, event: OutgoingSettled) -> None:
    """What could not be said is put on the owner's list: a person can still say it."""
    if event.status not in ("refused", "expired"):
        return
    rows = ctx.db.scalars(select(Newcomer).where(Newcomer.outgoing_id == event.outgoing)).all()
    if rows:
        names = joined([called(ctx, row.member_id) for row in rows])
        ctx.put_on_list(f"greeting:{event.outgoing}", ctx.text("greeting_lost", names=names))


def preview(ctx: Context) -> None:
    """Show the owner what somebody who came in now would read."""
    said = wording.composed_for(ctx, [ctx.text("nameless")], 1, hosts.next_guide(ctx, ()), has_spoken=False)
    parts = [ctx.text("preview", greeting=Trusted(said.text), length=len(said.text))]
    if said.text.endswith("…"):
        parts.append(ctx.text("preview_hint_cut", limit=logic.LIMIT))
    elif ctx.room is not None and not ctx.room.promise:
        parts.append(ctx.text("preview_hint_promise"))
    ctx.reply_text("\n\n".join(parts), reason="preview")


def forget(ctx: Context, member: int) -> None:
    """Remove what is stored about a newcomer."""
    ctx.db.execute(delete(Newcomer).where(Newcomer.member_id == member))
    ctx.db.execute(update(Newcomer).where(Newcomer.host_id == member).values(host_id=None))
