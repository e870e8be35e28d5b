"""What is known about a message before it is judged: who says it, where else, who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot import authority
from bot.analysis.contacts import Contacts, asks_for_contact
from bot.analysis.sketches import are_alike, key_of
from bot.context import Context
from bot.events import ContributorRecognised, MessagePosted, QuestionAnswered, StageAccepted
from bot.storage.engine import plain_connection
from bot.storage.tables import Membership, Message
from bot.storage.tables.base import milliseconds
from plugins.rules import logic
from plugins.rules.declared import plugin
from plugins.rules.tables import Pardon, Seen, Standing

LOOKS_BACK = timedelta(days=90)
MESSAGES_LOOKED_AT = 400
HONOUR_LASTS = timedelta(days=365)
ELSEWHERE_WITHIN = timedelta(days=2)
SEEN_KEPT = timedelta(days=3)
ASKED_WITHIN = timedelta(minutes=15)
ASKED_LINES = 10


_ADD = """
INSERT INTO rules_standing (room_id, member_id, kind, count, last_at) VALUES (?, ?, ?, 1, ?)
ON CONFLICT (room_id, member_id, kind) DO UPDATE SET count = count + 1, last_at = excluded.last_at
"""


# Who says it


def facts_of(ctx: Context, event: MessagePosted) -> logic.Facts:
    """What the room knows of the author, this message not counted."""
    said = select(Message.at).where(
        Message.member_id == event.member, Message.room_id == event.room,
        Message.at > ctx.now - LOOKS_BACK, Message.id != event.message,
    )  # fmt: skip
    moments = list(ctx.db.scalars(said.order_by(Message.at.desc()).limit(MESSAGES_LOOKED_AT)))
    membership = ctx.db.get(Membership, (event.room, event.member))
    days = None
    if membership is not None and membership.join_known:
        days = (event.at - membership.first_joined_at) / timedelta(days=1)
    standing = {
        one.kind: one
        for one in ctx.db.scalars(
            select(Standing).where(Standing.room_id == event.room, Standing.member_id == event.member)
        )
    }
    honour, answers = standing.get("honour"), standing.get("answer")
    return logic.Facts(
        days_here=days, days_present=len({ctx.local(one).date() for one in moments}), messages=len(moments),
        answers=answers.count if answers else 0,
        is_honoured=honour is not None and ctx.now - honour.last_at < HONOUR_LASTS,
    )  # fmt: skip


def is_above_suspicion(ctx: Context, member: int) -> bool:
    """Owners, the bot, and whoever an owner has spoken for."""
    person = ctx.history.member(member)
    if person is None or person.is_self or person.kind == "official":
        return True
    if ctx.room_id is not None and authority.may_command(ctx.db, member, ctx.room_id):
        return True
    pardoned = select(Pardon.id).where(
        Pardon.room_id == ctx.room_id, Pardon.kind == "person", Pardon.member_id == member
    )
    return ctx.db.scalar(pardoned.limit(1)) is not None


def is_pardoned(ctx: Context, drawn: Sequence[int], contacts: Contacts) -> bool:
    """Whether an owner has called something like it a false alarm here."""
    query = select(Pardon).where(Pardon.room_id == ctx.room_id, Pardon.kind.in_(("text", "domain")))
    return any(
        are_alike(drawn, one.sketch) if one.kind == "text" else one.domain in contacts.domains
        for one in ctx.db.scalars(query)
    )


@plugin.on(ContributorRecognised)
def honour_contributor(ctx: Context, event: ContributorRecognised) -> None:
    """Who was thanked in public is no stranger."""
    _add(ctx, event.member, "honour")


@plugin.on(StageAccepted)
def honour_stage(ctx: Context, event: StageAccepted) -> None:
    """Who gives a share, looks after newcomers or talks at a meetup is no stranger either."""
    _add(ctx, event.member, "honour")


@plugin.on(QuestionAnswered)
def count_answer(ctx: Context, event: QuestionAnswered) -> None:
    """Somebody was the first to answer somebody else."""
    _add(ctx, event.answerer, "answer")


def _add(ctx: Context, member: int, kind: str) -> None:
    plain_connection(ctx.db).execute(_ADD, (ctx.room_id, member, kind, milliseconds(ctx.now)))


# Where and when


def other_rooms(ctx: Context, event: MessagePosted, drawn: Sequence[int]) -> int:
    """In how many other rooms the same person has said nearly the same lately; this one is noted too."""
    if not drawn or event.room is None:
        return 0
    key = key_of(drawn)
    row = {"key": key, "room_id": event.room, "member_id": event.member, "at": event.at}
    statement = insert(Seen).values(row)
    ctx.db.execute(
        statement.on_conflict_do_update(index_elements=["key", "room_id", "member_id"], set_={"at": event.at})
    )
    rooms = select(func.count(Seen.room_id.distinct())).where(
        Seen.key == key, Seen.room_id != event.room, Seen.member_id == event.member,
        Seen.at > event.at - ELSEWHERE_WITHIN,
    )  # fmt: skip
    return ctx.db.scalar(rooms) or 0


def was_asked(ctx: Context, event: MessagePosted) -> bool:
    """Whether somebody else has just asked for an address, a price or a contact."""
    if event.quote is not None and asks_for_contact(event.quote.text):
        return True
    return any(
        said.member != event.member and event.at - said.at <= ASKED_WITHIN and asks_for_contact(said.text)
        for said in ctx.history.recent(event.room or 0, ASKED_LINES)
        if said.id != event.message
    )


def forget_old_texts(ctx: Context) -> None:
    """What was seen days ago is of no use any more."""
    ctx.db.execute(delete(Seen).where(Seen.at < ctx.now - SEEN_KEPT))
