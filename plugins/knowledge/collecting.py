"""@bot 收录 on a quoted message: something worth keeping is marked where it was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.events import MessagePosted
from bot.storage.records import Said
from bot.words import Trusted, number_said, plain
from plugins.knowledge import keeping, pool
from plugins.knowledge.views import called, lines, moment

WHICH, WITHIN = "collect_which", timedelta(minutes=5)
EXCERPT = 24

Collected = Callable[[Context, int], None]
ALSO: list[Collected] = []
"""Other rooms of the plugin that want to hear which message was marked."""


def collect(ctx: Context) -> None:
    """Keep what the message quotes; ask which one is meant if two fit."""
    event = ctx.event
    if not isinstance(event, MessagePosted) or event.quote is None or ctx.room_id is None:
        ctx.reply("collect_how")
        return
    quote = event.quote
    found = [quote.message] if quote.message is not None else []
    if not found:
        found = ctx.history.find_quoted(ctx.room_id, quote.name, quote.text, event.at)
    said = [one for one in map(ctx.history.message, found) if one is not None and one.origin != "self"]
    if not said:
        ctx.reply("collect_not_found")
    elif len(said) == 1:
        _keep(ctx, said[0])
    else:
        _ask_which(ctx, event.member, said)


def _ask_which(ctx: Context, member: int, said: list[Said]) -> None:
    rows = [
        ctx.text(
            "collect_choice", number=number, name=called(ctx, one.member), at=moment(ctx, one.at),
            words=plain(one.text, EXCERPT) or ctx.text(f"kind_{'image' if one.kind == 'image' else 'file'}"),
        )
        for number, one in enumerate(said, 1)
    ]  # fmt: skip
    ctx.reply("collect_which", choices=Trusted(lines(rows)))
    messages = [one.id for one in said]
    ctx.ask(WHICH, member, wait=WITHIN, in_group=True, messages=messages)


def choose(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """The number of the one that was meant."""
    number = number_said(event.text.replace(f"@{ctx.services.bot_name}", ""))
    messages = payload["messages"]
    if number is None or number != int(number) or not 1 <= number <= len(messages):
        return False
    said = ctx.history.message(messages[int(number) - 1])
    if said is None:
        return False
    _keep(ctx, said)
    return True


def _keep(ctx: Context, said: Said) -> None:
    """What is in words may be an answer to somebody's question: days of talk say so, off the writer."""
    if said.kind == "text" and ctx.member is not None:
        ctx.work(keeping.MARKED, message=said.id)
    else:
        _keep_as_material(ctx, said)


def take_marked(ctx: Context, result: dict[str, Any]) -> None:
    """An answer to somebody's question goes to the kept answers, anything else is material."""
    said = ctx.history.message(result["message"])
    if said is None or said.recalled:
        ctx.reply("collect_not_found")
        return
    answered = keeping.take_marked(ctx, result)
    if answered is not None:
        ctx.reply(
            "knowledge_marked", name=called(ctx, said.member), question=plain(answered.question, EXCERPT)
        )
        return
    _keep_as_material(ctx, said)


def _keep_as_material(ctx: Context, said: Said) -> None:
    if pool.is_there(ctx, said.id):
        ctx.reply("collected_already")
        return
    if said.kind not in (*pool.FETCHED, "text", "link") or (said.kind == "text" and not said.text.strip()):
        ctx.reply("collect_not_this")
        return
    author = ctx.history.member(said.member)
    if author is None or author.uncounted:
        ctx.reply("collect_left_out")
        return
    number = pool.add_said(ctx, said)
    ctx.reply("collected", name=called(ctx, said.member))
    if number is not None:
        key = f"collected:{said.id}"
        words = plain(said.text, EXCERPT)
        ctx.put_on_list(key, ctx.text("collected_told", number=number, words=words))
    for hear in ALSO:
        hear(ctx, said.id)
