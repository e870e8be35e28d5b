"""Who may be named now: who is here and counted, and whom this plugin or a credit has not just named."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.context import Context
from bot.pacing import after_quiet
from bot.storage.tables import Member, Membership
from bot.words import plain
from plugins.ties.tables import Named


def nameable(session: Session, room: int, members: Collection[int]) -> set[int]:
    """Those of them who are here, are people, and did not ask to be left out."""
    query = (
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.room_id == room, Membership.member_id.in_(list(members)),
            Membership.left_at.is_(None), Member.uncounted.is_(False), Member.is_self.is_(False),
            Member.forgotten_at.is_(None), Member.kind != "official",
        )
    )  # fmt: skip
    return set(session.scalars(query)) if members else set()


def is_nameable(ctx: Context, *members: int) -> bool:
    """Whether all of them may be named here."""
    return len(nameable(ctx.db, ctx.room_id or 0, members)) == len(set(members))


def resting(session: Session, room: int, members: Iterable[int], since: datetime) -> set[int]:
    """Those of them who were named after that moment."""
    query = select(Named.member_id).where(
        Named.room_id == room, Named.member_id.in_(list(members)), Named.at > since
    )
    return set(session.scalars(query))


def named_as(session: Session, room: int, kind: str, since: datetime) -> set[int]:
    """Who was named for this after that moment."""
    query = select(Named.member_id).where(Named.room_id == room, Named.kind == kind, Named.at > since)
    return set(session.scalars(query))


def is_resting(ctx: Context, member: int) -> bool:
    """Whether somebody was named so lately that they should be left in peace."""
    since = ctx.now - timedelta(days=ctx.settings.rest_days)
    return bool(resting(ctx.db, ctx.room_id or 0, [member], since))


def note(ctx: Context, kind: str, *members: int) -> None:
    """Remember that they were named."""
    ctx.db.add_all(Named(room_id=ctx.room_id, member_id=one, kind=kind, at=ctx.now) for one in members)
    ctx.db.flush()


def called(ctx: Context, member: int | None) -> str:
    """What the room calls somebody; 一位群友 for who has no name that can be seen."""
    name = plain(ctx.name_of(member), limit=20) if member is not None else ""
    return name or ctx.text("somebody")


def is_on(ctx: Context) -> bool:
    """Whether this is still wanted here: a timer may outlast its owner's wish."""
    return ctx.services.settings.enabled(ctx.plugin, ctx.room_id)


def quiet_until(ctx: Context) -> datetime | None:
    """When the room's quiet hours end; None if it is not in them."""
    group = ctx.services.settings.group(ctx.room_id)
    begins, ends = (time.fromisoformat(one) for one in (group.quiet_from, group.quiet_until))
    moment = after_quiet(ctx.now, begins, ends, ctx.zone)
    return moment if moment > ctx.now else None


def unnote(ctx: Context, kind: str, *members: int | None) -> None:
    """It was not said after all."""
    wanted = [one for one in members if one is not None]
    ctx.db.execute(
        delete(Named).where(
            Named.room_id == ctx.room_id, Named.member_id.in_(wanted), Named.kind == kind,
            Named.at > ctx.now - timedelta(days=1),
        )
    )  # fmt: skip
