"""Attention for newcomers after the greeting: their first words, and, if wanted, their long silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted
from bot.speaking import is_turned_to
from bot.storage.tables import Membership, Outgoing
from bot.words import joined
from plugins.welcome import hosts, logic
from plugins.welcome.scene import called, is_on, present, quiet_until
from plugins.welcome.tables import Newcomer

FIRST_WORDS = "first_words"
MOST_NAMED = 3
STALE_AFTER = timedelta(days=1)
"""First words that nobody saw to within a day are not dug out again."""

TURNED_TO_WITHIN = timedelta(minutes=10)
"""Who spoke to a newcomer so shortly before the first words has these for an answer, and knows of them."""

CARED_WITHIN = timedelta(days=14)
"""Who has been silent for longer than this beyond the set days is left alone."""


def notice(ctx: Context, event: MessagePosted) -> None:
    """Note a newcomer's first words, and look some minutes later whether anybody has answered."""
    if not event.first_words:
        return
    row = ctx.db.get(Newcomer, (ctx.room_id, event.member))
    if row is None or event.at - row.joined_at > timedelta(days=ctx.settings.newcomer_days):
        return
    row.spoke_at, row.words_id = event.at, event.message
    if ctx.settings.first_words and not event.late and not _greeting_is_coming(ctx, row):
        ctx.later(FIRST_WORDS, after=timedelta(minutes=ctx.settings.first_words_minutes))
    else:
        row.attended_at = ctx.now


def _greeting_is_coming(ctx: Context, row: Newcomer) -> bool:
    """Whether the greeting, which names a host, is still to be said: then it answers the first words too."""
    outgoing = ctx.db.get(Outgoing, row.outgoing_id) if row.outgoing_id is not None else None
    return row.outcome == "waiting" or (outgoing is not None and outgoing.status == "planned")


def see_to(ctx: Context) -> None:
    """Call one host for all newcomers whose first words nobody has answered; at night, in the morning."""
    if not ctx.settings.first_words or not is_on(ctx):
        return
    morning = quiet_until(ctx)
    if morning is not None:
        ctx.later(FIRST_WORDS, at=morning)
        return
    query = select(Newcomer).where(
        Newcomer.room_id == ctx.room_id,
        Newcomer.spoke_at > ctx.now - STALE_AFTER,
        Newcomer.attended_at.is_(None),
    )
    rows = ctx.db.scalars(query.order_by(Newcomer.spoke_at)).all()
    here = present(ctx, [row.member_id for row in rows])
    alone = [row for row in rows if row.member_id in here and _is_alone(ctx, row, rows)]
    for row in rows:
        row.attended_at = ctx.now
    if alone:
        _call_host(ctx, alone)


def _is_alone(ctx: Context, row: Newcomer, others: Sequence[Newcomer]) -> bool:
    """Whether nobody has turned to a newcomer since their first words, or right before them."""
    words = ctx.history.message(row.words_id) if row.words_id is not None else None
    if words is None or words.recalled or ctx.room_id is None:
        return False
    if is_turned_to(ctx.db, ctx.room_id, row.member_id, words.at):
        return False  # another plugin has brought them to somebody, with a better reason
    before: list[logic.Reply] = []
    replies: list[logic.Reply] = []
    for said in ctx.history.messages(ctx.room_id, since=words.at - TURNED_TO_WITHIN):
        if said.id != words.id and not said.recalled:
            reply = logic.Reply(said.member, said.mentions, said.quote is not None, said.quoted_member)
            (before if said.id < words.id else replies).append(reply)
    newcomers = {other.member_id for other in others}
    is_spoken_to = any(logic.is_turned_to(row.member_id, reply) for reply in before)
    return not is_spoken_to and not logic.is_answered(row.member_id, replies, newcomers)


def _call_host(ctx: Context, rows: Sequence[Newcomer]) -> None:
    """Bring a host and the newcomers together in one line, by preference the host they were given."""
    newcomers = [row.member_id for row in rows]
    guide = hosts.still(ctx, rows[0].host_id, newcomers) or hosts.take_turn(ctx, newcomers)
    if guide is None:
        return
    shown = newcomers[:MOST_NAMED]
    words = _words_of(ctx, rows[0])
    host, people = ctx.mention([guide.member]), ctx.mention(shown)
    if len(rows) > 1:
        text = ctx.text("nudge_many", host=host, people=people)
    elif words:
        text = ctx.text("nudge", host=host, people=people, words=words)
    else:
        text = ctx.text("nudge_wordless", host=host, people=people)
    named = [guide.member, *shown]
    ctx.say_text(text, urgency="welcome", reason="nudge", mention=named, keep_for=timedelta(minutes=15))


def _words_of(ctx: Context, row: Newcomer) -> str:
    said = ctx.history.message(row.words_id) if row.words_id is not None else None
    return logic.quotable(said.text) if said is not None and said.kind == "text" else ""


def look_after(ctx: Context) -> None:
    """A private word, once ever, to newcomers who have not spoken; whom we cannot reach, the owner may."""
    days: int = ctx.settings.silent_days
    since = ctx.now - timedelta(days=days)
    query = (
        select(Newcomer)
        .join(
            Membership,
            (Membership.room_id == Newcomer.room_id) & (Membership.member_id == Newcomer.member_id),
        )
        .where(
            Newcomer.room_id == ctx.room_id,
            Newcomer.outcome == "greeted",
            Newcomer.cared_at.is_(None),
            Newcomer.joined_at <= since,
            Newcomer.joined_at > since - CARED_WITHIN,
            Membership.left_at.is_(None),
            Membership.first_spoke_at.is_(None),
        )
        .order_by(Newcomer.joined_at)
    )
    rows = ctx.db.scalars(query).all()
    for row in rows:
        row.cared_at = ctx.now
    unreached = [row for row in rows if not _care_for(ctx, row.member_id)]
    if unreached:
        names = joined([called(ctx, row.member_id) for row in unreached], limit=6)
        text = ctx.text("silent_on_list", days=days, names=names)
        ctx.put_on_list(f"silent:{ctx.room_id}:{ctx.local():%Y-%m-%d}", text)


def _care_for(ctx: Context, member: int) -> bool:
    """Whether a private word could be said."""
    said = ctx.tell(member, "silent_private", urgency="initiative", room=ctx.room_name)
    return said is not None
