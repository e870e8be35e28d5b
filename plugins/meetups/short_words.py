"""What is said in passing while a vote or a sign-up is open: `1`, `报名 +1`, a 接龙, the word at the door."""

from __future__ import annotations

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted
from bot.storage.engine import plain_connection
from plugins.meetups import flow, holding, lists, signing, voting
from plugins.meetups.flow import Input
from plugins.meetups.replies import LONGEST_SIGN_UP, LONGEST_VOTE, read_sign_up, read_vote
from plugins.meetups.scene import the_one
from plugins.meetups.steering import may, steer
from plugins.meetups.tables import Meetup, SignUp

LONGEST_LINE = 60
LIST_MARKS = ("接龙", "\n")
_STATES = (
    "SELECT state FROM meetups_meetup WHERE room_id = ? AND state IN ('vote', 'sign_up', 'short', 'ready')"
)


def hear(ctx: Context, event: MessagePosted, text: str, *, is_asked: bool) -> bool:
    """Take the words if that is what they are; `is_asked`: the bot was spoken to, and answers."""
    if not is_asked and text.strip() in holding.WORDS:
        holding.hear_word(ctx, event, text, is_asked=False)
        return True
    if len(text) > max(LONGEST_VOTE, LONGEST_SIGN_UP, LONGEST_LINE) and not any(
        one in text for one in LIST_MARKS
    ):
        return False
    states = {row[0] for row in plain_connection(ctx.db).execute(_STATES, (ctx.room_id,))}
    if flow.State.VOTE in states:
        meetup = voting.open_one(ctx)
        if meetup is not None and vote(ctx, meetup, text, is_asked=is_asked):
            return True
    return bool(states & flow.COMING) and _sign_up(ctx, event, text, is_asked=is_asked)


def vote(ctx: Context, meetup: Meetup, text: str, *, is_asked: bool) -> bool:
    """A vote, if it is nothing but one; answered only to who spoke to the bot."""
    options = [str(one.number) for one in voting.candidates(ctx, meetup)]
    numbers = read_vote(text, options)
    if numbers is None or not voting.vote(ctx, meetup, _speaker(ctx), numbers):
        return False
    if is_asked:
        ctx.reply("vote_taken")
    return True


def _sign_up(ctx: Context, event: MessagePosted, text: str, *, is_asked: bool) -> bool:
    said = read_sign_up(text)
    if said is not None and said.kind == "leave":
        cancel(ctx, is_asked=is_asked)
    elif said is not None:
        sign(ctx, said.count - 1, is_asked=is_asked)
    else:
        meetup = the_one(ctx, flow.COMING)
        return meetup is not None and lists.take(ctx, meetup, event.member, text)
    return True


def sign(ctx: Context, more: int, *, is_asked: bool) -> None:
    """Sign the speaker up for what is open; `is_asked`: they spoke to the bot and want an answer anyhow."""
    member = _speaker(ctx)
    meetup = the_one(ctx, flow.COMING) or (the_one(ctx, flow.OPEN) if is_asked else None)
    if meetup is None:
        if is_asked:
            ctx.reply("no_place_none")
    elif may(meetup, Input.SIGN):
        steer(ctx, meetup, Input.SIGN, member=member, more=more, is_asked=is_asked)
    elif _has_offer(ctx, meetup, member):
        signing.put(ctx, meetup, member, more=more)
        signing.say_to(ctx, member, "offer_taken", title=meetup.title)
    elif is_asked:
        ctx.reply(f"no_place_{meetup.state}")


def _has_offer(ctx: Context, meetup: Meetup, member: int) -> bool:
    """The list is closed, but a seat that became free was offered to them."""
    own = select(SignUp.status).where(SignUp.meetup_id == meetup.id, SignUp.member_id == member)
    return ctx.db.scalar(own) == "offered"


def cancel(ctx: Context, *, is_asked: bool) -> None:
    """Take the speaker off the list that they are on."""
    meetup = the_one(ctx, flow.COMING)
    if meetup is not None:
        steer(ctx, meetup, Input.CANCEL, member=_speaker(ctx), is_asked=is_asked)
    elif is_asked:
        ctx.reply("no_place_none")


def _speaker(ctx: Context) -> int:
    event = ctx.event
    assert isinstance(event, MessagePosted)
    return event.member
