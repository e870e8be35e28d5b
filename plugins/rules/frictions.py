"""Hard words: never judged in public, never by lists of words. The owner is told, with the lines themselves.

Two ways lead there: a member asks for the owner's eye, or two people go at each other faster and more to the
face than talk mostly goes. The second is a guess, and the owner is told that it is one.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from bot import authority
from bot.context import Context
from bot.events import MessagePosted
from bot.storage.records import Said
from bot.words import Trusted, plain
from plugins.rules import ladder, logic
from plugins.rules.declared import plugin
from plugins.rules.tables import Report
from plugins.rules.watching import is_live

A_DAY = timedelta(days=1)
REPORTS_A_DAY = 3
AROUND = timedelta(minutes=3)
LOOKED_AT = timedelta(hours=1)
"""Lines that an owner was shown were said within so long of the telling, but for what was quoted later."""

_PLEA = re.compile("群主看看|群主管管")
LINES_SHOWN, LINE_LENGTH = 6, 40
LISTED_FOR = timedelta(days=3)
QUIET_AFTER = timedelta(hours=6)
"""Two at each other are told of once in so long a time."""


@plugin.command(
    "群主看看 [怎么回事]",
    who="member",
    where="group",
    aliases=("看看", "看看这句", "看看这条", "管管", "群主管管 [怎么回事]"),
    summary="有句话让人不舒服？引用它说一声，只有群主知道",
    example=("群主看看", "…群主…"),
)
def pass_on(ctx: Context, said: str = "") -> None:
    """A member wants the owner to look at a line (quoted), or at what is going on."""
    if not ctx.settings.frictions:
        ctx.reply("look_off")
        return
    event = ctx.event
    quote = event.quote if isinstance(event, MessagePosted) else None
    message = quote.message if quote is not None else None
    if _told_lately(ctx, ctx.member, A_DAY) >= REPORTS_A_DAY:
        ctx.reply("look_enough")
        return
    ctx.db.add(Report(room_id=ctx.room_id, reporter_id=ctx.member, message_id=message, at=ctx.now))
    ctx.db.flush()
    assert ctx.member is not None
    head = ctx.text(
        "told_look", room=ctx.room_name, lines=_shown(ctx, _lines_around(ctx, message)),
        name=ladder.called(ctx, ctx.member), said=plain(said, LINE_LENGTH) or ctx.text("look_wordless"),
    )  # fmt: skip
    _put_before_owner(ctx, "look", head)
    ctx.reply("look_passed_on")


@plugin.on(MessagePosted)
def notice_heat(ctx: Context, event: MessagePosted) -> None:
    """Two at each other: told to the owner once, as a guess."""
    if event.late or event.room is None or event.kind != "text" or not logic.speaks_to_face(event.text):
        return
    if not ctx.settings.frictions or not is_live(ctx):
        return
    recent = ctx.history.recent(event.room, logic.HEATED_LINES)
    turns = [logic.Turn(said.member, said.at, said.text) for said in recent if said.text]
    pair = logic.heated(turns)
    if pair is None or _told_lately(ctx, None, QUIET_AFTER):
        return
    ctx.db.add(Report(room_id=ctx.room_id, reporter_id=None, message_id=event.message, at=ctx.now))
    ctx.db.flush()
    names = [ladder.called(ctx, one) for one in pair]
    lines = _shown(ctx, recent[-LINES_SHOWN:])
    head = ctx.text("told_heat", room=ctx.room_name, lines=lines, one=names[0], other=names[1])
    _put_before_owner(ctx, "heat", head)


def plea_in(text: str) -> str:
    """What a member said beside asking for the owner's eye, as the owner was shown it."""
    return plain(_PLEA.split(text)[-1].strip(" ：:，,"), LINE_LENGTH)


def _told_lately(ctx: Context, reporter: int | None, within: timedelta) -> int:
    query = select(func.count()).where(
        Report.room_id == ctx.room_id,
        Report.at > ctx.now - within,
        Report.reporter_id.is_not_distinct_from(reporter),
    )
    return ctx.db.scalar(query) or 0


def _lines_around(ctx: Context, message: int | None) -> list[Said]:
    """The quoted line and what stands around it; without a quote, the last lines."""
    said = ctx.history.message(message) if message is not None else None
    if said is None or said.room is None:
        return ctx.history.recent(ctx.room_id or 0, LINES_SHOWN + 1)[:-1]
    near = list(ctx.history.messages(said.room, said.at - AROUND, said.at + AROUND, limit=40))
    at = next((place for place, one in enumerate(near) if one.id == said.id), 0)
    first = max(0, at - LINES_SHOWN // 2)
    return near[first : first + LINES_SHOWN]


def _put_before_owner(ctx: Context, key: str, head: Trusted) -> None:
    """The lines go by a private message; the list, which stays longer, only says that there was something."""
    ctx.put_on_list(f"{key}:{ctx.room_id}:{ctx.now:%Y%m%d%H%M%S}", ctx.text("item_look"), keep_for=LISTED_FOR)
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.tell_text(owner, head, urgency="promised", reason=key)


def _shown(ctx: Context, lines: list[Said]) -> Trusted:
    parts = [
        ctx.text("look_line", name=ladder.called(ctx, one.member), words=plain(one.text, LINE_LENGTH))
        for one in lines
        if one.text
    ]
    return Trusted("\n".join(parts))
