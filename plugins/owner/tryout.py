"""试运行: what the bot would have said in a group that it only watches, or in the group's imported past.

The reading is work off the writer. A past is gone through by another bot in a process of its own: it takes
minutes, and a thread beside ours would slow down everything that people say meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.replay.past import has_past
from bot.replay.report import Sayer
from bot.replay.summary import Summary
from bot.replay.wording import Wording, wording_of
from bot.storage.history import History
from bot.storage.tables import WorkRow
from bot.words import Trusted, duration_said, plain
from plugins.owner.declared import plugin
from plugins.owner.evening import cancel_evening
from plugins.owner.numbered import Entry, offer
from plugins.owner.tryout_work import (
    FOUND,
    MESSAGES,
    WEEKS,
    Found,
    delete_files,
    go_through_past,
    look_at_watched,
    new_file,
)
from plugins.owner.views import has_been_in, lines, moment

WATCHED, PAST = "tryout_watched", "tryout_past"
PAST_WORDS = ("历史", "记录", "以前", "过去")
LOST_AFTER = timedelta(minutes=40)
"""By then the work has been done, or given up three times."""
NAMED = 3
EXAMPLE_LENGTH = 46


# Asking


@plugin.command(
    "试运行 [历史]", who="owner", where="private", aliases=("试跑 [历史]", "预演 [历史]", "彩排 [历史]"),
    summary="我要是开口，会说些什么",
    example=("试运行", "我已经在「岩茶同好会」说话了…"),
)  # fmt: skip
def try_out(ctx: Context, what: str = "") -> None:
    """What was withheld if the group is watched, else what would have been said in its imported past."""
    assert ctx.room is not None
    imported, status = has_past(ctx.db, ctx.room.id), ctx.room.status
    wants_past = any(word in what for word in PAST_WORDS)
    if imported and (wants_past or status not in ("watching", "live")):
        _begin_past(ctx)
    elif wants_past:
        ctx.reply("tryout_no_past", room=ctx.room_name)
    elif status == "watching":
        _begin(ctx, WATCHED, zone=ctx.zone.key, wording=asdict(_wording(ctx)))
    elif status == "live":
        ctx.reply("tryout_live_past" if imported else "tryout_live", room=ctx.room_name)
    else:
        ctx.reply("tryout_watch_first")


def _begin_past(ctx: Context) -> None:
    if _is_under_way(ctx, PAST):
        ctx.reply("tryout_under_way", room=ctx.room_name)
        return
    _begin(ctx, PAST, config=ctx.services.settings.as_config(ctx.room_id))
    ctx.later("tryout_lost", after=LOST_AFTER, if_planned="move")
    ctx.reply("tryout_begun", room=ctx.room_name, weeks=WEEKS, most=MESSAGES)


def _begin(ctx: Context, work: str, **payload: Any) -> None:
    ctx.work(work, room=ctx.room_id, file=str(new_file(ctx.services.media_folder)), **payload)


def _is_under_way(ctx: Context, work: str) -> bool:
    query = select(WorkRow.id).where(
        WorkRow.plugin == plugin.name, WorkRow.name == work, WorkRow.room_id == ctx.room_id,
        WorkRow.status == "waiting",
    )  # fmt: skip
    return ctx.db.scalar(query.limit(1)) is not None


def _wording(ctx: Context) -> Wording:
    return wording_of(ctx.services.plugins(), ctx.services.texts)


@plugin.timer("tryout_lost")
def admit_loss(ctx: Context, payload: dict[str, Any]) -> None:
    """The work has not come back."""
    ctx.reply("tryout_lost", room=ctx.room_name)


# Telling


def tell_watched(ctx: Context, result: dict[str, Any]) -> None:
    """What was withheld since the watching began."""
    found = FOUND.validate_python(result)
    lasted = duration_said(found.until - found.since)
    heading = [ctx.text("tryout_watched", room=ctx.room_name, lasted=lasted)]
    if found.summary.count:
        cancel_evening(ctx)
        _tell(ctx, found, heading)
        return
    imported = ctx.room_id is not None and has_past(ctx.db, ctx.room_id)
    nothing = "tryout_nothing_past" if imported else "tryout_nothing"
    ctx.reply_text(lines([*heading, ctx.text(nothing)]), reason=nothing)


def tell_past(ctx: Context, result: dict[str, Any]) -> None:
    """What would have been said in the imported past."""
    ctx.cancel_later("tryout_lost")
    found = FOUND.validate_python(result)
    heading = [
        ctx.text(
            "tryout_past", room=ctx.room_name, since=_day(ctx, found.since), until=_day(ctx, found.until),
            people=found.past.members, messages=found.past.messages,
        )
    ]  # fmt: skip
    if found.is_cut:
        heading.append(ctx.text("tryout_cut"))
    if found.summary.count:
        _tell(ctx, found, heading)
    else:
        ctx.reply_text(lines([*heading, ctx.text("tryout_never")]), reason="tryout_never")


def _tell(ctx: Context, found: Found, heading: list[Trusted]) -> None:
    """The short message with its numbered examples, and the whole page behind it."""
    assert ctx.room is not None
    wording = _wording(ctx)
    entries = [_entry(ctx, wording, index, found.summary) for index in range(len(found.summary.examples))]
    head = lines([*heading, *_numbers(ctx, wording, found.summary), ctx.text("tryout_examples")])
    offer(ctx, head, entries, lines([ctx.text("tryout_foot"), *_next_step(ctx)]))
    name = ctx.text("tryout_file", day=_day(ctx, ctx.now))
    ctx.send_file(Path(found.file), member=ctx.member, name=name, reason="tryout")


def _numbers(ctx: Context, wording: Wording, summary: Summary) -> Iterator[Trusted]:
    """How often, when, to whom, and what about."""
    said, count = Sayer(ctx.services.texts), summary.count
    if summary.days < 1:
        yield ctx.text("tryout_count", count=count, unasked=_unasked(ctx, summary))
    else:
        average = f"{summary.a_day:.1f}".removesuffix(".0")
        yield ctx.text(
            "tryout_count_a_day", count=count, unasked=_unasked(ctx, summary), average=average,
            busiest=summary.busiest,
        )  # fmt: skip
    yield ctx.text("tryout_when", parts=Trusted(said.parts(summary)))
    if summary.people:
        yield ctx.text("tryout_whom", people=Trusted(said.people(summary, NAMED)))
    for kind in summary.kinds:
        title, urgency = wording.title(kind.plugin), said.urgency(kind.urgency)
        about = title if title == urgency else ctx.text("tryout_about", title=title, kind=urgency)
        yield ctx.text("tryout_kind", about=about, count=kind.count)


def _unasked(ctx: Context, summary: Summary) -> Trusted:
    if summary.unasked:
        return ctx.text("tryout_unasked", count=summary.unasked)
    return ctx.text("tryout_unasked_none")


def _entry(ctx: Context, wording: Wording, index: int, summary: Summary) -> Entry:
    """One example; its number leads to the text behind it."""
    example = summary.examples[index]
    label = ctx.text(
        "tryout_example", at=moment(ctx, example.at), title=wording.title(example.plugin),
        said=plain(example.text, EXAMPLE_LENGTH),
    )  # fmt: skip
    if wording.number(example.plugin, example.reason) is None:
        return Entry("texts", example.plugin, label)
    return Entry("text", f"{example.plugin}:{example.reason}", label)


def _next_step(ctx: Context) -> Iterator[Trusted]:
    """How to approve of it."""
    assert ctx.room is not None
    if ctx.room.status == "watching":
        yield ctx.text("tryout_approve")
    elif ctx.room.status != "live":
        is_real = has_been_in(ctx, ctx.room.id)
        yield ctx.text("tryout_approve_unwatched" if is_real else "tryout_approve_unreal")


def _day(ctx: Context, at: datetime) -> str:
    return f"{ctx.local(at):%Y-%m-%d}"


@plugin.forget
def delete_pages(ctx: Context, member: int) -> None:
    """What lies about of former pages may name them."""
    delete_files(ctx.services.media_folder)


# Working


@plugin.work(WATCHED, done=tell_watched)
def watched(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What was withheld so far."""
    return look_at_watched(history, payload)


@plugin.work(PAST, done=tell_past, apart=True)
def past(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """What would have been said in the past."""
    return go_through_past(history, payload)
