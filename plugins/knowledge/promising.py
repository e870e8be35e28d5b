"""Stating a promise: what is promised, how often, and how it will be measured; repeated before it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.analysis.chinese_dates import RULE, Question
from bot.context import Context
from bot.events import MessagePosted
from bot.words import plain, yes_or_no
from plugins.knowledge import ledger, logic
from plugins.knowledge.logic import Terms
from plugins.knowledge.planning import question_said
from plugins.knowledge.tables import Promise
from plugins.knowledge.views import date_said, lines

DRAFT, ANSWER_WITHIN = "promise_draft", timedelta(minutes=10)
LONGEST = 60


def draft(ctx: Context, said: str, replaces: int | None = None) -> None:
    """Repeat what will be watched, and how; ask back if there is no telling when it is due."""
    assert ctx.member is not None
    said = plain(said, LONGEST)
    terms = logic.terms_of(said, ctx.now, ctx.zone)
    if isinstance(terms, Question):
        ctx.reply_text(question_said(ctx, terms), reason="when")
        return
    parts: list[str] = [ctx.text("promise_understood", said=said, measure=measure_said(ctx, terms))]
    if terms.rule is not None:
        dates = "、".join(date_said(ctx, one)[:-6] for one in terms.rule.next_dates(ctx.now, 3))
        parts.append(ctx.text("promise_dates", dates=dates))
    ctx.reply_text(lines([*parts, ctx.text("promise_right")]), reason="promise_draft")
    rule = RULE.dump_python(terms.rule, mode="json") if terms.rule is not None else None
    ctx.ask(DRAFT, ctx.member, wait=ANSWER_WITHIN, said=said, rule=rule, replaces=replaces)


def measure_said(ctx: Context, terms: Terms) -> str:
    """How it is measured, in words."""
    every = ctx.text(f"unit_{terms.unit}", count=terms.count) if terms.unit else ctx.text("unit_days")
    if terms.kind == "answer":
        return ctx.text("measure_answer", hours=terms.hours)
    if terms.kind == "post":
        return ctx.text("measure_post", every=every, words=terms.words)
    return ctx.text(f"measure_{terms.kind}", every=every)


def decide(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes keeps it; anything else is no answer."""
    answer = yes_or_no(event.text)
    if answer is None:
        return False
    if not answer:
        ctx.reply("promise_dropped")
        return True
    terms = logic.terms_of(payload["said"], ctx.now, ctx.zone)
    if isinstance(terms, Question):
        return False
    if payload["replaces"] is not None:
        old = ctx.db.get(Promise, payload["replaces"])
        if old is not None:
            old.status = "stopped"
    row = Promise(
        room_id=ctx.room_id, said=payload["said"], kind=terms.kind, rule=payload["rule"], unit=terms.unit,
        count=terms.count, hours=terms.hours, words=terms.words, created_by=ctx.member, created_at=ctx.now,
        looked_until=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    ctx.note("promised", subject=f"promise.{row.id}", new=row.said)
    ledger.wake(ctx)
    ctx.reply("promise_kept_in_mind", number=row.id)
    return True


def change(ctx: Context, said: str) -> None:
    """A changed promise is a new one."""
    row, rest = ledger.named(ctx, said)
    draft(ctx, rest or row.said, replaces=row.id)


def stop(ctx: Context, said: str) -> None:
    """Watch it no longer; the record stays."""
    row, _ = ledger.named(ctx, said)
    row.status = "stopped"
    ctx.note("promise_stopped", subject=f"promise.{row.id}", old=row.said)
    ctx.reply("promise_stopped", said=row.said)
