"""Thanks from member to member through the bot: a few a day, to others only, and not back and forth."""

from __future__ import annotations

from sqlalchemy import or_, select

from bot.context import Context
from bot.events import MessagePosted
from bot.storage.tables import Member
from plugins.contributors import logic
from plugins.contributors.declared import plugin
from plugins.contributors.people import called, counted, nameable, one_meant
from plugins.contributors.tables import PeerThanks

FAULTS = {
    "self": "thanks_self",
    "again": "thanks_again",
    "mutual": "thanks_mutual",
    "often": "thanks_often",
}


@plugin.command(
    "感谢 [谁] [因为什么]",
    who="member",
    where="group",
    summary="替你谢一位群友，记在 TA 名下",
    example=("感谢 小陈 因为教我看叶底", "…小陈…教我看叶底…"),
)
def thank(ctx: Context, name: str = "", reason: str = "") -> None:
    """Pass thanks on, and note them if they count."""
    assert ctx.member is not None
    if not name:
        ctx.reply("thanks_to_bot")
        return
    member = one_meant(ctx, name)
    row = ctx.db.get(Member, member)
    if row is None or row.is_self:
        ctx.reply("thanks_to_bot")
        return
    if not nameable(ctx, [member]):
        ctx.reply("thanks_unnamed")
        return
    fault = _fault(ctx, member)
    if fault is not None:
        ctx.reply(FAULTS[fault], name=called(ctx, member))
        return
    _note(ctx, member)
    _say(ctx, member, logic.reason_said(reason))


def _say(ctx: Context, member: int, reason: str) -> None:
    giver, people = called(ctx, ctx.member or 0), ctx.mention([member])
    if reason:
        text = ctx.text("thanks_passed", people=people, giver=giver, why=reason)
    else:
        text = ctx.text("thanks_passed_plain", people=people, giver=giver)
    ctx.say_text(text, urgency="answer", mention=[member], reason="thanks_passed")


def _fault(ctx: Context, member: int) -> str | None:
    midnight = ctx.local().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(ctx.now.tzinfo)
    query = select(PeerThanks).where(
        PeerThanks.room_id == ctx.room_id,
        PeerThanks.at > ctx.now - logic.PAIR_AGAIN,
        or_(PeerThanks.giver_id == ctx.member, PeerThanks.member_id == ctx.member),
    )
    given = [logic.Given(one.giver_id, one.member_id, one.at) for one in ctx.db.scalars(query)]
    return logic.thanks_fault(ctx.member or 0, member, given, ctx.now, midnight, ctx.settings.thanks_a_day)


def _note(ctx: Context, member: int) -> None:
    if not counted(ctx, [ctx.member or 0]):
        return  # the words are passed on; who asked not to be counted is not
    message = ctx.event.message if isinstance(ctx.event, MessagePosted) else None
    ctx.db.add(
        PeerThanks(room_id=ctx.room_id, giver_id=ctx.member, member_id=member, message_id=message, at=ctx.now)
    )
    ctx.db.flush()
