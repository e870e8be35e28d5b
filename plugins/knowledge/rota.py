"""Whose turn it is: asked three days and one day before; a substitute, or the pool, when they cannot.

Whoever accepted a stage is on the list. The longest without a turn is next; somebody who said no, or nothing,
is passed over this time.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted, StageAccepted
from bot.words import normalised, plain, yes_or_no
from plugins.knowledge import media, pool
from plugins.knowledge.tables import Issue, Material, Plan, Sharer
from plugins.knowledge.views import EXCERPT, TITLE, called, inform, is_here, moment

CONSENT, HAND_IN = "share_consent", "share_hand_in"
ANSWER_WITHIN = timedelta(days=4)
_MENTION = re.compile(r"@\S+\s*")
FRESH = timedelta(minutes=15)
"""So soon after the question a bare yes in the group is an answer to it."""

SHORTEST = 6
"""Shorter words than these are talk, and no share handed in."""


# Who


def accept(ctx: Context, event: StageAccepted) -> None:
    """Somebody agreed to give shares."""
    if event.stage == "share":
        enlist(ctx, event.member, event.topic)


def enlist(ctx: Context, member: int, topic: str) -> bool:
    """Put somebody on the list; False if they were on it."""
    row = ctx.db.get(Sharer, (ctx.room_id, member))
    was_willing = row is not None and row.status == "willing"
    if row is None:
        row = Sharer(room_id=ctx.room_id, member_id=member, accepted_at=ctx.now)
        ctx.db.add(row)
    row.status, row.topic = "willing", plain(topic, TITLE) or row.topic or ""
    ctx.db.flush()
    return not was_willing


def offer(ctx: Context, topic: str) -> None:
    """A member wants to share something."""
    assert ctx.member is not None
    enlist(ctx, ctx.member, topic)
    title = plain(topic, TITLE)
    if title:
        ctx.reply("offer_thanks", title=title)
    else:
        ctx.reply("offer_untitled")
    turns = select(Plan.id).where(Plan.room_id == ctx.room_id, Plan.source == "rota", Plan.status == "active")
    key = "offer_told" if ctx.db.scalar(turns.limit(1)) is None else "offer_lined_up"
    key = key if title else "offer_told_untitled"
    inform(ctx, key, name=called(ctx, ctx.member), title=title, room=ctx.room_name)


def withdraw(ctx: Context) -> None:
    """A member does not want to share any more."""
    row = ctx.db.get(Sharer, (ctx.room_id, ctx.member))
    if row is None or row.status != "willing":
        ctx.reply("withdraw_none")
        return
    row.status = "stopped"
    ctx.reply("withdrawn")


def next_sharer(ctx: Context, passed_over: list[int]) -> Sharer | None:
    """Who had no turn for the longest time, is here, and was not asked for this time already."""
    query = select(Sharer).where(Sharer.room_id == ctx.room_id, Sharer.status == "willing")
    rows = ctx.db.scalars(query.order_by(Sharer.turn_at.is_not(None), Sharer.turn_at, Sharer.accepted_at))
    return next(
        (row for row in rows if row.member_id not in passed_over and is_here(ctx, row.member_id)), None
    )


# Asking


def look_ahead(ctx: Context, plan: Plan, issue: Issue, days: int) -> None:
    """Ask whoever is next; a day before, remind who agreed, and look for somebody else if nobody did."""
    if issue.sharer_id is not None and issue.agreed:
        if not _has_handed_in(ctx, issue):
            _say_to(ctx, issue.sharer_id, "turn_reminder", plan, issue)
            ctx.ask(HAND_IN, issue.sharer_id, wait=_until(ctx, issue), issue=issue.id)
        return
    if issue.sharer_id is not None and issue.agreed is None and days == 1:
        _pass_over(ctx, issue)
    if issue.sharer_id is None:
        ask_next(ctx, plan, issue)


def ask_next(ctx: Context, plan: Plan, issue: Issue) -> None:
    """Ask the next one on the list; if there is none, the pool has to do, and the owner knows it."""
    row = next_sharer(ctx, list(issue.passed_over))
    if row is None:
        inform(ctx, "turn_nobody", title=plan.title, at=moment(ctx, issue.due_at))
        return
    issue.sharer_id, issue.asked_at, issue.agreed = row.member_id, ctx.now, None
    issue.title = row.topic or plan.title
    ctx.db.flush()
    is_private = _say_to(ctx, row.member_id, "turn_ask", plan, issue)
    ctx.ask(CONSENT, row.member_id, wait=ANSWER_WITHIN, in_group=not is_private, issue=issue.id)


def _say_to(ctx: Context, member: int, key: str, plan: Plan, issue: Issue) -> bool:
    """Privately to a friend; else by name in the group. Whether it was privately."""
    title, at = issue.title or plan.title, moment(ctx, issue.due_at)
    person = ctx.history.member(member)
    if person is not None and person.is_friend:
        ctx.tell(member, f"{key}_private", urgency="promised", title=title, at=at, room=ctx.room_name)
        return True
    half_a_day = timedelta(hours=12)
    ctx.say(f"{key}_group", urgency="promised", mention=[member], keep_for=half_a_day, title=title, at=at)
    return False


def hear_consent(ctx: Context, event: MessagePosted, issue_id: int) -> bool:
    """Whoever was asked says yes or no."""
    issue, answer = ctx.db.get(Issue, issue_id), yes_or_no(_MENTION.sub(" ", event.text))
    if issue is None or issue.status != "planned" or issue.sharer_id != event.member or answer is None:
        return False
    if event.room is not None and not _is_meant(ctx, event, issue):
        return False
    plan = ctx.db.get_one(Plan, issue.plan_id)
    at, name = moment(ctx, issue.due_at), called(ctx, event.member)
    if answer:
        issue.agreed = True
        row = ctx.db.get(Sharer, (ctx.room_id, event.member))
        if row is not None:
            row.turn_at = ctx.now
        ctx.reply("turn_agreed", at=at)
        inform(ctx, "turn_agreed_told", name=name, at=at, title=issue.title)
        ctx.ask(HAND_IN, event.member, wait=_until(ctx, issue), issue=issue.id)
    else:
        _pass_over(ctx, issue)
        ctx.reply("turn_understood")
        inform(ctx, "turn_declined_told", name=name, at=at)
        ask_next(ctx, plan, issue)
    return True


def _is_meant(ctx: Context, event: MessagePosted, issue: Issue) -> bool:
    """Whether a bare yes in the group can only be meant for us."""
    if event.mentions:
        return False
    is_fresh = issue.asked_at is not None and event.at - issue.asked_at < FRESH
    return event.mentions_bot or (is_fresh and event.quote is None)


def _pass_over(ctx: Context, issue: Issue) -> None:
    issue.passed_over = [*issue.passed_over, issue.sharer_id]
    issue.sharer_id, issue.agreed = None, None
    ctx.db.flush()


def _until(ctx: Context, issue: Issue) -> timedelta:
    return max(issue.due_at - ctx.now, timedelta(minutes=5))


# Handing in


def hear_hand_in(ctx: Context, event: MessagePosted, issue_id: int) -> bool:
    """Privately: a picture, a file, a link, or words that are long enough to be a share."""
    issue = ctx.db.get(Issue, issue_id)
    if issue is None or issue.status != "planned" or issue.sharer_id != event.member:
        return False
    if event.kind == "text" and len(normalised(event.text)) < SHORTEST:
        return False
    if event.kind not in (*pool.FETCHED, "text", "link"):
        return False
    take(ctx, issue, event)
    return True


def take(ctx: Context, issue: Issue, event: MessagePosted) -> None:
    """What was handed in for a time is kept for it."""
    at = moment(ctx, issue.due_at)
    if event.kind in pool.FETCHED:
        text = plain(event.text, EXCERPT)
        media.fetch(ctx, event.message, event.kind, text, author=event.member, issue=issue.id)
        ctx.reply("media_coming")
    else:
        kind = "link" if event.kind == "link" else "text"
        pool.add(ctx, kind, event.text, author=event.member, message=event.message, issue=issue.id)
        ctx.reply("handed_in", at=at)
    inform(ctx, "handed_in_told", name=called(ctx, event.member), at=at)
    ctx.ask(HAND_IN, event.member, wait=_until(ctx, issue), issue=issue.id)


def hand_in(ctx: Context, said: str) -> None:
    """In the group, or privately by its word: 交稿 …"""
    issue = _turn_of(ctx)
    if issue is None:
        ctx.reply("hand_in_not_due")
        return
    message = ctx.event.message if isinstance(ctx.event, MessagePosted) else None
    pool.add(ctx, "text", said, author=ctx.member, message=message, issue=issue.id)
    at = moment(ctx, issue.due_at)
    ctx.reply("handed_in", at=at)
    inform(ctx, "handed_in_told", name=called(ctx, ctx.member), at=at)


def _turn_of(ctx: Context) -> Issue | None:
    query = select(Issue).where(
        Issue.sharer_id == ctx.member, Issue.status == "planned", Issue.agreed.is_(True)
    )
    if ctx.room_id is not None:
        query = query.where(Issue.room_id == ctx.room_id)
    issue = ctx.db.scalar(query.order_by(Issue.due_at).limit(1))
    if issue is not None and ctx.room_id is None:
        ctx.room = ctx.in_room(issue.room_id).room
    return issue


def _has_handed_in(ctx: Context, issue: Issue) -> bool:
    query = select(Material.id).where(Material.issue_id == issue.id, Material.status == "waiting")
    return ctx.db.scalar(query.limit(1)) is not None
