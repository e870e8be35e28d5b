"""How somebody becomes a host: the owner says a name, the bot asks that person in the group, they consent."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted
from bot.words import Trusted, time_said
from plugins.welcome.consent import answer_meant
from plugins.welcome.hosts import count, next_guide
from plugins.welcome.scene import called, is_on, present, quiet_until
from plugins.welcome.tables import Host

CONSENT = "host_consent"
ASK = "ask_host"
CONSENT_WITHIN = timedelta(days=2)


def show(ctx: Context) -> None:
    """List the hosts, whose turn it is, and whom we still wait for."""
    query = select(Host).where(Host.room_id == ctx.room_id, Host.status.in_(("agreed", "asked")))
    rows = ctx.db.scalars(query.order_by(Host.status, Host.answered_at, Host.asked_at)).all()
    if not rows:
        ctx.reply("host_list_empty", room=ctx.room_name)
        return
    here, guide = present(ctx, [row.member_id for row in rows]), next_guide(ctx, ())
    lines = [_line(ctx, row, here, guide is not None and guide.member == row.member_id) for row in rows]
    ctx.reply("host_list", room=ctx.room_name, hosts=Trusted("\n".join(lines)))


def _line(ctx: Context, row: Host, here: set[int], is_next: bool) -> str:
    name = called(ctx, row.member_id)
    if row.member_id not in here:
        return ctx.text("host_line_gone", name=name)
    if row.status == "asked" and ctx.now - row.asked_at < CONSENT_WITHIN:
        return ctx.text("host_line_asked", name=name)
    if row.status == "asked":
        return ctx.text("host_line_unheard", name=name)
    return ctx.text("host_line_next", name=name) if is_next else ctx.text("host_line", name=name)


def ask(ctx: Context, member: int) -> None:
    """Ask a member in the group whether they would; at night, in the morning. Owners need not be asked."""
    name, row = called(ctx, member), ctx.db.get(Host, (ctx.room_id, member))
    if row is not None and row.status == "agreed":
        ctx.reply("host_is_one", name=name)
    elif row is not None and row.status == "asked" and ctx.now - row.asked_at < CONSENT_WITHIN:
        ctx.reply("host_is_asked", name=name)
    elif member == ctx.member:
        _note(ctx, member, "agreed")
        ctx.reply("host_is_you")
    elif ctx.room is not None and ctx.room.status != "live":
        ctx.reply("host_not_live", name=name)
    else:
        _note(ctx, member, "asked")
        _ask_in_time(ctx, member, name)


def _ask_in_time(ctx: Context, member: int, name: str) -> None:
    morning = quiet_until(ctx)
    if morning is None:
        put_question(ctx, member)
        ctx.reply("host_asking", name=name)
    else:
        ctx.later(ASK, at=morning, key=str(member), if_planned="move", host=member)
        ctx.reply("host_asking_later", name=name, time=time_said(morning, ctx.now, ctx.zone))


def put_question(ctx: Context, member: int) -> None:
    """Ask now, if it is still wanted and they are still here."""
    row = ctx.db.get(Host, (ctx.room_id, member))
    if row is None or row.status != "asked" or not present(ctx, [member]) or not is_on(ctx):
        return
    row.asked_at = ctx.now
    ctx.say("host_ask", urgency="promised", mention=[member], merge=f"host_ask:{member}")
    ctx.ask(CONSENT, member, wait=CONSENT_WITHIN, in_group=True)


def take_on(ctx: Context, member: int) -> None:
    """They have agreed already, elsewhere: no question is left open."""
    row = ctx.db.get(Host, (ctx.room_id, member))
    if row is None or row.status != "agreed":
        _note(ctx, member, "agreed")
        ctx.stop_asking(CONSENT, member)
        ctx.cancel_later(ASK, key=str(member))


def remove(ctx: Context, member: int) -> None:
    """Name this host no more, or stop waiting for their answer."""
    name, row = called(ctx, member), ctx.db.get(Host, (ctx.room_id, member))
    if row is None or row.status not in ("agreed", "asked"):
        ctx.reply("host_is_none", name=name)
        return
    ctx.reply("host_removed" if row.status == "agreed" else "host_withdrawn", name=name)
    row.status = "stopped"
    ctx.stop_asking(CONSENT, member)
    ctx.cancel_later(ASK, key=str(member))


def _note(ctx: Context, member: int, status: str) -> None:
    """Write down that somebody was asked, or has agreed; an old answer of theirs is void."""
    row = ctx.db.get(Host, (ctx.room_id, member))
    if row is None:
        row = Host(room_id=ctx.room_id, member_id=member, status=status, asked_at=ctx.now)
        ctx.db.add(row)
    row.status, row.asked_by, row.asked_at = status, ctx.member, ctx.now
    row.answered_at = ctx.now if status == "agreed" else None
    ctx.db.flush()


def hear(ctx: Context, event: MessagePosted) -> bool:
    """Take a yes or a no of somebody who was asked; whatever else they say is ordinary talk."""
    row = ctx.db.get(Host, (ctx.room_id, event.member))
    if row is None or row.status != "asked":
        return False
    answer = answer_meant(ctx, event, row.asked_at)
    if answer is None:
        return False
    row.status, row.answered_at = ("agreed" if answer else "declined"), ctx.now
    ctx.db.flush()
    ctx.reply("host_thanks" if answer else "host_understood")
    _tell_asker(ctx, row, answer)
    return True


def _tell_asker(ctx: Context, row: Host, answer: bool) -> None:
    if row.asked_by is None:
        return
    name, room = called(ctx, row.member_id), ctx.room_name
    if answer:
        ctx.tell(row.asked_by, "host_said_yes", urgency="promised", name=name, room=room, count=count(ctx))
    else:
        ctx.tell(row.asked_by, "host_said_no", urgency="promised", name=name, room=room)
