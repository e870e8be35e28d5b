"""What happens in a group and is worth telling to whoever was away: heard from the core, kept for a while."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from bot.context import Context
from bot.events import ContributorRecognised, Event, MeetupHeld, PromiseMissed, ShareGiven
from bot.words import plain
from plugins.ties import company
from plugins.ties.declared import plugin
from plugins.ties.tables import Happening, Named

KEPT = timedelta(days=400)
LONGEST_TITLE = 24


@plugin.on(ShareGiven)
def note_share(ctx: Context, event: ShareGiven) -> None:
    """Somebody gave a share."""
    if event.title:
        _note(ctx, event, "share", event.title, event.member)


@plugin.on(MeetupHeld)
def note_meetup(ctx: Context, event: MeetupHeld) -> None:
    """People met."""
    if event.title:
        _note(ctx, event, "meetup", event.title)


@plugin.on(PromiseMissed)
def note_missed(ctx: Context, event: PromiseMissed) -> None:
    """Something promised did not come: a reason for leaving, perhaps."""
    _note(ctx, event, "missed", event.promise)


@plugin.on(ContributorRecognised)
def note_credit(ctx: Context, event: ContributorRecognised) -> None:
    """Somebody was thanked in public: they have had their attention for now."""
    if company.is_nameable(ctx, event.member):
        _note(ctx, event, "credit", "", event.member)
        company.note(ctx, "credit", event.member)


@plugin.job("tidy", cron="50 4 * * 1", catch_up=timedelta(days=1))
def tidy(ctx: Context) -> None:
    """What is long ago is nobody's news."""
    for table in (Happening, Named):
        ctx.db.execute(delete(table).where(table.room_id == ctx.room_id, table.at < ctx.now - KEPT))


def _note(ctx: Context, event: Event, kind: str, title: str, member: int | None = None) -> None:
    title = plain(title, limit=LONGEST_TITLE)
    ctx.db.add(Happening(room_id=ctx.room_id, at=event.at, kind=kind, title=title, member_id=member))
    ctx.db.flush()
