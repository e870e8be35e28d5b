"""Reminders: a week, a day and two hours before, once each, only to those who come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.sqlite import insert

from bot.context import Context
from plugins.meetups import flow, signing
from plugins.meetups.after_tables import Reminder
from plugins.meetups.declared import plugin
from plugins.meetups.holding import choose_word
from plugins.meetups.scene import dated, inform, is_friend, is_on
from plugins.meetups.tables import Meetup
from plugins.meetups.turning import BEFORE

_ONCE = insert(Reminder.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]


@plugin.timer("remind_week", catch_up=timedelta(days=1))
def remind_a_week_before(ctx: Context, payload: dict[str, Any]) -> None:
    """Keep the day free."""
    remind(ctx, payload, "week")


@plugin.timer("remind_day", catch_up=timedelta(hours=10))
def remind_a_day_before(ctx: Context, payload: dict[str, Any]) -> None:
    """Tomorrow; and the owner gets the word for checking in."""
    remind(ctx, payload, "day")


@plugin.timer("remind_hours", catch_up=timedelta(minutes=90))
def remind_two_hours_before(ctx: Context, payload: dict[str, Any]) -> None:
    """Soon."""
    remind(ctx, payload, "hours")


def remind(ctx: Context, payload: dict[str, Any], kind: str) -> None:
    """Remind those who come, if it still is on that date and was not done for it."""
    meetup = ctx.db.get(Meetup, payload["meetup"])
    if meetup is None or meetup.starts_at is None or meetup.state not in flow.COMING or not is_on(ctx):
        return
    if payload["at_date"] != meetup.starts_at.isoformat() or not _is_first(ctx, meetup, kind):
        return
    if kind == "day":
        choose_word(ctx, meetup)
        inform(ctx, f"word_told_{meetup.form}", title=meetup.title, word=meetup.word)
    if ctx.settings.remind:
        _say(ctx, meetup, kind)


def _is_first(ctx: Context, meetup: Meetup, kind: str) -> bool:
    row = {"meetup_id": meetup.id, "kind": kind, "starts_at": meetup.starts_at, "said_at": ctx.now}
    done = ctx.db.connection().execute(_ONCE, row)
    return done.rowcount == 1


def _say(ctx: Context, meetup: Meetup, kind: str) -> None:
    """Privately to friends of the bot, one mention in the group for the others."""
    assert meetup.starts_at is not None
    people = signing.people_expected(ctx, meetup)
    values: dict[str, Any] = {
        "title": meetup.title, "date": dated(ctx, meetup.starts_at),
        "place": meetup.place or ctx.text("place_open"),
    }  # fmt: skip
    kept = BEFORE[kind] / 2
    for member in [one for one in people if is_friend(ctx, one)]:
        ctx.tell(member, f"remind_{kind}_private", urgency="promised", keep_for=kept, **values)
    others = [one for one in people if not is_friend(ctx, one)]
    if others:
        ctx.say(f"remind_{kind}", urgency="promised", mention=others, keep_for=kept, **values)
