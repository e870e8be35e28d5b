"""The owner's desk: 线下 and what can be said after it, or without it while we wait for an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.commands import CommandBook, pattern_of
from bot.context import Context
from bot.errors import QunxingError
from bot.events import MessagePosted
from bot.words import Trusted, plain, yes_or_no
from plugins.meetups import (
    announcing,
    asking,
    dates,
    desk_views,
    files,
    flow,
    holding,
    ideas,
    naming,
    orders,
    recapping,
    scene,
    signing,
    voting,
)
from plugins.meetups.declared import plugin
from plugins.meetups.flow import Input, State
from plugins.meetups.orders import Order
from plugins.meetups.scene import dated, lines
from plugins.meetups.steering import may, refuse, steer
from plugins.meetups.tables import Meetup

SURE = "sure"
SURE_WITHIN = timedelta(minutes=15)
PLACE_WITHIN = timedelta(minutes=30)
"""So long after the question a bare line is taken for the place."""


@plugin.command(
    "线下 [怎么办]", who="owner", where="private", aliases=("组织线下 [怎么办]", "线下聚会 [怎么办]"),
    summary="张罗一场线下：提题目、定日子、报名、改期、取消，说人话就行（「线下 帮助」看都能怎么说）",
    example=("线下 改到下周日下午两点", "…手上没有…"),
)  # fmt: skip
def plan_meetup(ctx: Context, said: str = "") -> None:
    """Propose topics, or do what is said."""
    meetup = scene.in_hand(ctx)
    if not said.strip():
        if meetup is None or meetup.state in (State.IDEA, State.READY, State.HELD, State.FEEDBACK):
            ctx.reply("looking_for_topics")
            ideas.begin(ctx, asked=True)
        else:
            desk_views.show_status(ctx, meetup)
    elif not _understand(ctx, meetup, said, is_bare=False):
        ctx.reply("what_of_meetup", said=plain(said, 40))


@plugin.answer(ideas.DESK)
def hear_owner(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """The same without 线下 in front, while an answer is waited for; a command of its own is not ours."""
    meetup = ctx.db.get(Meetup, payload["meetup"])
    if (
        meetup is None
        or meetup.state not in flow.OPEN
        or event.kind != "text"
        or _is_command(ctx, event.text)
    ):
        return False
    asked_at = datetime.fromisoformat(payload["asked_at"])
    taken = _understand(ctx, meetup, event.text, is_bare=True, is_fresh=ctx.now - asked_at < PLACE_WITHIN)
    if taken and meetup.state in flow.OPEN:
        ideas.expect_owner(ctx, meetup)
    return taken


def _is_command(ctx: Context, said: str) -> bool:
    book = CommandBook(one for each in ctx.services.plugins() for one in each.commands)
    match = book.match(said, "private", is_owner=True)
    return match is not None and not pattern_of(match.command.grammar).catches_all


def _understand(
    ctx: Context, meetup: Meetup | None, said: str, *, is_bare: bool, is_fresh: bool = True
) -> bool:
    order = orders.read_order(said)
    if order is not None and order.what == "title" and (meetup is None or meetup.state not in flow.PLANNED):
        return _begin_with(ctx, order.rest)
    if order is not None and order.what == "help":
        ctx.reply("desk_help")
        return True
    if meetup is None:
        ctx.reply("no_meetup_in_hand")
        return True
    if order is not None and order.what not in ("move", "details"):
        return _do(ctx, meetup, order, is_bare=is_bare)
    offered = dates.read_dates(order.rest if order and order.what == "move" else said, ctx.now, ctx.zone)
    if offered.moments and not offered.unclear:
        return _dates(ctx, meetup, offered)
    if order is not None and order.what == "move":
        ctx.reply("date_unclear", said=plain(offered.unclear or order.rest or said, 30))
        return True
    if order is None and not _may_be_details(meetup, said, is_bare=is_bare, is_fresh=is_fresh):
        return False
    return _details(ctx, meetup, said)


def _may_be_details(meetup: Meetup, said: str, *, is_bare: bool, is_fresh: bool) -> bool:
    """Whether a line without a word of ours may name a place: only while that is what we asked for."""
    if meetup.state != State.DATE or len(said) > scene.EXCERPT or (is_bare and yes_or_no(said) is not None):
        return False
    return orders.is_about_details(said) or (is_fresh and not meetup.place)


def _begin_with(ctx: Context, title: str) -> bool:
    """The owner knows what about, and needs no proposals."""
    meetup = ideas.new_meetup(ctx)
    return steer(ctx, meetup, Input.NAME, title=title)


def _do(ctx: Context, meetup: Meetup, order: Order, *, is_bare: bool) -> bool:
    """Do what an order says; a bare number or yes that means nothing here is left to others."""
    doing = DOING.get(order.what)
    if doing is None:
        return False
    if is_bare and order.what == "choose" and meetup.state not in (State.IDEA, State.UNDECIDED, State.VOTE):
        return False
    if not doing(ctx, meetup, order.rest):
        refuse(ctx, meetup)
    return True


# Dates and details


def _dates(ctx: Context, meetup: Meetup, offered: dates.Offered) -> bool:
    """Say the dates back; what the group will hear of is confirmed first."""
    given = Input.SET_DATE if len(offered.moments) == 1 else Input.OFFER_DATES
    if not may(meetup, given):
        refuse(ctx, meetup)
        return True
    listed = lines(
        ctx.text("vote_line", number=number, date=dated(ctx, one))
        for number, one in enumerate(offered.moments, 1)
    )
    moments = [one.isoformat() for one in offered.moments]
    if given is Input.SET_DATE:
        key = "sure_move" if meetup.state in flow.COMING else "sure_date"
        text = ctx.text(key, date=dated(ctx, offered.moments[0]))
    else:
        text = ctx.text("sure_dates", dates=Trusted(listed), hours=ctx.settings.vote_hours)
    if offered.is_guessed:
        text = Trusted(text + ctx.text("clock_guessed"))
    _confirm(ctx, meetup, given, text, moments=moments, moment=moments[0])
    return True


def _details(ctx: Context, meetup: Meetup, said: str) -> bool:
    found = orders.read_details(said)
    if found == orders.Details():
        return False
    count = signing.head_count(ctx, meetup)
    if found.capacity and found.capacity < count:
        raise QunxingError("capacity_below", count=count, capacity=found.capacity)
    details = {"place": found.place, "fee": found.fee, "capacity": found.capacity}
    if not steer(ctx, meetup, Input.DETAILS, **details):
        refuse(ctx, meetup)
    return True


def _confirm(ctx: Context, meetup: Meetup, given: Input, text: str, **values: Any) -> None:
    assert ctx.member is not None
    ctx.reply_text(text, reason="sure")
    ctx.ask(SURE, ctx.member, wait=SURE_WITHIN, meetup=meetup.id, given=given.value, values=values)


@plugin.answer(SURE)
def hear_sure(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes does it, no leaves everything as it was; anything else is read like any other word."""
    answer, meetup = yes_or_no(event.text), ctx.db.get(Meetup, payload["meetup"])
    if answer is None or meetup is None:
        return False
    if not answer:
        ctx.reply("left_as_it_was")
        ideas.expect_owner(ctx, meetup)
    elif not steer(ctx, meetup, Input(payload["given"]), **payload["values"]):
        refuse(ctx, meetup)
    return True


# Orders


def _choose(ctx: Context, meetup: Meetup, said: str) -> bool:
    number = int(said)
    if meetup.state in (State.UNDECIDED, State.VOTE):
        moment = voting.chosen_by_owner(ctx, meetup, number)
        return steer(ctx, meetup, Input.SET_DATE, moment=moment.isoformat())
    if not may(meetup, Input.CHOOSE):
        return False
    if not 1 <= number <= len(meetup.options):
        raise QunxingError("no_such_option", number=number, count=len(meetup.options))
    option = meetup.options[number - 1]
    asking.take_from_pool(ctx, meetup, option["questions"], ideas.words_of(option["title"]))
    values = {"title": option["title"], "form": option["form"], "speaker": option["speaker"]}
    return steer(ctx, meetup, Input.CHOOSE, **values)


def _title(ctx: Context, meetup: Meetup, said: str) -> bool:
    if not said:
        raise QunxingError("title_empty")
    done = steer(ctx, meetup, Input.NAME, title=said)
    if done:
        asking.take_from_pool(ctx, meetup, (), ideas.words_of(said))
    return done


def _drop(ctx: Context, meetup: Meetup, said: str) -> bool:
    if not may(meetup, Input.DROP):
        return False
    if meetup.state not in flow.PUBLIC:
        return steer(ctx, meetup, Input.DROP)
    count = signing.head_count(ctx, meetup)
    key = "sure_drop_people" if count else "sure_drop"
    text = ctx.text(key, **({"title": meetup.title} | ({"count": count} if count else {})))
    _confirm(ctx, meetup, Input.DROP, text)
    return True


def _speaker(ctx: Context, meetup: Meetup, said: str) -> bool:
    return may(meetup, Input.SET_SPEAKER) and steer(
        ctx, meetup, Input.SET_SPEAKER, member=naming.member_named(ctx, said)
    )


def _host(ctx: Context, meetup: Meetup, said: str) -> bool:
    return may(meetup, Input.SET_HOST) and steer(
        ctx, meetup, Input.SET_HOST, member=naming.member_named(ctx, said)
    )


def _end_vote(ctx: Context, meetup: Meetup, said: str) -> bool:
    if meetup.state != State.VOTE:
        return False
    voting.close(ctx, meetup)
    return True


def _answer(ctx: Context, meetup: Meetup, said: str) -> bool:
    asking.answer(ctx, said, is_online=False)
    return True


def _point(ctx: Context, meetup: Meetup, said: str) -> bool:
    if not said:
        raise QunxingError("point_empty")
    for point in orders.points_in(said):
        recapping.add_note(ctx, meetup, "point", point, None)
    ctx.reply("point_taken", count=len(recapping.notes_of(ctx, meetup, "point")))
    return True


DOING: dict[str, Callable[[Context, Meetup, str], bool]] = {
    "choose": _choose,
    "title": _title,
    "rename": _title,
    "drop": _drop,
    "speaker": _speaker,
    "host": _host,
    "end_vote": _end_vote,
    "answer": _answer,
    "point": _point,
    "speaker_out": lambda ctx, meetup, said: steer(ctx, meetup, Input.SPEAKER_OUT),
    "again": lambda ctx, meetup, said: steer(ctx, meetup, Input.AGAIN),
    "form": lambda ctx, meetup, said: steer(ctx, meetup, Input.SET_FORM, form=said),
    "open": lambda ctx, meetup, said: steer(ctx, meetup, Input.OPEN),
    "close": lambda ctx, meetup, said: announcing.close(ctx, meetup),
    "go_ahead": lambda ctx, meetup, said: steer(ctx, meetup, Input.GO_AHEAD),
    "finish": lambda ctx, meetup, said: holding.finish(ctx, meetup),
    "write_up": lambda ctx, meetup, said: steer(ctx, meetup, Input.WRITE_UP),
    "add": naming.add_to_list,
    "remove": naming.take_off_list,
    "deck": lambda ctx, meetup, said: files.deck_or_sheet(ctx, meetup, "deck"),
    "sheet": lambda ctx, meetup, said: files.deck_or_sheet(ctx, meetup, "sheet"),
    "calendar": lambda ctx, meetup, said: files.ask_for(ctx, meetup, "calendar"),
    "people": desk_views.show_people,
    "status": desk_views.show_status,
}
