"""The promise ledger (兑现情况): what the plugin declares about it. The rooms beside it act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.events import LineRestored, MeetupHeld, MembersJoined, MessagePosted
from bot.storage.history import History
from plugins.knowledge import accounts, ledger, measuring, promising
from plugins.knowledge.declared import plugin
from plugins.knowledge.tables import Promise

# Promising


@plugin.command(
    "承诺 [什么，多久一次]", who="owner", where="private", aliases=("群里承诺 [什么，多久一次]",),
    summary="记下群里说好的事，我来盯兑现：干货、回答、线下、报价，或者别的",
    example=("承诺 每周三有干货", "…「每周三有干货」…对吗…"),
)  # fmt: skip
def promise(ctx: Context, said: str = "") -> None:
    """State a promise, or show how they were kept."""
    if said:
        promising.draft(ctx, said)
    else:
        accounts.show(ctx)


@plugin.answer(promising.DRAFT)
def hear_decision(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes or no to what was understood."""
    return promising.decide(ctx, event, payload)


@plugin.command(
    "承诺改 <几号和新的说法>", who="owner", where="private", aliases=("改承诺 <几号和新的说法>",),
    summary="换个说法重新记；以前没兑现的照样留着",
    example=("承诺改 9 每周四有干货", "没有 9 号承诺…"),
)  # fmt: skip
def change_promise(ctx: Context, said: str) -> None:
    """Another promise in the place of one; what was missed stays."""
    promising.change(ctx, said)


@plugin.command(
    "承诺停 <几号>", who="owner", where="private", aliases=("停承诺 <几号>", "撤承诺 <几号>"),
    summary="以后不再盯；以前的照样留着", example=("承诺停 9", "没有 9 号承诺…"),
)  # fmt: skip
def stop_promise(ctx: Context, said: str) -> None:
    """Promise it no longer."""
    promising.stop(ctx, said)


@plugin.command(
    "兑现了 <几号>", who="owner", where="private", aliases=("已兑现 <几号>",),
    summary="我看不见的承诺，你来说一声兑现了", example=("兑现了 9", "没有 9 号承诺…"),
)  # fmt: skip
def mark_kept(ctx: Context, said: str) -> None:
    """The owner says that a promise which nobody can measure was kept."""
    ledger.mark_kept(ctx, said)


@plugin.command(
    "喊人 [几号]", who="owner", where="private", aliases=("喊一声 [几号]",),
    summary="快到点还没人答的问题，我去群里提一句", example=("喊人", "…没有快到点…"),
)  # fmt: skip
def call_people(ctx: Context, said: str = "") -> None:
    """A question that runs out of time is put before the room once more."""
    ledger.call_people(ctx)


# Showing


@plugin.command(
    "兑现情况", who="owner", where="private", aliases=("兑现", "兑现率", "承诺兑现"),
    summary="说好的事做到了几次、落下几次", example=("兑现情况", "…还没记下…"),
)  # fmt: skip
def show_accounts(ctx: Context) -> None:
    """Kept and missed, promise by promise."""
    accounts.show(ctx)


@plugin.command(
    "兑现情况", who="member", where="group", aliases=("兑现率",),
    summary="群里说好的事兑现得怎么样（群主愿意公开才说）", example=("兑现情况", "…群主…"),
)  # fmt: skip
def tell_accounts(ctx: Context) -> None:
    """The kept rate, if the owner lets members know it."""
    accounts.tell(ctx)


@plugin.on(MembersJoined)
def tell_newcomers(ctx: Context, event: MembersJoined) -> None:
    """Newcomers may be told, if the owner wants so."""
    accounts.plan_to_tell(ctx, event)


@plugin.timer(accounts.TELL)
def tell_newcomers_now(ctx: Context, payload: dict[str, Any]) -> None:
    """A while after they came."""
    accounts.tell_newcomers(ctx)


# Looking


@plugin.timer(ledger.LOOK, catch_up=timedelta(days=3650))
def look(ctx: Context, payload: dict[str, Any]) -> None:
    """Every hour while there is a promise: what is due, what was kept, what is about to be missed."""
    ledger.look(ctx)


@plugin.work("answers", done=ledger.note_answers)
def read_answers(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Which questions were answered in time; read off the writer."""
    return measuring.answers(history, payload)


@plugin.on(MeetupHeld)
def notice_meetup(ctx: Context, event: MeetupHeld) -> None:
    """A meetup was held: a promise of meetups is kept."""
    ledger.notice_meetup(ctx, event)


@plugin.job("ledger", daily_at="07:50")
def look_daily(ctx: Context) -> None:
    """Make good for a timer that was lost."""
    ledger.wake(ctx)


@plugin.on(LineRestored, everywhere=True)
def look_when_back(ctx: Context, event: LineRestored) -> None:
    """We are back: what ended meanwhile is settled, and the gap is said."""
    rooms = select(Promise.room_id).where(Promise.status == "active").distinct()
    for room in ctx.db.scalars(rooms).all():
        if ctx.services.settings.enabled(plugin.name, room):
            ledger.wake(ctx.in_room(room))
