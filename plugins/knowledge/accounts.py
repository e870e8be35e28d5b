"""兑现情况: how promises were kept, as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import MembersJoined
from bot.storage.tables import Outgoing
from bot.words import day_said
from plugins.knowledge import logic
from plugins.knowledge.tables import Delivery, Promise
from plugins.knowledge.views import is_on, lines, minutes_away

TELL, TELL_AFTER = "tell_rate", timedelta(minutes=10)
LOOKS_BACK = timedelta(days=30)
MISSES_SHOWN = 3


def show(ctx: Context) -> None:
    """For the owner: every promise, those that were given up too, with the last misses."""
    promises = _promises(ctx)
    if not promises:
        ctx.reply("accounts_none", room=ctx.room_name)
        return
    parts: list[str] = [ctx.text("accounts_head", room=ctx.room_name)]
    parts += [_line(ctx, promise) for promise in promises]
    away = minutes_away(ctx, ctx.now - LOOKS_BACK, ctx.now)
    if away > 60:
        parts.append(ctx.text("accounts_gap", hours=round(away / 60)))
    ctx.reply_text(lines(parts), reason="accounts")


def _promises(ctx: Context) -> Sequence[Promise]:
    query = select(Promise).where(Promise.room_id == ctx.room_id)
    return ctx.db.scalars(query.order_by(Promise.status, Promise.id)).all()


def _ends(ctx: Context, promise: Promise) -> Sequence[Delivery]:
    query = select(Delivery).where(Delivery.promise_id == promise.id, Delivery.status != "open")
    return ctx.db.scalars(query.order_by(Delivery.due_at.desc())).all()


def _line(ctx: Context, promise: Promise) -> str:
    ends = _ends(ctx, promise)
    told = logic.account(one.status for one in ends)
    head = ctx.text(f"account_{promise.status}", number=promise.id, said=promise.said)
    if told.rate is None and not told.unsure:
        return head + ctx.text("account_new")
    line = head + ctx.text("account_counts", kept=told.kept, missed=told.missed)
    if told.rate is not None:
        line += ctx.text("account_rate", rate=told.rate)
    misses = [one for one in ends if one.status == "missed"][:MISSES_SHOWN]
    if misses:
        days = "、".join(day_said(one.due_at, ctx.now, ctx.zone) for one in misses)
        line += ctx.text("account_misses", days=days)
    return line + (ctx.text("account_unsure", count=told.unsure) if told.unsure else "")


def tell(ctx: Context) -> None:
    """For members: the rate, if the owner lets them know it."""
    if not ctx.settings.tell_rate:
        ctx.reply("accounts_private")
        return
    rows = _rates(ctx)
    if rows:
        ctx.reply_text(lines([ctx.text("rates_head"), *rows]), reason="rates")
    else:
        ctx.reply("rates_none")


def _rates(ctx: Context) -> list[str]:
    rows: list[str] = []
    for promise in _promises(ctx):
        told = logic.account(one.status for one in _ends(ctx, promise))
        if promise.status == "active" and told.rate is not None:
            rows.append(
                ctx.text("rate_line", said=promise.said, kept=told.kept, missed=told.missed, rate=told.rate)
            )
    return rows


def plan_to_tell(ctx: Context, event: MembersJoined) -> None:
    """Newcomers hear it a while after their welcome, if the owner wants so."""
    if ctx.settings.tell_newcomers and event.members and event.source != "import" and not event.late:
        ctx.later(TELL, after=TELL_AFTER)


def tell_newcomers(ctx: Context) -> None:
    """At most once a day, and only where there is something to tell."""
    if not is_on(ctx) or not ctx.settings.tell_newcomers:
        return
    lately = select(Outgoing.id).where(
        Outgoing.plugin == ctx.plugin, Outgoing.room_id == ctx.room_id, Outgoing.reason == "rates_newcomers",
        Outgoing.created_at > ctx.now - timedelta(days=1),
    )  # fmt: skip
    rows = _rates(ctx)
    if rows and ctx.db.scalar(lately.limit(1)) is None:
        text = lines([ctx.text("rates_newcomers"), *rows])
        ctx.say_text(text, urgency="initiative", reason="rates_newcomers")
