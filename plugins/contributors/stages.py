"""A stage: after a credit the person is asked once whether they would share, host newcomers, or talk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted, StageAccepted, StageKind
from bot.storage.tables import Member
from plugins.contributors import crediting, logic
from plugins.contributors.declared import plugin
from plugins.contributors.people import called, nameable
from plugins.contributors.tables import Nomination, StageOffer

ANSWER = "stage_answer"
SILENT = "stage_silent"
WAITS = timedelta(days=3)
OFFERED_AGAIN_AFTER = timedelta(days=60)


@plugin.timer(crediting.OFFER)
def offer_stage(ctx: Context, payload: dict[str, Any]) -> None:
    """Ask privately where that is possible, else in the group; nobody is asked often."""
    one = ctx.db.get(Nomination, payload["nomination"])
    if one is None or not nameable(ctx, [one.member_id]) or _asked_lately(ctx, one.member_id):
        return
    member = one.member_id
    if _is_friend(ctx, member):
        said = ctx.tell(member, "stage_offer_private", urgency="initiative", room=ctx.room_name)
    else:
        said = ctx.say("stage_offer", urgency="initiative", mention=[member], keep_for=crediting.KEPT_FOR)
    if said is None:
        return
    topic = next((word for word in one.topics if logic.sayable(word)), "")
    row = StageOffer(room_id=ctx.room_id, member_id=member, offered_at=ctx.now, topic=topic)
    ctx.db.add(row)
    ctx.db.flush()
    ctx.ask(ANSWER, member, wait=WAITS, in_group=not _is_friend(ctx, member), offer=row.id)
    ctx.later(SILENT, after=WAITS, key=str(row.id), offer=row.id)


@plugin.answer(ANSWER)
def hear_answer(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """A number, the name of a stage, a yes or a no; anything else is ordinary talk."""
    row = ctx.db.get(StageOffer, payload["offer"])
    if row is None or row.status != "offered" or event.kind != "text" or event.mentions:
        return False
    if event.room is not None and not _is_to_us(ctx, event):
        return False
    stage, answer = logic.stage_meant(event.text.replace(f"@{ctx.services.bot_name}", " "))
    if answer is None:
        return False
    if answer and stage is None:
        ctx.reply("stage_which")
        ctx.ask(ANSWER, event.member, wait=WAITS, in_group=event.room is not None, offer=row.id)
    elif answer and stage is not None:
        _accept(ctx, row, stage)
    else:
        row.status, row.answered_at = "declined", ctx.now
        ctx.reply("stage_declined")
    return True


@plugin.timer(SILENT)
def let_be(ctx: Context, payload: dict[str, Any]) -> None:
    """No answer is an answer too: nothing is said about it."""
    row = ctx.db.get(StageOffer, payload["offer"])
    if row is not None and row.status == "offered":
        row.status = "silent"


def _accept(ctx: Context, row: StageOffer, stage: StageKind) -> None:
    row.status, row.stage, row.answered_at = "accepted", stage, ctx.now
    ctx.db.flush()
    ctx.reply(f"stage_thanks_{stage}")
    name = called(ctx, row.member_id)
    ctx.tell_owners(f"stage_told_{stage}", name=name, room=ctx.room_name)
    ctx.emit(StageAccepted(at=ctx.now, room=row.room_id, member=row.member_id, stage=stage, topic=row.topic))


def _is_to_us(ctx: Context, event: MessagePosted) -> bool:
    """Whether words in the group are an answer to the bot: addressed to it, or right after its own."""
    if event.mentions_bot:
        return True
    if event.quote is not None:
        said = ctx.history.message(event.quote.message) if event.quote.message is not None else None
        return said is not None and said.origin == "self"
    earlier = ctx.history.recent(event.room or 0, 6, include_bot=True)
    others = [said for said in earlier if said.member != event.member and said.id != event.message]
    return bool(others) and others[-1].origin == "self"


def _asked_lately(ctx: Context, member: int) -> bool:
    query = select(StageOffer.id).where(
        StageOffer.room_id == ctx.room_id, StageOffer.member_id == member,
        StageOffer.offered_at > ctx.now - OFFERED_AGAIN_AFTER,
    )  # fmt: skip
    return ctx.db.scalar(query.limit(1)) is not None


def _is_friend(ctx: Context, member: int) -> bool:
    row = ctx.db.get(Member, member)
    return row is not None and row.is_friend
