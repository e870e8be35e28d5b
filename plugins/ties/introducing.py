"""A newcomer's self-introduction is tied to one member who has to do with the same thing, if there is one.

迎新 greets at the door and, some minutes after somebody's first words, calls a host if nobody answered. We
come before that and only with a reason; what we say keeps the host from being called for the same words.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot import authority
from bot.context import Context
from bot.events import MessagePosted, OutgoingSettled
from bot.speaking import is_turned_to
from bot.storage.history import History
from bot.storage.tables import Membership
from bot.words import Trusted
from plugins.ties import company, evidence, logic
from plugins.ties.declared import plugin
from plugins.ties.introduction import introduction, may_be_one
from plugins.ties.tables import Introduction

WAIT, LATER = "introduced", "introduced_later"
FIRST_LOOK = timedelta(minutes=3)
"""Before 迎新 looks whether anybody answered."""

SAID_WITHIN = timedelta(seconds=100)
LOOK_AGAIN = timedelta(minutes=15)
SAID_LATER_WITHIN = timedelta(hours=2)
GREETED_WITHIN = timedelta(minutes=4)
STALE_AFTER = timedelta(hours=12)
BEFORE_OTHERS = timedelta(minutes=1)
"""Before the quiet hours end and 迎新 looks after those who spoke at night."""


@plugin.on(MessagePosted)
def notice_introduction(ctx: Context, event: MessagePosted) -> None:
    """Somebody may just be telling who they are."""
    if not event.first_words and not may_be_one(event.text):
        return
    if event.late or event.room is None or event.kind != "text" or event.quote is not None:
        return
    found = introduction(event.text, first_words=event.first_words)
    if found is None or not ctx.settings.introductions or not _is_new(ctx, event):
        return
    row = Introduction(room_id=event.room, member_id=event.member, message_id=event.message, said_at=event.at)
    ctx.db.add(row)
    ctx.db.flush()
    after = LOOK_AGAIN if found.asks else FIRST_LOOK
    ctx.later(WAIT, after=after, key=str(event.member), member=event.member)


def _is_new(ctx: Context, event: MessagePosted) -> bool:
    """Whether this person is new to the talk here and has not introduced themselves before."""
    if ctx.db.get(Introduction, (event.room, event.member)) is not None:
        return False
    place = ctx.db.get(Membership, (event.room, event.member))
    if place is None or not company.is_nameable(ctx, event.member):
        return False
    began = place.first_spoke_at or event.at
    return event.first_words or event.at - began <= timedelta(days=ctx.settings.introduction_days)


@plugin.timer(WAIT)
def look_for_partner(ctx: Context, payload: dict[str, Any]) -> None:
    """Look who has to do with the same thing; at night, in the morning."""
    row = ctx.db.get(Introduction, (ctx.room_id, payload["member"]))
    if row is None or row.status != "waiting" or not company.is_on(ctx):
        return
    morning = company.quiet_until(ctx)
    if morning is not None and morning - ctx.now > BEFORE_OTHERS:
        at = morning - BEFORE_OTHERS
        ctx.later(WAIT, at=at, key=str(row.member_id), if_planned="move", member=row.member_id)
    elif not ctx.settings.introductions or ctx.now - row.said_at > STALE_AFTER:
        row.status = "none"
    elif row.message_id is not None:
        group = ctx.services.settings.group(ctx.room_id)
        ctx.work(
            "find_partner", room=ctx.room_id, message=row.message_id, rest_days=ctx.settings.rest_days,
            owners=authority.owners_of(ctx.db, ctx.room_id), known=[ctx.room_name, group.theme],
            member=row.member_id,
        )  # fmt: skip


def lead_together(ctx: Context, result: dict[str, Any]) -> None:
    """Say it, unless they have found each other meanwhile, or somebody may not be named any more."""
    row = ctx.db.get(Introduction, (ctx.room_id, result["member"]))
    if row is None or row.status != "waiting":
        return
    partner = result.get("partner")
    if partner is None or not _may_lead(ctx, row, partner):
        row.status = "none"
        return
    words = _words(ctx, row, result)
    if words is None:
        row.status = "none"
        return
    text, row.evidence_id = words
    row.partner_id, row.topic = partner, result["topic"]
    keep = SAID_WITHIN if row.tries == 0 else SAID_LATER_WITHIN
    row.outgoing_id = ctx.say_text(
        text, urgency="initiative", reason="introduction", mention=[row.member_id, partner], keep_for=keep,
        not_before=company.quiet_until(ctx),
    )  # fmt: skip
    row.status, row.tries = "said", row.tries + 1
    company.note(ctx, "introduction", row.member_id, partner)


def _find(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The finding, which must know again whose introduction it was."""
    return evidence.find_partner(history, payload) | {"member": payload["member"]}


plugin.work("find_partner", done=lead_together)(_find)


@plugin.on(OutgoingSettled)
def try_again_later(ctx: Context, event: OutgoingSettled) -> None:
    """It was no time for unasked words: once more, a little later."""
    row = ctx.db.scalar(select(Introduction).where(Introduction.outgoing_id == event.outgoing))
    if row is None or event.status != "expired":
        return
    row.outgoing_id = None
    if row.tries == 1:
        row.status = "waiting"
        ctx.later(WAIT, after=LOOK_AGAIN, key=str(row.member_id), if_planned="move", member=row.member_id)
    else:
        row.status = "none"
    ctx.db.flush()
    company.unnote(ctx, "introduction", row.member_id, row.partner_id)


def _may_lead(ctx: Context, row: Introduction, partner: int) -> bool:
    """Whether both may be named, have not met since, and the newcomer has not been called meanwhile."""
    if not company.is_nameable(ctx, row.member_id, partner) or ctx.room_id is None:
        return False
    if _is_called_already(ctx, ctx.room_id, row):
        return False
    for said in ctx.history.messages(ctx.room_id, since=row.said_at, limit=500):
        met = {*said.mentions, said.quoted_member}
        if (said.member == partner and row.member_id in met) or (
            said.member == row.member_id and partner in met
        ):
            return False
    return True


def _is_called_already(ctx: Context, room: int, row: Introduction) -> bool:
    """Whether something of ours has turned to the newcomer because of these words; the greeting has not."""
    after_greeting = row.said_at + GREETED_WITHIN
    return is_turned_to(ctx.db, room, row.member_id, row.said_at) or is_turned_to(
        ctx.db, room, row.member_id, after_greeting, "welcome"
    )


def _words(ctx: Context, row: Introduction, found: dict[str, Any]) -> tuple[Trusted, int] | None:
    """The sentence, and the message that shows why; the more telling evidence first."""
    newcomer, member = ctx.mention([row.member_id]), ctx.mention([found["partner"]])
    both = {"newcomer": newcomer, "member": member, "topic": found["topic"]}
    helped = [one for one in found["helped"] if company.nameable(ctx.db, ctx.room_id or 0, [one[0]])]
    for asker, question, answer in helped:
        asked = ctx.history.message(question)
        words = logic.quotable(asked.text) if asked is not None and not asked.recalled else ""
        if words:
            name = company.called(ctx, asker)
            return ctx.text("introduction_helped_quoted", asker=name, asked=words, **both), answer
    for asker, _, answer in helped:
        return ctx.text("introduction_helped", asker=company.called(ctx, asker), **both), answer
    for message in found["said"]:
        said = ctx.history.message(message)
        words = logic.quotable(said.text) if said is not None and not said.recalled else ""
        if words:
            return ctx.text("introduction_said_quoted", said=words, **both), message
    if found["days"] >= logic.LEAST_DAYS:
        return ctx.text("introduction_said", days=found["days"], **both), found["said"][0]
    return None
