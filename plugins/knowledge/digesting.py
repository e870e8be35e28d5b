"""The digest of a span: made off the writer, said in its people's own words, written down with its quotes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.analysis.lines import lines_of, links_of
from bot.context import Context
from bot.events import MeetupPlanned, MessagePosted
from bot.storage.history import History
from bot.words import Trusted, duration_said, plain, time_said
from plugins.knowledge.gist import Quoted, gist
from plugins.knowledge.question_tables import Coming, Digest, DigestQuote, Kept, OpenQuestion
from plugins.knowledge.said_by import author_called, is_live_here
from plugins.knowledge.smoothing import SMOOTH, Part, draft_of, together
from plugins.knowledge.tables import Issue
from plugins.knowledge.views import minutes_away

MAKE = "digest"
LONGEST_SPAN, LEAST_SPAN, WEEK = timedelta(days=14), timedelta(hours=1), timedelta(days=7)
LEAST_AWAY = timedelta(minutes=10)
SHOWN = 3


def ask(ctx: Context) -> None:
    """Who asks hears of what was said since their own last words."""
    event = ctx.event
    if ctx.room_id is None or ctx.member is None or not isinstance(event, MessagePosted):
        return
    last = ctx.history.last_message_of(ctx.member, ctx.room_id, besides=event.message)
    heard = last is not None and last.at >= ctx.now - LONGEST_SPAN
    since = last.at if last is not None and heard else ctx.now - WEEK
    ctx.work(MAKE, room=ctx.room_id, since=since.isoformat(), until=ctx.now.isoformat(), weekly=False)


def ask_weekly(ctx: Context) -> None:
    """The room's own digest, if the owner wants one today."""
    if ctx.settings.digest_weekly and ctx.local().isoweekday() == ctx.settings.digest_weekday:
        since = ctx.now - WEEK
        ctx.work(MAKE, room=ctx.room_id, since=since.isoformat(), until=ctx.now.isoformat(), weekly=True)


def make(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The threads of the span with their quotes, as keys and places only."""
    span = (
        payload["room"],
        datetime.fromisoformat(payload["since"]),
        datetime.fromisoformat(payload["until"]),
    )
    talk = history.heard(*span)
    found = gist(lines_of(talk), links_of(talk))
    return {
        "since": payload["since"], "until": payload["until"], "weekly": payload["weekly"],
        "threads": [
            {
                "topic": one.topic, "people": one.people, "messages": one.messages,
                "quotes": [[quote.message, quote.member, quote.begins, quote.ends] for quote in one.quotes],
            }
            for one in found
        ],
    }  # fmt: skip


def tell(ctx: Context, result: dict[str, Any]) -> None:
    """Have the digest said, with its own words smoothed before if that is wanted."""
    if not is_live_here(ctx):
        return
    parts = parts_of(ctx, result)
    if parts and ctx.settings.digest_smooth:
        ctx.work(SMOOTH, made=result, draft=draft_of(parts))
    else:
        say(ctx, result, parts, None)


def tell_smoothed(ctx: Context, result: dict[str, Any]) -> None:
    """Say it in the model's words, if there are any and nothing has changed meanwhile."""
    if is_live_here(ctx):
        parts = parts_of(ctx, result["made"])
        smoothed = result["words"] if draft_of(parts) == result["draft"] else None
        say(ctx, result["made"], parts, smoothed)


def say(ctx: Context, result: dict[str, Any], parts: list[Part], smoothed: str | None) -> None:
    """Say the digest to who asked, privately if that is possible, or to the room."""
    text = together(parts, smoothed)
    since, until = datetime.fromisoformat(result["since"]), datetime.fromisoformat(result["until"])
    if result["weekly"]:
        if text is not None:
            note(ctx, result["threads"], since, until, None)
            told = Trusted(ctx.text("digest_weekly") + "\n" + text)
            ctx.say_text(told, urgency="promised", reason="digest_weekly")
        return
    if text is None:
        away = _away(ctx, since, until)
        if away is None:
            ctx.reply("digest_nothing")
        else:
            ctx.reply("digest_nothing_heard", lasted=away)
        return
    note(ctx, result["threads"], since, until, ctx.member)
    assert ctx.member is not None
    if ctx.asked_in_group and ctx.tell_text(ctx.member, text, reason="digest") is not None:
        ctx.reply("digest_in_private")
    else:
        ctx.reply_text(text, reason="digest")


def parts_of(ctx: Context, result: dict[str, Any]) -> list[Part]:
    """The digest line by line; empty if there is nothing to tell."""
    since, until = datetime.fromisoformat(result["since"]), datetime.fromisoformat(result["until"])
    parts: list[Part] = []
    for thread in result["threads"]:
        quotes = [one for one in (quote_of(ctx, *where) for where in thread["quotes"]) if one is not None]
        if not quotes:
            continue
        key = "digest_topic" if thread["topic"] else "digest_topic_unnamed"
        values = {"topic": thread["topic"]} if thread["topic"] else {}
        head = ctx.text(key, people=thread["people"], messages=thread["messages"], **values)
        parts.append(Part(head, is_ours=True))
        parts += [
            Part(ctx.text("digest_quote", name=author_called(ctx, one.member), words=Trusted(one.text)))
            for one in quotes
        ]
    others = [*_open(ctx, since, until), *_kept(ctx, since), *_coming(ctx)]
    away = _away(ctx, since, until)
    if away is not None and (parts or others):
        others.append(ctx.text("digest_gap", lasted=away))
    return parts + [Part(Trusted(line)) for line in others]


def quote_of(ctx: Context, message: int, member: int, begins: int, ends: int) -> Quoted | None:
    """The words of a quote as they stand in its message; None if that was taken back meanwhile."""
    said = ctx.history.message(message)
    text = said.text[begins:ends] if said is not None and said.member == member else ""
    if len(text) != ends - begins or plain(text) != text:
        return None
    return Quoted(message, member, begins, ends, text)


def note(
    ctx: Context, threads: list[dict[str, Any]], since: datetime, until: datetime, member: int | None
) -> int:
    """Write down what was quoted, message by message."""
    row = Digest(room_id=ctx.room_id, member_id=member, since=since, until=until, made_at=ctx.now)
    ctx.db.add(row)
    ctx.db.flush()
    places = [quote for thread in threads for quote in thread["quotes"] if quote_of(ctx, *quote) is not None]
    for position, (message, author, begins, ends) in enumerate(places):
        ctx.db.add(
            DigestQuote(
                digest_id=row.id, position=position, message_id=message, member_id=author, begins=begins,
                ends=ends,
            )
        )  # fmt: skip
    ctx.db.flush()
    return row.id


def compose_share(ctx: Context) -> str | None:
    """The digest of a week as a share of the bot's own."""
    assert ctx.room_id is not None
    since = ctx.now - WEEK
    payload = {"room": ctx.room_id, "since": since.isoformat(), "until": ctx.now.isoformat(), "weekly": True}
    result = make(ctx.history, payload)
    text = together(parts_of(ctx, result), None)
    if text is not None:
        note(ctx, result["threads"], since, ctx.now, None)
    return text


def plan_meetup(ctx: Context, event: MeetupPlanned) -> None:
    """A meetup has a date: the digest tells of the next one; those that are over are forgotten."""
    ctx.db.execute(delete(Coming).where(Coming.room_id == event.room, Coming.starts_at < ctx.now))
    ctx.db.merge(Coming(room_id=event.room, starts_at=event.starts_at, title=event.title))
    ctx.db.flush()


def _away(ctx: Context, since: datetime, until: datetime) -> str | None:
    """For how long the bot heard nothing meanwhile, in words; None if that is not worth a word."""
    lost = timedelta(minutes=minutes_away(ctx, since, until))
    return duration_said(lost) if lost >= LEAST_AWAY else None


def _open(ctx: Context, since: datetime, until: datetime) -> list[str]:
    query = select(OpenQuestion).where(
        OpenQuestion.room_id == ctx.room_id, OpenQuestion.status == "waiting",
        OpenQuestion.asked_at >= since, OpenQuestion.asked_at < until - LEAST_SPAN,
    )  # fmt: skip
    rows = ctx.db.scalars(query.order_by(OpenQuestion.asked_at.desc()).limit(SHOWN)).all()
    told: list[str] = []
    for row in rows:
        said = ctx.history.message(row.message_id)
        if said is not None and said.text:
            told.append(
                ctx.text("digest_open", name=author_called(ctx, row.asker_id), words=plain(said.text, 40))
            )
    return told


def _kept(ctx: Context, since: datetime) -> list[str]:
    query = select(Kept).where(Kept.room_id == ctx.room_id, Kept.status == "kept", Kept.confirmed_at >= since)
    rows = ctx.db.scalars(query.order_by(Kept.confirmed_at.desc()).limit(SHOWN)).all()
    return [
        ctx.text("digest_kept", question=plain(row.question, 30), name=author_called(ctx, row.author_id))
        for row in rows
    ]


def _coming(ctx: Context) -> list[str]:
    """The next share and the next meetup."""
    told: list[str] = []
    issue = ctx.db.scalars(
        select(Issue).where(Issue.room_id == ctx.room_id, Issue.status == "planned", Issue.due_at > ctx.now)
        .order_by(Issue.due_at).limit(1)
    ).first()  # fmt: skip
    if issue is not None and issue.title:
        at = time_said(issue.due_at, ctx.now, ctx.zone)
        told.append(ctx.text("digest_share", title=plain(issue.title, 30), at=at))
    meetup = ctx.db.scalars(
        select(Coming).where(Coming.room_id == ctx.room_id, Coming.starts_at > ctx.now)
        .order_by(Coming.starts_at).limit(1)
    ).first()  # fmt: skip
    if meetup is not None:
        at = time_said(meetup.starts_at, ctx.now, ctx.zone)
        told.append(ctx.text("digest_meetup", title=plain(meetup.title, 30), at=at))
    return told
