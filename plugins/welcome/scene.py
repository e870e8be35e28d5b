"""What a host sees when looking round: who is here, what they are called, whether the house is asleep."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.context import Context
from bot.words import plain
from plugins.welcome import logic


def is_on(ctx: Context) -> bool:
    """Whether newcomers are still welcomed here: a timer may outlast its owner's wish."""
    return ctx.services.settings.enabled(ctx.plugin, ctx.room_id)


def quiet_until(ctx: Context) -> datetime | None:
    """When the room's quiet hours end; None if it is not in them."""
    group = ctx.services.settings.group(ctx.room_id)
    moment = logic.time_to_speak(ctx.now, group.quiet_from, group.quiet_until, ctx.zone)
    return moment if moment > ctx.now else None


def present(ctx: Context, members: Collection[int]) -> set[int]:
    """Which of these are in the room."""
    return ctx.history.present(ctx.room_id or 0, members)


def called(ctx: Context, member: int) -> str:
    """What the room calls somebody; a name that cannot be seen is no name to call anybody by."""
    return plain(ctx.name_of(member)) or ctx.text("nameless")
