"""People who agreed to be asked: who they are, for what, and whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.analysis.topics import keywords
from bot.context import Context
from bot.events import MessagePosted
from bot.storage.history import History
from bot.storage.search import search
from bot.words import normalised, plain, yes_or_no
from plugins.knowledge import asking
from plugins.knowledge.question_tables import Helper, OpenQuestion
from plugins.knowledge.said_by import author_called, rows_of

CONSENT = "helper_consent"
CONSENT_WITHIN = timedelta(days=2)
TOPICS = 60
LOOKED_AT = 100
ENOUGH_SAID = 3
"""Who used a word of the question in so many messages of the last half year talks of it at all."""

SINCE = timedelta(days=180)
SILENT = timedelta(days=30)


def offer(ctx: Context, topics: str) -> None:
    """A member may be asked from now on, about anything or about these topics."""
    assert ctx.member is not None
    row = _row(ctx, ctx.member)
    row.status, row.answered_at, row.topics = "agreed", ctx.now, plain(topics, TOPICS)
    ctx.db.flush()
    if row.topics:
        ctx.reply("helper_thanks_topics", topics=row.topics, most=ctx.settings.helper_per_week)
    else:
        ctx.reply("helper_thanks", most=ctx.settings.helper_per_week)


def stop(ctx: Context) -> None:
    """A member wants to be asked no more."""
    assert ctx.member is not None
    row = ctx.db.get(Helper, (ctx.room_id, ctx.member))
    was_one = row is not None and row.status == "agreed"
    if row is not None:
        row.status = "stopped"
    ctx.reply("helper_stopped" if was_one else "helper_was_none")


def show(ctx: Context) -> None:
    """Who may be asked, for the owner."""
    query = select(Helper).where(Helper.room_id == ctx.room_id, Helper.status.in_(("agreed", "asked")))
    rows = ctx.db.scalars(query.order_by(Helper.status, Helper.asked_at)).all()
    if not rows:
        ctx.reply("helpers_none", room=ctx.room_name)
        return
    lines = [_line(ctx, row) for row in rows]
    ctx.reply_text(rows_of([ctx.text("helpers_head", room=ctx.room_name), *lines]), "helpers")


def _line(ctx: Context, row: Helper) -> str:
    name = author_called(ctx, row.member_id)
    if row.status == "asked":
        return ctx.text("helper_line_asked", name=name)
    return ctx.text("helper_line", name=name, topics=row.topics or ctx.text("helper_any"))


def invite(ctx: Context, name: str) -> None:
    """The owner proposes somebody; they are asked in the group."""
    found = ctx.history.find_by_name(ctx.room_id or 0, name)
    here = [one for one in found if one in ctx.history.present(ctx.room_id or 0, found)]
    if len(here) != 1:
        ctx.reply("helper_unknown" if not here else "helper_many", name=plain(name, 20))
        return
    row = _row(ctx, here[0])
    if row.status == "agreed":
        ctx.reply("helper_is_one", name=author_called(ctx, here[0]))
        return
    row.status, row.asked_by, row.asked_at = "asked", ctx.member, ctx.now
    ctx.db.flush()
    ctx.say(
        "helper_ask", urgency="promised", mention=here, most=ctx.settings.helper_per_week,
        merge=f"helper_ask:{here[0]}",
    )  # fmt: skip
    ctx.ask(CONSENT, here[0], wait=CONSENT_WITHIN, in_group=True)
    ctx.reply("helper_asking", name=author_called(ctx, here[0]))


def hear_consent(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """A yes or a no of somebody who was asked."""
    row, answer = ctx.db.get(Helper, (ctx.room_id, event.member)), yes_or_no(event.text)
    if row is None or row.status != "asked" or answer is None:
        return False
    row.status, row.answered_at = ("agreed" if answer else "declined"), ctx.now
    ctx.db.flush()
    if answer:
        ctx.reply("helper_thanks", most=ctx.settings.helper_per_week)
    else:
        ctx.reply("helper_declined")
    return True


def _row(ctx: Context, member: int) -> Helper:
    row = ctx.db.get(Helper, (ctx.room_id, member))
    if row is None:
        row = Helper(room_id=ctx.room_id, member_id=member, status="asked", asked_at=ctx.now)
        ctx.db.add(row)
    return row


def fitting(history: History, room: int, asker: int, text: str) -> list[tuple[int, float]]:
    """Which helpers know about what a text asks, and how well; by their own word, else by what they said."""
    query = select(Helper).where(Helper.room_id == room, Helper.status == "agreed", Helper.member_id != asker)
    rows = history.session.scalars(query).all()
    here = history.present(room, [row.member_id for row in rows]) if rows else set()
    words = keywords(text) if here else ()
    spoke = _spoke_of(history, room, words) if words else {}
    found = []
    for row in rows:
        if row.member_id not in here or not _is_about(history, room, row.member_id):
            continue
        own = sum(word in normalised(row.topics) for word in words) + _named_in(row.topics, text)
        known = sum(count >= ENOUGH_SAID for count in spoke.get(row.member_id, {}).values())
        if own or known:
            found.append((row.member_id, 2.0 * own + known))
    return found


def _is_about(history: History, room: int, member: int) -> bool:
    """Whether somebody has been heard of late: who is called after months of silence is only bothered."""
    last = history.last_message_of(member, room)
    return last is not None and last.at > history.now - SILENT


def _named_in(topics: str, text: str) -> int:
    """How many of the topics that somebody named stand in the question."""
    said = normalised(text)
    return sum(topic in said for topic in normalised(topics).replace("、", " ").split() if len(topic) > 1)


def _spoke_of(history: History, room: int, words: tuple[str, ...]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    for word in words[:5]:
        for hit in search(history.session, word, room, limit=LOOKED_AT, since=history.now - SINCE):
            own = counts.setdefault(hit.member, {})
            own[word] = own.get(word, 0) + 1
    return counts


def choose(ctx: Context, found: list[list[float]], asker: int) -> int | None:
    """Whose turn it is among those who fit; None if it is nobody's."""
    asked = select(OpenQuestion.helper_id, OpenQuestion.acted_at).where(
        OpenQuestion.room_id == ctx.room_id, OpenQuestion.helper_id.is_not(None),
        OpenQuestion.acted_at > ctx.now - timedelta(days=60),
    )  # fmt: skip
    lately = [(row.helper_id, row.acted_at) for row in ctx.db.execute(asked.order_by(OpenQuestion.acted_at))]
    candidates = [(int(member), fit) for member, fit in found if int(member) != asker]
    return asking.next_helper(candidates, lately, ctx.now, ctx.settings.helper_per_week)
