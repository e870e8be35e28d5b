"""久未露面: regulars who fall silent, for the owner's eyes only, with a fact and a sentence to send them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot import authority
from bot.context import Context
from bot.storage.history import History
from bot.words import Trusted, day_said, joined, plain
from plugins.ties import company, logic
from plugins.ties.declared import plugin
from plugins.ties.portrait import help_in, last_said
from plugins.ties.regulars import habit_in
from plugins.ties.tables import Regular

LEAST = timedelta(days=14)
MOST = timedelta(days=75)
"""Who has been gone for longer has left in all but name: a sentence now would be a surprise."""

A_WEEK = 2
SHOWN = 5
HELP_WITHIN = timedelta(days=270)
LONGEST = 36


@plugin.job(
    "fading", catch_up=timedelta(hours=6),
    cron=lambda settings: _cron(settings.fading_day, settings.fading_at) if settings.fading else None,
)  # fmt: skip
def look_for_fading(ctx: Context) -> None:
    """Once a week, two at most, each once in a silence."""
    found = [row for row in fading(ctx) if row.told_at is None or row.told_at < row.last_at][:A_WEEK]
    if found and authority.owners_of(ctx.db, ctx.room_id):
        for row in found:
            row.told_at = ctx.now
        ctx.db.flush()
        ctx.work("fading", room=ctx.room_id, members=[row.member_id for row in found])


def _cron(day: int, at: str) -> str:
    hour, minute = at.split(":")
    return f"{int(minute)} {int(hour)} * * {day % 7}"


@plugin.command(
    "久未露面", who="owner", where="private", aliases=("谁没来", "谁好久没来", "谁好久没说话"),
    summary="常来的人里谁好久没说话了，附一句可以发给 TA 的话", example=("久未露面", "「岩茶同好会」…"),
)  # fmt: skip
def show_fading(ctx: Context) -> None:
    """The owner wants to know now."""
    found = fading(ctx)[:SHOWN]
    if not found:
        ctx.reply("fading_nobody", room=ctx.room_name)
        return
    ctx.work("fading", room=ctx.room_id, members=[row.member_id for row in found])


def fading(ctx: Context) -> list[Regular]:
    """The regulars who have been silent for long, who came most often first."""
    query = select(Regular).where(
        Regular.room_id == ctx.room_id, Regular.last_at > ctx.now - MOST, Regular.last_at < ctx.now - LEAST
    )
    habits = ((row, habit_in(row)) for row in ctx.db.scalars(query))
    least = ctx.settings.regular_days
    rows = [row for row, habit in habits if habit.is_regular(least) and habit.is_away(ctx.now, LEAST)]
    fine = company.nameable(ctx.db, ctx.room_id or 0, [row.member_id for row in rows])
    fine -= set(authority.owners_of(ctx.db, ctx.room_id))
    return sorted((row for row in rows if row.member_id in fine), key=lambda row: -row.weight)


def tell_fading(ctx: Context, result: dict[str, Any]) -> None:
    """To whoever asked, else to all owners."""
    parts = [_about(ctx, one) for one in result["found"] if company.is_nameable(ctx, one["member"])]
    if not parts:
        if ctx.member is not None:
            ctx.reply("fading_nobody", room=ctx.room_name)
        return
    said = Trusted("\n\n".join([ctx.text("fading_told", room=ctx.room_name), *parts]))
    if ctx.member is not None:
        ctx.reply_text(said, reason="fading")
        return
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.tell_text(owner, said, urgency="promised", reason="fading")


def _about(ctx: Context, one: dict[str, Any]) -> Trusted:
    """Since when, what they said last, whom they helped, and what one could write."""
    row = ctx.db.get(Regular, (ctx.room_id, one["member"]))
    name, days = company.called(ctx, one["member"]), (ctx.now - row.last_at).days if row is not None else 0
    pause = max(1, round(habit_in(row).usual_pause / timedelta(days=1))) if row is not None else 1
    if pause > 1:
        facts = [ctx.text("fading_one", name=name, days=days, pause=pause)]
    else:
        facts = [ctx.text("fading_one_daily", name=name, days=days)]
    last = ctx.history.message(one["last"]) if one["last"] is not None else None
    if last is not None and last.text:
        day = day_said(last.at, ctx.now, ctx.zone)
        facts.append(ctx.text("fading_last", day=day, words=plain(last.text, limit=LONGEST)))
    askers = [asker for asker in one["askers"] if company.is_nameable(ctx, asker)]
    if askers:
        names = joined([company.called(ctx, asker) for asker in askers], total=len(one["askers"]))
        facts.append(ctx.text("fading_helped", names=names))
    return Trusted("\n".join([Trusted("".join(facts)), _suggestion(ctx, one, name, askers)]))


def _suggestion(ctx: Context, one: dict[str, Any], name: str, askers: list[int]) -> Trusted:
    """A sentence that the owner can send as it is."""
    last = ctx.history.message(one["last"]) if one["last"] is not None else None
    words = logic.quotable(last.text) if last is not None else ""
    if askers:
        return ctx.text("fading_write_helped", name=name, asker=company.called(ctx, askers[0]))
    if words:
        return ctx.text("fading_write_said", name=name, words=words)
    return ctx.text("fading_write", name=name)


@plugin.work("fading", done=tell_fading)
def read_about(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What can be told of each."""
    room, since = payload["room"], history.now - HELP_WITHIN
    return {
        "found": [
            {
                "member": member,
                "last": last_said(history, room, member),
                "askers": help_in(history, room, member, since)["askers"],
            }
            for member in payload["members"]
        ]
    }
