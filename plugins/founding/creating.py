"""The room itself: made by the bot with chosen friends where the network lets it, else by its owner."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sqlalchemy import select

from bot import authority
from bot.context import Context
from bot.events import OutgoingSettled
from bot.storage.tables import Member
from bot.words import Trusted, joined, normalised
from plugins.founding import landing, logic
from plugins.founding.declared import plugin
from plugins.founding.reading import expect
from plugins.founding.tables import Founding

Outcome = Literal["asked", "done", "other"]
MOST_CHOSEN = 20


def question(ctx: Context, one: Founding) -> Trusted:
    """Who makes it?"""
    return ctx.text("ask_create", name=one.name)


def where_it_stands(ctx: Context, one: Founding) -> Trusted:
    """Between the drafts and the group."""
    return ctx.text("being_created" if one.step == "creating" else "handed", name=one.name)


def hear(ctx: Context, one: Founding, said: str) -> Outcome:
    """我自己建, or 你建 with names."""
    short = normalised(said).strip(" 。！!~")
    if short in logic.BY_OWNER:
        one.step = "handed"
        ctx.reply("handed", name=one.name)
        return "done"
    word = next((word for word in logic.BY_BOT if said.startswith(word)), None)
    if word is None:
        return "other"
    names = logic.names_in(said.removeprefix(word).strip(" ：:，,"))[:MOST_CHOSEN]
    found = {name: _friends_called(ctx, one, name) for name in names}
    wrong = [name for name, members in found.items() if len(members) != 1]
    if not names or wrong:
        ctx.reply_text(_who_is_meant(ctx, wrong), reason="who")
        return "asked"
    _create(ctx, one, list(dict.fromkeys(members[0] for members in found.values())))
    return "done"


def _who_is_meant(ctx: Context, wrong: list[str]) -> Trusted:
    return ctx.text("whom_to_take", names=joined(wrong, limit=5)) if wrong else ctx.text("take_somebody")


def _friends_called(ctx: Context, one: Founding, name: str) -> list[int]:
    """The bot's friends of this name: only friends can be taken into a new room."""
    friends = Member.is_friend, Member.name == name, Member.is_self.is_(False), Member.id != one.member_id
    return list(ctx.db.scalars(select(Member.id).where(*friends).order_by(Member.id)))


def _create(ctx: Context, one: Founding, people: list[int]) -> None:
    one.step, one.touched_at = "creating", ctx.now
    outside = replace(ctx, room=None)
    outside.act(
        "create_room", text=one.name, people=[one.member_id, *people], founding=one.id, founder=one.member_id
    )
    names = joined([ctx.name_of(member) for member in people], limit=5)
    ctx.reply("creating", name=one.name, names=names)


@plugin.on(OutgoingSettled, everywhere=True)
def notice_end(ctx: Context, event: OutgoingSettled) -> None:
    """The room stands, or its owner has to make it; one that was sent again ends here too."""
    founding = (event.payload or {}).get("founding")
    if event.plugin != plugin.name or event.kind != "create_room" or founding is None:
        return
    one = ctx.db.get(Founding, founding)
    if one is None or one.closed_at is not None or one.step != "creating":
        return
    ctx.member = one.member_id
    if event.status == "sent" and event.room is not None:
        one.room_id = event.room
        landing.land(ctx, one)
    elif event.status in ("refused", "expired"):
        one.step = "handed"
        ctx.tell(one.member_id, "not_created", name=one.name)


@plugin.command(
    "落地", who="owner", where="private", aliases=("建群落地",),
    summary="群建好、我也进去了：把备好的主题、承诺记上，剩下的一件件办",
    example=("落地", "…没有备好的…"),
)  # fmt: skip
def land_here(ctx: Context) -> None:
    """The group that the owner has made stands on the desk."""
    assert ctx.member is not None
    query = select(Founding).where(Founding.member_id == ctx.member, Founding.closed_at.is_(None))
    one = ctx.db.scalar(query)
    if one is None or one.step not in ("create", "handed", "creating", "landing"):
        ctx.reply("nothing_to_land")
        return
    if one.step == "landing":
        ctx.reply_text(landing.task_said(ctx, one), reason="task")
        expect(ctx, one)
    elif ctx.room_id is not None and authority.may_command(ctx.db, ctx.member, ctx.room_id):
        one.room_id = one.room_id or ctx.room_id
        landing.land(ctx, one)
