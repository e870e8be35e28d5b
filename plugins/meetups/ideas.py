"""From nothing to a topic and a form: topics are proposed with their evidence, the owner chooses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import authority
from bot.analysis.topics import keywords
from bot.context import Context
from bot.storage.history import History
from bot.words import Trusted, plain
from plugins.meetups import evidence, flow
from plugins.meetups.declared import plugin
from plugins.meetups.scene import TITLE, fitting, is_on, lines, the_one
from plugins.meetups.steering import action, tell_desk
from plugins.meetups.tables import Meetup

WORK = "topics"
DESK = "desk"
DESK_OPEN = timedelta(days=2)


def expect_owner(ctx: Context, meetup: Meetup) -> None:
    """For a while the owners need not say 线下 before what they answer."""
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.ask(DESK, owner, wait=DESK_OPEN, meetup=meetup.id, asked_at=ctx.now.isoformat())


def begin(ctx: Context, *, asked: bool) -> None:
    """Look for topics, off the writer; `asked`: the owner wants them now, whatever the group is like."""
    settings = ctx.settings
    ctx.work(
        WORK, room=ctx.room_id, asked=asked, alive_people=settings.alive_people,
        alive_days=settings.alive_days, zone=ctx.zone.key, theme=ctx.room.theme if ctx.room else "",
    )  # fmt: skip


@action("propose")
def propose(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Other topics: those that were shown before are left out."""
    begin(ctx, asked=True)


def told(ctx: Context, result: dict[str, Any]) -> None:
    """Show the owner what was found, as a meetup that is still an idea."""
    if not is_on(ctx) or (not result["asked"] and _is_busy_or_dull(ctx, result)):
        return
    meetup = the_one(ctx, [flow.State.IDEA])
    busy = the_one(ctx, flow.PLANNED - {flow.State.IDEA})
    if busy is not None:
        return  # something else was begun meanwhile
    options = [one for one in result["options"] if meetup is None or not _was_shown(meetup, one)]
    if options:
        meetup = meetup or new_meetup(ctx)
        meetup.options, meetup.touched_at = options, ctx.now
        ctx.db.flush()
        _show(ctx, options, result)
    elif meetup is not None:
        tell_owner(ctx, "propose_no_more")
    else:
        tell_owner(ctx, "propose_none", room=ctx.room_name)
    if meetup is not None:
        expect_owner(ctx, meetup)


def new_meetup(ctx: Context) -> Meetup:
    """A meetup that is nothing but an idea."""
    meetup = Meetup(
        room_id=ctx.room_id, state=flow.State.IDEA.value, title="", form="", options=[], place="", fee="",
        capacity=0, hours=ctx.settings.length_hours, sequence=0, word="", created_at=ctx.now,
        touched_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(meetup)
    ctx.db.flush()
    return meetup


def _is_busy_or_dull(ctx: Context, result: Mapping[str, Any]) -> bool:
    """Unasked, nothing is proposed beside another meetup, to a sleepy group, or without a topic."""
    return the_one(ctx, flow.OPEN) is not None or not result["is_alive"] or not result["options"]


def _was_shown(meetup: Meetup, option: Mapping[str, Any]) -> bool:
    return any(option["title"] == shown["title"] for shown in meetup.options)


def _show(ctx: Context, options: list[dict[str, Any]], result: Mapping[str, Any]) -> None:
    parts: list[str] = [ctx.text("propose_head", room=ctx.room_name, count=len(options))]
    for number, one in enumerate(options, 1):
        reasons = Trusted("；".join(_reason(ctx, reason) for reason in one["reasons"]))
        parts.append(
            ctx.text(
                f"propose_{one['form']}", number=number, title=plain(one["title"], TITLE), reasons=reasons,
            )
        )  # fmt: skip
    if not result["is_alive"]:
        parts.append(_why_quiet(ctx, result))
    parts.append(ctx.text("propose_foot"))
    text = lines(parts)
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.tell_text(owner, text, urgency="promised", reason="propose", keep_for=timedelta(days=1))


def tell_owner(ctx: Context, key: str, **values: object) -> None:
    """The result of work reaches all owners: whoever asked is one of them."""
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.tell_text(
            owner, ctx.text(key, **values), urgency="promised", reason=key, keep_for=timedelta(days=1)
        )


def _why_quiet(ctx: Context, result: Mapping[str, Any]) -> str:
    return ctx.text(
        "propose_quiet", people=result["people"], days=result["days"], least_people=ctx.settings.alive_people,
        least_days=ctx.settings.alive_days,
    )  # fmt: skip


def _reason(ctx: Context, reason: Mapping[str, Any]) -> str:
    """A piece of evidence in words; people are named only while they are here and count."""
    values = dict(reason)
    kind = values.pop("kind")
    member = values.pop("member", None)
    if member is not None:
        values["name"] = evidence.called(ctx, member)
    key = f"why_{kind}"
    return ctx.text(key, **fitting(ctx, key, **values))


@plugin.work(WORK, done=told, apart=True)
def look_for_topics(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Read the last weeks and propose."""
    return evidence.study(history, payload)


@plugin.job("consider", daily_at="10:10", catch_up=timedelta(hours=6))
def consider(ctx: Context) -> None:
    """At the rhythm that the owner set, and only if nothing else is going on."""
    weeks = ctx.settings.every_weeks
    if not weeks or the_one(ctx, flow.OPEN) is not None:
        return
    last = the_one(ctx, [flow.State.RECAP, flow.State.DROPPED])
    if last is None or last.touched_at <= ctx.now - timedelta(weeks=weeks):
        begin(ctx, asked=False)


@action("ask_form")
def ask_form(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The owner has a topic of their own: in which form?"""
    meetup.title = plain(values["title"], TITLE)
    tell_desk(ctx, "ask_form", title=meetup.title)
    expect_owner(ctx, meetup)


@action("ask_dates")
def ask_dates(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Topic and form stand: which days?"""
    if values.get("title"):
        meetup.title = plain(values["title"], TITLE)
    meetup.form = values.get("form") or meetup.form
    if values.get("speaker") is not None:
        meetup.speaker_id = values["speaker"]
    meetup.options = []
    ctx.db.flush()
    tell_desk(ctx, f"ask_dates_{meetup.form}", title=meetup.title)
    expect_owner(ctx, meetup)


@action("drop_quietly")
def drop_quietly(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Nobody but the owner knows of it."""
    meetup.options = []
    if meetup.title:
        tell_desk(ctx, "dropped_quietly", title=meetup.title)
    else:
        tell_desk(ctx, "dropped_idea")


def words_of(title: str) -> list[str]:
    """The words of a topic by which pooled questions belong to it."""
    return [word for word in keywords(title) if len(word) > 1]
