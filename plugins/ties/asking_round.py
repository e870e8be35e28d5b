"""Some days after a pairing: whoever has not been seen talking is asked once whether they did."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted
from bot.storage.engine import plain_connection
from bot.storage.tables.base import milliseconds
from bot.words import normalised
from plugins.ties import company
from plugins.ties.declared import plugin
from plugins.ties.pairing import groups_of
from plugins.ties.tables import Partner, Round, Seeker

ANSWER = "talked"
WAITS = timedelta(days=3)
SAID_WITHIN = timedelta(hours=10)
RECENT = 6

TALKED = frozenset({
    "聊了", "聊过", "聊过了", "聊上了", "聊啦", "聊了聊",
    "已经聊了", "聊得不错", "聊得很好", "聊了不少", "聊得来",
})  # fmt: skip
NOT_YET = frozenset({
    "还没", "还没聊", "没聊", "没聊上", "还没聊上", "没有", "还没有",
    "没呢", "还没呢", "没顾上", "还没顾上", "没来得及", "还没来得及",
})  # fmt: skip
_CLAUSE = re.compile("[，,。.！!；;~～ ]")
_SIGNS = "。！!，,～~ .？?呀啊呢哈"

_SEEN = """
SELECT 1 FROM message AS said
CROSS JOIN reply_link AS link ON link.message_id = said.id
CROSS JOIN message AS answered ON answered.id = link.answers_id
WHERE said.member_id = ? AND said.room_id = ? AND said.at >= ? AND link.confidence >= 0.5
  AND answered.member_id = ? LIMIT 1
"""


@plugin.timer("ask_round", catch_up=timedelta(days=3))
def ask_round(ctx: Context, payload: dict[str, Any]) -> None:
    """One line for all who are asked."""
    row = ctx.db.get(Round, payload["round"])
    if row is None or row.status != "told" or not company.is_on(ctx):
        return
    row.status = "asked"
    waiting: list[int] = []
    for group in groups_of(ctx, row.id):
        if len(group) > 1 and not _seen_talking(ctx, row, group):
            waiting += [one.member_id for one in group]
    asked = sorted(company.nameable(ctx.db, row.room_id, waiting) & _still_in(ctx))
    if not asked or not ctx.settings.pairing:
        return
    ctx.say(
        "pairing_asked", mention=asked, days=(ctx.now - row.made_at).days, keep_for=SAID_WITHIN,
        urgency="initiative",
    )  # fmt: skip
    for member in asked:
        ctx.ask(ANSWER, member, wait=WAITS, in_group=True, round=row.id)


def _seen_talking(ctx: Context, row: Round, group: list[Partner]) -> bool:
    """Whether one of them answered another here since; then nobody needs to be asked."""
    raw, since = plain_connection(ctx.db), milliseconds(row.made_at)
    members = [one.member_id for one in group]
    seen = any(
        raw.execute(_SEEN, (one, row.room_id, since, other)).fetchone()
        for one in members
        for other in members
        if one != other
    )
    if seen:
        for one in group:
            one.talked = True
    return seen


def _still_in(ctx: Context) -> set[int]:
    return set(ctx.db.scalars(select(Seeker.member_id).where(Seeker.room_id == ctx.room_id)))


@plugin.answer(ANSWER)
def hear_answer(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """聊了 or 还没, said to the bot or right after its question; all else is ordinary talk."""
    row = ctx.db.get(Partner, (payload["round"], event.member))
    talked = said_talked(event.text.replace(f"@{ctx.services.bot_name}", " "))
    if row is None or talked is None or event.kind != "text" or event.mentions or not _is_to_us(ctx, event):
        return False
    row.talked = talked
    ctx.db.flush()
    if talked:
        ctx.reply("pairing_glad")
    else:
        ctx.reply("pairing_no_hurry")
    return True


def said_talked(text: str) -> bool | None:
    """True for 聊了 (and 聊了，挺好), False for 还没, None for everything else."""
    said = _CLAUSE.split(normalised(text).strip(_SIGNS), maxsplit=1)[0].strip(_SIGNS)
    if said in TALKED or said in NOT_YET:
        return said in TALKED
    return None


def _is_to_us(ctx: Context, event: MessagePosted) -> bool:
    if event.mentions_bot:
        return True
    if event.quote is not None:
        said = ctx.history.message(event.quote.message) if event.quote.message is not None else None
        return said is not None and said.origin == "self"
    earlier = ctx.history.recent(event.room or 0, RECENT, include_bot=True)
    others = [said for said in earlier if said.member != event.member and said.id != event.message]
    return bool(others) and others[-1].origin == "self"
