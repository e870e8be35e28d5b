"""Every message is looked at for a moment; only what reads like an ad costs a second look."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.analysis.ads import LIKELY, SURE, ad_chance, hides
from bot.analysis.contacts import Contacts, contacts_in
from bot.analysis.sketches import sketch
from bot.context import Context
from bot.events import MessagePosted, MessageRecalled
from bot.words import visible
from plugins.rules import ladder, logic, weighing
from plugins.rules.declared import plugin
from plugins.rules.tables import Case

HOPELESS, WORTH_A_LOOK = 0.02, 0.3
"""Below the first chance nothing makes an ad of a text; below the second only what leads out of here does."""

SHORTEST_AD = 8
"""In fewer characters nobody sells anything, unless they say how to reach them."""

CARDS = frozenset({"contact", "mini_program", "link"})


_QUOTED = re.compile(r"^\s*「.*?」\s*(?:[-—]\s*){5,}", re.DOTALL)
_MENTION = re.compile("[@＠][^@＠\u2005]{1,40}\u2005")


@plugin.on(MessagePosted)
def look_at_message(ctx: Context, event: MessagePosted) -> None:
    """Judge it, and take the step that follows."""
    if event.late or event.room is None or not ctx.settings.ads or not is_live(ctx):
        return
    is_card = event.kind in CARDS and event.first_words
    if event.kind != "text" and not is_card:
        return
    words = spoken(event.text, ctx.services.bot_name)
    chance, contacts = ad_chance(words), contacts_in(words)
    if not is_card and not is_worth_judging(words, chance, contacts):
        return
    if weighing.is_above_suspicion(ctx, event.member):
        return
    drawn = sketch(words)
    elsewhere = weighing.other_rooms(ctx, event, drawn)
    if weighing.is_pardoned(ctx, drawn, contacts):
        return
    level = logic.level_of(weighing.facts_of(ctx, event), ctx.settings.stranger_days)
    signals = logic.Signals(
        chance=chance, calls=contacts.any, strange_link=bool(contacts.domains), hides=hides(event.text),
        other_rooms=elsewhere, first_words=event.first_words, is_card=is_card,
        was_asked=weighing.was_asked(ctx, event), replies=event.quote is not None,
    )  # fmt: skip
    verdict = logic.judged(signals, level, LIKELY, SURE)
    if verdict.sureness != "none":
        _write_down(ctx, event, signals, level, verdict, contacts, drawn)


def spoken(text: str, bot_name: str) -> str:
    """The words of their own that are seen: whom they call and what they quote says little about them."""
    own = _QUOTED.sub(" ", _MENTION.sub(" ", text))
    return visible(own.replace(f"@{bot_name}", " ") if bot_name else own).strip()


def is_worth_judging(words: str, chance: float, contacts: Contacts) -> bool:
    """Whether an ad can come of it at all: only then more is read about who says it, and where else."""
    leads_away = contacts.any or bool(contacts.domains)
    return chance >= HOPELESS and (leads_away or (chance >= WORTH_A_LOOK and len(words) >= SHORTEST_AD))


def _write_down(
    ctx: Context, event: MessagePosted, signals: logic.Signals, level: logic.Level, verdict: logic.Verdict,
    contacts: Contacts, drawn: tuple[int, ...],
) -> None:  # fmt: skip
    """A new case with its step, or one message more of the case that is under way."""
    earlier = counting_cases(ctx, event.member, event.at)
    if earlier and event.at - earlier[-1].last_at <= logic.EPISODE:
        last = earlier[-1]
        last.messages, last.last_at = last.messages + 1, event.at
        ctx.db.flush()
        return
    is_sure = verdict.sureness == "sure"
    priors = [logic.Prior(one.rung, one.said) for one in earlier]
    rung = logic.next_rung(priors, is_sure=is_sure, in_public=ctx.settings.reminders)
    case = Case(
        room_id=event.room, member_id=event.member, message_id=event.message, at=event.at, last_at=event.at,
        chance=signals.chance, is_sure=is_sure, reasons=list(verdict.reasons), sketch=list(drawn),
        domains=list(contacts.domains), rung=rung,
    )  # fmt: skip
    ctx.db.add(case)
    ctx.db.flush()
    alone = logic.may_remove_alone(priors, is_sure=is_sure, level=level, other_rooms=signals.other_rooms)
    if ctx.settings.auto_remove and alone:
        ladder.remove(ctx, case, by_itself=True)
    else:
        ladder.take_step(ctx, case, count=len(priors) + 1)


def counting_cases(ctx: Context, member: int, at: datetime) -> list[Case]:
    """A person's cases here that still count, oldest first."""
    since = at - timedelta(days=ctx.settings.strike_days)
    query = select(Case).where(Case.room_id == ctx.room_id, Case.member_id == member, Case.at > since)
    return list(ctx.db.scalars(query.where(Case.state.in_(("open", "refused"))).order_by(Case.at, Case.id)))


def is_live(ctx: Context) -> bool:
    """Whether the bot speaks here: where it only watches, it minds nobody's manners."""
    return ctx.room is not None and ctx.room.status == "live"


@plugin.on(MessageRecalled)
def let_off(ctx: Context, event: MessageRecalled) -> None:
    """Who takes it back has done what a reminder asks for: it does not count."""
    for case in ctx.db.scalars(select(Case).where(Case.message_id == event.message, Case.state == "open")):
        case.state = "withdrawn"
        ladder.call_off(ctx, case)
