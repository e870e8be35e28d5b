"""What the group hears of a meetup before it is held: the sign-up, its changes, its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context
from bot.events import MeetupPlanned
from bot.words import plain
from plugins.meetups import flow, lists, offering, signing
from plugins.meetups.declared import plugin
from plugins.meetups.flow import Input
from plugins.meetups.ideas import expect_owner
from plugins.meetups.scene import TITLE, called, dated, form_said, inform, is_on, lines
from plugins.meetups.steering import action, steer, tell_desk
from plugins.meetups.tables import Meetup
from plugins.meetups.turning import forget_turns, plan_turns

CLOSES = "sign_up_closes"
LATE = timedelta(days=30)
KEPT = timedelta(hours=12)
MINE = re.compile("我(?=店|家|这|那|办公|公司|单位|请|出)")


def invitation(ctx: Context, meetup: Meetup) -> str:
    """What it is, when, where, for how many, and how to say that one comes."""
    assert meetup.starts_at is not None
    values = {
        "title": meetup.title, "form": form_said(ctx, meetup), "date": dated(ctx, meetup.starts_at),
        "place": meetup.place or ctx.text("place_open"),
    }  # fmt: skip
    parts = [ctx.text("invitation", **values)]
    if meetup.speaker_id is not None:
        parts.append(ctx.text("invitation_speaker", name=called(ctx, meetup.speaker_id)))
    if meetup.fee:
        parts.append(ctx.text("invitation_fee", fee=meetup.fee))
    if meetup.capacity:
        parts.append(ctx.text("invitation_seats", capacity=meetup.capacity))
    parts += [ctx.text(f"invitation_warm_up_{meetup.form}"), ctx.text("invitation_how")]
    return lines(parts)


@action("open_sign_up")
def open_sign_up(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Invite the group, and plan everything that depends on the date."""
    assert meetup.starts_at is not None
    ctx.say_text(invitation(ctx, meetup), urgency="promised", reason="invitation", keep_for=KEPT)
    plan_turns(ctx, meetup)
    ctx.emit(MeetupPlanned(at=ctx.now, room=meetup.room_id, title=meetup.title, starts_at=meetup.starts_at))
    tell_desk(ctx, "sign_up_opened")
    expect_owner(ctx, meetup)


@action("reopen")
def reopen(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The owner takes more people after all."""
    ctx.say("reopened", urgency="promised", title=meetup.title)
    plan_turns(ctx, meetup)
    offering.serve(ctx, meetup)
    tell_desk(ctx, "reopened_desk")


@action("move")
def move(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Another date: who signed up is told, and may stay away; the reminders follow."""
    meetup.starts_at = datetime.fromisoformat(values["moment"])
    meetup.sequence += 1
    ctx.db.flush()
    plan_turns(ctx, meetup)
    date, people = dated(ctx, meetup.starts_at), signing.people_coming(ctx, meetup)
    if people:
        ctx.say(
            "moved_people", urgency="promised", mention=people, keep_for=KEPT, title=meetup.title, date=date
        )
    else:
        ctx.say("moved", urgency="promised", keep_for=KEPT, title=meetup.title, date=date)
    ctx.emit(MeetupPlanned(at=ctx.now, room=meetup.room_id, title=meetup.title, starts_at=meetup.starts_at))
    tell_desk(ctx, "moved_desk", date=date)
    expect_owner(ctx, meetup)


@action("drop_aloud")
def drop_aloud(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """It will not be: who counted on it hears so at once."""
    forget_turns(ctx, meetup)
    people = signing.people_coming(ctx, meetup)
    if people:
        ctx.say("dropped_people", urgency="promised", mention=people, keep_for=KEPT, title=meetup.title)
    else:
        ctx.say("dropped", urgency="promised", keep_for=KEPT, title=meetup.title)
    tell_desk(ctx, "dropped_desk", title=meetup.title)


@plugin.timer(CLOSES, catch_up=LATE)
def end_sign_up(ctx: Context, payload: dict[str, Any]) -> None:
    """The time for signing up is over: enough, or too few?"""
    meetup = ctx.db.get(Meetup, payload["meetup"])
    if (
        meetup is None
        or not is_on(ctx)
        or meetup.starts_at is None
        or payload["at_date"] != meetup.starts_at.isoformat()
    ):
        return
    close(ctx, meetup)


def close(ctx: Context, meetup: Meetup) -> bool:
    """End the sign-up; False if it is not open."""
    enough = signing.head_count(ctx, meetup) >= ctx.settings.least_people
    return steer(ctx, meetup, Input.CLOSE if enough else Input.TOO_FEW)


@action("close_list")
def close_list(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The clean list, once, for everybody."""
    lists.say(ctx, meetup, "list_closed", urgency="promised")
    inform(ctx, "closed_desk", title=meetup.title, count=signing.head_count(ctx, meetup))


@action("ask_whether")
def ask_whether(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Too few: the owner decides, the group is not told how few."""
    count = signing.head_count(ctx, meetup)
    if count:
        inform(ctx, "too_few", title=meetup.title, count=count, least=ctx.settings.least_people)
    else:
        inform(ctx, "nobody_signed", title=meetup.title)
    expect_owner(ctx, meetup)


# What the owner changes on the way


@action("note_details")
def note_details(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Where, fee, seats: said back."""
    _take_details(ctx, meetup, values)
    key = "details_ready" if meetup.state == flow.State.DATE and meetup.place else "details_noted"
    tell_desk(ctx, key, details=_details_said(ctx, meetup))
    expect_owner(ctx, meetup)


@action("tell_details")
def tell_details(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The same once people have signed up: a new place concerns all, more seats concern who waits."""
    before = meetup.place
    _take_details(ctx, meetup, values)
    ctx.db.flush()
    if meetup.place != before:
        people = signing.people_coming(ctx, meetup)
        if people:
            ctx.say(
                "place_changed_people", urgency="promised", mention=people, keep_for=KEPT, place=meetup.place
            )
        else:
            ctx.say(
                "place_changed", urgency="promised", keep_for=KEPT, title=meetup.title, place=meetup.place
            )
        meetup.sequence += 1
    offering.serve(ctx, meetup)
    tell_desk(ctx, "details_noted", details=_details_said(ctx, meetup))


def _take_details(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    meetup.place = _as_told(ctx, plain(values["place"], 60)) if values.get("place") else meetup.place
    meetup.fee = _as_told(ctx, plain(values["fee"], 40)) if values.get("fee") else meetup.fee
    if values.get("capacity") is not None:
        meetup.capacity = values["capacity"]


def _as_told(ctx: Context, said: str) -> str:
    """The owner's 我店里 in the mouth of somebody else."""
    return MINE.sub(called(ctx, ctx.member), said) if ctx.member is not None else said


def _details_said(ctx: Context, meetup: Meetup) -> str:
    return ctx.text(
        "details", place=meetup.place or ctx.text("place_open"), fee=meetup.fee or ctx.text("fee_open"),
        seats=ctx.text("seats", count=meetup.capacity) if meetup.capacity else ctx.text("seats_open"),
    )  # fmt: skip


@action("note_name")
def note_name(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Another wording of the topic."""
    meetup.title = plain(values["title"], TITLE)
    tell_desk(ctx, "name_noted", title=meetup.title)


@action("tell_name")
def tell_name(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The same once people have signed up for it."""
    before, meetup.title = meetup.title, plain(values["title"], TITLE)
    ctx.say("name_changed", urgency="promised", keep_for=KEPT, before=before, title=meetup.title)
    tell_desk(ctx, "name_noted", title=meetup.title)


@action("note_form")
def note_form(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """A talk becomes a round table, or the other way round."""
    meetup.form = values["form"]
    tell_desk(ctx, "form_noted", form=form_said(ctx, meetup))


@action("tell_form")
def tell_form(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The same once people have signed up."""
    if meetup.form != values["form"]:
        meetup.form = values["form"]
        ctx.say(f"form_changed_{meetup.form}", urgency="promised", keep_for=KEPT, title=meetup.title)
    tell_desk(ctx, "form_noted", form=form_said(ctx, meetup))


# Speaker and host


@action("note_speaker")
def note_speaker(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Who gives the talk; asking them is the owner's to do."""
    meetup.speaker_id = values["member"]
    tell_desk(ctx, "speaker_noted", name=called(ctx, meetup.speaker_id))


@action("tell_speaker")
def tell_speaker(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Somebody else gives the talk: who signed up for it should know."""
    meetup.speaker_id = values["member"]
    ctx.say(
        "speaker_changed",
        urgency="promised",
        keep_for=KEPT,
        title=meetup.title,
        name=called(ctx, values["member"]),
    )
    tell_desk(ctx, "speaker_noted", name=called(ctx, meetup.speaker_id))


@action("lose_speaker")
def lose_speaker(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """The speaker cannot come: no alarm in the group, the owner chooses a way out."""
    meetup.speaker_id = None
    if meetup.form == "talk":
        tell_desk(ctx, "speaker_lost_talk", title=meetup.title)
    else:
        tell_desk(ctx, "speaker_lost_round", title=meetup.title)
    expect_owner(ctx, meetup)


@action("note_host")
def note_host(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Who looks after the evening."""
    meetup.host_id = values["member"]
    tell_desk(ctx, "host_noted", name=called(ctx, meetup.host_id))
