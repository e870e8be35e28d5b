"""Fits or does not: by the owner's words, or by the owner's word on the list; a no is an honest one."""

from __future__ import annotations

from datetime import timedelta

from bot import authority
from bot.context import Context
from bot.events import OwnerDecided
from bot.words import Trusted, shorten
from plugins.gatekeeping import inviting
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.people import TOLD_FOR, called, move, open_application, tell_owners
from plugins.gatekeeping.tables import Application

KEY = "knock:"
LISTED_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(days=2)
ANSWER_SHOWN = 60

CHANGEABLE = ("declined", "lapsed")
"""Whom an owner may let in after all."""


def all_answered(ctx: Context, one: Application) -> None:
    """Everything is said: to the owner, or in."""
    if ctx.settings.owner_decides:
        move(ctx, one, "waiting")
        put_on_list(ctx, one)
        ctx.tell(one.member_id, "passed_on", room=ctx.room_name)
    else:
        one.decided_at = ctx.now
        move(ctx, one, "fits")
        inviting.try_to_invite(ctx, one)


def put_on_list(ctx: Context, one: Application) -> None:
    """Before the owner, with the answers and the words to decide with."""
    one.listed += 1
    name = called(ctx, one.member_id)
    item = ctx.text("knock_item", name=name, answers=answers_said(one, short=True))
    number = ctx.put_on_list(item_key(one), item, keep_for=LISTED_FOR, decide=True)
    if one.listed == 1:
        told = ctx.text("knock_told", name=name, room=ctx.room_name, answers=answers_said(one), number=number)
        tell_owners(ctx, ctx.room_id, told, "knock_told")


def item_key(one: Application) -> str:
    """What the application is called on the owner's list; a new name each time it is put there."""
    return f"{KEY}{one.id}:{one.listed}"


def answers_said(one: Application, *, short: bool = False) -> Trusted:
    """What was asked and answered. Every word of the applicant's is a foreign word, made harmless."""
    if short:
        return Trusted(_in_short(one))
    lines = [
        f"· {shorten(str(answer['asked']), ANSWER_SHOWN)}\n  「{answer['said']}」" for answer in one.answers
    ]
    return Trusted("\n".join(lines))


def _in_short(one: Application) -> str:
    said = "；".join(shorten(str(answer["said"]), ANSWER_SHOWN // 2) for answer in one.answers)
    return f"「{said}」"


def words_shown(one: Application) -> list[str]:
    """Every form in which an owner may have read the answers."""
    return [_in_short(one), *(f"「{answer['said']}」" for answer in one.answers)]


@plugin.on(OwnerDecided, everywhere=True)
def hear_owner(ctx: Context, event: OwnerDecided) -> None:
    """同意, 不用 or 先放放 to somebody at the door."""
    if event.plugin != plugin.name or not event.key.startswith(KEY):
        return
    one = ctx.db.get(Application, int(event.key.removeprefix(KEY).partition(":")[0]))
    if one is None or one.room_id is None or not authority.may_command(ctx.db, event.member, one.room_id):
        return
    there = ctx.in_room(one.room_id)
    if event.decision == "later":
        there.tell(event.member, "put_off", name=called(there, one.member_id), days=AGAIN_AFTER.days)
    else:
        decide(there, one, event.member, let_in=event.decision == "yes")


def decide(ctx: Context, one: Application, owner: int, *, let_in: bool) -> None:
    """The owner has said yes or no; said once it stands."""
    name = called(ctx, one.member_id)
    again = let_in and one.status in CHANGEABLE and open_application(ctx, one.member_id) is None
    if one.status != "waiting" and not again:
        ctx.tell(owner, "decided_already", name=name)
        return
    one.decided_by, one.decided_at = owner, ctx.now
    if not let_in:
        decline(ctx, one)
        ctx.tell(owner, "declined_told", name=name)
        return
    move(ctx, one, "fits")
    outcome = inviting.try_to_invite(ctx, one)
    ctx.tell_text(owner, ctx.text(f"let_in_{outcome}", name=name), reason="let_in", keep_for=TOLD_FOR)


def decline(ctx: Context, one: Application) -> None:
    """Told honestly what the group is for and what it is not; no reproach, and no second question."""
    one.decided_at = ctx.now
    move(ctx, one, "declined")
    theme, not_for = (ctx.room.theme if ctx.room else ""), ctx.settings.not_for
    if not_for:
        ctx.tell(one.member_id, "declined_not_for", room=ctx.room_name, not_for=not_for, keep_for=TOLD_FOR)
    elif theme:
        ctx.tell(one.member_id, "declined_theme", room=ctx.room_name, theme=theme, keep_for=TOLD_FOR)
    else:
        ctx.tell(one.member_id, "declined", room=ctx.room_name, keep_for=TOLD_FOR)
