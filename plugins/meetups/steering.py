"""Moving a meetup along the table: what has a row is done, everything else changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import authority
from bot.context import Context
from bot.events import MessagePosted
from plugins.meetups import flow
from plugins.meetups.flow import Input
from plugins.meetups.scene import inform
from plugins.meetups.tables import Meetup

Action = Callable[[Context, Meetup, dict[str, Any]], None]
ACTIONS: dict[str, Action] = {}
"""What is done on a step, by the names in `flow`; filled where it is done."""


def action(name: str) -> Callable[[Action], Action]:
    """Say that this function is what the table calls so."""

    def register(function: Action) -> Action:
        ACTIONS[name] = function
        return function

    return register


def may(meetup: Meetup, given: Input) -> bool:
    """Whether the table has a row for it."""
    return flow.step(meetup.state, given) is not None


def steer(ctx: Context, meetup: Meetup, given: Input, **values: Any) -> bool:
    """Take the step if there is one; False (and nothing has changed) if there is none."""
    found = flow.step(meetup.state, given)
    if found is None:
        return False
    meetup.state, meetup.touched_at = found.to.value, ctx.now
    ctx.db.flush()
    ACTIONS[found.action](ctx, meetup, values)
    ctx.db.flush()
    return True


def refuse(ctx: Context, meetup: Meetup) -> None:
    """Tell the owner where it stands and what would be next: that input has no row."""
    ctx.reply(f"not_now_{meetup.state}", title=meetup.title or ctx.text("no_title"))


def tell_desk(ctx: Context, key: str, **values: object) -> None:
    """Answer the owner who is speaking to us in private; else tell all owners, in good time."""
    event = ctx.event
    if (
        isinstance(event, MessagePosted) and event.room is None and ctx.member == event.member
        and event.member in authority.owners_of(ctx.db, ctx.room_id)
    ):  # fmt: skip
        ctx.reply(key, **values)
    else:
        inform(ctx, key, **values)
