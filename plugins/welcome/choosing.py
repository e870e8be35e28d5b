"""Which member an owner means by a name; when several have it, the owner chooses by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.events import MessagePosted
from bot.storage.records import RoomMember
from bot.words import Trusted, day_said, normalised, number_said, plain
from plugins.welcome import inviting, logic
from plugins.welcome.scene import called

WHICH = "which_host"
NUMBER_WITHIN = timedelta(minutes=5)
MOST_CHOICES = 9

_ACTIONS: dict[str, Callable[[Context, int], None]] = {"ask": inviting.ask, "remove": inviting.remove}


def choose(ctx: Context, name: str, action: str) -> None:
    """Do it with the member of this name; ask back if there are several."""
    found = _meant(ctx, name)
    if not found:
        ctx.reply("host_unknown", name=name)
    elif len(found) == 1:
        _ACTIONS[action](ctx, found[0].member)
    elif len(found) > MOST_CHOICES:
        ctx.reply("host_too_many", name=name, count=len(found))
    else:
        _ask_back(ctx, name, action, found)


def chosen(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Take the number of a choice; anything else is not for us."""
    number = number_said(event.text)
    members = payload["members"]
    if number is None or number != int(number) or not 1 <= number <= len(members):
        return False
    _ACTIONS[payload["action"]](ctx, members[int(number) - 1])
    return True


def _meant(ctx: Context, name: str) -> Sequence[RoomMember]:
    """Who is here and called so, or has it in their name; else the same without a first word (`加 小林`)."""
    members = ctx.history.members(ctx.room_id or 0)
    names = [
        (one, (normalised(one.name), normalised(one.own_name)))
        for one in members
        if not one.is_self and one.kind != "official"
    ]
    said = normalised(name).lstrip("@").strip()
    shorter = said.partition(" ")[2]
    for wanted in filter(None, (said, shorter)):
        exact = [one for one, called_so in names if wanted in called_so]
        near = [one for one, called_so in names if any(wanted in name for name in called_so)]
        if exact or near:
            return exact or near
    return []


def _ask_back(ctx: Context, name: str, action: str, found: Sequence[RoomMember]) -> None:
    lines = [
        ctx.text("host_choice", number=number, name=called(ctx, one.member), facts=_facts(ctx, one))
        for number, one in enumerate(found, start=1)
    ]
    ctx.reply("host_which", name=name, choices=Trusted("\n".join(lines)))
    if ctx.member is not None:
        members = [one.member for one in found]
        ctx.ask(WHICH, ctx.member, wait=NUMBER_WITHIN, action=action, members=members)


def _facts(ctx: Context, one: RoomMember) -> Trusted:
    """What tells two people of one name apart: since when they are here, and what they said last."""
    day = day_said(one.joined_at, ctx.now, ctx.zone)
    joined = ctx.text("fact_joined", day=day) if one.join_known else ctx.text("fact_old")
    last = ctx.history.last_message_of(one.member, ctx.room_id or 0)
    words = plain(last.text, limit=logic.SHORT_QUOTE) if last is not None else ""
    said = ctx.text("fact_said", words=words) if words else ctx.text("fact_silent")
    other = [ctx.text("fact_own_name", name=one.own_name)] if one.alias and one.own_name != one.alias else []
    return Trusted("，".join([*other, joined, said]))
