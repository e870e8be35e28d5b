"""What the bot says to members who speak to it: a little help, a little kindness, and not too often."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, or_, select

from bot import authority
from bot.commands import CommandBook
from bot.context import Context
from bot.events import MemberUncounted, MessagePosted
from bot.storage.tables import Member, Membership, Outgoing, Room
from bot.words import normalised
from plugins.owner import logic
from plugins.owner.declared import plugin
from plugins.owner.kindness import kindness_in
from plugins.owner.views import lines

HELP_LINES = 8
PLEASANTRIES = ("puzzled", "thanks", "praised", "greeting")
QUOTED_WITHIN = timedelta(days=7)
SAID = ("planned", "claimed", "sent", "unknown")


@plugin.command(
    "帮助", who="member", where="group", aliases=("菜单", "help", "你会什么", "你能做什么", "怎么用"),
    summary="我能帮你做什么",
    example=("帮助", "…@我 说一声就行：…"),
)  # fmt: skip
def help_members(ctx: Context) -> None:
    """A short list of what members can ask here: something of every plugin, and always how to get out."""
    book = ctx.services.settings
    offered = [
        CommandBook(each.commands).offered("group", is_owner=False)
        for each in ctx.services.plugins()
        if each.name != plugin.name and book.enabled(each.name, ctx.room_id)
    ]
    way_out = [one for one in plugin.commands if one.handler is leave_out]
    shown = [*logic.taken_in_turns(offered)[: HELP_LINES - 1], *way_out]
    rows = [ctx.text("help_line", grammar=one.grammar, summary=one.summary) for one in shown]
    ctx.reply_text(lines([ctx.text("help_head"), *rows, ctx.text("help_foot")]), reason="help")


@plugin.command(
    "别统计我", who="member", where="both", aliases=("不要统计我", "别算我", "不统计我"),
    summary="往后的统计里没有你",
    example=("别统计我", "…好，…"),
)  # fmt: skip
def leave_out(ctx: Context) -> None:
    """No statistic holds this person from now on."""
    _count(ctx, counted=False)


@plugin.command(
    "恢复统计", who="member", where="both", aliases=("统计我", "算我一个", "恢复统计我"),
    summary="再把你算进来",
    example=("恢复统计", "…一直算着…"),
)  # fmt: skip
def count_again(ctx: Context) -> None:
    """Back into the statistics."""
    _count(ctx, counted=True)


@plugin.command(
    "谢谢", who="member", where="both", hidden=True,
    aliases=("谢谢你", "多谢", "谢了", "辛苦了", "辛苦啦", "谢谢啦"),
    example=("谢谢", "…"),
)  # fmt: skip
def accept_thanks(ctx: Context) -> None:
    """You are welcome."""
    _be_kind(ctx, "thanks")


@plugin.command(
    "你好", who="member", where="both", hidden=True,
    aliases=("您好", "在吗", "在么", "在不在", "hi", "hello", "嗨", "早", "早上好", "晚上好", "晚安"),
    example=("你好", "…"),
)  # fmt: skip
def greet_back(ctx: Context) -> None:
    """Hello to you."""
    _be_kind(ctx, "greeting")


@plugin.command("[什么]", who="member", where="group", hidden=True, example=("今晚月色真美", "…"))
def be_puzzled(ctx: Context, said: str) -> None:
    """Whoever mentions the bot gets a kind word, once in a while; what they said stays ordinary talk."""
    kind = kindness_in(said) if said else "greeting"
    if kind in ("thanks", "praised") and _means_somebody_else(ctx, said):
        return
    _be_kind(ctx, kind or "puzzled")


def _be_kind(ctx: Context, key: str) -> None:
    """A pleasantry. The same person gets one at a time; in private only owners get any."""
    assert ctx.member is not None
    if not ctx.asked_in_group and not authority.is_owner(ctx.db, ctx.member):
        return
    if ctx.asked_in_group and _talks_about_our_words(ctx):
        return
    pause = timedelta(minutes=ctx.settings.courtesy_minutes)
    if ctx.asked_in_group and _was_kind(ctx, pause):
        return
    ctx.reply(key)


def _means_somebody_else(ctx: Context, said: str) -> bool:
    """Whether kind words name a member of the room: they are theirs and not ours."""
    words, room = normalised(said), ctx.room_id
    members = [] if room is None else ctx.history.members(room)
    return any(
        len(name) > 1 and name in words
        for one in members if not one.is_self
        for name in (normalised(one.own_name), normalised(one.alias))
    )  # fmt: skip


def _talks_about_our_words(ctx: Context) -> bool:
    """Whether somebody only quotes what we put before everybody (a share): that is talk, and not to us."""
    event = ctx.event
    if not isinstance(event, MessagePosted) or event.mentions_bot or event.quote is None:
        return False
    query = select(Outgoing.urgency).where(Outgoing.message_id == event.quote.message)
    recent = Outgoing.claimed_at > ctx.now - QUOTED_WITHIN
    return ctx.db.scalar(query.where(recent).limit(1)) == "promised"


def _was_kind(ctx: Context, pause: timedelta) -> bool:
    """Whether this person has had a pleasantry here within the pause.

    What was withheld counts like words in a replay and while the room is watched, and not once it is live.
    """
    status_at = select(Room.status_at).where(Room.id == ctx.room_id).scalar_subquery()
    would_be_said = and_(Outgoing.status == "withheld", Outgoing.created_at >= status_at)
    said = ctx.db.scalars(
        select(Outgoing.mentions).where(
            Outgoing.plugin == plugin.name,
            Outgoing.room_id == ctx.room_id,
            Outgoing.reason.in_(PLEASANTRIES),
            Outgoing.created_at > ctx.now - pause,
            or_(Outgoing.status.in_(SAID), would_be_said),
        )
    )
    return any(ctx.member in mentions for mentions in said)


def _is_known(ctx: Context) -> bool:
    """Whether this person is in a group of ours."""
    query = select(Membership.room_id).where(Membership.member_id == ctx.member).limit(1)
    return ctx.db.scalar(query) is not None


def _count(ctx: Context, *, counted: bool) -> None:
    if not ctx.asked_in_group and not _is_known(ctx):
        return
    member = ctx.db.get_one(Member, ctx.member)
    if member.uncounted is not counted:
        ctx.reply("counted_already" if counted else "uncounted_already")
        return
    if counted and member.forgotten_at is not None:
        ctx.remember_member(member.id)
    member.uncounted = not counted
    ctx.db.flush()
    if not counted:
        ctx.emit(MemberUncounted(at=ctx.now, member=member.id))
    ctx.reply("counted" if counted else "uncounted")
