"""The day itself and right after it: checking in by a word, thanks by name, one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.context import Context
from bot.events import ContributorRecognised, MeetupHeld, MessagePosted
from bot.words import Trusted, joined, normalised
from plugins.meetups import flow, signing
from plugins.meetups.after_tables import Attendance
from plugins.meetups.declared import plugin
from plugins.meetups.flow import Input
from plugins.meetups.scene import called, counted, inform, is_on, meetups, the_one
from plugins.meetups.steering import action, steer, tell_desk
from plugins.meetups.tables import Meetup

LATE = timedelta(days=30)
EARLY = timedelta(minutes=90)
TOO_LATE_FOR_THANKS = timedelta(days=2)
WORDS = (
    "山高月小", "水落石出", "春江水暖", "一叶知秋", "雨过天青", "风和日丽", "柳暗花明", "云淡风轻",
    "花好月圆", "鸟语花香", "清风徐来", "渐入佳境", "金声玉振", "高山流水", "抛砖引玉", "开门见山",
)  # fmt: skip
"""What is said at the door: read aloud there, and nobody says it by chance."""

_THERE = insert(Attendance.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]


def choose_word(ctx: Context, meetup: Meetup) -> None:
    """A word for this meetup that the last ones of the room did not have."""
    if not meetup.word:
        last = select(Meetup.word).where(Meetup.room_id == meetup.room_id).order_by(Meetup.id.desc()).limit(8)
        used = set(ctx.db.scalars(last))
        meetup.word = ctx.choose([word for word in WORDS if word not in used])
        ctx.db.flush()


@plugin.timer("begins", catch_up=LATE)
def begin_on_time(ctx: Context, payload: dict[str, Any]) -> None:
    """It begins."""
    meetup = _due(ctx, payload)
    if meetup is not None:
        steer(ctx, meetup, Input.BEGIN)


@plugin.timer("ends", catch_up=LATE)
def end_on_time(ctx: Context, payload: dict[str, Any]) -> None:
    """It is over, unless the owner said so before."""
    meetup = _due(ctx, payload)
    if meetup is not None:
        finish(ctx, meetup)


def _due(ctx: Context, payload: dict[str, Any]) -> Meetup | None:
    meetup = ctx.db.get(Meetup, payload["meetup"])
    if meetup is None or meetup.starts_at is None or not is_on(ctx):
        return None
    return meetup if payload["at_date"] == meetup.starts_at.isoformat() else None


@action("begin")
def begin(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Nothing is said in the group: people are on their way. Whoever still waits for a seat is let go."""
    choose_word(ctx, meetup)
    for row in signing.rows_of(ctx, meetup, "waiting", "offered"):
        row.status, row.offered_until = "out", None


def finish(ctx: Context, meetup: Meetup) -> bool:
    """It is over; False if it was not on."""
    if meetup.state != flow.State.HELD:
        return False
    there = _there(ctx, meetup) or signing.people_coming(ctx, meetup)
    anybody = there or signing.head_count(ctx, meetup)
    return steer(ctx, meetup, Input.FINISH if anybody else Input.NOBODY_CAME)


# Checking in


def hear_word(ctx: Context, event: MessagePosted, said: str, *, is_asked: bool) -> None:
    """Somebody says the word: they are there. A wrong one is answered only if the bot was spoken to."""
    meetup = the_one(ctx, [flow.State.HELD, flow.State.FEEDBACK]) or _soon(ctx)
    word = normalised(said).replace(" ", "").removeprefix("签到").strip("，。,.!！:：")
    if meetup is None or not meetup.word:
        if is_asked:
            ctx.reply("nothing_to_check_in")
    elif word == meetup.word:
        steer(ctx, meetup, Input.CHECK_IN, member=event.member, is_asked=is_asked)
    elif is_asked:
        ctx.reply("wrong_word")


def _soon(ctx: Context) -> Meetup | None:
    """What is about to begin: some are early."""
    for one in meetups(ctx, flow.COMING):
        if one.starts_at is not None and one.starts_at - ctx.now <= EARLY:
            return one
    return None


@action("check_in")
def check_in(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Once for each person, whether they had signed up or not."""
    row = {"meetup_id": meetup.id, "member_id": values["member"], "at": ctx.now}
    ctx.db.connection().execute(_THERE, row)
    if values["is_asked"]:
        ctx.reply("checked_in")


def _there(ctx: Context, meetup: Meetup) -> list[int]:
    query = select(Attendance.member_id).where(Attendance.meetup_id == meetup.id)
    return list(ctx.db.scalars(query.order_by(Attendance.at, Attendance.member_id)))


def attended(ctx: Context, meetup: Meetup) -> list[int]:
    """Who was there: those who said the word; if nobody did, those who had signed up."""
    return _there(ctx, meetup) or signing.people_expected(ctx, meetup)


# Thanks


@action("thank")
def thank(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Thanks to speaker and host, a word for first-timers, one question; and the others hear that it was."""
    people = attended(ctx, meetup)
    first = [one for one in people if _is_first_time(ctx, meetup, one)]
    for member in people:  # who was there is on record from now on
        ctx.db.connection().execute(_THERE, {"meetup_id": meetup.id, "member_id": member, "at": ctx.now})
    meetup.ended_at = ctx.now
    speakers = [one for one in (meetup.speaker_id,) if one is not None and meetup.form == "talk"]
    ctx.emit(
        MeetupHeld(
            at=ctx.now, room=meetup.room_id, title=meetup.title, form=meetup.form, people=tuple(people),
            speakers=tuple(speakers),
        )
    )  # fmt: skip
    for member in speakers:
        if counted(ctx, member):
            ctx.emit(
                ContributorRecognised(at=ctx.now, room=meetup.room_id, member=member, topics=(meetup.title,))
            )
    ctx.later(
        "recap_due", after=timedelta(hours=ctx.settings.recap_hours), key=str(meetup.id), meetup=meetup.id
    )
    if meetup.starts_at is not None and ctx.now - meetup.starts_at < TOO_LATE_FOR_THANKS:
        _say_thanks(ctx, meetup, speakers, first)
    inform(ctx, "over_desk", title=meetup.title, count=len(people))


def _say_thanks(ctx: Context, meetup: Meetup, speakers: Sequence[int], first: Sequence[int]) -> None:
    parts: list[str] = [ctx.text("thanks", title=meetup.title)]
    named: list[int] = []
    if any(counted(ctx, one) for one in speakers):
        parts.append(ctx.text("thanks_speaker", people=ctx.mention(speakers)))
        named += speakers
    host = meetup.host_id
    if host is not None and host not in named and counted(ctx, host):
        parts.append(ctx.text("thanks_host", people=ctx.mention([host])))
        named.append(host)
    newcomers = [one for one in first if counted(ctx, one) and one not in named]
    if len(first) == len(attended(ctx, meetup)):
        parts.append(ctx.text("thanks_first_ever"))
    elif newcomers:
        parts.append(ctx.text("thanks_first", names=joined([called(ctx, one) for one in newcomers], 5)))
    parts.append(ctx.text("feedback_ask"))
    text = Trusted("".join(parts))
    ctx.say_text(text, urgency="promised", mention=named, reason="thanks", keep_for=timedelta(hours=18))


def _is_first_time(ctx: Context, meetup: Meetup, member: int) -> bool:
    earlier = select(Attendance.meetup_id).join(Meetup, Meetup.id == Attendance.meetup_id).where(
        Attendance.member_id == member, Meetup.room_id == meetup.room_id, Meetup.id != meetup.id
    )  # fmt: skip
    return ctx.db.scalar(earlier.limit(1)) is None


@action("tell_nobody")
def tell_nobody(ctx: Context, meetup: Meetup, values: Mapping[str, Any]) -> None:
    """Nobody had signed up and nobody said the word: it did not take place."""
    tell_desk(ctx, "nobody_came", title=meetup.title)
