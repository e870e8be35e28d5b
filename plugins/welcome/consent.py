"""Whether somebody who was asked has said yes or no to us, and not just 好 to somebody else."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.context import Context
from bot.events import MessagePosted
from bot.words import normalised, yes_or_no

FRESH = timedelta(minutes=10)
"""So soon after the question, or so long after anybody's last word, a bare yes can only be meant for us."""

_MENTION = re.compile(r"@\S+\s*")


def answer_meant(ctx: Context, event: MessagePosted, asked_at: datetime) -> bool | None:
    """Yes, no, or None for words that are no answer to our question."""
    if event.kind != "text" or event.mentions:
        return None
    words = _MENTION.sub(" ", event.text.replace(f"@{ctx.services.bot_name}", " "))
    answer = yes_or_no(words)
    is_to_us = event.mentions_bot or _quotes_bot(ctx, event)
    if answer is None or is_to_us:
        return answer
    if event.quote is not None:
        return None
    in_our_words = any(word in normalised(words) for word in ctx.text("consent_words").split())
    is_meant = in_our_words or event.at - asked_at < FRESH or _nobody_else_spoke(ctx, event)
    return answer if is_meant else None


def _quotes_bot(ctx: Context, event: MessagePosted) -> bool:
    quoted = event.quote.message if event.quote is not None else None
    said = ctx.history.message(quoted) if quoted is not None else None
    return said is not None and said.origin == "self"


def _nobody_else_spoke(ctx: Context, event: MessagePosted) -> bool:
    if event.room is None:
        return False
    lately = ctx.history.messages(event.room, since=event.at - FRESH)
    return all(said.member == event.member or said.id > event.message for said in lately)
