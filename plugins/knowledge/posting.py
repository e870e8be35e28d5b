"""Putting a share before the room: opening, credit, the thing itself, and a question to start the talk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from bot.context import Context
from bot.events import OutgoingSettled, ShareGiven
from bot.speaking import mention_token
from bot.storage.tables import Message, Outgoing, ReplyLink
from bot.words import Trusted, own_wording, plain
from plugins.knowledge.tables import Issue, Material, Plan
from plugins.knowledge.views import TITLE, called, inform, is_here, lines

REPLIES, COUNTED_AFTER = "share_replies", timedelta(hours=24)
LONGEST = 1_200

Composer = Callable[[Context], str | None]
COMPOSERS: dict[str, Composer] = {}
"""Who writes a share of the bot's own (`digest`): another room of the plugin may put itself in here."""


def post(ctx: Context, plan: Plan, issue: Issue) -> bool:
    """Say the share of this time; False if there is nothing to say."""
    material = _material(ctx, plan, issue)
    if material is not None:
        key = _say(ctx, plan, issue, material)
    elif plan.source == "digest" and "digest" in COMPOSERS:
        key = _say_composed(ctx, plan, issue)
    elif issue.sharer_id is not None and issue.agreed and is_here(ctx, issue.sharer_id):
        key = _give_the_floor(ctx, plan, issue)
    else:
        return False
    if key is None:
        return False
    issue.outgoing_id = key
    ctx.later(REPLIES, after=COUNTED_AFTER, key=str(issue.id), issue=issue.id)
    ctx.emit(
        ShareGiven(at=ctx.now, room=plan.room_id, member=issue.sharer_id, title=issue.title, outgoing=key)
    )
    return True


def _material(ctx: Context, plan: Plan, issue: Issue) -> Material | None:
    """What was handed in for this time, else the oldest that fits the plan."""
    here = (Material.room_id == plan.room_id, Material.status == "waiting")
    handed_in = select(Material).where(*here, Material.issue_id == issue.id).order_by(Material.id.desc())
    found = ctx.db.scalar(handed_in.limit(1))
    if found is not None or plan.source == "digest":
        return found
    fits = or_(Material.plan_id.is_(None), Material.plan_id == plan.id)
    pool = select(Material).where(*here, fits, Material.issue_id.is_(None))
    return ctx.db.scalar(pool.order_by(Material.plan_id.is_(None), Material.id).limit(1))


def _say(ctx: Context, plan: Plan, issue: Issue, material: Material) -> int | None:
    material.status, material.used_at = "used", ctx.now
    author = material.author_id
    is_members = author is not None and author != plan.created_by
    issue.sharer_id = author if is_members else None
    mention = [author] if is_members and author is not None and is_here(ctx, author) else []
    is_theirs = is_members and material.issue_id == issue.id
    opening = ctx.text("share_opening", title=(issue.title if is_theirs else "") or plan.title)
    credit = [ctx.text("share_credit", name=_credited(ctx, author))] if is_members else []
    body = [Trusted(own_wording(material.text)[:LONGEST])] if material.text and not material.media else []
    question = [ctx.text("share_question")] if ctx.settings.share_question else []
    text = Trusted("\n".join([opening, *credit, *body, *question]))
    key = ctx.say_text(text, urgency="promised", reason="share", mention=mention, keep_for=_keep_for(plan))
    if material.media:
        path = ctx.services.media_folder / material.media
        name = plain(material.text, TITLE).replace("/", "") or material.media
        ctx.send_file(path, name=_named(name, material.media), urgency="promised", reason="share_file")
    return key


def _named(name: str, media: str) -> str:
    """The name for people keeps the ending, which says what it is."""
    ending = media[media.rfind(".") :] if "." in media else ""
    return name if name.endswith(ending) else name + ending


def _credited(ctx: Context, author: int | None) -> Trusted | str:
    if author is not None and is_here(ctx, author):
        return mention_token(called(ctx, author))
    return called(ctx, author)


def _say_composed(ctx: Context, plan: Plan, issue: Issue) -> int | None:
    body = COMPOSERS["digest"](ctx)
    if not body:
        return None
    text = lines([ctx.text("share_opening", title=plan.title), body])
    return ctx.say_text(text, urgency="promised", reason="share", keep_for=_keep_for(plan))


def _give_the_floor(ctx: Context, plan: Plan, issue: Issue) -> int | None:
    """Whoever agreed has sent nothing: the floor is theirs."""
    assert issue.sharer_id is not None
    return ctx.say(
        "share_floor", urgency="promised", mention=[issue.sharer_id], reason="share",
        keep_for=_keep_for(plan), title=issue.title or plan.title,
    )  # fmt: skip


def _keep_for(plan: Plan) -> timedelta:
    return timedelta(minutes=max(plan.late_minutes, 10))


def notice_end(ctx: Context, event: OutgoingSettled) -> None:
    """A share that did not go out is lost, and its material can be used again."""
    if event.status not in ("refused", "expired"):
        return
    issue = ctx.db.scalar(select(Issue).where(Issue.outgoing_id == event.outgoing))
    if issue is None or issue.status != "posted":
        return
    issue.status = "lost"
    used = select(Material).where(
        Material.room_id == issue.room_id, Material.status == "used", Material.used_at == issue.settled_at
    )
    for material in ctx.db.scalars(used):
        material.status, material.used_at = "waiting", None
    inform(ctx, "share_lost", title=issue.title)
    ctx.put_on_list(f"lost:{issue.id}", ctx.text("share_lost", title=issue.title))


def count_replies(ctx: Context, payload: dict[str, Any]) -> None:
    """A day later: how many messages answered the share."""
    issue = ctx.db.get(Issue, payload["issue"])
    if issue is None or issue.outgoing_id is None or issue.status != "posted":
        return
    row = ctx.db.get(Outgoing, issue.outgoing_id)
    issue.replies = replies_to(ctx, row.message_id) if row is not None and row.message_id else 0


def replies_to(ctx: Context, message: int) -> int:
    """How many messages quote this one or answer it, as far as links can tell; each counted once."""
    linked = select(ReplyLink.message_id).where(ReplyLink.answers_id == message)
    quoting = select(Message.id).where(Message.quote_id == message)
    return ctx.db.scalar(select(func.count()).select_from(linked.union(quoting).subquery())) or 0
