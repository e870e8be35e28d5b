"""Planning shares: the owner says when, the bot repeats what it understood, and only a yes saves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.analysis.chinese_dates import RULE, Question, Rule, Understood, understand
from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted
from bot.words import Trusted, parse_duration, plain, yes_or_no
from plugins.knowledge import issues
from plugins.knowledge.tables import Plan, Sharer
from plugins.knowledge.views import TITLE, date_said, fitting, lines, moment, number_and_rest

DRAFT, MISSING = "plan_draft", "plan_missing"
ANSWER_WITHIN = timedelta(minutes=10)
MOST_PLANS = 20
SOURCES = {
    "rota": ("轮流", "大家轮", "群友讲", "轮值", "请人讲"),
    "digest": ("摘要", "精华", "机器人整理", "回顾"),
    "pool": ("素材", "我来准备", "素材池"),
}
SHOWN_SOURCES = ("pool", "rota", "digest")
_BETWEEN = re.compile(r"[\s，,、（）()]+")
NEVER_LATE = ("跳过", "不补", "过了就算", "作废")


def draft(ctx: Context, said: str, plan: int | None = None) -> None:
    """Repeat what was understood, with the next dates, and ask; or ask back what is not clear."""
    assert ctx.member is not None
    ctx.stop_asking(DRAFT, ctx.member)
    ctx.stop_asking(MISSING, ctx.member)
    found = understand(said, ctx.now, ctx.zone)
    if isinstance(found, Question):
        ctx.reply_text(question_said(ctx, found), reason="when")
        ctx.ask(MISSING, ctx.member, wait=ANSWER_WITHIN, said=said, word=found.word, plan=plan)
        return
    old = ctx.db.get(Plan, plan) if plan is not None else None
    title, source = _title_and_source(found, old)
    if not title:
        ctx.reply("plan_no_title")
        ctx.ask(MISSING, ctx.member, wait=ANSWER_WITHIN, said=said, word="", plan=plan)
        return
    ctx.reply_text(lines(_repeated(ctx, found.rule, title, source)), reason="plan_draft")
    rule = RULE.dump_python(found.rule, mode="json")
    ctx.ask(
        DRAFT, ctx.member, wait=ANSWER_WITHIN, said=said, title=title, source=source, rule=rule, plan=plan
    )


def question_said(ctx: Context, question: Question) -> Trusted:
    """The question that a phrase leaves open, in words."""
    key = f"when_{question.kind}"
    return ctx.text(key, **fitting(ctx, key, word=question.word))


def complete(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """What was missing is said: try it in the places where it can belong."""
    answer, said, word = event.text.strip(), payload["said"], payload["word"]
    if event.kind != "text" or ctx.is_command(answer) or len(answer) > 100:
        return False
    if yes_or_no(answer) is False:
        ctx.reply("plan_dropped")
        return True
    tries = [said.replace(word, answer + word, 1)] if word and word in said else []
    for whole in [*tries, f"{said} {answer}", f"{answer} {said}", answer]:
        if isinstance(understand(whole, ctx.now, ctx.zone), Understood):
            draft(ctx, whole, payload["plan"])
            return True
    return False


def decide(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes saves the draft, no drops it, another phrase makes another draft."""
    if event.kind != "text" or ctx.is_command(event.text):
        return False
    answer = yes_or_no(event.text)
    if answer is None:
        if isinstance(understand(event.text, ctx.now, ctx.zone), Understood):
            draft(ctx, event.text, payload["plan"])
            return True
        return False
    if answer:
        _save(ctx, payload)
    else:
        ctx.reply("plan_dropped")
    return True


def _title_and_source(found: Understood, old: Plan | None) -> tuple[str, str]:
    title, source = plain(found.topic, TITLE), old.source if old else "pool"
    parts = _BETWEEN.split(title)
    for name in ("rota", "digest"):
        found_words = [word for word in SOURCES[name] if word in parts or title.endswith(word)]
        for word in found_words:
            source = name
            if word in parts or name == "rota":
                title = title.replace(f"（{word}）", "").replace(f"({word})", "").strip()
                title = title.removesuffix(word).removeprefix(f"{word} ").strip(" ，,、（()）")
    return title or (old.title if old else ""), source


def _repeated(ctx: Context, rule: Rule, title: str, source: str) -> list[str]:
    dates = rule.next_dates(ctx.now, 3)
    said = "、".join(date_said(ctx, one) for one in dates)
    head = ctx.text("plan_once" if rule.is_once else "plan_understood", title=title, dates=said)
    parts: list[str] = [head, *limits_said(ctx, rule)]
    if _in_quiet_hours(ctx, rule):
        group = ctx.services.settings.group(ctx.room_id)
        parts.append(ctx.text("plan_quiet", begins=group.quiet_from, ends=group.quiet_until))
    parts.append(ctx.text(f"plan_from_{source}"))
    return [*parts, ctx.text("plan_right")]


def limits_said(ctx: Context, rule: Rule) -> list[str]:
    """What bounds a rule, in words."""
    parts: list[str] = []
    if rule.until is not None:
        parts.append(ctx.text("rule_until", month=rule.until.month, day=rule.until.day))
    if rule.most is not None:
        parts.append(ctx.text("rule_most", count=rule.most))
    if rule.avoided:
        parts.append(ctx.text(f"rule_shift_{rule.shift or 'none'}"))
    if rule.not_on:
        parts.append(ctx.text("rule_not_on"))
    return parts


def _in_quiet_hours(ctx: Context, rule: Rule) -> bool:
    group = ctx.services.settings.group(ctx.room_id)
    clock = f"{ctx.local(rule.next_dates(ctx.now, 1)[0]):%H:%M}"
    if group.quiet_from <= group.quiet_until:
        return bool(group.quiet_from <= clock < group.quiet_until)
    return bool(clock >= group.quiet_from or clock < group.quiet_until)


def _save(ctx: Context, payload: dict[str, Any]) -> None:
    rule = RULE.validate_python(payload["rule"])
    if not rule.next_dates(ctx.now, 1):
        ctx.reply("when_past", word=payload["said"])
        return
    plan = ctx.db.get(Plan, payload["plan"]) if payload["plan"] is not None else None
    if plan is None:
        plan = Plan(room_id=ctx.room_id, created_by=ctx.member, created_at=ctx.now, status="active")
        ctx.db.add(plan)
    plan.title, plan.said, plan.rule = payload["title"], payload["said"], payload["rule"]
    plan.source, plan.looked_at = payload["source"], ctx.now
    plan.status = "active"
    ctx.db.flush()
    issues.replan(ctx, plan)
    ctx.note("share_planned", subject=f"plan.{plan.id}", new=plan.said)
    waiting = issues.material_for(ctx, plan)
    key = f"plan_saved_{plan.source}" if plan.source != "pool" or waiting else "plan_saved_empty"
    ctx.reply(key, **fitting(ctx, key, number=plan.id, count=waiting))


# Looking at them and changing them


def plans_of(ctx: Context) -> Sequence[Plan]:
    """The plans of this room that have not ended."""
    query = select(Plan).where(Plan.room_id == ctx.room_id, Plan.status.in_(("active", "paused")))
    return ctx.db.scalars(query.order_by(Plan.id)).all()


def show(ctx: Context) -> None:
    """All plans: when next, from what."""
    plans = plans_of(ctx)
    if not plans:
        ctx.reply("plans_none", room=ctx.room_name)
        return
    rows = [_line(ctx, plan) for plan in plans]
    head = ctx.text("plans_head", room=ctx.room_name)
    ctx.reply_text(lines([head, *rows, ctx.text("plans_foot", number=plans[0].id)]), reason="plans")


def _line(ctx: Context, plan: Plan) -> str:
    if plan.status == "paused":
        return ctx.text("plan_line_paused", number=plan.id, title=plan.title, said=plan.said)
    next_one = issues.next_issue(ctx, plan)
    at = moment(ctx, next_one.due_at) if next_one else ctx.text("plan_no_more")
    source = ctx.text(f"source_{plan.source}", count=_count(ctx, plan))
    return ctx.text("plan_line", number=plan.id, title=plan.title, at=at, source=source)


def _count(ctx: Context, plan: Plan) -> int:
    if plan.source != "rota":
        return issues.material_for(ctx, plan)
    willing = select(func.count()).where(Sharer.room_id == ctx.room_id, Sharer.status == "willing")
    return ctx.db.scalar(willing) or 0


def plan_named(ctx: Context, said: str) -> tuple[Plan, str]:
    """The plan of this number (or the only one), and what else was said. Raises QunxingError."""
    number, rest = number_and_rest(said)
    plans = {plan.id: plan for plan in plans_of(ctx)}
    if number is None and len(plans) == 1:
        return next(iter(plans.values())), rest
    if number is None or number not in plans:
        raise QunxingError("no_such_plan", said=number if number is not None else plain(said, 20) or "?")
    return plans[number], rest


def change(ctx: Context, said: str) -> None:
    """Give a plan another time or topic."""
    plan, rest = plan_named(ctx, said)
    draft(ctx, rest or plan.said, plan.id)


def set_status(ctx: Context, said: str, status: str) -> None:
    """Pause a plan, or go on with it."""
    plan, _ = plan_named(ctx, said)
    plan.status = status
    issues.replan(ctx, plan)
    ctx.note(f"share_{status}", subject=f"plan.{plan.id}")
    if status == "paused":
        ctx.reply("plan_paused", title=plan.title, number=plan.id)
    else:
        next_one = issues.next_issue(ctx, plan)
        at = moment(ctx, next_one.due_at) if next_one else ctx.text("plan_no_more")
        ctx.reply("plan_resumed", title=plan.title, at=at)


def delete(ctx: Context, said: str) -> None:
    """End a plan for good; what was posted stays on record."""
    plan, _ = plan_named(ctx, said)
    plan.status = "deleted"
    issues.replan(ctx, plan)
    ctx.note("share_deleted", subject=f"plan.{plan.id}", old=plan.said)
    ctx.reply("plan_deleted", title=plan.title)


def to_be_deleted(ctx: Context, said: str) -> str:
    """For the confirmation."""
    return ctx.text("confirm_plan_delete", title=plan_named(ctx, said)[0].title)


def skip(ctx: Context, said: str) -> None:
    """Leave the next time of a plan out."""
    plan, _ = plan_named(ctx, said)
    issue = issues.skip_next(ctx, plan)
    if issue is None:
        ctx.reply("plan_nothing_to_skip", title=plan.title)
    else:
        ctx.reply("plan_skipped", title=plan.title, at=moment(ctx, issue.due_at))


def share_now(ctx: Context, said: str) -> None:
    """Post something at once, as one more time of a plan."""
    plan, _ = plan_named(ctx, said)
    posted = issues.post_now(ctx, plan)
    if posted:
        ctx.reply("issue_now", title=plan.title)
    else:
        ctx.reply("issue_now_empty")


def set_source(ctx: Context, said: str) -> None:
    """From what a plan takes its shares."""
    plan, rest = plan_named(ctx, said)
    found = next((name for name, words in SOURCES.items() if any(word in rest for word in words)), None)
    if found is None:
        raise QunxingError("which_source", number=plan.id)
    plan.source = found
    issues.replan(ctx, plan)
    ctx.reply(
        "plan_source_set", title=plan.title, source=ctx.text(f"source_{found}", count=_count(ctx, plan))
    )


def set_lateness(ctx: Context, said: str) -> None:
    """For how long a missed time is caught up."""
    plan, rest = plan_named(ctx, said)
    if any(word in rest for word in NEVER_LATE):
        plan.late_minutes = 0
        ctx.reply("plan_never_late", title=plan.title)
        return
    duration = parse_duration(rest.removeprefix("补发").strip() or "x")
    if duration is None or not timedelta(minutes=1) <= duration <= timedelta(days=2):
        raise QunxingError("which_lateness", number=plan.id)
    plan.late_minutes = int(duration.total_seconds() // 60)
    ctx.reply("plan_late", title=plan.title, minutes=plan.late_minutes)
